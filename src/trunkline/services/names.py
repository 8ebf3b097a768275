"""Names that people give: whatever can be shown, typed and asked for."""

from unicodedata import category

from trunkline.errors import UsageError

_LONGEST = 200
_UNUSABLE = frozenset({"Cc", "Cs"})
"""Control characters, and halves of surrogate pairs."""


def check_name(kind: str, name: str) -> None:
    """Refuses a name that could not be found again.

    Raises:
        UsageError: it is empty, too long, or has such signs.
    """
    if not name.strip():
        raise UsageError(f"A {kind} needs a name.")
    if len(name) > _LONGEST or any(category(sign) in _UNUSABLE for sign in name):
        raise UsageError(
            f"The name of a {kind} has at most {_LONGEST} characters, and no line "
            "breaks or control characters."
        )
