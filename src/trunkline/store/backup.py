"""A backup: one file with the database, without sessions and without the key.

It is a zip of `manifest.json` and `trunkline.db`. Secrets in the database stay sealed.
"""

import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from trunkline import __version__
from trunkline.errors import UsageError
from trunkline.model.clock import Millis, as_datetime
from trunkline.store.copying import (
    BACKUPS,
    check_room,
    copy_database,
    count_rows,
    draft_of,
    size_of,
    storage_error,
    sync,
)

DATABASE: Final = "trunkline.db"
MANIFEST: Final = "manifest.json"

_FORMAT = 1
_DRAFT = "making"
_SAVED = "backup-"
_CHUNK = 1 << 20
_QUICK = 1
"""How hard to compress: most of a database is text, and a server has other work."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What is in a backup; `key` is the id of the key that sealed its secrets."""

    format: int
    version: str
    schema: int
    made_at: Millis
    key: str
    counts: dict[str, int]


@dataclass(slots=True)
class Progress:
    """How far a backup has come: `done` bytes `of` so many, in the present step."""

    step: Literal["waiting", "copying", "packing"] = "waiting"
    done: int = 0
    of: int = 0


def save_backup(file: Path, made_at: Millis, progress: Progress) -> Path:
    """Makes a backup that stays beside the database, named by its time.

    Raises:
        StorageFullError: there is no room for it.
        StorageUnavailableError: it could not be made for another reason.
    """
    packed = make_backup(file, made_at, progress)
    saved = packed.with_name(f"{_SAVED}{as_datetime(made_at):%Y%m%dT%H%M%S.%f}Z.zip")
    packed.replace(saved)
    sync(saved.parent)
    return saved


def saved_backups(file: Path) -> list[Path]:
    """Those that were made to stay, the newest first."""
    return sorted((file.parent / BACKUPS).glob(f"{_SAVED}*.zip"), reverse=True)


def copied_bytes(file: Path) -> int:
    """How much of the copy is written of which a backup is made."""
    try:
        return draft_of(file.parent / BACKUPS / f"{_DRAFT}.db").stat().st_size
    except OSError:
        return 0


def make_backup(file: Path, made_at: Millis, progress: Progress | None = None) -> Path:
    """Makes a backup beside a database that is in use; whoever asked removes it.

    Only one is made at a time. What an earlier one left behind is removed.

    Raises:
        StorageFullError: there is no room for it.
        StorageUnavailableError: it could not be made for another reason.
    """
    progress = progress or Progress()
    check_room(file.parent, 2 * size_of(file), "To make a backup")
    progress.step, progress.of = "copying", size_of(file)
    folder = file.parent / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob(f"{_DRAFT}*"):
        left.unlink()
    copy, packed = folder / f"{_DRAFT}.db", folder / f"{_DRAFT}.zip"
    try:
        copy_database(file, copy)
        progress.step, progress.done, progress.of = "packing", 0, size_of(copy)
        _pack(copy, _prepare(copy, made_at), packed, progress)
    except (sqlite3.Error, OSError) as error:
        packed.unlink(missing_ok=True)
        raise storage_error("The backup", error) from error
    finally:
        copy.unlink(missing_ok=True)
    return packed


def read_manifest(backup: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        UsageError: the file is no backup, or is damaged.
    """
    try:
        with zipfile.ZipFile(backup) as opened:
            manifest = msgspec.json.decode(opened.read(MANIFEST), type=Manifest)
            opened.getinfo(DATABASE)
    except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
        raise UsageError(
            f"{backup} is not a backup of Trunkline, or is damaged. Give a file that "
            "`trunkline backup` made."
        ) from error
    if manifest.format > _FORMAT:
        raise UsageError(
            f"{backup} was made by Trunkline {manifest.version}, and this version "
            "cannot read it. Install that version."
        )
    return manifest


def _prepare(copy: Path, made_at: Millis) -> Manifest:
    """Takes the sessions out of a copy, and reads what the manifest says."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = 1")
        connection.execute("DELETE FROM sessions")
        facts = dict(connection.execute("SELECT key, value FROM facts").fetchall())
        return Manifest(
            format=_FORMAT,
            version=__version__,
            schema=int(facts["schema"]),
            made_at=made_at,
            key=facts["key_check"].partition(":")[0],
            counts=count_rows(connection),
        )


def _pack(copy: Path, manifest: Manifest, packed: Path, progress: Progress) -> None:
    packed.touch(mode=0o600)
    with zipfile.ZipFile(
        packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK
    ) as opened:
        opened.writestr(MANIFEST, msgspec.json.encode(manifest))
        described = zipfile.ZipInfo.from_file(copy, DATABASE)
        described.compress_type = zipfile.ZIP_DEFLATED
        with copy.open("rb") as source, opened.open(described, "w") as target:
            while chunk := source.read(_CHUNK):
                target.write(chunk)
                progress.done += len(chunk)
    sync(packed)
