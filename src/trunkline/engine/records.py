"""Data stores as modules see them, and as the doors change them."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Concatenate, Final, ParamSpec

from sqlalchemy import Connection

from trunkline.engine.bundle import decode, encode
from trunkline.engine.patience import patiently
from trunkline.engine.record_data import check_key, fitted, merged, missing_field
from trunkline.engine.record_search import RecordFilter, field_of, sort_records
from trunkline.errors import (
    DataError,
    DuplicateDataError,
    InvalidConfigurationError,
    ModuleError,
    NotFoundError,
)
from trunkline.mapping.paths import steps_of
from trunkline.model.clock import Clock
from trunkline.model.data_store import Author, StoredDataStore, StoredRecord
from trunkline.sdk import (
    FurtherField,
    Record,
    RecordCondition,
    RecordOrder,
    SavedRecord,
)
from trunkline.store.data_stores import find_data_store, list_data_stores
from trunkline.store.records import (
    Change,
    Outcome,
    Written,
    delete_record,
    delete_records,
    find_record,
    list_records,
    write_record,
)
from trunkline.store.store import Store

_PAGE: Final = 200
_KEY_DIGITS: Final = 12

Arguments = ParamSpec("Arguments")


class StoredRecords:
    """The `Records` of the SDK over the store.

    `operation` is the one that writes, if it is one: its writes are numbered, and each
    is made once however often the operation is tried.
    """

    def __init__(
        self, store: Store, clock: Clock, operation: Author | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._operation = operation
        self._writes = 0

    async def stores(self) -> Sequence[str]:
        return [one.name for one in await self._store.read(list_data_stores)]

    async def columns(self, store: str) -> Sequence[FurtherField]:
        found = await self._find(store)
        return [
            FurtherField(name=one.name, type=one.type, mandatory=one.required)
            for one in found.structure or ()
        ]

    async def get(self, store: str, key: str) -> Record | None:
        found = await self._find(store)
        stored = await self._store.read(find_record, found.id, check_key(key))
        return None if stored is None else opened(stored)

    async def add(
        self, store: str, key: str, data: Mapping[str, Any], *, overwrite: bool = False
    ) -> SavedRecord:
        found = await self._find(store)
        author = self._next_write()
        key = check_key(key) if key else _made_key(author)
        text = encode(fitted(data, found.structure))
        lacking = missing_field(decode(text), found)

        def change(before: str | None) -> str | ModuleError:
            if before is not None and not overwrite:
                return DuplicateDataError(
                    f"The data store {found.name!r} has a record under the key "
                    f"{key!r} already. Choose another key, or switch Overwrite on."
                )
            return lacking or text

        return await self._save(found, key, change, author)

    async def update(
        self,
        store: str,
        key: str,
        data: Mapping[str, Any],
        *,
        overwrite_arrays: bool = True,
    ) -> SavedRecord:
        return await self._merge(
            store, key, data, insert=False, overwrite_arrays=overwrite_arrays
        )

    async def upsert(
        self,
        store: str,
        key: str,
        data: Mapping[str, Any],
        *,
        overwrite_arrays: bool = True,
    ) -> SavedRecord:
        return await self._merge(
            store, key, data, insert=True, overwrite_arrays=overwrite_arrays
        )

    async def delete(self, store: str, key: str) -> bool:
        found = await self._find(store)
        author = self._next_write()
        written = await self._write(
            delete_record, found.id, check_key(key), author=author
        )
        return written.found > 0

    async def delete_all(self, store: str) -> int:
        found = await self._find(store)
        author = self._next_write()
        return (await self._write(delete_records, found.id, author=author)).found

    async def search(
        self,
        store: str,
        *,
        conditions: Sequence[Sequence[RecordCondition]] = (),
        order: Sequence[RecordOrder] = (),
        limit: int | None = None,
    ) -> AsyncIterator[Record]:
        wanted = RecordFilter(conditions)
        found = await self._find(store)
        left = -1 if limit is None else limit
        matching = self._matching(found, wanted)
        records = self._sorted(found, matching, order) if order else matching
        async for record in records:
            if left == 0:
                return
            yield record
            left -= 1

    async def exists(self, store: str, key: str) -> bool:
        return await self.get(store, key) is not None

    async def count(self, store: str) -> int:
        return (await self._find(store)).number

    async def _find(self, ref: str) -> StoredDataStore:
        try:
            return await self._store.read(find_data_store, ref)
        except NotFoundError as error:
            raise InvalidConfigurationError(str(error)) from error

    def _next_write(self) -> Author | None:
        """Who makes the next write; the first bears the operation's own name."""
        if self._operation is None:
            return None
        self._writes += 1
        return self._operation.numbered(self._writes)

    async def _merge(
        self,
        store: str,
        key: str,
        data: Mapping[str, Any],
        *,
        insert: bool,
        overwrite_arrays: bool,
    ) -> SavedRecord:
        found = await self._find(store)
        author = self._next_write()
        check_key(key)
        given: Mapping[str, Any] = decode(encode(fitted(data, found.structure)))

        def change(before: str | None) -> str | ModuleError:
            if before is None and not insert:
                return DataError(
                    f"The data store {found.name!r} has no record under the key "
                    f"{key!r}. Add it first, or let missing records be inserted."
                )
            known = {} if before is None else decode(before)
            whole = merged(known, given, overwrite_arrays=overwrite_arrays)
            return missing_field(whole, found) or encode(whole)

        return await self._save(found, key, change, author)

    async def _save(
        self, store: StoredDataStore, key: str, change: Change, author: Author | None
    ) -> SavedRecord:
        now = self._clock.millis()
        written = await self._write(
            write_record, store.id, key, change, now=now, author=author
        )
        # Somebody may have removed it before the write was repeated.
        data = decode(written.record.data) if written.record else {}
        return SavedRecord(key, data, created=not written.found)

    async def _write(
        self,
        run: Callable[Concatenate[Connection, Arguments], Outcome],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Written:
        """Writes; an operation waits out a full or absent disk, as its journal does."""

        async def write() -> Outcome:
            return await self._store.write(run, *args, **kwargs)

        if self._operation is None:
            outcome = await write()
        else:
            execution = self._operation.execution_id
            outcome = await patiently(write, "data store waits", execution)
        if isinstance(outcome, ModuleError):
            raise outcome
        return outcome

    async def _matching(
        self, store: StoredDataStore, wanted: RecordFilter
    ) -> AsyncIterator[Record]:
        after = ""
        while page := await self._store.read(
            list_records, store.id, after=after, limit=_PAGE
        ):
            for stored in page:
                record = opened(stored)
                if wanted.matches(record):
                    yield record
            after = page[-1].key

    async def _sorted(
        self,
        store: StoredDataStore,
        records: AsyncIterator[Record],
        order: Sequence[RecordOrder],
    ) -> AsyncIterator[Record]:
        """Keeps the keys and what they are sorted by, but not the records."""
        paths = [steps_of(one.field) for one in order]
        found = [
            (record.key, tuple(field_of(record, path) for path in paths))
            async for record in records
        ]
        for key in sort_records(found, order):
            stored = await self._store.read(find_record, store.id, key)
            if stored is not None:
                yield opened(stored)


def opened(stored: StoredRecord) -> Record:
    """A record with its data as values."""
    return Record(stored.key, decode(stored.data))


def _made_key(author: Author | None) -> str:
    """A key of our own; that of an operation is the same whenever it is tried."""
    if author is None:
        return secrets.token_hex(_KEY_DIGITS)
    return hashlib.sha256(str(author).encode()).hexdigest()[: 2 * _KEY_DIGITS]
