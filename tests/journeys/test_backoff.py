"""Errors that may pass are tried again by a table; scenarios that only fail are off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientSession

from fakes.clock import SetClock
from fakes.serving import Client, Listener, eventually, scenario, survey
from fakes.trouble import Service, call, ended, repeater, run, text, texts
from trunkline.engine.backoff import KEPT, REPEATED
from trunkline.server import Running, serving
from trunkline.settings import Settings

_SLACK = 1.0
"""Seconds by which a clock is put further ahead than needed."""


@pytest.fixture
def service(listener: Listener) -> Service:
    """Is out of order for the second of what it is sent."""
    return Service(listener, {"2": 503})


@asynccontextmanager
async def lived(settings: Settings, clock: SetClock) -> AsyncIterator[Client]:
    """One life of a server on a folder."""
    async with serving(settings, clock=clock) as running, ClientSession() as session:
        yield Client(session, running.address, running.token)


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def wait_of(execution: Any) -> float:  # noqa: ANN401 - any JSON value
    """The seconds from where it stopped until it is tried again."""
    [stop] = execution["stops"]
    return moment(stop["retry_at"]) - moment(stop["stopped_at"])


async def tried(api: Client, id_: str, tries: int) -> Any:  # noqa: ANN401 - the same
    """The execution, once it has stopped after as many new tries."""
    return await eventually(
        lambda: api.get(f"/executions/{id_}"),
        lambda seen: (
            seen["state"] == "incomplete"
            and [one["tries"] for one in seen["stops"]] == [tries]
        ),
    )


def pass_time(running: Running, clock: SetClock, seconds: float) -> None:
    clock.ahead += seconds + _SLACK
    running.services.engine.timer.wake()
    running.services.engine.dispatch.wake()


async def test_an_incomplete_execution_is_tried_again_by_the_table_and_then_waits(
    running: Running, clocked: Client, clock: SetClock, service: Service
) -> None:
    ran = await run(clocked, repeater(1, 2), call(2, service, "{{1.i}}"))

    for tries, wait in enumerate(KEPT):
        ran = await tried(clocked, ran["id"], tries)
        assert wait_of(ran) == wait / 1000
        pass_time(running, clock, wait / 1000)
    ran = await tried(clocked, ran["id"], len(KEPT))
    assert ran["state"] == "incomplete"
    assert ran["retry_at"] is None
    assert service.asked == ["1", *["2"] * (1 + len(KEPT))]


async def test_it_completes_by_itself_once_the_service_is_back(
    running: Running, clocked: Client, clock: SetClock, service: Service
) -> None:
    ran = await run(clocked, repeater(1, 2), call(2, service, "{{1.i}}"))
    service.refuses.clear()
    pass_time(running, clock, 60)

    await ended(clocked, ran["id"], "done")
    assert service.done() == ["1", "2"]


async def test_nobody_is_asked_again_within_the_time_they_asked_for(
    clocked: Client, service: Service
) -> None:
    service.headers = {"Retry-After": "1800"}
    ran = await run(clocked, repeater(1, 2), call(2, service, "{{1.i}}"))

    assert wait_of(ran) == pytest.approx(1800, abs=1)


async def test_a_service_that_is_not_there_counts_as_one_that_may_come_back(
    clocked: Client, service: Service
) -> None:
    sends = call(2, service, "{{1.i}}")
    sends["map"]["url"] = "http://127.0.0.1:1/"
    ran = await run(clocked, repeater(1, 1), sends)

    assert ran["error"]["type"] == "ConnectionError"
    assert wait_of(ran) == 60


async def test_without_incomplete_executions_it_is_repeated_fails_and_the_rest_waits(
    running: Running, clocked: Client, clock: SetClock, service: Service
) -> None:
    document = scenario(call(2, service, "{{1.remote_id}}"))
    hook = await clocked.listening(document | {"settings": {"dlq": False}})
    await clocked.deliver(hook, survey("first", remote_id="2"))
    await clocked.settled(1)
    [ran] = await clocked.executions()

    for tries, wait in enumerate(REPEATED):
        ran = await tried(clocked, ran["id"], tries)
        assert wait_of(ran) == wait / 1000
        pass_time(running, clock, wait / 1000)
    ran = await ended(clocked, ran["id"], "failed")
    assert [one["tries"] for one in ran["stops"]] == [len(REPEATED)]

    off = await eventually(
        lambda: clocked.get("/scenarios/Answers"), lambda seen: not seen["active"]
    )
    assert "ConnectionError" in off["shutdown"]["reason"]
    assert off["shutdown"]["execution"] == ran["id"]
    accepted = await clocked.deliver(hook, survey("second", remote_id="3"))
    assert accepted.status == 200
    assert (await clocked.get("/balance"))["states"] == {"dead": 1, "waiting": 1}
    await clocked.post("/scenarios/Answers/activate")
    assert (await clocked.settled(2))["states"] == {"dead": 1, "done": 1}
    assert (await clocked.get("/scenarios/Answers"))["shutdown"] is None


async def test_a_scenario_that_keeps_what_failed_stays_on(
    clocked: Client, service: Service
) -> None:
    service.refuses["2"] = 422
    hook = await clocked.listening(scenario(call(2, service, "{{1.remote_id}}")))
    for name in ("first", "second"):
        await clocked.deliver(hook, survey(name, remote_id="2"))
    await clocked.deliver(hook, survey("third", remote_id="3"))

    assert (await clocked.settled(3))["states"] == {"held": 2, "done": 1}
    assert (await clocked.get("/scenarios/Answers"))["active"]


async def test_who_looks_on_hears_that_a_scenario_was_switched_off(
    running: Running, clocked: Client, service: Service
) -> None:
    service.refuses["2"] = 422
    document = scenario(call(2, service, "{{1.remote_id}}"))
    hook = await clocked.listening(document | {"settings": {"dlq": False}})
    news = running.services.news.follow(None, heartbeat=60)
    await anext(news)
    await clocked.deliver(hook, survey(remote_id="2"))

    async with asyncio.timeout(10):
        while "scenarios" not in (await anext(news))[1]:
            pass
    assert not (await clocked.get("/scenarios/Answers"))["active"]


@pytest.mark.parametrize("end", ["resume", "discard"])
async def test_in_a_sequential_scenario_others_wait_behind_an_incomplete_execution(
    clocked: Client, service: Service, end: str
) -> None:
    service.refuses["2"] = 422
    document = scenario(call(2, service, "{{1.remote_id}}"))
    hook = await clocked.listening(document | {"settings": {"sequential": True}})
    for number in ("1", "2", "3", "4"):
        await clocked.deliver(hook, survey(number, remote_id=number))
    [stopped] = await eventually(
        lambda: clocked.get("/executions?state=incomplete"), bool
    )

    assert len(await clocked.get("/executions?state=queued")) == 2
    assert service.asked == ["1", "2"]
    service.refuses.clear()
    await clocked.post(f"/executions/{stopped['id']}/{end}")
    await eventually(lambda: clocked.get("/executions?state=done"), _all(end))
    went_on = ["2"] if end == "resume" else []
    assert service.asked == ["1", "2", *went_on, "3", "4"]


def _all(end: str) -> Any:  # noqa: ANN401 - a predicate
    return lambda seen: len(seen) == (4 if end == "resume" else 3)


async def test_what_stopped_is_known_after_a_restart_and_tried_again_on_time(
    settings: Settings, clock: SetClock, service: Service
) -> None:
    async with lived(settings, clock) as api:
        before = await run(api, repeater(1, 2), call(2, service, "{{1.i}}"))
    async with lived(settings, clock) as api:
        after = await api.get(f"/executions/{before['id']}")
        assert after["stops"] == before["stops"]
        assert after["state"] == "incomplete"
    clock.ahead += 60 + _SLACK
    service.refuses.clear()
    async with lived(settings, clock) as api:
        await ended(api, before["id"], "done")
    assert service.done() == ["1", "2"]


async def test_what_stopped_before_a_restart_in_the_midst_is_not_tried_by_it(
    settings: Settings, clock: SetClock, service: Service
) -> None:
    service.refuses = {"1": 422}
    sleep = {"id": 3, "module": "tools.sleep", "map": {"seconds": 3600}}
    async with lived(settings, clock) as api:
        begun = await run(
            api, repeater(1, 2), call(2, service, "{{1.i}}"), sleep, text(4, "{{1.i}}")
        )
        assert begun["state"] == "queued"
    clock.ahead += 3600 + _SLACK
    async with lived(settings, clock) as api:
        ran = await ended(api, begun["id"], "incomplete")
        assert [(one["module_id"], one["path"]) for one in ran["stops"]] == [(2, "1")]
        assert texts(ran, 4) == [2]
        assert service.asked == ["1", "2"]
        service.refuses.clear()
        await api.post(f"/executions/{begun['id']}/resume")
        await eventually(
            lambda: api.get(f"/executions/{begun['id']}"),
            lambda seen: (3, "1") in _places(seen),
        )
    clock.ahead += 3600 + _SLACK
    async with lived(settings, clock) as api:
        done = await ended(api, begun["id"], "done")
    assert sorted(texts(done, 4)) == [1, 2]
    assert service.asked == ["1", "2", "1"]


def _places(execution: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - any JSON value
    return [(one["module_id"], one["path"]) for one in execution["history"]]


async def test_who_sleeps_sleeps_through_a_restart_and_then_goes_on(
    settings: Settings, clock: SetClock, service: Service
) -> None:
    sleep = {"id": 3, "module": "tools.sleep", "map": {"seconds": 3600}}
    document = scenario(call(2, service, "before"), sleep, text(4, "after"))
    async with lived(settings, clock) as api:
        hook = await api.listening(document)
        await api.deliver(hook, survey())
        asleep = await eventually(lambda: api.get("/executions?state=queued"), bool)
        id_ = asleep[0]["id"]
        shown = await eventually(
            lambda: api.get(f"/executions/{id_}"),
            lambda seen: [one["module_id"] for one in seen["history"]] == [1, 2, 3],
        )
        assert shown["history"][-1]["state"] == "done"
    async with lived(settings, clock) as api:
        assert (await api.get(f"/executions/{id_}"))["state"] == "queued"
    clock.ahead += 3600 + _SLACK
    async with lived(settings, clock) as api:
        done = await ended(api, id_, "done")
    assert texts(done, 4) == ["after"]
    assert service.asked == ["before"]
