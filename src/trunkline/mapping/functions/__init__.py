"""Every function of the mapping language, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from trunkline.mapping.functions import (
    arrays,
    binary,
    calendar,
    dates,
    general,
    math,
    text,
)
from trunkline.mapping.functions.example import EXAMPLE_BUNDLE
from trunkline.mapping.functions.registry import Function

__all__ = ["EXAMPLE_BUNDLE", "FUNCTIONS", "Function"]

_SHELVES = (
    general.function,
    math.function,
    text.function,
    binary.function,
    dates.function,
    calendar.function,
    arrays.function,
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {name: entry for shelf in _SHELVES for name, entry in shelf.functions.items()}
)
"""The registry, in the order in which people see it."""
