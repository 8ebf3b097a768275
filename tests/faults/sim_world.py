"""The world around a simulated server: its clock, and the target of its effects."""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yarl import URL

from fakes.ledger import Arrival, refuses
from faults.invariants import Violation
from faults.sim_loop import SimLoop
from trunkline.errors import ConnectionError as BrokenError
from trunkline.errors import ModuleTimeoutError
from trunkline.model.clock import Millis
from trunkline.sdk import Answer
from trunkline.sdk.http import UnreachableError

ADDRESS = "http://127.0.0.1:4040"
BEGINNING: Millis = 1_790_000_000_000
"""The moment, in milliseconds since 1970, at which each simulation begins."""

_LATENCY = 2.0
_DEADLINE = 40.0
_PAUSE = 20
_FAULTS = ("unreachable", "500", "429", "cut", "silence")


@dataclass(slots=True)
class SimClock:
    """The loop's time; the time of day jumps by as much as somebody says."""

    loop: SimLoop
    ahead: Millis = 0

    def millis(self) -> Millis:
        return BEGINNING + int(self.loop.time() * 1000) + self.ahead

    def monotonic(self) -> float:
        return self.loop.time()


@dataclass(slots=True)
class Target:
    """What the server's effects arrive at: slow, and while `likely` often in trouble.

    `is_done` says whether an operation was done already; one that arrives again after
    that is a broken promise. `note` hears of all that happens.
    """

    chance: random.Random
    likely: float
    note: Callable[[str], None]
    is_done: Callable[[str], bool]
    mended: bool = False
    arrivals: list[Arrival] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    calls: int = 0
    called: Callable[[int], None] = lambda _number: None
    _unheard: set[str] = field(default_factory=set)
    """Operations whose last answer was lost, so that they may rightly come again."""

    _closed_until: float = 0.0

    async def send(
        self,
        method: str,
        url: str | URL,
        *,
        headers: Mapping[str, str],
        data: bytes | None,
    ) -> Answer:
        """In the place of the client's: one request, and what becomes of it."""
        loop = asyncio.get_running_loop()
        key = headers["idempotency-key"]
        fault = self._fault()
        self.note(f"{method} {key[-40:]} {fault}")
        self.calls += 1
        self.called(self.calls)
        if loop.time() < self._closed_until:
            self._break("impatient", f"{key} came while the target asked for a pause")
        await asyncio.sleep(self.chance.uniform(0, _LATENCY))
        match fault:
            case "unreachable":
                raise UnreachableError("POST / found no connection.")
            case "500":
                return _answer(url, 500, {"error": "it hurts"})
            case "429":
                self._closed_until = loop.time() + _PAUSE
                return _answer(url, 429, {}, {"retry-after": str(_PAUSE)})
        status, said = self._enter(key, json.loads(data or b"{}"))
        if fault is not None and status == 200:
            self._unheard.add(key)
        await asyncio.sleep(self.chance.uniform(0, _LATENCY))
        match fault:
            case "cut":
                raise BrokenError("POST / lost its connection.")
            case "silence":
                await asyncio.sleep(_DEADLINE)
                raise ModuleTimeoutError("POST / brought no data.")
        return _answer(url, status, said)

    def forget_pauses(self) -> None:
        """A new process does not know what the one before it was asked."""
        self._closed_until = 0.0

    def _fault(self) -> str | None:
        if self.chance.random() >= self.likely:
            return None
        return self.chance.choice(_FAULTS)

    def _enter(
        self, key: str, body: Mapping[str, object]
    ) -> tuple[int, Mapping[str, object]]:
        if self.is_done(key):
            self._break("repeated", f"{key} came after its end")
        if not self.mended and refuses(body):
            return 400, {"error": "refused"}
        if key in self._unheard:
            self._unheard.discard(key)
        else:
            self.arrivals.append(Arrival(key, 0.0, 0.0, body))
        return 200, {"number": len(self.arrivals), "echo": body.get("n")}

    def _break(self, promise: str, what: str) -> None:
        self.violations.append(Violation(promise, what))


def _answer(
    url: str | URL,
    status: int,
    said: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
) -> Answer:
    fields = {"content-type": "application/json", **(headers or {})}
    return Answer(status, fields, json.dumps(said).encode(), str(url))
