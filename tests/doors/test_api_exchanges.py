"""What was sent and answered by operations that went well, where it is kept."""

from typing import Any

import pytest
from aiohttp import web

from fakes.serving import Client, Listener, on_disk, scenario, survey
from trunkline.settings import Settings

KEY = "an-invented-api-key-0123456789"
COOKIE = "session=given-out-by-the-service"


@pytest.fixture
async def connected(api: Client, listener: Listener) -> Client:
    """With the connection "mine" to a service that repeats the key it was shown."""
    listener.answer = lambda _: web.json_response(
        {"project_name": "Testing", "seen": KEY}, headers={"Set-Cookie": COOKIE}
    )
    fields = {"fields": {"api_key": KEY}, "base_url": listener.address}
    await api.post("/connections", {"name": "mine", "app": "refiner", **fields})
    return api


def _asking(**settings: object) -> dict[str, Any]:
    event = {"user_id": "{{1.remote_id}}", "event_name": "Asked"}
    call = {"id": 2, "module": "refiner.track_an_event", "connection": "mine"}
    return scenario(call | {"map": event}) | {"settings": settings}


async def _second(api: Client, execution: str) -> Any:  # noqa: ANN401 - JSON
    return await api.get(f"/executions/{execution}/operations/2")


async def _by_hand(api: Client) -> str:
    given = {"input": survey(remote_id="ada")}
    return str((await api.post("/scenarios/Answers/run", given))["id"])


async def _by_webhook(api: Client, address: str) -> str:
    await api.deliver(address, survey())
    await api.settled(1)
    [execution] = await api.executions()
    return str(execution["id"])


async def test_of_a_run_by_hand_the_request_and_its_answer_are_shown_without_secrets(
    connected: Client,
) -> None:
    await connected.listening(_asking())
    shown = await _second(connected, await _by_hand(connected))
    [exchange] = shown["exchanges"]
    assert (shown["state"], shown["error"]) == ("done", None)
    assert exchange["request"]["method"] == "POST"
    assert exchange["request"]["url"].endswith("/v1/track-event")
    assert '"ada"' in exchange["request"]["body"]
    assert exchange["request"]["headers"]["authorization"] == "***"
    assert exchange["response"]["status"] == 200
    assert '"seen": "***"' in exchange["response"]["body"]
    assert exchange["response"]["headers"]["set-cookie"] == "***"
    assert COOKIE not in str(shown)
    assert KEY not in str(shown)


async def test_of_what_a_webhook_began_it_is_kept_only_where_the_scenario_says_so(
    connected: Client, settings: Settings
) -> None:
    address = await connected.listening(_asking())
    shown = await _second(connected, await _by_webhook(connected, address))
    assert (shown["state"], shown["exchanges"]) == ("done", [])
    query = "SELECT count(*) FROM operations WHERE exchanges IS NOT NULL"
    assert on_disk(settings.data, query) == [(0,)]


async def test_a_scenario_that_keeps_exchanges_keeps_them_of_every_run(
    connected: Client,
) -> None:
    address = await connected.listening(_asking(keep={"exchanges": True}))
    execution = await _by_webhook(connected, address)
    [exchange] = (await _second(connected, execution))["exchanges"]
    assert exchange["response"]["status"] == 200


async def test_a_confidential_scenario_keeps_none_at_any_time(
    connected: Client, listener: Listener, settings: Settings
) -> None:
    await connected.listening(_asking(confidential=True, keep={"exchanges": True}))
    execution = await _by_hand(connected)
    assert (await _second(connected, execution))["exchanges"] == []
    query = "SELECT count(*) FROM operations WHERE exchanges IS NOT NULL"
    assert on_disk(settings.data, query) == [(0,)]
    assert b"ada" in listener.requests[-1].body


async def test_what_failed_tells_its_exchange_once_in_its_error(
    connected: Client, listener: Listener
) -> None:
    await connected.listening(_asking())
    listener.answer = lambda _: web.json_response({"message": "No."}, status=403)
    shown = await _second(connected, await _by_hand(connected))
    assert shown["error"]["exchange"]["response"]["status"] == 403
    assert shown["exchanges"] == []
