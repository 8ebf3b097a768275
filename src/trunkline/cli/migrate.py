"""`trunkline migrate`: an older folder to this version's schema, or a step back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from trunkline.cli.configuration import read_settings
from trunkline.cli.logs import log_faults
from trunkline.cli.place import HERE, Place
from trunkline.cli.terminal import say
from trunkline.errors import NotFoundError, UsageError
from trunkline.store.database import read_schema
from trunkline.store.migrations.migrate import migrate as migrate_file
from trunkline.store.migrations.migrate import rehearse
from trunkline.store.owner import OwnerNote, Ownership
from trunkline.store.schema import refuse_newer
from trunkline.store.tables import SCHEMA_VERSION


def migrate(
    *,
    check: Annotated[bool, Parameter(negative=())] = False,
    to: Annotated[int | None, Parameter(metavar="N")] = None,
    back: Annotated[bool, Parameter(negative=())] = False,
    place: Place = HERE,
) -> None:
    """Change an older folder to the schema of this version; no server may run on it.

    A backup is made first and everything is tried on a copy. `trunkline serve` does
    the same by itself, unless TRUNKLINE_MIGRATE=ask.

    Parameters
    ----------
    check
        Only say what would be done, and try it on a copy.
    to
        The schema to change to; otherwise that of this version.
    back
        Go one schema back, before an older version of Trunkline is installed again.
    """
    if back and to is not None:
        raise UsageError("Say either --to or --back.")
    settings = read_settings(data=place.data)
    log_faults(settings.log_level)
    with _owned(settings.data) as file:
        found = read_schema(file) or SCHEMA_VERSION
        refuse_newer(file, found)
        target = _target(found, to, back=back)
        if check:
            _tell_plan(found, target, rehearse(file, target))
        else:
            _tell_done(found, target, migrate_file(file, target))


def _target(found: int, to: int | None, *, back: bool) -> int:
    if not back:
        return SCHEMA_VERSION if to is None else to
    if found == 1:
        raise UsageError(
            "The folder has schema 1, the first one; there is none before."
        )
    return found - 1


@contextmanager
def _owned(folder: Path) -> Iterator[Path]:
    """The folder's database, while nobody else can open it."""
    file = folder / "trunkline.db"
    if not file.exists():
        raise NotFoundError(f"There is no data in {folder}. Name a folder with --data.")
    ownership = Ownership(folder)
    ownership.take(OwnerNote(pid=os.getpid()))
    try:
        yield file
    finally:
        ownership.release()


def _tell_plan(found: int, target: int, titles: list[str]) -> None:
    if not titles:
        say(f"The folder has schema {found}; there is nothing to do.")
        return
    say(f"From schema {found} to {target}, tried on a copy without a fault:")
    for title in titles:
        say(f"  {title}")


def _tell_done(found: int, target: int, backup: Path | None) -> None:
    if backup is None:
        say(f"The folder has schema {found}; there was nothing to do.")
    else:
        say(f"The folder has schema {target} now. What it was before is in {backup}.")
