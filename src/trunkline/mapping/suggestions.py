"""What was probably meant by a name that does not exist."""

import difflib
from collections.abc import Iterable


def closest(name: str, known: Iterable[str]) -> str | None:
    """The nearest known name, if one is near."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), by_lower, 1)
    return by_lower[found[0]] if found else None


def nearest(name: str, known: Iterable[str]) -> str:
    """A question naming the nearest known name, or nothing."""
    found = closest(name, known)
    return f"Did you mean {found}?" if found else ""
