"""Where defects are kept, and what puts them into a server."""

from collections.abc import Callable

import pytest

Defect = Callable[[], None]

DEFECTS: dict[str, Defect] = {}

patch = pytest.MonkeyPatch()
"""Never undone: the process dies with what was patched."""


def defect(apply: Defect) -> Defect:
    """Keeps a defect under its name."""
    DEFECTS[apply.__name__] = apply
    return apply
