"""Backups, and what a person decides after one was restored."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, TypeAlias

from trunkline.engine.engine import Engine
from trunkline.model.clock import as_text
from trunkline.store.review import count_unfinished, find_review
from trunkline.store.store import Store

Unfinished: TypeAlias = Literal["run", "cancel"]
"""What becomes of executions that the backup found unfinished."""


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


class Backups:
    """The use cases around backups."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._turn = asyncio.Lock()

    async def make(self) -> IO[bytes]:
        """A backup of this moment; it has no name any more and ends with its closing.

        Raises:
            StorageFullError: there is no room for it.
            StorageUnavailableError: it could not be made for another reason.
        """
        from trunkline.store.backup import (  # noqa: PLC0415 - seldom needed
            make_backup,
        )

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
