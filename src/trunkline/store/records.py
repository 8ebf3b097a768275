"""Records of data stores, read and written.

A write is refused by returning the error, since raising it would undo the commit of
all those whose writes go to the disk together.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct
from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from trunkline.errors import (
    InvalidConfigurationError,
    ModuleError,
    OutOfSpaceError,
)
from trunkline.model.clock import Millis
from trunkline.model.data_store import Author, StoredRecord
from trunkline.model.size import as_size
from trunkline.store.receipts import find_receipt, sign
from trunkline.store.reversals import note_addition, note_reversals
from trunkline.store.tables import data_stores, records

LARGEST_RECORD = 15_000_000
"""Bytes of one record with its key."""

_PAGE_BYTES = 4_000_000


class Written(Struct, frozen=True):
    """What became of a write: how many records it found, and what it left."""

    found: int
    record: StoredRecord | None = None


Outcome: TypeAlias = Written | ModuleError
Change: TypeAlias = Callable[[str | None], str | ModuleError]
"""Makes the data of a record from what is there, or says why it may not be changed."""


def write_record(
    connection: Connection,
    store_id: str,
    key: str,
    change: Change,
    *,
    now: Millis,
    author: Author | None = None,
) -> Outcome:
    """Adds a record or changes it; a write that is repeated changes nothing."""
    before = find_record(connection, store_id, key)
    repeated = find_receipt(connection, author)
    if repeated is not None:
        return Written(repeated, before)
    data = change(before.data if before else None)
    if isinstance(data, ModuleError):
        return data
    size = len(data.encode()) + len(key.encode())
    refusal = _account(connection, store_id, size, freed=before.size if before else 0)
    if refusal is not None:
        return refusal
    record = StoredRecord(
        store_id=store_id,
        key=key,
        data=data,
        size=size,
        created_at=before.created_at if before else now,
        updated_at=now,
        written_by=None if author is None else str(author),
    )
    _note(connection, author, store_id, key, new=before is None)
    _put(connection, record, new=before is None)
    found = int(before is not None)
    sign(connection, author, found)
    return Written(found, record)


def delete_record(
    connection: Connection, store_id: str, key: str, *, author: Author | None = None
) -> Outcome:
    """Removes a record, if there is one."""
    here = (records.c.store_id == store_id, records.c.key == key)
    return _delete(connection, store_id, here, author)


def delete_records(
    connection: Connection, store_id: str, *, author: Author | None = None
) -> Outcome:
    """Removes all records."""
    return _delete(connection, store_id, (records.c.store_id == store_id,), author)


def find_record(connection: Connection, store_id: str, key: str) -> StoredRecord | None:
    row = connection.execute(_FIND, {"store": store_id, "key_": key}).first()
    return None if row is None else _read(row)


def list_records(
    connection: Connection,
    store_id: str,
    *,
    after: str = "",
    limit: int,
    text: str | None = None,
) -> list[StoredRecord]:
    """Records in the order of their keys, behind the key `after`; at most some MB.

    With a text, those whose key or data have it in them, in capitals or not.
    """
    query = (
        select(records)
        .where(records.c.store_id == store_id, records.c.key > after)
        .order_by(records.c.key)
        .limit(limit)
    )
    if text:
        query = query.where(
            or_(
                records.c.key.icontains(text, autoescape=True),
                records.c.data.icontains(text, autoescape=True),
            )
        )
    page: list[StoredRecord] = []
    total = 0
    with connection.execute(query) as rows:
        for row in rows:
            page.append(_read(row))
            total += row.size
            if total > _PAGE_BYTES:
                break
    return page


def _delete(
    connection: Connection, store_id: str, where: tuple[Any, ...], author: Author | None
) -> Outcome:
    repeated = find_receipt(connection, author)
    if repeated is not None:
        return Written(repeated)
    size = func.coalesce(func.sum(records.c.size), 0)
    number, freed = connection.execute(select(func.count(), size).where(*where)).one()
    if number:
        if author is not None and author.revocable:
            note_reversals(connection, author, *where, leaves_record=False)
        connection.execute(delete(records).where(*where))
        connection.execute(
            update(data_stores)
            .where(data_stores.c.id == store_id)
            .values(
                number=data_stores.c.number - number, bytes=data_stores.c.bytes - freed
            )
        )
    sign(connection, author, number)
    return Written(number)


def _account(
    connection: Connection, store_id: str, size: int, *, freed: int
) -> ModuleError | None:
    """Counts what a record takes, if there is room for it.

    `freed` is what it took before; nothing where it is new.
    """
    store = connection.execute(_STORE, {"store": store_id}).first()
    if store is None:
        return InvalidConfigurationError(
            "The data store was removed meanwhile; choose another one."
        )
    if size > LARGEST_RECORD:
        return OutOfSpaceError(
            f"The record would take {as_size(size)}, and one record may take "
            f"{as_size(LARGEST_RECORD)}; keep less in it."
        )
    growth = size - freed
    if growth > 0 and store.bytes + growth > store.limit_bytes:
        return OutOfSpaceError(
            f"The data store {store.name!r} is full: it holds {as_size(store.bytes)} "
            f"of {as_size(store.limit_bytes)}. Delete records, or raise its limit."
        )
    added = int(not freed)
    connection.execute(_GROW, {"store": store_id, "growth": growth, "added": added})
    return None


def _note(
    connection: Connection, author: Author | None, store_id: str, key: str, *, new: bool
) -> None:
    """Keeps what takes a write back, where it does not stand by itself."""
    if author is None or not author.revocable:
        return
    if new:
        note_addition(connection, author, store_id, key)
    else:
        here = (records.c.store_id == store_id, records.c.key == key)
        note_reversals(connection, author, *here, leaves_record=True)


def _put(connection: Connection, record: StoredRecord, *, new: bool) -> None:
    values = {
        "data": record.data,
        "size": record.size,
        "updated_at": record.updated_at,
        "written_by": record.written_by,
    }
    if new:
        place = {"store_id": record.store_id, "key": record.key}
        values |= {**place, "created_at": record.created_at}
        connection.execute(insert(records), values)
    else:
        here = {"store": record.store_id, "key_": record.key}
        connection.execute(_CHANGE, {**values, **here})


def _read(row: Row[Any]) -> StoredRecord:
    return StoredRecord(**row._mapping)  # noqa: SLF001 - public API of SQLAlchemy


_HERE = and_(
    records.c.store_id == bindparam("store"), records.c.key == bindparam("key_")
)
_FIND = select(records).where(_HERE)
_CHANGE = update(records).where(_HERE)
_STORE = select(data_stores).where(data_stores.c.id == bindparam("store"))
_GROW = (
    update(data_stores)
    .where(data_stores.c.id == bindparam("store"))
    .values(
        bytes=data_stores.c.bytes + bindparam("growth"),
        number=data_stores.c.number + bindparam("added"),
    )
)
