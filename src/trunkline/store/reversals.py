"""What takes the writes of an execution back that were not to stand by themselves."""

import sqlite3
from typing import Final

import structlog
from sqlalchemy import Connection, insert, literal, select
from sqlalchemy.sql.elements import ColumnElement

from trunkline.model.data_store import Author
from trunkline.store.incoming import driver_of
from trunkline.store.tables import records, reversals

log = structlog.get_logger()


def note_reversals(
    connection: Connection,
    author: Author,
    *where: ColumnElement[bool],
    leaves_record: bool,
) -> None:
    """Keeps the records that a write is going to change, as they are before it."""
    connection.execute(
        insert(reversals).from_select(
            _COLUMNS,
            select(
                literal(author.execution_id),
                literal(str(author)),
                literal(leaves_record),
                records.c.store_id,
                records.c.key,
                *_BEFORE,
            ).where(*where),
        )
    )


def note_addition(
    connection: Connection, author: Author, store_id: str, key: str
) -> None:
    """Keeps that there was no record before a write."""
    connection.execute(
        insert(reversals).values(
            execution_id=author.execution_id,
            write=str(author),
            leaves_record=True,
            store_id=store_id,
            key=key,
        )
    )


def let_writes_stand(connection: Connection, execution_id: str) -> None:
    """What an execution has written so far is not taken back any more.

    By the driver, as what follows, since the journal's entries are written so.
    """
    driver_of(connection).execute(_STANDING, (execution_id,))


def take_writes_back(connection: Connection, execution_id: str) -> None:
    """Puts records as they were before an execution's writes, the last write first.

    A record that somebody else has changed since is left as it is.
    """
    driver = driver_of(connection)
    left = 0
    # One by one, since a write may be large, and each finds what the last one left.
    while row := driver.execute(_LAST, (execution_id,)).fetchone():
        left += not _take_back(driver, *row[1:])
        # What a record held is not kept any longer than it is needed.
        driver.execute(_OVER, row[:1])
    if left:
        log.warning(
            "writes not taken back, as others have changed the records since",
            execution=execution_id,
            records=left,
        )


def has_taken_back(connection: Connection, execution_id: str) -> bool:
    """Whether what an execution wrote was taken back."""
    over = select(reversals.c.id).where(
        reversals.c.execution_id == execution_id, reversals.c.over
    )
    return connection.scalar(over.limit(1)) is not None


def _take_back(
    driver: sqlite3.Connection,
    write: str,
    leaves_record: int,
    store_id: str,
    key: str,
    data: str | None,
    size_before: int | None,
    *times: object,
) -> bool:
    """Whether the record could be put as it was before the write."""
    place = (store_id, key)
    author, size = driver.execute(_NOW, place).fetchone() or _NO_RECORD
    if author != write if leaves_record else size is not None:
        return False
    driver.execute(_REMOVE, place)
    if data is not None:
        driver.execute(_RESTORE, (*place, data, size_before, *times, store_id))
    added = (data is not None) - (size is not None)
    driver.execute(_COUNT, (added, (size_before or 0) - (size or 0), store_id))
    return True


_NO_RECORD = (None, None)
_BEFORE = (
    records.c.data,
    records.c.size,
    records.c.created_at,
    records.c.updated_at,
    records.c.written_by,
)
_COLUMNS = [
    "execution_id",
    "write",
    "leaves_record",
    "store_id",
    "key",
    *(column.name for column in _BEFORE),
]
_STANDING: Final = "DELETE FROM reversals WHERE execution_id = ? AND NOT over"
_LAST: Final = (
    f"SELECT id, {', '.join(_COLUMNS[1:])} FROM reversals "  # noqa: S608 - names of ours
    "WHERE execution_id = ? AND NOT over ORDER BY id DESC LIMIT 1"
)
_OVER: Final = "UPDATE reversals SET over = 1, data = NULL WHERE id = ?"
_NOW: Final = "SELECT written_by, size FROM records WHERE store_id = ? AND key = ?"
_REMOVE: Final = "DELETE FROM records WHERE store_id = ? AND key = ?"
_RESTORE: Final = (
    f"INSERT INTO records (store_id, key, {', '.join(_COLUMNS[5:])}) "  # noqa: S608 - the same
    "SELECT ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM data_stores WHERE id = ?)"
)
_COUNT: Final = (
    "UPDATE data_stores SET number = number + ?, bytes = bytes + ? WHERE id = ?"
)
