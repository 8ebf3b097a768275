"""Copies of a database made while it is in use, whole or not at all."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from trunkline.errors import StorageFullError, StorageUnavailableError
from trunkline.store.complaints import is_full

BACKUPS = "backups"
"""The folder, beside the database, where copies of it are made and kept."""

_MEGABYTE = 1_000_000


def copy_database(source: Path, target: Path) -> None:
    """Writes what is committed at this moment to a new file, mode 0600, synced.

    Whoever writes to `source` goes on meanwhile. Where it fails, no file is left.

    Raises:
        StorageFullError: there is no room for it.
        StorageUnavailableError: it could not be made for another reason.
    """
    draft = draft_of(target)
    draft.unlink(missing_ok=True)
    try:
        # SQLite fills an empty file as well as a new one; so it is private at once.
        draft.touch(mode=0o600)
        with closing(open_to_read(source)) as reader:
            reader.execute("VACUUM INTO ?", (str(draft),))
        sync(draft)
        draft.replace(target)
        sync(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise storage_error("The copy of the database", error) from error
    finally:
        draft.unlink(missing_ok=True)


def draft_of(target: Path) -> Path:
    """Where a copy is written until it is whole."""
    return target.with_name(target.name + ".part")


def open_to_read(file: Path) -> sqlite3.Connection:
    uri = f"{file.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND name NOT LIKE 'sqlite%' ORDER BY name"
    ).fetchall()
    count = "SELECT count(*) FROM "
    return {
        name: connection.execute(f'{count}"{name}"').fetchone()[0] for (name,) in tables
    }


def find_damage(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with a file, one sentence each."""
    sound = connection.execute("PRAGMA integrity_check").fetchall()
    astray = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [
        *(line for (line,) in sound if line != "ok"),
        *(f"a row of {row[0]} refers to nothing in {row[2]}" for row in astray),
    ]


def check_room(folder: Path, needed: int, what: str) -> None:
    """Looks whether `needed` bytes are free.

    Raises:
        StorageFullError: they are not.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageFullError(
            f"{what}, {needed / _MEGABYTE:,.0f} MB must be free at {folder}, and only "
            f"{free / _MEGABYTE:,.0f} MB are. Make room and try again; nothing was "
            "changed."
        )


def size_of(file: Path) -> int:
    """Bytes of a database with its log."""
    log = file.with_name(file.name + "-wal")
    return file.stat().st_size + (log.stat().st_size if log.exists() else 0)


def sync(place: Path) -> None:
    """Returns when a file, or the names in a folder, are on disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage_error(
    what: str, error: Exception
) -> StorageFullError | StorageUnavailableError:
    """What a complaint of the disk or the database means for something to be made."""
    if is_full(error):
        return StorageFullError(
            f"{what} was not made, since the disk is full. Make room and try again."
        )
    return StorageUnavailableError(f"{what} was not made: {error}.")
