"""The one thread that writes: collects what is asked for and commits it together."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from trunkline.errors import StorageUnavailableError
from trunkline.store.checkpointer import Checkpointer
from trunkline.store.complaints import of_writing
from trunkline.store.entry import Entry, Receipt, apply_entries
from trunkline.store.incoming import driver_of, transaction

_LARGEST_GROUP = 512

_BUSY = 3
"""Pieces of work in a group that tell of an event loop with much to do."""

_BREATH = 0.00005
"""Seconds for which the thread lets go of Python's lock after a large group.

A loop that has more to do keeps the lock for a turn, and the group grows by what it
does; one that waits for the last group does not, and waits no longer for that
(docs/decisions/0002-few-statements-for-a-group.md).
"""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Call(Generic[Result]):
    """A piece of writing that is not a journal entry, run within the transaction."""

    run: Callable[[Connection], Result]


@dataclass(frozen=True, slots=True)
class Alone:
    """What must not be within a transaction; nothing is written meanwhile."""

    run: Callable[[Connection], None]


@dataclass(slots=True)
class _Pending:
    work: Entry | Call[Any] | Alone
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """Group commit: while one group is on its way to the disk, the next gathers.

    A lone writer waits for one sync and nothing else, a hundred share it.
    """

    def __init__(self, engine: Engine, checkpointer: Checkpointer) -> None:
        self._engine = engine
        self._checkpointer = checkpointer
        self._queue: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Commits what was asked for so far, then ends the thread."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def append(self, entry: Entry) -> "asyncio.Future[Receipt]":
        """Puts a journal entry into the next group; the future waits for the disk."""
        return self._submit(entry)

    async def call(self, run: Callable[[Connection], Result]) -> Result:
        """Runs a piece of writing in the next group and waits for the disk."""
        result: Result = await self._submit(Call(run))
        return result

    async def alone(self, run: Callable[[Connection], None]) -> None:
        """Runs what must not be within a transaction, when the next group is done."""
        await self._submit(Alone(run))

    def _submit(self, work: Entry | Call[Any] | Alone) -> "asyncio.Future[Any]":
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._queue.put(_Pending(work, loop, future))
        return future

    def _write(self) -> None:
        group: list[_Pending | None] = []
        with self._engine.connect() as connection:
            while True:
                if len(group) > _BUSY:
                    time.sleep(_BREATH)
                group = self._gather()
                going_on = group[-1] is not None
                pending = [one for one in group if one is not None]
                if pending:
                    self._work_off(connection, pending)
                    _settle(pending)
                    self._checkpointer.keep_up(len(pending))
                if not going_on:
                    return

    def _gather(self) -> list[_Pending | None]:
        """Waits for one piece of work and takes along what lies behind it."""
        group = [self._queue.get()]
        with suppress(queue.Empty):
            while group[-1] is not None and len(group) < _LARGEST_GROUP:
                group.append(self._queue.get_nowait())
        return group

    def _work_off(self, connection: Connection, group: list[_Pending]) -> None:
        alone = [one for one in group if isinstance(one.work, Alone)]
        if len(alone) < len(group):
            self._commit(connection, [one for one in group if one not in alone])
        for one in alone:
            _run_alone(connection, one)

    def _commit(self, connection: Connection, group: list[_Pending]) -> None:
        try:
            changes = driver_of(connection).total_changes
            _transact(connection, group)
            if driver_of(connection).total_changes > changes:
                self._checkpointer.committed()
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it
            if len(group) == 1 or _is_everybodys(error):
                for pending in group:
                    pending.error = of_writing(error)
            else:
                # One bad piece must not take the others with it.
                for pending in group:
                    self._commit(connection, [pending])


def _transact(connection: Connection, group: Sequence[_Pending]) -> None:
    """One transaction; for entries alone it is the driver's, which is quicker."""
    entries = [pending for pending in group if isinstance(pending.work, Entry)]
    with connection.begin() if len(entries) < len(group) else transaction(connection):
        works = [e.work for e in entries if isinstance(e.work, Entry)]
        receipts = apply_entries(connection, works)
        for pending, receipt in zip(entries, receipts, strict=True):
            pending.result = receipt
        for pending in group:
            if isinstance(pending.work, Call):
                pending.result = pending.work.run(connection)


def _is_everybodys(error: Exception) -> bool:
    """Whether nobody can write: another process holds the database.

    To find out once for each piece would take as long as that waiting, each time.
    """
    return isinstance(of_writing(error), StorageUnavailableError) and "locked" in str(
        error
    )


def _run_alone(connection: Connection, pending: _Pending) -> None:
    try:
        if isinstance(pending.work, Alone):
            pending.work.run(connection)
    except Exception as error:  # noqa: BLE001 - whoever asked must hear of it
        pending.error = of_writing(error)


def _settle(group: Sequence[_Pending]) -> None:
    """Tells each loop once, whatever the size of the group."""
    loops = {pending.loop for pending in group}
    for loop in loops:
        mine = [pending for pending in group if pending.loop is loop]
        with suppress(RuntimeError):  # the loop ended while we wrote
            loop.call_soon_threadsafe(_settle_here, mine)


def _settle_here(group: Sequence[_Pending]) -> None:
    for pending in group:
        pending.settle()
