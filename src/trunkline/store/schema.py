"""Whether a file has the schema of this version, and what is done where it has not."""

from pathlib import Path

from trunkline.errors import NewerFolderError, OlderFolderError
from trunkline.store.database import read_schema
from trunkline.store.tables import SCHEMA_VERSION


def make_current(file: Path, *, may_migrate: bool) -> None:
    """Migrates an older file; a new one and a current one stay as they are.

    Alembic is loaded only where there is something to do.

    Raises:
        NewerFolderError: a later version of Trunkline wrote the file.
        OlderFolderError: it is older, and may not be changed without being asked.
        StorageFullError: there is too little room for the change.
        MigrationError: the change failed when it was rehearsed on a copy.
    """
    found = read_schema(file)
    if found is None or found == SCHEMA_VERSION:
        return
    refuse_newer(file, found)
    if not may_migrate:
        raise OlderFolderError(
            f"{file} has schema {found}, and this version of Trunkline needs "
            f"{SCHEMA_VERSION}. Run `trunkline migrate`, which makes a backup first "
            "(TRUNKLINE_MIGRATE=auto does so at each start that needs it)."
        )
    from trunkline.store.migrations.migrate import (  # noqa: PLC0415 - see above
        migrate,
    )

    migrate(file, SCHEMA_VERSION)


def refuse_newer(file: Path, found: int) -> None:
    """Refuses what this version does not know.

    Raises:
        NewerFolderError: a later version of Trunkline wrote the file.
    """
    if found > SCHEMA_VERSION:
        raise NewerFolderError(
            f"{file} was written by a newer version of Trunkline "
            f"(schema {found}, this one knows {SCHEMA_VERSION}). "
            "Install that version, or choose another folder with --data."
        )
