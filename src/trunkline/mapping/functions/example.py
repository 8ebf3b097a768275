"""The bundle that the functions' examples refer to as module 1."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

EXAMPLE_BUNDLE: Final[Mapping[str, object]] = MappingProxyType(
    {
        "age": 36,
        "country": "CZ",
        "date": "2026-03-05T14:30:00.000Z",
        "nickname": "",
        "pairs": [[1, 2], [3]],
        "people": [
            {"name": "Ada", "age": 36, "city": "Prague"},
            {"name": "Bob", "age": 25, "city": "Brno"},
            {"name": "Eva", "age": 51, "city": "Prague"},
        ],
        "scores": [9, 4, 10, 7],
        "tags": ["nps", "csat"],
    }
)
