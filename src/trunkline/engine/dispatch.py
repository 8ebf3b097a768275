"""Who does what when: claims, wake-ups, leases and due times, behind one interface.

Everything that would differ between one process and many machines is here. Whoever
runs executions asks `Dispatch` and assumes nothing else about who else is there.
"""

import asyncio
from contextlib import suppress
from typing import Protocol

from trunkline.model.clock import Clock
from trunkline.store.executions import (
    Claimed,
    claim_executions,
    next_due,
    requeue_all,
)
from trunkline.store.store import Store


class Dispatch(Protocol):
    """Hands out executions. A slot is held for each one that runs."""

    @property
    def owner(self) -> str:
        """The name under which this process holds its leases."""

    def reserve(self) -> bool:
        """Takes a slot for an execution that is stored as already owned by us.

        False where none is free, or others wait for one.
        """

    def release(self) -> None:
        """Gives a slot back."""

    def wake(self) -> None:
        """Tells that there may be something to claim, here or on another machine."""

    async def claim(self) -> list[Claimed]:
        """Waits for due executions and claims them; each holds a slot."""

    async def recover(self) -> int:
        """Takes over what dead owners were running; returns how many."""


class LocalDispatch:
    """Dispatch for the one process that owns the folder.

    Holding the folder's lock is the lease: whoever starts knows that every other
    owner is dead, so nothing has to be renewed.
    """

    def __init__(
        self, store: Store, clock: Clock, *, owner: str, slots: int, batch: int = 64
    ) -> None:
        self._store = store
        self._clock = clock
        self._free = slots
        self._batch = batch
        self._owner = owner
        self._backlog = True
        self._woken = asyncio.Event()

    @property
    def owner(self) -> str:
        return self._owner

    def reserve(self) -> bool:
        # What waits already goes first.
        if self._free <= 0 or self._backlog:
            return False
        self._free -= 1
        return True

    def release(self) -> None:
        self._free += 1
        if self._backlog:
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
        return await self._store.write(requeue_all)

    async def _claim_free(self) -> list[Claimed]:
        """Claims for the slots that are free; they are reserved before the claim."""
        wanted = min(self._free, self._batch)
        if wanted <= 0:
            return []
        self._free -= wanted
        claimed: list[Claimed] = []
        try:
            self._backlog = False
            claimed = await self._store.write(
                claim_executions,
                owner=self._owner,
                now=self._clock.millis(),
                limit=wanted,
            )
        finally:
            self._free += wanted - len(claimed)
        # A full batch says that more may wait; so does a line whose head we took.
        self._backlog = self._backlog or bool(claimed)
        return claimed

    async def _wait(self) -> None:
        """Until somebody wakes us or the next execution is due."""
        due = await self._store.read(next_due) if self._free > 0 else None
        delay = None if due is None else max(0.0, (due - self._clock.millis()) / 1000)
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._woken.wait()
