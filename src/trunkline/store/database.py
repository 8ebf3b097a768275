"""The SQLite file: one connection that writes and checkpoints, others that read."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.pool import QueuePool, StaticPool

from trunkline.errors import NewerFolderError, StorageUnavailableError
from trunkline.store.tables import SCHEMA_VERSION, facts, metadata

_READERS = 4
_BUSY_SECONDS = 10

WRITER_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: the log is synced at each commit
    "foreign_keys": 1,
    "wal_autocheckpoint": 4000,  # pages: 16 MB
    "cache_size": -32000,  # 32 MB
    "temp_store": 2,
    "secure_delete": 1,
}
READER_PRAGMAS = {"query_only": 1, "cache_size": -8000}


class Database:
    """A folder's database. Every setting is read back on every connection."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.writing = _engine(
            lambda: sqlite3.connect(
                file,
                isolation_level=None,
                check_same_thread=False,
                timeout=_BUSY_SECONDS,
            ),
            WRITER_PRAGMAS,
            poolclass=StaticPool,
        )
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

    def prepare(self) -> None:
        """Makes the tables of a new file; checks those of an old one.

        Raises:
            NewerFolderError: a later version of Trunkline wrote the file.
        """
        with self.writing.begin() as connection:
            metadata.create_all(connection)
            found = connection.scalar(
                select(facts.c.value).where(facts.c.key == "schema")
            )
            if found is None:
                connection.execute(
                    insert(facts).values(key="schema", value=str(SCHEMA_VERSION))
                )
            elif int(found) > SCHEMA_VERSION:
                raise NewerFolderError(
                    f"{self.file} was written by a newer version of Trunkline "
                    f"(schema {found}, this one knows {SCHEMA_VERSION}). "
                    "Install that version, or choose another folder with --data."
                )

    def read(self) -> Connection:
        return self.reading.connect()

    def close(self) -> None:
        self.reading.dispose()
        self.writing.dispose()


def _engine(
    connect: Callable[[], sqlite3.Connection],
    pragmas: dict[str, Any],
    **pool: Any,  # noqa: ANN401 - handed to SQLAlchemy, which types them
) -> Engine:
    engine = create_engine("sqlite://", creator=connect, **pool)

    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name} = {value}")
        check_pragmas(connection, pragmas)

    event.listen(engine, "connect", set_up)
    return engine


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


def _uri_path(file: Path) -> str:
    return file.absolute().as_uri().removeprefix("file://")


def read_settings(connection: Connection) -> dict[str, str]:
    """The settings that durability rests on, as the writing connection has them."""
    return {
        name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
