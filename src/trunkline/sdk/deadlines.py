"""How long calls may take, and what ends those that take longer."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field

_LOOK = 1.0
"""Seconds between looks at the calls under way, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long a call may take, in seconds.

    `connect` includes finding the address and TLS, `idle` is the longest silence
    while waiting or reading, `total` is all of it. The last two are kept to within a
    second, and to a quarter of themselves where they are shorter than four.
    """

    connect: float = 10
    idle: float = 30
    total: float = 40


@dataclass(slots=True, eq=False)
class TimedCall:
    """A call under way: within its `limit`, a `TimeoutError` ends it."""

    clock: Callable[[], float]
    began: float
    limit: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))
    heard: float = math.inf
    """When something came last; silence counts from the moment of connecting."""

    was_silent: bool = False
    """Whether silence is what ended it."""

    def hear(self) -> None:
        """Something came."""
        self.heard = self.clock()


class Timekeeper:
    """Ends the calls whose time is over, with one look at all of them.

    Timers of its own for each call, set anew at whatever it receives, would cost a
    tenth of it (docs/decisions/0029-calls-below-the-session.md).
    """

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._pause = min(_LOOK, deadlines.idle / 4, deadlines.total / 4)
        self._calls = set[TimedCall]()
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> TimedCall:
        """Looks after a call until its `end`."""
        loop = asyncio.get_running_loop()
        call = TimedCall(loop.time, loop.time())
        self._calls.add(call)
        if self._next is None:
            self._look_later(loop)
        return call

    def end(self, call: TimedCall) -> None:
        """The call is over, in whatever way."""
        self._calls.discard(call)

    def close(self) -> None:
        """Looks no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for call in [*self._calls]:
            call.was_silent = now - call.heard > self._deadlines.idle
            if call.was_silent or now - call.began > self._deadlines.total:
                self._calls.discard(call)
                call.limit.reschedule(now)
        self._next = None
        if self._calls:
            self._look_later(loop)

    def _look_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self._next = loop.call_later(self._pause, self._look, loop)
