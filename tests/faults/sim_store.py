"""The real store without its threads: a group is committed inline, and may not be."""

import asyncio
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from trunkline.store.checkpointer import Checkpointer
from trunkline.store.complaints import of_writing
from trunkline.store.entry import Entry
from trunkline.store.owner import OwnerNote
from trunkline.store.store import Store
from trunkline.store.writer import Alone, Call, Writer, _Pending, _settle

_COMMIT = 0.02
"""Seconds that a group gathers at most."""

_FULL = "database or disk is full"


@dataclass(slots=True)
class SimDisk:
    """What befalls commits: `full` says that there is no room at a time of the loop.

    `before` and `after` are called around each commit with its number.
    """

    chance: random.Random
    full: Callable[[float], bool]
    before: Callable[[int], None]
    after: Callable[[int], None]
    commits: int = 0


class SimWriter(Writer):
    """Group commit by the loop's own clock, in the loop's own thread."""

    def __init__(
        self, engine: Engine, checkpointer: Checkpointer, disk: SimDisk
    ) -> None:
        super().__init__(engine, checkpointer)
        self._disk = disk
        self._gathered: list[_Pending] = []
        self._connection: Connection | None = None
        self._is_alive = True

    def start(self) -> None:
        self._connection = self._engine.connect()

    def close(self) -> None:
        """Commits what was asked for, unless the power is gone."""
        if self._is_alive and self._gathered:
            self._turn()
        self.perish()

    def perish(self) -> None:
        """What was not committed never will be."""
        self._is_alive = False
        if self._connection is not None:
            self._connection.close()

    def _submit(self, work: "Entry | Call[Any] | Alone") -> "asyncio.Future[Any]":
        assert self._is_alive
        loop = asyncio.get_running_loop()
        if not self._gathered:
            loop.call_later(self._disk.chance.uniform(0, _COMMIT), self._turn)
        pending = _Pending(work, loop, loop.create_future())
        self._gathered.append(pending)
        return pending.future

    def _turn(self) -> None:
        group, self._gathered = self._gathered, []
        if not self._is_alive or not group:
            return
        assert self._connection is not None
        self._disk.commits += 1
        self._disk.before(self._disk.commits)
        if not self._is_alive:
            return
        self._work_off(self._connection, group)
        self._disk.after(self._disk.commits)
        if self._is_alive:
            _settle(group)

    def _commit(self, connection: Connection, group: list[_Pending]) -> None:
        if not self._disk.full(asyncio.get_running_loop().time()):
            super()._commit(connection, group)
            return
        for pending in group:
            pending.error = of_writing(sqlite3.OperationalError(_FULL))


class _NoCheckpointer(Checkpointer):
    """The log of a life is short, and moved by whoever opens the file next."""

    def start(self) -> None:
        pass

    def keep_up(self, written: int) -> None:
        pass

    def move(self) -> None:
        pass


@dataclass(slots=True)
class SimStore:
    """A store on a folder, until it is closed or its power fails."""

    folder: Path
    disk: SimDisk
    store: Store = field(init=False)
    writer: SimWriter = field(init=False)

    def open(self) -> Store:
        self.store = store = Store(self.folder)
        store._checkpointer = _NoCheckpointer(store._database.checkpointing)
        self.writer = SimWriter(store._database.writing, store._checkpointer, self.disk)
        store.writer = self.writer
        store.open(OwnerNote(pid=1))
        return store

    def perish(self) -> None:
        """The power failed: what is committed is there, and nothing else is."""
        self.writer.perish()
        self.store.close()
