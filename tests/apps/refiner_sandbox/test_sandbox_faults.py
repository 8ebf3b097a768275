"""The sandbox told to misbehave."""

from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from apps.refiner_sandbox.door import KEY, Door, Json, OpenDoor, StoppedClock
from apps.refiner_sandbox.receiver import Receiver
from trunkline.apps.refiner.sandbox import SandboxSettings


async def fault(door: Door, kind: str, **fields: object) -> Json:
    return await door.call("POST", "/faults", json={"kind": kind, **fields})


async def raw(door: Door, path: str) -> tuple[int, aiohttp.ClientResponse, str]:
    parameters = {"api_key": KEY}
    async with door.http.get(f"{door.url}{path}", params=parameters) as answer:
        return answer.status, answer, await answer.text()


async def test_an_error_status_strikes_so_many_times_and_does_nothing(
    door: Door,
) -> None:
    await fault(door, "status", status=503, count=2)
    for _ in range(2):
        await door.post("/v1/identify-user", id="1", status=503)
    assert (await door.get("/v1/contacts"))["items"] == []


async def test_a_share_of_requests_is_drawn_alike_each_time(
    open_door: OpenDoor,
) -> None:
    async def draw() -> list[int]:
        door = await open_door(SandboxSettings(key=KEY))
        await fault(door, "status", share=0.5)
        return [(await raw(door, "/v1/account"))[0] for _ in range(20)]

    first = await draw()
    assert set(first) == {200, 500}
    assert await draw() == first


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_429_says_when_to_come_back(
    door: Door, clock: StoppedClock, form: str
) -> None:
    await fault(door, "rate_limit", retry_after=7, retry_after_as=form, count=1)
    status, answer, _ = await raw(door, "/v1/account")
    assert status == 429
    wait = answer.headers["Retry-After"]
    if form == "date":
        wait = str((parsedate_to_datetime(wait) - clock()).seconds)
    assert wait == "7"


async def test_a_slow_answer_comes_all_the_same(door: Door) -> None:
    await fault(door, "slow", delay_ms=20, count=1)
    await door.get("/v1/account")
    assert (await door.get("/faults"))["items"] == []


async def test_a_cut_answer_breaks_off_in_mid_body(door: Door) -> None:
    await fault(door, "cut", count=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await raw(door, "/v1/account")
    await door.get("/v1/account")


async def test_truncated_json_and_html_come_with_200(door: Door) -> None:
    _, _, whole = await raw(door, "/v1/segments")
    await fault(door, "truncated", count=1)
    status, _, half = await raw(door, "/v1/segments")
    assert status == 200
    assert whole.startswith(half)
    assert len(half) == len(whole) // 2
    await fault(door, "html", count=1)
    status, answer, html = await raw(door, "/v1/segments")
    assert status == 200
    assert answer.content_type == "text/html"
    assert html.startswith("<!doctype html>")


async def test_a_duplicate_page_brings_the_previous_items_again(door: Door) -> None:
    await fault(door, "duplicate_pages", path="/v1/segments")
    one, two = [
        (await door.get("/v1/segments", page_length=3, page=page))["items"]
        for page in (1, 2)
    ]
    assert one[:3] == one[3:], "the first page has none before it but itself"
    assert two[:3] == one[3:]
    assert len(two) == 6


async def test_an_endless_cursor_leads_round_in_circles(door: Door) -> None:
    await fault(door, "endless_cursor")
    cursor, seen = "", 0
    for _ in range(5):
        query = {"page_length": 4} | ({"page_cursor": cursor} if cursor else {})
        page = await door.get("/v1/segments", **query)
        cursor, seen = page["pagination"]["next_page_cursor"], seen + len(page["items"])
        assert cursor
        assert page["pagination"]["last_page"] > page["pagination"]["current_page"]
    assert seen > 7
    await fault(door, "none")
    page = await door.get("/v1/segments", page_cursor=cursor)
    assert page["pagination"]["next_page_cursor"] is None


async def test_a_fault_may_be_kept_to_some_paths(door: Door) -> None:
    await fault(door, "status", path="/v1/contacts")
    await door.get("/v1/account")
    await door.get("/v1/contacts", status=500)


@pytest.mark.parametrize(
    ("kind", "sends"),
    [("lost_webhooks", 0), ("duplicate_webhooks", 2), ("delayed_webhooks", 1)],
)
async def test_webhooks_get_lost_doubled_or_late(
    door: Door, receiver: Receiver, kind: str, sends: int
) -> None:
    webhook = {"name": "Test", "events": ["Saw Survey"], "url": receiver.url}
    await door.post("/integrations/webhooks", **webhook)
    await fault(door, kind, count=1, delay_ms=20)
    path = f"/surveys/{await door.survey()}/answers"
    await door.post(path, action="see", id="1")
    await door.sender.settled()
    assert len(receiver.came) == sends
    await door.post(path, action="see", id="1")
    await door.sender.settled()
    assert len(receiver.came) == sends + 1


async def test_faults_are_listed_and_reset(door: Door) -> None:
    await fault(door, "status", count=3)
    listed = await fault(door, "slow", delay_ms=5, share=0.25)
    assert {each["kind"]: each["share"] for each in listed["items"]} == {
        "status": 1.0,
        "slow": 0.25,
    }
    async with door.http.get(f"{door.url}/faults") as answer:
        html = await answer.text()
    assert "3 more" in html
    assert "25 %" in html
    assert (await fault(door, "none"))["items"] == []
    await door.get("/v1/account")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "plague"},
        {"kind": "status", "status": 200},
        {"kind": "status", "share": 2},
        {"kind": "status", "share": "nan"},
        {"kind": "status", "share": "half"},
        {"kind": "slow", "delay_ms": "-1"},
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(
    door: Door, fields: dict[str, object]
) -> None:
    await door.call("POST", "/faults", json=fields, status=422)
