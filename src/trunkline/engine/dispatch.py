"""Who does what when: claims, wake-ups, leases and due times, behind one interface.

Everything that would differ between one process and many machines is here. Whoever
runs executions asks `Dispatch` and assumes nothing else about who else is there.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Protocol

from trunkline.errors import StorageFullError, StorageUnavailableError
from trunkline.model.clock import Clock
from trunkline.store.executions import (
    Claimed,
    claim_executions,
    next_due,
    requeue,
    requeue_all,
)
from trunkline.store.store import Store


class Dispatch(Protocol):
    """Hands out executions. A slot is held for each one that runs."""

    bounds: dict[str, int]
    """How many executions each scenario may run side by side, where that is bounded."""

    @property
    def owner(self) -> str:
        """The name under which this process holds its leases."""

    async def reserve(self, *, wait: bool) -> bool:
        """Takes a slot for an execution that is stored as already owned by us.

        False where none is free, even if we `wait` a little, or where others wait in
        the store, which go first.
        """

    def release(self, *, line: str | None = None) -> None:
        """Gives back a slot; `line` is the order key of what had it."""

    def wake(self) -> None:
        """Tells that there may be something to claim, here or on another machine."""

    async def claim(self) -> list[Claimed]:
        """Waits for due executions and claims them; each holds a slot."""

    async def recover(self) -> int:
        """Takes over what dead owners were running; returns how many."""


_DAY = 86_400.0

_PATIENCE = 0.05
"""Seconds for which somebody waits for a free slot.

What is begun at once need not be claimed and read again, so a little waiting lets a
busy server do more; a sender notices less of it than of a long queue.
"""

MOST_ATTEMPTS = 3
"""How often an execution may be begun: one that kills the process must not for ever."""


class _Line:
    """Who waits for a slot, in the order of their coming.

    One timer looks after all of them: an execution in a hundred could be done in the
    time that timers of their own take.
    """

    def __init__(self) -> None:
        self._waiting = deque[tuple[float, asyncio.Future[bool]]]()
        self._timer: asyncio.TimerHandle | None = None

    def join(self) -> asyncio.Future[bool]:
        """Whether a slot was handed over before patience came to its end."""
        loop = asyncio.get_running_loop()
        handed: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((loop.time() + _PATIENCE, handed))
        if self._timer is None:
            self._timer = loop.call_later(_PATIENCE, self._let_go, loop)
        return handed

    def hand_over(self) -> bool:
        """Gives a slot to whoever waits for it longest, if anybody does."""
        while self._waiting:
            _, handed = self._waiting.popleft()
            if not handed.done():
                handed.set_result(True)
                return True
        return False

    def _let_go(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tells those who have waited long enough; the next one's end comes later."""
        self._timer = None
        while self._waiting:
            until, handed = self._waiting[0]
            if until > loop.time() and not handed.done():
                self._timer = loop.call_at(until, self._let_go, loop)
                return
            self._waiting.popleft()
            if not handed.done():
                handed.set_result(False)


class LocalDispatch:
    """Dispatch for the one process that owns the folder.

    Holding the folder's lock is the lease: whoever starts knows that every other
    owner is dead, so nothing has to be renewed. After a crash, executions that have
    one attempt left are suspects: each runs alone, before anything else, so that one
    which kills the process does not use up the attempts of those beside it.
    """

    def __init__(
        self, store: Store, clock: Clock, *, owner: str, slots: int, batch: int = 64
    ) -> None:
        self._store = store
        self._clock = clock
        self._slots = slots
        self._free = slots
        self._batch = batch
        self._suspects = False
        self._owner = owner
        self._backlog = True
        self._woken = asyncio.Event()
        self._line = _Line()
        self._looked_at = -1
        self.bounds: dict[str, int] = {}

    @property
    def owner(self) -> str:
        return self._owner

    async def reserve(self, *, wait: bool) -> bool:
        if self._backlog or self._suspects:
            return False
        if self._free > 0:
            self._free -= 1
            return True
        return wait and await self._line.join()

    def release(self, *, line: str | None = None) -> None:
        if line is not None:
            self._backlog = True  # it has a new head
        if self._backlog or self._suspects or not self._line.hand_over():
            self._free += 1
            if self._backlog or self._suspects:
                self._woken.set()

    def wake(self) -> None:
        self._backlog = True
        self._woken.set()

    async def claim(self) -> list[Claimed]:
        while True:
            self._woken.clear()
            claimed = await self._claim_free()
            if claimed:
                return claimed
            await self._wait()

    async def recover(self) -> int:
        recovered = await self._store.write(requeue_all)
        self._suspects = recovered > 0
        return recovered

    async def _claim_free(self) -> list[Claimed]:
        if self._suspects:
            return await self._claim_suspect()
        if self._free <= 0:
            return []
        self._backlog = False
        claimed = await self._claim(min(self._free, self._batch))
        # A full batch says that more may wait; so does a line whose head we took.
        self._backlog = self._backlog or bool(claimed)
        return claimed

    async def _claim_suspect(self) -> list[Claimed]:
        """One suspect, when nothing else runs; with none left, life goes on."""
        if self._free < self._slots:
            return []
        claimed = await self._claim(1, begun=MOST_ATTEMPTS - 1)
        self._suspects = bool(claimed)
        return claimed or await self._claim_free()

    async def _claim(self, wanted: int, *, begun: int = 0) -> list[Claimed]:
        """Claims for slots that are reserved before the claim."""
        self._free -= wanted
        self._looked_at = self._clock.millis()
        claimed: list[Claimed] = []
        writing = asyncio.ensure_future(
            self._store.write(
                claim_executions,
                owner=self._owner,
                now=self._looked_at,
                limit=wanted,
                begun=begun,
                bounds=self.bounds,
            )
        )
        try:
            claimed = await asyncio.shield(writing)
        except asyncio.CancelledError:
            # It is written all the same, and nobody would run what it claims.
            with suppress(StorageFullError, StorageUnavailableError):
                for one in await writing:
                    id_, epoch = one.execution.id, one.execution.epoch
                    await self._store.write(requeue, id_, epoch, tried=False)
            raise
        finally:
            self._free += wanted - len(claimed)
        return claimed

    async def _wait(self) -> None:
        """Until somebody wakes us or the next execution is due."""
        idle = self._free > 0 and not self._suspects
        # What was due when we looked, and was left, waits for something to end.
        due = await self._store.read(next_due, self._looked_at) if idle else None
        delay = None
        if due is not None:
            delay = min(_DAY, max(0.0, (due - self._clock.millis()) / 1000))
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._woken.wait()
