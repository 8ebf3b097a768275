"""Data stores and their records over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from trunkline.api.bounds import Limit
from trunkline.api.visitors import CHANGE, READ
from trunkline.errors import UsageError
from trunkline.model.data_store import FieldSpec
from trunkline.services import Services
from trunkline.services.datastores import (
    DEFAULT_LIMIT,
    LARGEST_LIMIT,
    DataStores,
    DataStoreView,
    ImportView,
    RecordView,
)

_CHUNK = 64 * 1024
_LINES = "application/x-ndjson"
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": 'One record a line: `{"key": …, "data": {…}}`.',
        "content": {_LINES: {"schema": {"type": "string"}}},
    }
}
_REQUEST: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}
_Size = Annotated[int, Field(ge=1, le=LARGEST_LIMIT)]
Key = Annotated[str, Query(description="The key of the record.")]


class NewDataStore(BaseModel):
    """A name; without a structure records may have any fields."""

    name: str
    structure: list[FieldSpec] | None = None
    limit_bytes: _Size = DEFAULT_LIMIT


class ChangedDataStore(BaseModel):
    """What changes; an empty structure takes the structure away."""

    name: str | None = None
    structure: list[FieldSpec] | None = None
    limit_bytes: _Size | None = None


class Cleared(BaseModel):
    """How many records were removed."""

    removed: int


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/data-stores", tags=["data stores"], dependencies=[READ])
    _add_records(router, services.data_stores)
    _add_lines(router, services.data_stores)
    _add_stores(router, services.data_stores)
    return router


def _add_stores(router: APIRouter, stores: DataStores) -> None:
    @router.get("")
    async def list_data_stores() -> list[DataStoreView]:
        return await stores.all()

    @router.post("", status_code=201, dependencies=[CHANGE])
    async def add_data_store(new: NewDataStore) -> DataStoreView:
        return await stores.add(
            new.name, structure=new.structure, limit_bytes=new.limit_bytes
        )

    @router.get("/{name:path}")
    async def show_data_store(name: str) -> DataStoreView:
        return await stores.show(name)

    @router.patch("/{name:path}", dependencies=[CHANGE])
    async def change_data_store(name: str, changed: ChangedDataStore) -> DataStoreView:
        """The records that are there stay as they are."""
        return await stores.change(
            name,
            name=changed.name,
            structure=changed.structure,
            limit_bytes=changed.limit_bytes,
        )

    @router.delete("/{name:path}", status_code=204, dependencies=[CHANGE])
    async def remove_data_store(name: str) -> None:
        """With its records; refused while an active scenario uses it."""
        await stores.remove(name)


def _add_records(router: APIRouter, stores: DataStores) -> None:
    @router.get("/{name:path}/records")
    async def list_records(
        name: str, limit: Limit = 100, after: str = "", text: str | None = None
    ) -> list[RecordView]:
        """In the order of their keys; `after` is the last key already seen.

        A page ends early where its records are large; an empty one is behind the last.
        `text` is part of a key or of the data.
        """
        return await stores.records(name, limit=limit, after=after, text=text)

    @router.delete("/{name:path}/records", dependencies=[CHANGE])
    async def clear_data_store(name: str) -> Cleared:
        """Removes all records."""
        return Cleared(removed=await stores.clear(name))

    @router.get("/{name:path}/record")
    async def show_record(name: str, key: Key) -> RecordView:
        return await stores.record(name, key)

    @router.put("/{name:path}/record", dependencies=[CHANGE])
    async def put_record(
        name: str,
        data: Annotated[dict[str, Any], Body()],
        key: str = "",
        *,
        overwrite: bool = True,
    ) -> RecordView:
        """Adds or replaces a record; without a key, under one that is made for it."""
        return await stores.put(name, key, data, overwrite=overwrite)

    @router.delete("/{name:path}/record", status_code=204, dependencies=[CHANGE])
    async def delete_record(name: str, key: Key) -> None:
        await stores.delete(name, key)


def _add_lines(router: APIRouter, stores: DataStores) -> None:
    @router.get(
        "/{name:path}/export", response_class=StreamingResponse, responses=_ANSWER
    )
    async def export_records(name: str) -> StreamingResponse:
        """All records, one a line, in the order of their keys."""
        await stores.show(name)
        return StreamingResponse(_chunks(stores.export(name)), media_type=_LINES)

    @router.post("/{name:path}/import", dependencies=[CHANGE], openapi_extra=_REQUEST)
    async def import_records(name: str, request: Request) -> ImportView:
        """Adds or replaces records, one a line; split what is larger than 16 MB."""
        return await stores.import_lines(name, await _text(request))


async def _text(request: Request) -> str:
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("The lines to import are not a text in UTF-8.") from error


async def _chunks(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    gathered: list[str] = []
    size = 0
    async for line in lines:
        gathered += (line, "\n")
        size += len(line)
        if size >= _CHUNK:
            yield "".join(gathered)
            gathered, size = [], 0
    yield "".join(gathered)
