"""Floods of deliveries, sent by the benchmark's generator, and what came of them."""

import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.load import Outcome, Plan, generate
from bench.survey import event_id

from fakes.serving import on_disk
from faults.process import Server
from faults.workloads import SECRET, TRIGGER, Workload

FORWARD = Workload(
    flow=(
        TRIGGER,
        {
            "id": 2,
            "module": "http.make_a_request",
            "map": {
                "url": "LEDGER/sink",
                "method": "POST",
                "body": {"id": "{{1.response.uuid}}"},
            },
        },
    ),
    effects=1,
)
"""One call of the benchmark's sink for each delivery."""

UNTHROTTLED = {"TRUNKLINE_HOOK_RATE": "1000000"}
"""What one webhook may receive is a setting; a flood looks for what is behind it."""

_SIZE = 2048
_LOOK_SECONDS = 0.25
"""As often as the interface looks at what changes all the time."""
_PAGES = ("/balance", "/executions?limit=50", "/scenarios", "/webhooks")


@dataclass(frozen=True, slots=True)
class Flood:
    """What was sent, by the number under which the sink knows it, and the answers."""

    run: int
    outcome: Outcome

    @property
    def answered(self) -> set[str]:
        """The events that got a 200."""
        refused = set(self.outcome.refused)
        return {
            event_id(self.run, index)
            for index in range(self.outcome.sent)
            if index not in refused
        }


def flood(
    server: Server,
    path: str,
    count: int,
    *,
    rate: float | None = None,
    connections: int = 64,
    seconds: float = 400,
) -> Flood:
    """Sends so many deliveries of 2 KiB, as fast as they are answered or at a rate."""
    run = secrets.randbits(31)
    plan = Plan(
        port=urlsplit(server.address).port or 0,
        path=path,
        secret=SECRET,
        run=run,
        count=count,
        seconds=seconds,
        connections=connections,
        rate=rate,
        size=_SIZE,
    )
    return Flood(run, generate(plan))


def stored(folder: Path) -> Counter[str]:
    """How often each event is on disk."""
    rows = on_disk(folder, "SELECT body FROM payloads")
    return Counter(json.loads(body)["response"]["uuid"] for (body,) in rows)


def lost(folder: Path, floods: Sequence[Flood]) -> set[str]:
    """Events that were answered and are not on disk."""
    answered = set[str]().union(*(one.answered for one in floods))
    return answered - stored(folder).keys()


@dataclass(slots=True)
class Onlooker:
    """Somebody who looks at pages of the API all the time; `longest` in seconds."""

    server: Server
    longest: dict[str, float] = field(default_factory=dict)
    looks: int = 0
    _gone: threading.Event = field(default_factory=threading.Event)

    @property
    def slowest(self) -> float:
        return max(self.longest.values())

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Looks until the block ends."""
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield
        finally:
            self._gone.set()
            thread.join()

    def _look(self) -> None:
        while not self._gone.wait(_LOOK_SECONDS):
            for page in _PAGES:
                began = time.monotonic()
                self.server.call("GET", page)
                took = time.monotonic() - began
                self.longest[page] = max(self.longest.get(page, 0.0), took)
                self.looks += 1
