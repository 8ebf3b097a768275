"""Changes a folder's schema: a backup, a rehearsal on a copy, then one transaction."""

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import structlog
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import SQLAlchemyError

from trunkline.errors import MigrationError, StorageFullError
from trunkline.store.copying import (
    BACKUPS,
    check_room,
    copy_database,
    count_rows,
    find_damage,
    open_to_read,
    size_of,
    storage_error,
)
from trunkline.store.database import read_schema, stamp, upkeep
from trunkline.store.migrations.revisions import Step, way

_ROOM = 4
"""Times the file's size: the backup, the copy to rehearse on, and the log of each."""

_REHEARSAL = ".rehearsal"

log = structlog.get_logger()


def migrate(file: Path, target: int) -> Path | None:
    """Brings a file to another schema; whoever calls it owns the folder.

    Returns:
        The backup made before; None where there was nothing to do.

    Raises:
        UsageError: there is no such schema, or no way to it.
        StorageFullError: there is too little room; nothing was changed.
        MigrationError: the rehearsal failed; nothing was changed.
    """
    found = _found(file)
    steps = way(found, target)
    if not steps:
        return None
    backup = _back_up(file, found, target)
    try:
        _rehearse_on(backup, steps)
    except BaseException:
        backup.unlink()
        raise
    log.info("schema changes", before=found, after=target, backup=str(backup))
    with _nothing_changed():
        _apply(file, steps)
    log.info("schema changed", before=found, after=target)
    return backup


def rehearse(file: Path, target: int) -> list[str]:
    """Tries the steps on a copy that is thrown away; returns their titles.

    Raises:
        UsageError: there is no such schema, or no way to it.
        StorageFullError: there is too little room for the copy.
        MigrationError: it failed.
    """
    steps = way(_found(file), target)
    if steps:
        copy = _back_up(file, _found(file), target)
        try:
            _rehearse_on(copy, steps)
        finally:
            copy.unlink()
    return [step.title for step in steps]


def _found(file: Path) -> int:
    found = read_schema(file)
    if found is None:
        raise MigrationError(
            f"{file} holds no data yet, so there is nothing to change."
        )
    return found


def _back_up(file: Path, found: int, target: int) -> Path:
    check_room(file.parent, _ROOM * size_of(file), f"To change schema {found}")
    folder = file.parent / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    _clear_up(folder)
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    backup = folder / f"before-schema-{target}-{moment}.db"
    backup.unlink(missing_ok=True)  # an earlier try within the same second
    copy_database(file, backup)
    return backup


def _rehearse_on(backup: Path, steps: Sequence[Step]) -> None:
    copy = backup.with_suffix(_REHEARSAL)
    try:
        with _nothing_changed():
            shutil.copyfile(backup, copy)
            _apply(copy, steps)
            _check(copy, backup)
    finally:
        _clear_up(backup.parent)


@contextmanager
def _nothing_changed() -> Iterator[None]:
    """Says of whatever goes wrong in the block that the folder is as it was.

    Raises:
        StorageFullError: it was the disk that is full.
        MigrationError: it was anything else.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        full = storage_error("The change of the schema", error)
        if isinstance(full, StorageFullError):
            raise full from error
        raise _failed(str(error).partition("\n")[0]) from error


def _failed(reason: str) -> MigrationError:
    return MigrationError(
        f"The schema cannot be changed: {reason}. Nothing was changed; go on with the "
        "version of Trunkline that was used so far, and please report it."
    )


def _clear_up(folder: Path) -> None:
    """Removes what this rehearsal, or one that was killed, has left."""
    for left in (*folder.glob(f"*{_REHEARSAL}*"), *folder.glob("*.part")):
        left.unlink()


def _apply(file: Path, steps: Sequence[Step]) -> None:
    """All steps in one transaction: whenever it is cut, the file has one schema."""
    engine = upkeep(file)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        for step in steps:
            log.info("schema step", step=step.title, file=file.name)
            with Operations.context(context):
                step.run()
        stamp(connection, steps[-1].leads_to)


def _check(changed: Path, before: Path) -> None:
    """What must hold of a copy after the steps.

    Raises:
        MigrationError: a row is gone, refers to nothing, or the file is damaged.
    """
    with closing(open_to_read(before)) as old, closing(open_to_read(changed)) as new:
        kept, now = count_rows(old), count_rows(new)
        gone = [
            f"{name} had {kept[name]} rows and has {now[name]}"
            for name in sorted(kept.keys() & now.keys())
            if kept[name] != now[name]
        ]
        faults = [*gone, *find_damage(new)]
    if faults:
        raise _failed("; ".join(faults))
