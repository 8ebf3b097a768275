"""No call leaves while a service has asked to be left alone."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

import pytest

from fakes.clock import FakeTime
from fakes.faulty_server import FaultyServer, Reply, reply
from faults.figures import Figures
from trunkline.engine.backoff import KEPT, REPEATED, next_try
from trunkline.errors import ModuleError, RateLimitError
from trunkline.sdk import Api, Channel, HttpClient, NoAuth

_HARNESS = "Retry-After"
_CALLS = 1000
_SEED = 20260121
_LONGEST_HEEDED = 3600


@dataclass(slots=True)
class Service:
    """Asks by chance to be left alone, in seconds or until a moment."""

    time: FakeTime
    chance: random.Random
    closed_until: float = 0.0
    windows: int = 0
    early: list[float] = field(default_factory=list)
    """By how many seconds calls came too soon."""

    def answer(self, _request: bytes) -> Reply:
        left = self.closed_until - self.time.monotonic()
        if left > 0:
            self.early.append(left)
        if self.chance.random() < 0.6:
            return reply(200)
        self.windows += 1
        seconds = self.chance.choice((1, 3, 20, 59, 61, 600, 3600, 100_000))
        self.closed_until = self.time.monotonic() + min(seconds, _LONGEST_HEEDED)
        status = self.chance.choice((429, 503))
        return reply(status, Retry_After=self._asked(seconds))

    def _asked(self, seconds: int) -> str:
        if self.chance.random() < 0.5:
            return str(seconds)
        # A date has no parts of a second.
        return formatdate(self.time.clock() + seconds + 1, usegmt=True)


@asynccontextmanager
async def open_service() -> AsyncIterator[tuple[Service, Channel]]:
    time, http = FakeTime(), HttpClient(allow_hosts=["127.0.0.1"])
    service = Service(time, random.Random(_SEED))  # noqa: S311 - repeatable on purpose
    async with FaultyServer(choose=service.answer) as server:
        yield (
            service,
            Channel(
                http,
                server.url,
                NoAuth(),
                clock=time.clock,
                monotonic=time.monotonic,
                random=service.chance.random,
                sleep=time.sleep,
            ),
        )
    await http.close()


async def call_often(service: Service, channel: Channel, calls: int) -> int:
    """Calls in a row, reads and writes; how many ended with an answer.

    One that is refused is made again as soon as it may be, as the engine does.
    """
    answered = 0
    for number in range(calls):
        method = ("GET", "POST")[number % 2]
        try:
            await Api(channel, key=f"key-{number}").request(method, "/x")
            answered += 1
        except RateLimitError as error:
            service.time.now += min(error.retry_after or 0.0, _LONGEST_HEEDED)
        except ModuleError:
            service.time.now += 0.1
    return answered


@pytest.mark.figure
async def test_no_call_of_a_thousand_leaves_inside_a_window(figures: Figures) -> None:
    async with open_service() as (service, channel):
        answered = await call_often(service, channel, _CALLS)
    assert service.early == []
    assert answered > _CALLS / 2
    assert service.windows > _CALLS / 10
    figures.record(
        _HARNESS,
        promise="a service that asks to be left alone is left alone, for an hour at "
        "most",
        done=f"{_CALLS:,} calls to a service that answers 429 or 503 by chance, with "
        f"{service.windows} windows from 1 s to a day, as seconds or as dates",
        found=f"0 of {_CALLS:,} calls left inside a window",
        seeds=_SEED,
    )


@pytest.mark.figure
async def test_a_client_that_only_backs_off_is_caught(
    monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    async with open_service() as (service, channel):
        monkeypatch.setattr(Channel, "pause", lambda *_: None)
        await call_often(service, channel, _CALLS)
    assert service.early
    figures.caught(_HARNESS, "a pause that a service asks for holds back no other call")


@pytest.mark.parametrize("asked", [0.5, 59, 61, 3600, 10**9])
@pytest.mark.parametrize("waits", [KEPT, REPEATED], ids=["kept", "repeated"])
def test_no_execution_is_tried_again_inside_a_window(
    waits: tuple[int, ...], asked: float
) -> None:
    tries = [next_try(waits, number, 0, asked) for number in range(len(waits))]
    window = min(asked, _LONGEST_HEEDED) * 1000
    assert all(at is not None and at >= window for at in tries)
