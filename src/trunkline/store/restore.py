"""A folder made anew from a backup, which then waits for a person."""

import os
import shutil
import sqlite3
import time
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from trunkline.errors import (
    ConflictError,
    KeyMismatchError,
    NewerFolderError,
    UsageError,
)
from trunkline.store.backup import DATABASE, Manifest, read_manifest
from trunkline.store.copying import (
    check_room,
    find_damage,
    open_to_read,
    storage_error,
    sync,
)
from trunkline.store.database import upkeep
from trunkline.store.executions import requeue_all
from trunkline.store.owner import OwnerNote, Ownership
from trunkline.store.review import begin_review, count_unfinished
from trunkline.store.store import READY
from trunkline.store.tables import SCHEMA_VERSION
from trunkline.store.vault import Vault, check_key, read_keys

_REPLACED = "replaced"
_DRAFT = f"{DATABASE}.part"
_STAYS = frozenset({"key", "owner.lock", "owner.json", "lost+found", _REPLACED})
"""Names that may be in a folder before something is restored into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`unfinished` executions wait for a person; `replaced` holds the old data."""

    manifest: Manifest
    unfinished: int
    replaced: Path | None


def restore(
    backup: Path,
    folder: Path,
    *,
    key: str | None = None,
    key_file: Path | None = None,
    replace: bool = False,
) -> Restored:
    """Puts a backup in the place of a folder's data, to be confirmed by a person.

    The key is that of `key_file`, which is copied into the folder; else `key`, in the
    words of TRUNKLINE_KEY; else that of the folder.

    Raises:
        UsageError: the file is no backup, or is damaged.
        ConflictError: the folder holds something, and nobody said to replace it.
        FolderInUseError: somebody has the folder.
        KeyMismatchError: the key is missing, or another one.
        NewerFolderError: a later version of Trunkline made the backup.
        StorageFullError: there is no room for it.
    """
    manifest = read_manifest(backup)
    _check_version(backup, manifest)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ownership = Ownership(folder)
    ownership.take(OwnerNote(pid=os.getpid()))
    try:
        _check_empty(folder, replace=replace)
        vault = _vault(folder / "key", key, key_file, manifest)
        unfinished = _unpack(backup, folder, manifest, vault)
        replaced = _set_aside(folder, key_too=key_file is not None)
        if key_file is not None:
            _copy_key(key_file, folder / "key")
        (folder / READY).replace(folder / DATABASE)
        sync(folder)
    except (OSError, DBAPIError) as error:
        raise storage_error("The folder", error) from error
    finally:
        ownership.release()
    return Restored(manifest=manifest, unfinished=unfinished, replaced=replaced)


def _check_version(backup: Path, manifest: Manifest) -> None:
    if manifest.schema > SCHEMA_VERSION:
        raise NewerFolderError(
            f"{backup} was made by Trunkline {manifest.version}, which is newer "
            f"(schema {manifest.schema}, this one knows {SCHEMA_VERSION}). Install "
            "that version."
        )


def _check_empty(folder: Path, *, replace: bool) -> None:
    for left in (_DRAFT, READY):
        (folder / left).unlink(missing_ok=True)
    if _old(folder) and not replace:
        raise ConflictError(
            f"The folder {folder} is not empty. Choose another one with --data, or "
            "say --replace; what is there now is kept aside."
        )


def _old(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.name not in {*_STAYS, READY}]


def _vault(own: Path, given: str | None, file: Path | None, of: Manifest) -> Vault:
    if file is not None:
        if not file.is_file():
            raise UsageError(f"There is no key file {file}.")
        return read_keys(file)
    if given or own.exists():
        return read_keys(own, given)
    raise KeyMismatchError(
        f"The secrets in the backup were sealed with the key {of.key}, which is not at "
        "hand. Give its key file with --key-file, or set TRUNKLINE_KEY to its content."
    )


def _unpack(backup: Path, folder: Path, manifest: Manifest, vault: Vault) -> int:
    """Lays the database down beside its place, whole, checked and to be confirmed."""
    draft = folder / _DRAFT
    try:
        with zipfile.ZipFile(backup) as opened:
            size = opened.getinfo(DATABASE).file_size
            check_room(folder, 2 * size, "To restore the backup")
            draft.touch(mode=0o600)
            with opened.open(DATABASE) as source, draft.open("wb") as target:
                shutil.copyfileobj(source, target)
        unfinished = _prepare(draft, manifest, vault)
        sync(draft)
        draft.replace(folder / READY)
    except (zipfile.BadZipFile, zlib.error, EOFError, sqlite3.DatabaseError) as error:
        raise _damaged(backup, str(error)) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            (folder / f"{_DRAFT}{suffix}").unlink(missing_ok=True)
    return unfinished


def _prepare(draft: Path, manifest: Manifest, vault: Vault) -> int:
    with closing(open_to_read(draft)) as connection:
        faults = find_damage(connection)
    if faults:
        raise _damaged(draft, "; ".join(faults))
    with upkeep(draft).begin() as connection:
        check_key(connection, vault)
        requeue_all(connection)
        begin_review(connection, manifest.made_at)
        return count_unfinished(connection)


def _set_aside(folder: Path, *, key_too: bool) -> Path | None:
    """Moves the old data away; from now on the new one alone can be opened."""
    old = _old(folder)
    if not old:
        return None
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    aside = folder / _REPLACED / moment
    aside.mkdir(mode=0o700, parents=True)
    for one in old:
        one.replace(aside / one.name)
    key = folder / "key"
    if key_too and key.exists():
        key.replace(aside / "key")
    sync(aside)
    return aside


def _copy_key(source: Path, target: Path) -> None:
    if target.exists() and source.samefile(target):
        return
    text = source.read_bytes()
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    target.write_bytes(text)
    sync(target)


def _damaged(file: Path, how: str) -> UsageError:
    return UsageError(f"{file} is damaged: {how}. Take another backup.")
