"""Data stores: made, changed, removed, and their records looked after by hand."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from trunkline.engine.bundle import decode, encode
from trunkline.engine.engine import Engine
from trunkline.errors import (
    ConflictError,
    DuplicateDataError,
    ModuleError,
    NotFoundError,
    OutOfSpaceError,
    StorageFullError,
    TrunklineError,
    UsageError,
)
from trunkline.model.clock import as_text
from trunkline.model.data_store import FieldSpec, StoredDataStore, StoredRecord
from trunkline.services.names import check_name
from trunkline.services.uses import users_of_data_stores
from trunkline.store.data_stores import (
    add_data_store,
    change_data_store,
    find_data_store,
    list_data_stores,
    remove_data_store,
)
from trunkline.store.records import find_record, list_records
from trunkline.store.store import Store

DEFAULT_LIMIT = 100_000_000
"""Bytes that a data store may hold, unless somebody chooses otherwise."""

LARGEST_LIMIT = 10**15
_PAGE = 200
_TOGETHER = 200
"""Records of an import that share a commit."""

_Line: TypeAlias = tuple[int, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DataStoreView:
    """A data store; `records` of them take `bytes`, and may take `limit_bytes`.

    `used_by` names the scenarios whose current version names it.
    """

    id: str
    name: str
    structure: list[FieldSpec] | None
    records: int
    bytes: int
    limit_bytes: int
    created_at: str | None
    used_by: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record; `written_by` is the execution whose operation wrote it last."""

    key: str
    data: Mapping[str, Any]
    bytes: int
    created_at: str | None
    updated_at: str | None
    written_by: str | None = None


@dataclass(frozen=True, slots=True)
class ImportView:
    """What an import did."""

    imported: int


