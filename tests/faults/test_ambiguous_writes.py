"""A service does what it is asked and is cut off before it can say so."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from fakes.faulty_server import FaultyServer, Reply, reply
from fakes.serving import Client, eventually, scenario, survey
from faults.figures import Figures
from trunkline.sdk import api as sdk_api

_HARNESS = "Ambiguous writes"
_WRITES = 1000
_AT_ONCE = 50
_KEY = re.compile(rb"(?i)\r\nidempotency-key: ([^\r]+)\r\n")
_CUT = Reply(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", then="close")


@dataclass(slots=True)
class Target:
    """Has one effect for each key, and cuts off whoever comes for the first time."""

    server: FaultyServer
    arrivals: Counter[str] = field(default_factory=Counter)

    def answer(self, request: bytes) -> Reply:
        found = _KEY.search(request)
        assert found, request
        key = found[1].decode()
        self.arrivals[key] += 1
        return _CUT if self.arrivals[key] == 1 else reply(200)


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    async with FaultyServer() as server:
        target = Target(server)
        server.choose = target.answer
        yield target


async def write(api: Client, target: Target, *, repeatable: bool) -> Any:  # noqa: ANN401 - the balance
    """A thousand deliveries, of which each leads to a write; the balance after them."""
    module = {
        "id": 2,
        "module": "http.make_a_request",
        "map": {
            "url": target.server.url,
            "method": "POST",
            "body": "{{1.response.uuid}}",
            "repeatable": repeatable,
        },
    }
    address = await api.listening(scenario(module))
    limit = asyncio.Semaphore(_AT_ONCE)

    async def deliver(number: int) -> None:
        async with limit:
            answer = await api.deliver(address, survey(f"event-{number}"))
            assert answer.status == 200

    await asyncio.gather(*map(deliver, range(_WRITES)))
    return await api.settled(_WRITES)


@pytest.mark.figure
async def test_a_write_that_may_be_repeated_has_one_effect_under_its_key(
    api: Client, target: Target, figures: Figures
) -> None:
    balance = await write(api, target, repeatable=True)
    assert balance["states"] == {"done": _WRITES}
    assert len(target.arrivals) == _WRITES
    assert set(target.arrivals.values()) == {2}
    figures.record(
        _HARNESS,
        promise="a repeated write carries the same key",
        done=f"{_WRITES:,} writes that may be made twice, cut off after their effect",
        found=f"{_WRITES:,} of {_WRITES:,} done, with 1 effect at a target that "
        "honours keys",
    )


@pytest.mark.figure
async def test_a_write_that_may_have_been_done_is_left_to_a_person(
    api: Client, target: Target, figures: Figures
) -> None:
    balance = await write(api, target, repeatable=False)
    assert balance["executions"] == {"incomplete": _WRITES}
    assert set(target.arrivals.values()) == {1}
    listed = await api.get("/executions?limit=1000")
    assert {one["retry_at"] for one in listed} == {None}
    figures.record(
        _HARNESS,
        promise="a write that must not be made twice, and may have been, is not made "
        "again by itself",
        done=f"{_WRITES:,} writes that the target may do twice, cut off after their "
        "effect",
        found=f"{_WRITES:,} of {_WRITES:,} kept for a person, each sent once",
    )


async def test_a_person_who_has_looked_lets_it_be_written_again(
    api: Client, target: Target
) -> None:
    module = {
        "id": 2,
        "module": "http.make_a_request",
        "map": {"url": target.server.url, "method": "POST"},
    }
    address = await api.listening(scenario(module))
    await api.deliver(address, survey())
    await api.settled(1)
    [kept] = await api.executions()
    assert kept["stops"][0]["error"]["unsure"]
    await api.post(f"/executions/{kept['id']}/resume", {})
    await eventually(lambda: api.get("/balance"), lambda seen: "done" in seen["states"])
    assert set(target.arrivals.values()) == {2}


@pytest.mark.figure
async def test_a_server_that_guesses_is_caught(
    api: Client,
    target: Target,
    figures: Figures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sdk_api, "is_unsure", lambda _error, *, harmless: harmless)
    await write(api, target, repeatable=False)
    listed = await api.get("/executions?limit=1000")
    assert {one["retry_at"] for one in listed} != {None}
    figures.caught(_HARNESS, "what may have been done is tried again by itself")
