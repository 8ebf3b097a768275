"""What happens at a moment, not because of a request: one task that waits for it."""

import asyncio
from contextlib import suppress

import structlog

from trunkline.engine.dispatch import Dispatch
from trunkline.engine.journal import PATIENCE
from trunkline.engine.news import News
from trunkline.errors import StorageFullError, StorageUnavailableError
from trunkline.model.clock import Clock
from trunkline.store.stops import next_retry, resume_due
from trunkline.store.store import Store

_LONGEST = 30.0
"""Seconds after which the time of day is looked at anew, since clocks are set."""

log = structlog.get_logger()


class Timer:
    """Resumes incomplete executions when their time has come."""

    def __init__(
        self, store: Store, dispatch: Dispatch, clock: Clock, news: News
    ) -> None:
        self._store = store
        self._dispatch = dispatch
        self._clock = clock
        self._news = news
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """Tells that something new may be due sooner than what was waited for."""
        self._woken.set()

    async def _tick(self) -> None:
        while True:
            try:
                await self._wait()
                await self._act()
            except (StorageFullError, StorageUnavailableError) as error:
                log.warning("the timer waits", reason=str(error))
                await asyncio.sleep(PATIENCE)
            except Exception:
                # Without this task nothing would ever be tried again.
                log.critical("the timer failed", exc_info=True)
                await asyncio.sleep(PATIENCE)

    async def _wait(self) -> None:
        """Until something is due, somebody wakes us, or the clock may have been set."""
        self._woken.clear()
        due = await self._store.read(next_retry)
        delay = _LONGEST
        if due is not None:
            delay = min(delay, max(0.0, (due - self._clock.millis()) / 1000))
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._woken.wait()

    async def _act(self) -> None:
        if await self._store.write(resume_due, self._clock.millis()):
            self._dispatch.wake()
            self._news.tell("executions")
