"""What all calls of the client share."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

Record: TypeAlias = Mapping[str, Any]
"""One thing as the API shows it, or takes it."""


def quoted(name: str) -> str:
    """A name or id as one part of a path."""
    return quote(name, safe="")


class Calls:
    """What each part of the client is built on; the client says how calls are made."""

    async def _call(self, method: str, path: str, **sent: Any) -> Any:  # noqa: ANN401 - the callers say what
        raise NotImplementedError

    async def _records(self, path: str, **query: str | int | None) -> Any:  # noqa: ANN401 - the same
        params = {name: str(value) for name, value in query.items() if value}
        return await self._call("GET", path, params=params)
