"""Scenarios that run by the clock, and those that look for news."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from fakes.clock import SetClock
from fakes.serving import Client, eventually, scenario, survey
from trunkline.apps.refiner.sandbox import SandboxSettings
from trunkline.apps.refiner.sandbox import running as running_sandbox
from trunkline.model.clock import as_text
from trunkline.server import serving
from trunkline.settings import Settings

MINUTE = 60
WORD = {
    "id": 1,
    "module": "tools.set_a_variable",
    "map": {"name": "word", "value": "{{now}}"},
}
EVERY_QUARTER = {"type": "indefinitely", "interval": 900}


@dataclass(frozen=True, slots=True)
class House:
    """A server whose clock the test moves."""

    api: Client
    clock: SetClock
    services: Any

    async def forward(self, seconds: float) -> None:
        """Lets time pass, and the server notice it."""
        self.clock.ahead += seconds
        self.services.engine.timer.wake()

    async def ended(self, number: int) -> list[Any]:
        """All executions, once there are that many and none is under way."""

        def over(seen: list[Any]) -> bool:
            states = {one["state"] for one in seen}
            return len(seen) == number and not states & {"queued", "running"}

        seen: list[Any] = await eventually(
            lambda: self.api.get("/executions?limit=100"), over
        )
        return seen


@asynccontextmanager
async def opened(settings: Settings, clock: SetClock) -> AsyncIterator[House]:
    async with serving(settings, clock) as running, ClientSession() as session:
        api = Client(session, running.address, running.token)
        yield House(api, clock, running.services)


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    async with opened(settings, SetClock()) as house:
        yield house


def planned(schedule: dict[str, Any], **settings: object) -> dict[str, Any]:
    return {
        "name": "Planned",
        "flow": [WORD],
        "schedule": schedule,
        "settings": settings,
    }


async def test_an_interval_runs_at_once_and_then_each_time_it_is_due(
    house: House,
) -> None:
    await house.api.add_scenario(planned(EVERY_QUARTER))
    await house.ended(1)
    shown = await house.api.get("/scenarios/Planned")
    assert len(shown["next_runs"]) == 5

    await house.forward(15 * MINUTE)
    ran = await house.ended(2)

    assert {one["origin"] for one in ran} == {"schedule"}


async def test_due_times_missed_while_no_server_ran_are_made_up_for_once(
    settings: Settings,
) -> None:
    clock = SetClock()
    async with opened(settings, clock) as house:
        await house.api.add_scenario(planned(EVERY_QUARTER))
        await house.ended(1)
        before = (await house.api.get("/scenarios/Planned"))["next_runs"]
    clock.ahead += 65 * MINUTE
    async with opened(settings, clock) as house:
        (made_up, _) = await house.ended(2)
        after = (await house.api.get("/scenarios/Planned"))["next_runs"]

    assert made_up["created_at"] == before[3]  # of four missed, the latest
    assert after[0] == before[4]


async def test_a_scenario_that_is_switched_off_has_no_due_times(house: House) -> None:
    await house.api.add_scenario(planned(EVERY_QUARTER))
    await house.ended(1)
    await house.api.post("/scenarios/Planned/deactivate")
    await house.forward(60 * MINUTE)

    await house.api.post("/scenarios/Planned/run", {})
    assert len(await house.ended(2)) == 2
    assert (await house.api.get("/scenarios/Planned"))["next_runs"] == []


async def test_what_a_webhook_got_waits_for_its_schedule_a_few_at_a_time(
    house: House,
) -> None:
    address = await house.api.add_webhook()
    begins = as_text(house.clock.millis() + 10 * MINUTE * 1000)
    document = scenario() | {"schedule": EVERY_QUARTER | {"between": [begins, None]}}
    document["flow"][0]["limit"] = 2
    await house.api.add_scenario(document)
    for number in range(3):
        await house.api.deliver(address, survey(f"r{number}"))
    assert await house.ended(0) == []

    await house.forward(15 * MINUTE)
    await house.ended(2)
    await house.forward(15 * MINUTE)

    assert [one["state"] for one in await house.ended(3)] == ["done"] * 3


async def test_what_arrives_too_fast_waits_for_the_next_minute(house: House) -> None:
    address = await house.api.add_webhook()
    bound = {"type": "immediately", "max_runs_per_minute": 2}
    house.clock.ahead += 30 - (house.clock.millis() / 1000) % MINUTE  # mid-minute
    await house.api.add_scenario(scenario() | {"schedule": bound})
    for number in range(5):
        await house.api.deliver(address, survey(f"r{number}"))
    await house.ended(2)
    await house.forward(MINUTE)
    await house.ended(4)
    await house.forward(MINUTE)

    await house.ended(5)


async def test_a_schedule_is_looked_at_before_it_is_saved(house: House) -> None:
    daily = {"type": "daily", "time": "02:30"}
    asked = {"schedule": daily, "timezone": "Europe/Prague"}
    looked = await house.api.post("/scenarios/outlook", asked)
    assert len(looked["times"]) == 5
    assert looked["faults"] == []

    wrong = {"schedule": {"type": "indefinitely", "interval": 5}}
    looked = await house.api.post("/scenarios/outlook", wrong)
    assert [one["key"] for one in looked["faults"]] == ["interval"]
    answer = await house.api.call(
        "POST", "/scenarios", json=planned({"type": "immediately"})
    )
    assert "begins with a webhook" in answer.json()["detail"]


@pytest.fixture
async def watched(house: House) -> AsyncIterator[House]:
    """A house with the scenario "Watched", which looks for responses."""
    async with running_sandbox(SandboxSettings(contacts=20, responses=10)) as sandbox:
        await house.api.post(
            "/connections",
            {
                "name": "My Refiner",
                "app": "refiner",
                "fields": {"api_key": SandboxSettings().key},
                "base_url": sandbox.url,
            },
        )
        watch = {
            "id": 1,
            "module": "refiner.watch_responses",
            "connection": "My Refiner",
            "limit": 3,
        }
        word = WORD | {"id": 2, "map": {"name": "who", "value": "{{1.uuid}}"}}
        await house.api.post(
            "/scenarios",
            {
                "name": "Watched",
                "flow": [watch, word],
                "schedule": EVERY_QUARTER,
                "settings": {"roundtrips": 2},
            },
        )
        yield house


BEGINNING = "/scenarios/Watched/beginning"


async def test_a_polling_trigger_takes_what_is_new_once_oldest_first(
    watched: House,
) -> None:
    expected = await watched.api.post(f"{BEGINNING}/expect", {"start": "all"})
    choices = await watched.api.get(f"{BEGINNING}/choices")
    assert expected["records"] == len(choices) > 6

    await watched.api.call("PUT", BEGINNING, json={"start": "all"})
    await watched.api.post("/scenarios/Watched/activate")
    (first,) = await watched.ended(1)
    await watched.forward(15 * MINUTE)
    await watched.ended(2)
    await watched.forward(15 * MINUTE)
    ran = await watched.ended(3)

    taken = [
        bundle["who"]
        for one in reversed(ran)
        for operation in (await watched.api.get(f"/executions/{one['id']}"))["history"]
        if operation["module_id"] == 2
        for bundle in operation["output"]
    ]
    assert taken[:6] == [one["key"] for one in reversed(choices)][:6]
    assert len(taken) == len(set(taken)) == expected["records"]
    assert first["operations"] == 2 + 6  # two cycles of three


async def test_where_a_polling_trigger_begins_is_chosen_and_foretold(
    watched: House,
) -> None:
    shown = await watched.api.get(BEGINNING)
    assert shown["looked"] is False
    assert shown["offers"] == ["now", "date", "all", "record"]
    none = await watched.api.post(f"{BEGINNING}/expect", {"start": "now"})
    assert none["records"] == 0

    choices = await watched.api.get(f"{BEGINNING}/choices")
    second = {"start": "record", "at": choices[1]["key"]}
    chosen = await watched.api.call("PUT", BEGINNING, json=second)
    assert chosen.json()["mark"] == choices[1]["mark"]
    left = await watched.api.post(f"{BEGINNING}/expect", second)
    assert left["records"] == 2
