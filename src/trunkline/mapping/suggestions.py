"""What was probably meant by a name that does not exist."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """A question naming the nearest known name, or nothing."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), by_lower, 1)
    return f"Did you mean {by_lower[found[0]]}?" if found else ""
