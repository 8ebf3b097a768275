"""Where answers may have been lost: refusals, quiet hours, and times of no server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from fakes.clock import SetClock
from fakes.serving import Client, survey
from trunkline.server import serving
from trunkline.settings import Settings

HOUR = 3600.0


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@asynccontextmanager
async def _served(settings: Settings, clock: SetClock) -> AsyncIterator[Client]:
    async with serving(settings, clock) as running, ClientSession() as session:
        yield Client(session, running.address, running.token)


async def _gaps(api: Client, kind: str) -> list[Any]:
    report = await api.get("/webhooks/hook/gaps")
    return [one for one in report["gaps"] if one["kind"] == kind]


def _length(gap: Any) -> timedelta:  # noqa: ANN401 - JSON
    begins, ends = (datetime.fromisoformat(gap[at]) for at in ("begins_at", "ends_at"))
    return ends - begins


async def test_what_was_refused_is_told_with_its_reason_also_after_a_restart(
    settings: Settings, clock: SetClock
) -> None:
    async with _served(settings, clock) as api:
        address = await api.add_webhook()
        await api.add_webhook("other")
        for _ in range(2):
            await api.deliver(address, survey(), secret="wrong-secret")
        await api.deliver(address, survey())
        told = await _gaps(api, "refusals")
        reasons = {one["reason"]: one["deliveries"] for one in told}
        assert reasons == {"unknown_or_wrong_secret": 2, "nobody_listens": 1}
        assert (await api.get("/webhooks/other/gaps"))["gaps"] == []
    async with _served(settings, clock) as api:
        assert await _gaps(api, "refusals") == told
        [today, *_] = (await api.get("/webhooks/hook/gaps"))["days"][::-1]
        assert (today["deliveries"], today["refused"]) == (0, 3)


async def test_refusals_in_hours_that_follow_one_another_are_told_as_one(
    settings: Settings, clock: SetClock
) -> None:
    async with _served(settings, clock) as api:
        address = await api.add_webhook()
        for hours in (0, 1, 2, 5):
            clock.ahead = hours * HOUR
            await api.deliver(address, survey(), secret="wrong-secret")
        told = await _gaps(api, "refusals")
    lengths = [_length(one) / timedelta(hours=1) for one in told]
    assert lengths == [1, 3]
    assert [one["deliveries"] for one in told] == [1, 3]


async def test_a_time_without_a_server_is_told_with_what_usually_comes(
    settings: Settings, clock: SetClock
) -> None:
    async with _served(settings, clock) as api:
        await api.add_webhook()
        assert await _gaps(api, "outage") == []
    clock.ahead = 2 * HOUR
    async with _served(settings, clock) as api:
        [told] = await _gaps(api, "outage")
    assert timedelta(hours=1.9) < _length(told) < timedelta(hours=2.1)
    async with _served(settings, clock) as api:
        assert await _gaps(api, "outage") == [told]


async def test_hours_without_a_delivery_are_told_where_usually_several_come(
    settings: Settings, clock: SetClock
) -> None:
    async with _served(settings, clock) as api:
        address = await api.listening()
        for hour in range(4 * 24):
            clock.ahead = hour * HOUR
            await api.deliver(address, survey(str(hour)))
        report = await api.get("/webhooks/hook/gaps")
        assert (report["rhythm"], report["usual_per_day"]) == ("day", 24.0)
        assert await _gaps(api, "silence") == []
        clock.ahead += 9 * HOUR
        [told] = await _gaps(api, "silence")
        assert _length(told) == timedelta(hours=8)
        assert told["deliveries"] == 8


async def test_too_little_is_said_to_be_known_at_first(
    settings: Settings, clock: SetClock
) -> None:
    async with _served(settings, clock) as api:
        await api.add_webhook()
        report = await api.get("/webhooks/hook/gaps")
    assert (report["rhythm"], report["usual_per_day"]) == ("unknown", 0)
    assert [day["deliveries"] for day in report["days"]] == [0]


async def test_a_webhook_is_removed_together_with_what_it_refused(
    settings: Settings, clock: SetClock
) -> None:
    async with _served(settings, clock) as api:
        address = await api.add_webhook()
        await api.deliver(address, survey(), secret="wrong-secret")
        await api.add_webhook("other")
    async with _served(settings, clock) as api:
        assert (await api.call("DELETE", "/webhooks/hook")).status == 204
        await api.add_webhook()
        assert await _gaps(api, "refusals") == []


async def test_a_webhook_nobody_knows_and_a_span_that_is_none_are_refused(
    settings: Settings, clock: SetClock
) -> None:
    async with _served(settings, clock) as api:
        await api.add_webhook()
        assert (await api.call("GET", "/webhooks/none/gaps")).status == 404
        for days in ("0", "91", "many"):
            answer = await api.call("GET", f"/webhooks/hook/gaps?days={days}")
            assert answer.status == 422, days
