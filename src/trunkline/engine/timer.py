"""What happens at a moment, not because of a request: one task that waits for it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from trunkline.engine.patience import PATIENCE
from trunkline.errors import StorageFullError, StorageUnavailableError
from trunkline.model.clock import Clock, Millis

_LONGEST = 30.0
"""Seconds after which the time of day is looked at anew, since clocks are set."""

_UNNOTICED: Millis = 1000
"""What a clock may be set back at once without anybody having to know."""

log = structlog.get_logger()

SetBack = Callable[[Millis], Awaitable[None]]
"""The clock was set back by so much: waits that were planned have to be shortened."""


class Duty(Protocol):
    """Something that is due at moments of its own."""

    async def next_due(self) -> Millis | None:
        """When it is due next; None while nothing is planned."""

    async def act(self, now: Millis) -> None:
        """Does what is due by now."""


class Timer:
    """Waits for whichever duty is due first; notices that the clock was set back."""

    def __init__(
        self, duties: Sequence[Duty], clock: Clock, *, set_back: SetBack
    ) -> None:
        self._duties = duties
        self._clock = clock
        self._set_back = set_back
        self._began_at = self._beginning()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def wake(self) -> None:
        """Tells that something may be due sooner than what was waited for."""
        self._woken.set()

    async def _tick(self) -> None:
        while True:
            try:
                await self._wait()
                await self._look_at_clock()
                for duty in self._duties:
                    await duty.act(self._clock.millis())
            except (StorageFullError, StorageUnavailableError) as error:
                log.warning("the timer waits", reason=str(error))
                await asyncio.sleep(PATIENCE)
            except Exception:
                # Without this task nothing would ever be tried again.
                log.critical("the timer failed", exc_info=True)
                await asyncio.sleep(PATIENCE)

    async def _look_at_clock(self) -> None:
        """Compares the time of day with the time that never jumps."""
        began_at = self._beginning()
        by = self._began_at - began_at
        if by > _UNNOTICED:
            log.warning("the clock was set back", seconds=by / 1000)
            await self._set_back(by)
        if by < 0 or by > _UNNOTICED:
            self._began_at = began_at

    def _beginning(self) -> Millis:
        """When the time that never jumps began, as the time of day has it now."""
        return self._clock.millis() - int(self._clock.monotonic() * 1000)

    async def _wait(self) -> None:
        """Until something is due, somebody wakes us, or the clock may have been set."""
        self._woken.clear()
        planned = [await duty.next_due() for duty in self._duties]
        due = min((moment for moment in planned if moment is not None), default=None)
        delay = _LONGEST
        if due is not None:
            delay = min(delay, max(0.0, (due - self._clock.millis()) / 1000))
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._woken.wait()
