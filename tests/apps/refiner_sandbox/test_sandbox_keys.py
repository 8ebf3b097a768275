"""Who is let in, and what the others are told (refiner-api 1)."""

import aiohttp
import pytest

from apps.refiner_sandbox.door import KEY, Door, OpenDoor, StoppedClock
from trunkline.apps.refiner.sandbox import (
    Behaviour,
    SandboxError,
    SandboxSettings,
    create_app,
)

NONE_FOUND = (401, {"error": "No API key found in headers"})
MALFORMED = (401, {"error": "API key does not look valid"})
UNKNOWN = (404, {"message": "API key not valid or does not exist"})
STRANGER = "f" * 40


async def ask(door: Door, **request: object) -> tuple[int, object]:
    method = str(request.pop("method", "GET"))
    url = f"{door.url}/v1/{request.pop('path', '')}"
    async with door.http.request(method, url, **request) as answer:  # type: ignore[arg-type]
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    "request_parts",
    [
        {"headers": {"Authorization": f"Bearer {KEY}"}},
        {"headers": {"Authorization": f"bearer {KEY}"}},
        {"params": {"api_key": KEY}},
        {"headers": {"Authorization": aiohttp.encode_basic_auth(KEY, "")}},
        {
            "method": "POST",
            "path": "identify-user",
            "data": {"api_key": KEY, "id": "1"},
        },
        {
            "method": "POST",
            "path": "identify-user",
            "json": {"api_key": KEY, "id": "1"},
        },
    ],
)
async def test_the_key_is_taken_from_header_parameter_or_basic(
    door: Door, request_parts: dict[str, object]
) -> None:
    status, _ = await ask(door, **request_parts)
    assert status == 200


@pytest.mark.parametrize(
    ("request_parts", "expected"),
    [
        ({}, NONE_FOUND),
        ({"headers": {"Authorization": "Bearer short"}}, NONE_FOUND),
        ({"headers": {"Authorization": "Basic %%%"}}, NONE_FOUND),
        ({"params": {"api_key[]": KEY}}, NONE_FOUND),
        ({"headers": {"Authorization": f"Bearer {'*' * 30}"}}, MALFORMED),
        ({"headers": {"Authorization": f"Bearer {STRANGER}"}}, UNKNOWN),
        ({"params": {"api_key": STRANGER}}, UNKNOWN),
        (
            {"headers": {"Authorization": aiohttp.encode_basic_auth(STRANGER, "")}},
            UNKNOWN,
        ),
    ],
)
async def test_a_wrong_key_gets_the_answer_that_refiner_gives(
    door: Door, request_parts: dict[str, object], expected: tuple[int, object]
) -> None:
    assert await ask(door, **request_parts) == expected


async def test_an_unknown_key_can_be_answered_with_400(open_door: OpenDoor) -> None:
    behaviour = Behaviour(unknown_key_status=400)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    assert await ask(door, params={"api_key": STRANGER}) == (400, UNKNOWN[1])


async def test_the_key_check_names_the_project(door: Door) -> None:
    answer = await door.get("/v1/")
    assert list(answer) == ["project_uuid", "project_name", "message"]
    assert answer["message"] == "Authentication successful"


async def test_the_account_shows_plan_and_environments(door: Door) -> None:
    await door.post("/v1/track-event", id="1", event="logged_in")
    answer = await door.get("/v1/account")
    assert answer["subscription"]["plan"] == "Growth"
    assert answer["subscription"]["mte_count"] == 1
    assert "mte_limit" not in answer["subscription"]
    assert answer["environments"][0]["mtu"] == 1


def test_a_sandbox_does_not_start_with_a_key_that_is_none() -> None:
    with pytest.raises(SandboxError, match="at least 20"):
        create_app(SandboxSettings(key="short"))


async def test_a_contact_can_be_asked_about_a_hundred_times_a_minute(
    door: Door, clock: StoppedClock
) -> None:
    for _ in range(100):
        await door.post("/v1/identify-user", id="1")
    refused = {"error": "You are doing this too often."}
    assert await door.post("/v1/identify-user", id="1", status=429) == refused
    await door.post("/v1/identify-user", id="2")
    clock.advance(seconds=60)
    await door.post("/v1/identify-user", id="1")


async def test_a_key_has_a_limit_of_its_own_and_is_told_how_long_to_wait(
    open_door: OpenDoor, clock: StoppedClock
) -> None:
    behaviour = Behaviour(key_requests_per_minute=2)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    await door.get("/v1/")
    clock.advance(seconds=17.5)
    await door.get("/v1/")
    async with door.http.get(f"{door.url}/v1/", params={"api_key": KEY}) as answer:
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "43"


async def test_limits_can_be_switched_off(open_door: OpenDoor) -> None:
    behaviour = Behaviour(user_requests_per_minute=1)
    settings = SandboxSettings(key=KEY, behaviour=behaviour, rate_limits=False)
    door = await open_door(settings)
    for _ in range(3):
        await door.post("/v1/identify-user", id="1")