class DataStores:
    """The use cases around data stores."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._records = engine.records()

    async def all(self) -> list[DataStoreView]:
        users = await users_of_data_stores(self._store)
        found = await self._store.read(list_data_stores)
        return [_view(one, users) for one in found]

    async def show(self, ref: str) -> DataStoreView:
        """One data store.

        Raises:
            NotFoundError: there is none of that id or name.
        """
        found = await self._find(ref)
        return _view(found, await users_of_data_stores(self._store))

    async def add(
        self,
        name: str,
        *,
        structure: Sequence[FieldSpec] | None = None,
        limit_bytes: int = DEFAULT_LIMIT,
    ) -> DataStoreView:
        """Makes an empty data store.

        Raises:
            UsageError: the name or the structure cannot be used.
            ConflictError: the name is taken.
        """
        check_name("data store", name)
        stored = StoredDataStore(
            id=self._engine.ids.new(),
            name=name,
            structure=_checked(structure),
            limit_bytes=limit_bytes,
            number=0,
            bytes=0,
            created_at=self._engine.clock.millis(),
        )
        await self._store.write(add_data_store, stored)
        return _view(stored, {})

    async def change(
        self,
        ref: str,
        *,
        name: str | None = None,
        structure: Sequence[FieldSpec] | None = None,
        limit_bytes: int | None = None,
    ) -> DataStoreView:
        """Gives a data store another name, structure or limit; the rest stays.

        An empty structure takes the structure away. Records that are there stay as
        they are.

        Raises:
            NotFoundError: there is no such data store.
            ConflictError: the name is taken, or a scenario names it by the old one.
        """
        stored = await self._find(ref)
        if name is not None and name != stored.name:
            check_name("data store", name)
            await self._refuse_named(stored)
            stored = replace(stored, name=name)
        if structure is not None:
            stored = replace(stored, structure=_checked(structure))
        if limit_bytes is not None:
            stored = replace(stored, limit_bytes=limit_bytes)
        await self._store.write(change_data_store, stored)
        return await self.show(stored.id)

    async def remove(self, ref: str) -> None:
        """Removes a data store with its records.

        Raises:
            NotFoundError: there is no such data store.
            ConflictError: an active scenario uses it.
        """
        stored = await self._find(ref)
        users = await users_of_data_stores(self._store, active_only=True)
        used = _users(stored, users)
        if used:
            raise ConflictError(
                f"The data store {stored.name!r} is used by {', '.join(used)}; "
                "switch these scenarios off first."
            )
        await self._store.write(remove_data_store, stored.id)

    async def records(
        self, ref: str, *, limit: int, after: str = "", text: str | None = None
    ) -> list[RecordView]:
        """A page of records in the order of their keys, behind the key `after`.

        A page ends early where its records are large; only an empty one is the last.
        """
        found = await self._find(ref)
        page = await self._store.read(
            list_records, found.id, after=after, limit=limit, text=text
        )
        return [_record(one) for one in page]

    async def record(self, ref: str, key: str) -> RecordView:
        """One record.

        Raises:
            NotFoundError: there is no such data store, or no such record.
        """
        found = await self._find(ref)
        stored = await self._store.read(find_record, found.id, key)
        if stored is None:
            raise _missing(found, key)
        return _record(stored)

    async def put(
        self, ref: str, key: str, data: Mapping[str, Any], *, overwrite: bool = True
    ) -> RecordView:
        """Adds a record, or puts it in the place of the one with the same key.

        Raises:
            NotFoundError: there is no such data store.
            UsageError: the key or the record does not fit.
            ConflictError: there is one, and `overwrite` is false.
            StorageFullError: there is no room for it.
        """
        found = await self._find(ref)
        key = await self._put(found, key, data, overwrite=overwrite)
        return await self.record(found.id, key)

    async def delete(self, ref: str, key: str) -> None:
        """Removes a record.

        Raises:
            NotFoundError: there is no such data store, or no such record.
        """
        stored = await self.record(ref, key)
        found = await self._find(ref)
        if not await self._records.delete(found.id, stored.key):
            raise _missing(found, key)

    async def clear(self, ref: str) -> int:
        """Removes all records, and says how many there were."""
        found = await self._find(ref)
        return await self._records.delete_all(found.id)

    async def export(self, ref: str) -> AsyncIterator[str]:
        """All records as JSON texts `{"key": …, "data": {…}}`, in order of their keys.

        Raises:
            NotFoundError: there is no such data store.
        """
        found = await self._find(ref)
        after = ""
        while page := await self._store.read(
            list_records, found.id, after=after, limit=_PAGE
        ):
            for one in page:
                yield encode({"key": one.key, "data": decode(one.data)})
            after = page[-1].key

    async def import_lines(self, ref: str, text: str) -> ImportView:
        """Puts records, one a line as `export` gives them; empty lines are passed over.

        All lines are read before the first record is written; of two with the same
        key the later one counts.

        Raises:
            NotFoundError: there is no such data store.
            UsageError: a line is not a record, so nothing was imported; or one does
                not fit, and others are imported.
            StorageFullError: there is no room; some records are imported.
        """
        found = await self._find(ref)
        lines = [
            (number, *_read_line(number, line))
            for number, line in enumerate(text.split("\n"), 1)
            if line.strip()
        ]
        records = [*{key: (number, key, data) for number, key, data in lines}.values()]
        for batch in _batched(records, _TOGETHER):
            outcomes = await asyncio.gather(
                *(self._put(found, key, data) for _, key, data in batch),
                return_exceptions=True,
            )
            for (number, *_), outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, TrunklineError):
                    raise type(outcome)(
                        f"Line {number}: {outcome} Records before it are imported."
                    )
                if isinstance(outcome, BaseException):
                    raise outcome
        return ImportView(len(records))

    async def _put(
        self,
        store: StoredDataStore,
        key: str,
        data: Mapping[str, Any],
        *,
        overwrite: bool = True,
    ) -> str:
        try:
            saved = await self._records.add(store.id, key, data, overwrite=overwrite)
        except ModuleError as error:
            raise _as_ours(error) from error
        return saved.key

    async def _find(self, ref: str) -> StoredDataStore:
        return await self._store.read(find_data_store, ref)

    async def _refuse_named(self, stored: StoredDataStore) -> None:
        users = await users_of_data_stores(self._store)
        if used := users.get(stored.name):
            raise ConflictError(
                f"{', '.join(used)} would not find the data store {stored.name!r} "
                "under another name; let these scenarios name its id "
                f"{stored.id} first."
            )


def _checked(structure: Sequence[FieldSpec] | None) -> tuple[FieldSpec, ...] | None:
    names = [one.name for one in structure or ()]
    if any(not name.strip() for name in names):
        raise UsageError("A field of a structure needs a name.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"The structure has the field {twice!r} twice.")
    return tuple(structure) if structure else None


def _read_line(number: int, line: str) -> tuple[str, Mapping[str, Any]]:
    try:
        record = decode(line)
    except ValueError as error:
        raise UsageError(f"Line {number} is not JSON: {error}.") from error
    match record:
        case {"key": str(key), "data": dict(data), **rest} if not rest:
            return key, data
    raise UsageError(
        f'Line {number} is not a record; one looks like {{"key": "a", "data": {{}}}}.'
    )


def _as_ours(error: ModuleError) -> TrunklineError:
    """What a module would be told, as it is told to whoever writes by hand."""
    match error:
        case DuplicateDataError():
            return ConflictError(str(error))
        case OutOfSpaceError():
            return StorageFullError(str(error))
    return UsageError(str(error))


def _batched(records: Sequence[_Line], size: int) -> Iterator[Sequence[_Line]]:
    for start in range(0, len(records), size):
        yield records[start : start + size]


def _missing(store: StoredDataStore, key: str) -> NotFoundError:
    return NotFoundError(
        f"The data store {store.name!r} has no record under the key {key!r}."
    )


def _view(stored: StoredDataStore, users: Mapping[str, list[str]]) -> DataStoreView:
    return DataStoreView(
        id=stored.id,
        name=stored.name,
        structure=None if stored.structure is None else list(stored.structure),
        records=stored.number,
        bytes=stored.bytes,
        limit_bytes=stored.limit_bytes,
        created_at=as_text(stored.created_at),
        used_by=_users(stored, users),
    )


def _users(stored: StoredDataStore, users: Mapping[str, list[str]]) -> list[str]:
    named = {*users.get(stored.name, ()), *users.get(stored.id, ())}
    return sorted(named)


def _record(stored: StoredRecord) -> RecordView:
    return RecordView(
        key=stored.key,
        data=decode(stored.data),
        bytes=stored.size,
        created_at=as_text(stored.created_at),
        updated_at=as_text(stored.updated_at),
        written_by=(stored.written_by or "").partition(":")[0] or None,
    )
