"""What all calls of the client share."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

Record: TypeAlias = Mapping[str, Any]
"""One thing as the API shows it, or takes it."""


def quoted(name: str) -> str:
    """A name or id as one part of a path."""
    return quote(name, safe="")
