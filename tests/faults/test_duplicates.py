"""Each event is sent up to five times, in any order, over restarts and a whole day."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fakes.clock import SetClock
from fakes.ledger import Ledger
from faults.figures import Figures, sizes
from faults.house import House, opened
from faults.invariants import BUSY_TOLERANCE, Evidence
from faults.lives import prepare
from faults.workloads import SECRET, TRIGGER, Workload, completed_survey, entry
from trunkline.apps.refiner.webhook import RefinerWebhook

_HARNESS = "Duplicates and disorder"
_SEED = 20260122
_LIVES = 4
_HOURS_APART = 8
_AT_ONCE = 32
_MOST_SENDINGS = 5


@dataclass(slots=True)
class Sender:
    """Sends each event one to five times, shuffled, and starts the server anew thrice.

    Where the scenario is sequential, one is sent after another, so that the order in
    which they were accepted is known.
    """

    folder: Path
    ledger: Ledger
    number: int
    sequential: bool
    accepted: list[str] = field(default_factory=list)
    sendings: int = 0
    _path: str = ""

    async def send(self) -> None:
        workload = Workload(
            flow=(TRIGGER, entry(2)),
            effects=1,
            settings={"sequential": self.sequential},
        )
        await prepare(workload, self.folder, self.ledger.url, self._note)
        chance = random.Random(_SEED)  # noqa: S311 - repeatable on purpose
        events = [
            f"event-{number}"
            for number in range(self.number)
            for _ in range(chance.randint(1, _MOST_SENDINGS))
        ]
        chance.shuffle(events)
        self.sendings = len(events)
        clock = SetClock()
        for life in range(_LIVES):
            async with opened(self.folder, clock) as house:
                await self._live(house, events[life::_LIVES])
                await house.settle(patience=300)
            clock.ahead += _HOURS_APART * 3600

    def violations(self) -> list[str]:
        evidence = Evidence(
            folder=self.folder,
            answered=set(self.accepted),
            arrivals=self.ledger.arrivals(),
            crashes=0,
            floor=self.number,
            effects=1,
            canaries=(SECRET,),
            order=[*dict.fromkeys(self.accepted)] if self.sequential else (),
            tolerance=BUSY_TOLERANCE,
        )
        return [f"{one.promise}: {one.what}" for one in evidence.violations()]

    async def _live(self, house: House, events: list[str]) -> None:
        limit = asyncio.Semaphore(1 if self.sequential else _AT_ONCE)

        async def deliver(event: str) -> None:
            async with limit:
                body = completed_survey(event)
                assert await house.deliver(self._path, body, lambda: None) == 200
                self.accepted.append(event)

        await asyncio.gather(*map(deliver, events))

    def _note(self, word: str, meaning: str) -> None:
        self._path = meaning if word == "path" else self._path


@pytest.mark.timeout(900)
@pytest.mark.parametrize("sequential", [False, True], ids=["side-by-side", "in-line"])
@pytest.mark.parametrize("number", sizes("TRUNKLINE_EVENTS", quick=100, full=10_000))
async def test_each_event_runs_once_however_often_it_is_sent(
    tmp_path: Path, figures: Figures, number: int, *, sequential: bool
) -> None:
    with Ledger() as ledger:
        sender = Sender(tmp_path / "data", ledger, number, sequential)
        await sender.send()
        assert sender.violations() == []
    figures.record(
        _HARNESS,
        promise="the same delivery runs once"
        + (", and order is kept where it is asked for" if sequential else ""),
        done=f"{number:,} events, {sender.sendings:,} deliveries in any order, over "
        f"{_LIVES - 1} restarts and {(_LIVES - 1) * _HOURS_APART} hours",
        found=f"{number:,} of {number:,} ran once"
        + (", in the order of their acceptance" if sequential else ""),
        seeds=_SEED,
    )


@pytest.mark.figure
async def test_a_server_that_knows_no_event_again_is_caught(
    tmp_path: Path, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RefinerWebhook, "dedupe_key", lambda *_: None)
    with Ledger() as ledger:
        sender = Sender(tmp_path / "data", ledger, 20, sequential=False)
        await sender.send()
        assert sender.violations()
    figures.caught(_HARNESS, "no_dedupe")
