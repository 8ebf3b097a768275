"""The part of the client that is about data stores."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from trunkline.client.calls import Calls, quoted
from trunkline.client.records import (
    Cleared,
    DataStoreView,
    FieldSpec,
    ImportView,
    RecordView,
)

_PAGE = 200


class DataStoreCalls(Calls):
    """What a client can do with data stores, which it names by name or id."""

    async def data_stores(self) -> list[DataStoreView]:
        found: list[DataStoreView] = await self._call("GET", "data-stores")
        return found

    async def add_data_store(
        self,
        name: str,
        *,
        structure: Sequence[FieldSpec] | None = None,
        limit_bytes: int | None = None,
    ) -> DataStoreView:
        new: dict[str, object] = {"name": name, "structure": structure}
        if limit_bytes is not None:
            new["limit_bytes"] = limit_bytes
        found: DataStoreView = await self._call("POST", "data-stores", json=new)
        return found

    async def change_data_store(
        self,
        name: str,
        **changes: Any,  # noqa: ANN401 - the fields of ChangedDataStore
    ) -> DataStoreView:
        """Changes its `name`, `structure` or `limit_bytes`."""
        found: DataStoreView = await self._call("PATCH", _of(name), json=changes)
        return found

    async def remove_data_store(self, name: str) -> None:
        await self._call("DELETE", _of(name))

    async def records(
        self, store: str, *, limit: int, after: str = "", text: str | None = None
    ) -> list[RecordView]:
        """Records behind the key `after`; a page ends early where they are large."""
        asked = {"limit": str(limit), "after": after}
        if text:
            asked["text"] = text
        path = _of(store, "records")
        found: list[RecordView] = await self._call("GET", path, params=asked)
        return found

    async def all_records(self, store: str) -> AsyncIterator[RecordView]:
        """All records, page by page."""
        after = ""
        while page := await self.records(store, limit=_PAGE, after=after):
            for record in page:
                yield record
            after = page[-1]["key"]

    async def record(self, store: str, key: str) -> RecordView:
        path = _of(store, "record")
        found: RecordView = await self._call("GET", path, params={"key": key})
        return found

    async def put_record(
        self, store: str, key: str, data: Mapping[str, Any], *, overwrite: bool = True
    ) -> RecordView:
        """Adds or replaces a record; with an empty key, under one made for it."""
        asked = {"key": key, "overwrite": "true" if overwrite else "false"}
        found: RecordView = await self._call(
            "PUT", _of(store, "record"), params=asked, json=data
        )
        return found

    async def delete_record(self, store: str, key: str) -> None:
        await self._call("DELETE", _of(store, "record"), params={"key": key})

    async def clear_data_store(self, store: str) -> Cleared:
        found: Cleared = await self._call("DELETE", _of(store, "records"))
        return found

    async def import_records(self, store: str, lines: bytes) -> ImportView:
        """Adds or replaces records, one a line as JSON; 16 MB of them at most."""
        found: ImportView = await self._call("POST", _of(store, "import"), data=lines)
        return found


def _of(store: str, part: str = "") -> str:
    path = f"data-stores/{quoted(store)}"
    return f"{path}/{part}" if part else path
