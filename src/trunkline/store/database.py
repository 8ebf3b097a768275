"""The SQLite file: one connection that writes and checkpoints, others that read."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
)
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from trunkline.errors import StorageUnavailableError
from trunkline.store import incoming
from trunkline.store.facts import note_fact
from trunkline.store.tables import (
    SCHEMA_VERSION,
    metadata,
)

_READERS = 4
_BUSY_SECONDS = 5
_TABLES = "SELECT 1 FROM sqlite_master WHERE name = 'facts'"

WRITER_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: the log is synced at each commit
    "foreign_keys": 1,
    "wal_autocheckpoint": 0,  # it is the checkpointer's
    "cache_size": -32000,  # 32 MB
    "temp_store": 2,
    "secure_delete": 1,
}
NEW_FILE_PRAGMAS = {"auto_vacuum": 2}
"""INCREMENTAL, so that the file can shrink; only a file without tables takes it."""

READER_PRAGMAS = {"query_only": 1, "cache_size": -8000}
UPKEEP_PRAGMAS = {**WRITER_PRAGMAS, "foreign_keys": 0, "wal_autocheckpoint": 1000}


class Database:
    """A folder's database. Every setting is read back on every connection."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.writing = _engine(self._connect_new, WRITER_PRAGMAS, poolclass=StaticPool)
        event.listen(self.writing, "connect", incoming.prepare)
        event.listen(self.writing, "begin", _begin)
        self.reading = _engine(
            lambda: sqlite3.connect(
                f"file:{_uri_path(file)}?mode=ro",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=_BUSY_SECONDS,
            ),
            READER_PRAGMAS,
            poolclass=QueuePool,
            pool_size=_READERS,
            max_overflow=0,
        )
        event.listen(self.reading, "begin", _begin_reading)

    def _connect(self) -> sqlite3.Connection:
        return _connect(self.file)

    def _connect_new(self) -> sqlite3.Connection:
        connection = self._connect()
        if connection.execute("PRAGMA page_count").fetchone() == (0,):
            set_up(connection, NEW_FILE_PRAGMAS)
        return connection

    def checkpointing(self) -> sqlite3.Connection:
        """A connection that moves the log into the file, synced as the writer is."""
        connection = self._connect()
        set_up(connection, {"synchronous": WRITER_PRAGMAS["synchronous"]})
        return connection

    def prepare(self) -> None:
        """Makes the tables of a new file; an old one has those of this version."""
        with self.writing.begin() as connection:
            if not _has_tables(connection):
                metadata.create_all(connection)
                stamp(connection, SCHEMA_VERSION)

    def compact(self) -> None:
        """Writes the file anew without what is free in it; nobody may write meanwhile.

        By a connection of its own: the writer keeps temporary things in memory, and
        the file's copy does not belong there.
        """
        connection = self._connect()
        try:
            synchronous = WRITER_PRAGMAS["synchronous"]
            set_up(connection, {"synchronous": synchronous, "temp_store": 1})
            connection.execute("PRAGMA auto_vacuum = 2")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()

    def read(self) -> Connection:
        return self.reading.connect()

    def close(self) -> None:
        self.reading.dispose()
        self.writing.dispose()


def upkeep(file: Path) -> Engine:
    """For changes of the whole file, while nobody else has it open.

    Foreign keys are not enforced, since a table may be replaced by a new one; whoever
    changes something checks them.
    """
    engine = _engine(lambda: _connect(file), UPKEEP_PRAGMAS, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def read_schema(file: Path) -> int | None:
    """The number of a file's schema; None where there is nothing in it yet.

    It is read on a connection that knows nothing of the tables of this version.
    """
    if not file.exists():
        return None
    with closing(_connect(file)) as connection:
        if not connection.execute(_TABLES).fetchall():
            return None
        query = "SELECT value FROM facts WHERE key = 'schema'"
        found = connection.execute(query).fetchone()
        return int(found[0]) if found else 1


def stamp(connection: Connection, number: int) -> None:
    """Writes the number of the schema down, with the change that leads to it."""
    note_fact(connection, "schema", str(number))


def _has_tables(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql(_TABLES).all())


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        file,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_SECONDS,
    )


def _engine(
    connect: Callable[[], sqlite3.Connection],
    pragmas: dict[str, Any],
    **pool: Any,  # noqa: ANN401 - handed to SQLAlchemy, which types them
) -> Engine:
    engine = create_engine("sqlite://", creator=connect, **pool)

    event.listen(engine, "connect", lambda one, _record: set_up(one, pragmas))
    return engine


def set_up(connection: sqlite3.Connection, pragmas: dict[str, Any]) -> None:
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name} = {value}")
    check_pragmas(connection, pragmas)


def check_pragmas(connection: sqlite3.Connection, pragmas: dict[str, Any]) -> None:
    """Reads the settings back, since some builds quietly keep their own.

    Raises:
        StorageUnavailableError: a setting did not take.
    """
    for name, wanted in pragmas.items():
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise StorageUnavailableError(
                f"SQLite did not accept {name} = {wanted} (it says {found}); "
                "the folder may lie on a file system without shared memory."
            )


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    """All that one reader asks for is of one moment, however much is written then."""
    connection.exec_driver_sql("BEGIN")


def _uri_path(file: Path) -> str:
    return file.absolute().as_uri().removeprefix("file://")


def read_settings(connection: Connection) -> dict[str, str]:
    """The settings that durability rests on, as the writing connection has them."""
    return {
        name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
