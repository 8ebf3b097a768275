"""An event loop in which time costs nothing, and chance decides who goes first.

Whatever is ready runs in an order drawn from a seed, one piece at a time; when nothing
is, the clock goes to the next timer. What would run in a thread runs at once, a little
later. So a run depends on its seed alone, and a day takes no longer than its work.
"""

import asyncio
import heapq
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_READING = 0.01
"""Seconds at most until something that would run in a thread has run."""


class PowerFailure(BaseException):
    """The process is gone in the midst of its work."""


class SimLoop(asyncio.BaseEventLoop):
    """A loop whose time begins at `now`."""

    # Those of the base class, which does not declare them.
    _ready: "deque[asyncio.Handle]"
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, chance: random.Random, now: float = 0.0) -> None:
        super().__init__()
        self._chance = chance
        self._now = now
        self._is_powered = True
        self.set_exception_handler(self._raise)
        self._raised: BaseException | None = None

    def time(self) -> float:
        return self._now

    def lose_power(self) -> None:
        """Nothing runs any more after the piece of work that runs now."""
        self._is_powered = False

    def bury(self) -> None:
        """Ends what was under way when the power failed, in which nothing goes on."""
        for task in sorted(asyncio.all_tasks(self), key=_number):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            coroutine: Any = task.get_coro()
            # One that waits for something in its end cannot be closed, only left.
            with suppress(BaseException):
                coroutine.close()
        self.close()

    def run_in_executor(  # type: ignore[override]
        self,
        _executor: object,
        run: Callable[..., Any],
        *args: Any,  # noqa: ANN401 - passed on
    ) -> "asyncio.Future[Any]":
        done = self.create_future()
        self.call_later(self._chance.uniform(0, _READING), _work, done, run, args)
        return done

    def _run_once(self) -> None:
        """One piece of work; called again and again by the base class."""
        if not self._is_powered:
            raise PowerFailure
        if self._raised is not None:
            raise self._raised
        self._pass_time()
        self._ready.rotate(-self._chance.randrange(len(self._ready)))
        handle = self._ready.popleft()
        if not handle.cancelled():
            handle._run()

    def _pass_time(self) -> None:
        waiting = self._scheduled
        while waiting and (waiting[0].cancelled() or not self._ready):
            timer = heapq.heappop(waiting)
            if not timer.cancelled():
                self._now = max(self._now, timer.when())
                self._ready.append(timer)
        while waiting and waiting[0].when() <= self._now:
            self._ready.append(heapq.heappop(waiting))
        assert self._ready, "everybody waits for somebody else"

    def _raise(self, _loop: object, context: dict[str, Any]) -> None:
        """What nobody catches is a fault of somebody, even at the end of a life."""
        self._raised = context.get("exception") or RuntimeError(context["message"])

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""


def _work(
    done: "asyncio.Future[Any]", run: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    if done.cancelled():
        return
    try:
        done.set_result(run(*args))
    except Exception as error:  # noqa: BLE001 - whoever asked must hear of it
        done.set_exception(error)


def _number(task: "asyncio.Task[Any]") -> int:
    return int(task.get_name().rpartition("-")[2])
