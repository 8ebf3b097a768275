"""Backups, and what a person decides after one was restored."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, TypeAlias

from trunkline.engine.engine import Engine
from trunkline.errors import (
    NotFoundError,
    StorageFullError,
    StorageUnavailableError,
    UsageError,
)
from trunkline.model.clock import as_text
from trunkline.store.backup import (
    Manifest,
    Progress,
    copied_bytes,
    make_backup,
    read_manifest,
    save_backup,
    saved_backups,
)
from trunkline.store.copying import BACKUPS
from trunkline.store.review import count_unfinished, find_review
from trunkline.store.store import Store

Unfinished: TypeAlias = Literal["run", "cancel"]
"""What becomes of executions that the backup found unfinished."""

_TOLD = ("scenarios", "deliveries", "executions")

BackupStep: TypeAlias = Literal["waiting", "copying", "packing"]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Whether a restored folder waits to be confirmed.

    `unfinished` executions go on then, or are cancelled; what they did after the
    backup was made, they do again.
    """

    pending: bool
    backup_made_at: str | None
    unfinished: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A review that is over: how many executions run on, and how many are cancelled."""

    run: int
    cancelled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedBackup:
    """A backup that stays on the server's disk, until somebody removes it.

    `trouble` says why it is of no use as it is; `holds` how much is in it.
    """

    name: str
    made_at: str | None
    bytes: int
    version: str | None
    holds: Mapping[str, int]
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupProgress:
    """How far the one under way has come: `done` bytes `of` so many in this step.

    `trouble` is why the last one was not made.
    """

    under_way: bool
    step: BackupStep
    done: int
    of: int
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedBackups:
    """The backups on the server's disk, the newest first, and the one under way."""

    folder: str
    disk_free_bytes: int
    progress: BackupProgress
    backups: list[SavedBackup]


class Backups:
    """The use cases around backups."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._turn = asyncio.Lock()
        self._saving: asyncio.Task[None] | None = None
        self._trouble: str | None = None
        self._progress = Progress()

    async def saved(self) -> SavedBackups:
        """What is on the disk, and how far the one under way has come."""
        backups = await asyncio.to_thread(self._list)
        folder = self._store.file.parent
        return SavedBackups(
            folder=str((folder / BACKUPS).absolute()),
            disk_free_bytes=shutil.disk_usage(folder).free,
            progress=self._seen(),
            backups=backups,
        )

    async def save(self) -> SavedBackups:
        """Begins a backup that stays on the disk, unless one is under way already."""
        if self._saving is None or self._saving.done():
            self._trouble, self._progress = None, Progress()
            self._saving = asyncio.create_task(self._save())
        return await self.saved()

    async def find_saved(self, name: str) -> Path:
        """The file of a backup.

        Raises:
            NotFoundError: there is none of that name.
        """
        found = await asyncio.to_thread(saved_backups, self._store.file)
        file = next((one for one in found if one.name == name), None)
        if file is None:
            raise NotFoundError(f"There is no backup named {name!r} on the disk.")
        return file

    async def remove_saved(self, name: str) -> None:
        """Removes a backup from the disk.

        Raises:
            NotFoundError: there is none of that name.
        """
        file = await self.find_saved(name)
        await asyncio.to_thread(file.unlink, missing_ok=True)
        self._engine.news.tell("backups")

    async def close(self) -> None:
        """Returns when none is under way: what is begun is made whole."""
        if self._saving is not None:
            await asyncio.wait([self._saving])

    async def _save(self) -> None:
        async with self._turn:
            now = self._engine.clock.millis()
            try:
                await asyncio.to_thread(
                    save_backup, self._store.file, now, self._progress
                )
            except (StorageFullError, StorageUnavailableError) as error:
                self._trouble = str(error)
        self._engine.news.tell("backups")

    def _seen(self) -> BackupProgress:
        now = self._progress
        return BackupProgress(
            under_way=self._saving is not None and not self._saving.done(),
            step=now.step,
            done=copied_bytes(self._store.file) if now.step == "copying" else now.done,
            of=now.of,
            trouble=self._trouble,
        )

    def _list(self) -> list[SavedBackup]:
        return [*map(self._described, saved_backups(self._store.file))]

    def _described(self, file: Path) -> SavedBackup:
        manifest: Manifest | None = None
        trouble = None
        try:
            manifest = read_manifest(file)
            if not self._store.vault.knows(manifest.key):
                trouble = (
                    f"Its secrets were sealed with the key {manifest.key}, which is "
                    "not the one of this server."
                )
        except (UsageError, OSError) as error:
            trouble = str(error)
        counts = manifest.counts if manifest else {}
        return SavedBackup(
            name=file.name,
            made_at=as_text(manifest.made_at) if manifest else None,
            bytes=file.stat().st_size,
            version=manifest.version if manifest else None,
            holds={name: counts[name] for name in _TOLD if name in counts},
            trouble=trouble,
        )

    async def make(self) -> IO[bytes]:
        """A backup of this moment; it has no name any more and ends with its closing.

        Raises:
            StorageFullError: there is no room for it.
            StorageUnavailableError: it could not be made for another reason.
        """
        async with self._turn:
            now = self._engine.clock.millis()
            packed = await asyncio.to_thread(make_backup, self._store.file, now)
            return _opened(packed)

    async def review(self) -> ReviewView:
        made_at = await self._store.read(find_review)
        if made_at is None:
            return ReviewView(pending=False, backup_made_at=None, unfinished=0)
        return ReviewView(
            pending=True,
            backup_made_at=as_text(made_at),
            unfinished=await self._store.read(count_unfinished),
        )

    async def confirm(self, unfinished: Unfinished) -> Confirmed:
        """Lets a restored folder work again.

        Raises:
            ConflictError: there is nothing to confirm.
        """
        cancel = unfinished == "cancel"
        number = await self._engine.confirm(cancel=cancel)
        return Confirmed(0, number) if cancel else Confirmed(number, 0)


def _opened(file: Path) -> IO[bytes]:
    opened = file.open("rb")
    file.unlink()
    return opened
