"""How modules are called and described."""

import re
from collections.abc import Iterator

from trunkline.sdk.app import App
from trunkline.sdk.module import MARKERS, Kind

# Words that may stay small in a label whose other words are capitalised.
_SMALL = re.compile("an?|and|as|at|by|for|from|in|into|of|on|or|per|the|to|via|with")
# What labels that name a thing, not a deed, begin with.
_NOT_A_VERB = frozenset(
    ["a", "all", "an", "any", "every", "my", "new", "our", "the", "this", "your"]
)

_NAMED_AS_THINGS = MARKERS | {
    Kind.ITERATOR,
    Kind.AGGREGATOR,
    Kind.RESPONDER,
}
_MAKES = frozenset({"Increment function"})
"""Labels that people know from Make, though they are not in style."""


def labels_are_in_style(app: App) -> Iterator[str]:
    """Labels begin with a verb, in sentence case or Title Case, without a full stop."""
    for module in app.modules.values():
        if module.kind not in _NAMED_AS_THINGS and module.label not in _MAKES:
            for fault in _faults(module.label):
                yield f"{module.name}: the label {module.label!r} {fault}"


def keys_follow_labels(app: App) -> Iterator[str]:
    """A module's key is its label in snake case."""
    for module in app.modules.values():
        key = re.sub(r"[^a-z0-9]+", "_", module.label.lower()).strip("_")
        if module.key != key:
            yield (
                f"{module.name}: the label {module.label!r} asks for the key {key!r}; "
                "rename the function or the label"
            )


def descriptions_are_sentences(app: App) -> Iterator[str]:
    """App and modules have descriptions that end as sentences do."""
    described = {app.key: app.description} | {
        module.name: module.description for module in app.modules.values()
    }
    for name, description in described.items():
        if not description.strip():
            yield f"{name}: it has no description"
        elif description.rstrip()[-1] not in ".!?:":
            yield f"{name}: its description does not end as a sentence does"


def _faults(label: str) -> Iterator[str]:
    words = label.split()
    if not words or label != " ".join(words):
        yield "is empty or has stray spaces"
        return
    if not label[-1].isalnum() and label[-1] != ")":
        yield "ends with a sign"
    if not words[0][0].isupper():
        yield "does not begin with a capital letter"
    if not _may_be_a_verb(words[0].lower()):
        yield "does not begin with a verb, as in 'List contacts' or 'Create a contact'"
    if not _is_one_case(words[1:]):
        yield "mixes sentence case with Title Case"


def _may_be_a_verb(word: str) -> bool:
    """Whether it could be an imperative: 'Create', not 'Creates', 'Creating', 'New'."""
    if word in _NOT_A_VERB or word.endswith("ing"):
        return word in ("bring", "ping", "ring", "sing")
    return not word.endswith("s") or word.endswith(("ss", "us", "is"))


def _is_one_case(words: list[str]) -> bool:
    """Whether all weighty words are capitalised, or none but names (all capitals)."""
    weighty = [word for word in words if not _SMALL.fullmatch(word.lower())]
    plain = [word for word in weighty if not re.search(r"[A-Z0-9].*[A-Z0-9]", word)]
    return len({word[0].isupper() for word in plain if word[0].isalpha()}) <= 1
