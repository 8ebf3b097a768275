"""The machine's clock is set, forth or back: nothing is lost, repeated or stuck."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from fakes.clock import SetClock
from fakes.serving import Client, Listener, eventually, on_disk, scenario, survey
from fakes.trouble import Service, call
from faults.figures import Figures
from trunkline.engine.timer import Timer
from trunkline.server import Running, serving
from trunkline.settings import Settings

_HARNESS = "Clock jumps"
_HOUR, _DAY = 3600.0, 86_400.0
_MINUTE, _QUARTER = 60.0, 900.0
_SLACK = 1.0
_PATIENCE = 5.0
_EVENTS = 3
_BUSY = """
    SELECT count(*) FROM executions WHERE state = 'running'
    OR state = 'queued' AND due_at = 0
"""
_OFTEN = {
    "name": "Often",
    "flow": [
        {
            "id": 1,
            "module": "tools.set_a_variable",
            "map": {"name": "a", "value": 1},
        }
    ],
    "schedule": {"type": "indefinitely", "interval": int(_QUARTER)},
}


def _to(year: int, month: int = 1, day: int = 1) -> float:
    """The seconds from now to a day."""
    return (
        datetime(year, month, day, tzinfo=UTC).timestamp()
        - datetime.now(UTC).timestamp()
    )


JUMPS: dict[str, tuple[float, ...]] = {
    "an hour ahead": (_HOUR,),
    "an hour back": (-_HOUR,),
    "a day ahead": (_DAY,),
    "a day back": (-_DAY,),
    "to 1970": (_to(1970, 1, 2),),
    "to 2000": (_to(2000),),
    "to 2038": (_to(2038, 1, 19),),
    "beyond 32 bits": (_to(2107),),
    "a second ahead": (1.0,),
    "a second back": (-1.0,),
    "to 2038, and set right": (_to(2038, 1, 19), -_to(2038, 1, 19)),
    "to 1970, and set right": (_to(1970, 1, 2), -_to(1970, 1, 2)),
}


@dataclass(slots=True)
class House:
    """A server whose clock is set, and a service that can be out of order."""

    running: Running
    api: Client
    clock: SetClock
    service: Service
    folder: Path
    address: str
    sent: int = 0

    def pass_time(self, seconds: float) -> None:
        """Time passes, on every clock."""
        self.clock.passed += seconds
        self.wake()

    def jump(self, seconds: float) -> None:
        """Somebody sets the clock; the server looks at it within half a minute."""
        self.clock.ahead += seconds
        self.wake()

    def wake(self) -> None:
        self.running.services.engine.timer.wake()
        self.running.services.engine.dispatch.wake()

    async def deliver(self) -> None:
        for _ in range(_EVENTS):
            self.sent += 1
            answer = await self.api.deliver(self.address, survey(f"e{self.sent}"))
            assert answer.status == 200
        await self.asleep()

    async def asleep(self) -> None:
        """Returns when nothing is left to do but to wait."""

        async def busy() -> int:
            [(number,)] = on_disk(self.folder, _BUSY)
            return int(number)

        await eventually(busy, lambda number: number == 0)

    async def balanced(self, **states: int) -> None:
        """Returns when the deliveries are in these states."""
        await eventually(
            lambda: self.api.get("/balance"),
            lambda seen: seen["states"] == states,
            seconds=_PATIENCE,
        )


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    settings = Settings(data=folder, allow_hosts=("127.0.0.1",), grace_seconds=1)
    clock = SetClock()
    async with (
        Listener() as listener,
        serving(settings, clock) as running,
        ClientSession() as session,
    ):
        api = Client(session, running.address, running.token)
        service = Service(listener)
        sleep = {"id": 2, "module": "tools.sleep", "map": {"seconds": int(_MINUTE)}}
        document = scenario(sleep, call(3, service, "{{1.response.uuid}}"))
        address = await api.listening(document)
        yield House(running, api, clock, service, folder, address)


async def lived_through(folder: Path, jumps: tuple[float, ...]) -> list[str]:
    """What was wrong after the clock was set; each wait takes as long as it should."""
    async with opened(folder) as house:
        await house.api.add_scenario(_OFTEN)
        await fired(house, 1)
        await house.deliver()
        for jump in jumps:
            house.jump(jump)
            await house.deliver()
        faults: list[str] = []
        for look in (awake, tried_again, often):
            faults = faults or await look(house)
        times = on_disk(
            folder, "SELECT created_at FROM executions WHERE origin = 'schedule'"
        )
        if max(Counter(times).values()) > 1:
            faults.append("a due time was fired twice")
        return faults


async def awake(house: House) -> list[str]:
    """Whoever slept for a minute does not sleep longer."""
    house.service.refuses = {f"e{house.sent}": 503}
    house.pass_time(_MINUTE + _SLACK)
    try:
        await house.balanced(done=house.sent - 1, held=1)
    except AssertionError as error:
        return [f"who slept did not wake up: {error}"]
    return []


async def tried_again(house: House) -> list[str]:
    """What is to be tried again in a minute is."""
    house.service.refuses = {}
    house.pass_time(_MINUTE + _SLACK)
    try:
        await house.balanced(done=house.sent)
    except AssertionError as error:
        return [f"what failed was not tried again: {error}"]
    return []


async def often(house: House) -> list[str]:
    """A quarter of an hour later the schedule is due again."""
    before = await fired(house, 1)
    house.pass_time(_QUARTER + _SLACK)
    try:
        await fired(house, before + 1)
    except AssertionError as error:
        return [f"the schedule is stuck: {error}"]
    return []


async def fired(house: House, least: int) -> int:
    """How often the schedule has run, once it has that often."""
    seen: list[Any] = await eventually(
        lambda: house.api.get("/executions?scenario=Often&limit=100"),
        lambda seen: len(seen) >= least,
        seconds=_PATIENCE,
    )
    return len(seen)


async def wrong(folder: Path) -> dict[str, list[str]]:
    """What was wrong after which jump; each is made in a folder of its own."""
    named = [(name, folder / name.replace(" ", "-")) for name in JUMPS]
    found = await asyncio.gather(
        *(lived_through(folder, JUMPS[name]) for name, folder in named)
    )
    return {name: faults for name, faults in zip(JUMPS, found, strict=True) if faults}


@pytest.mark.figure
async def test_whatever_the_clock_is_set_to_nothing_is_lost_or_stuck(
    tmp_path: Path, figures: Figures
) -> None:
    assert await wrong(tmp_path) == {}
    number = len(JUMPS)
    figures.record(
        _HARNESS,
        promise="however the clock is set, what waits goes on when it should, and each "
        "due time fires once",
        done=f"{number} jumps (an hour, a day, to 1970, 2000, 2038 and 2107, forth and "
        "back) while executions sleep, wait to be tried again, and run by a schedule",
        found=f"{number} of {number}: 0 lost, 0 due times fired twice, no wait longer "
        "than it was meant to be",
    )


@pytest.mark.figure
async def test_a_server_that_does_not_look_at_the_clock_is_caught(
    tmp_path: Path, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Timer, "_look_at_clock", _not_at_all)
    found = await lived_through(tmp_path, JUMPS["a day back"])
    assert found
    figures.caught(_HARNESS, "nobody notices that the clock was set back")


async def _not_at_all(_timer: Timer) -> None:
    pass
