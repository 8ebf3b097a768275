"""Lists: envelope, pages, cursors, orders and filters (refiner-api 2, 3.5)."""

from collections.abc import AsyncIterator, Callable

import pytest

from apps.refiner_sandbox.door import KEY, Door, Json, OpenDoor
from trunkline.apps.refiner.sandbox import Behaviour, SandboxSettings


@pytest.fixture
async def crowd(open_door: OpenDoor) -> Door:
    return await open_door(SandboxSettings(key=KEY, contacts=1000, responses=300))


Walk = Callable[..., AsyncIterator[Json]]


async def by_cursor(door: Door, path: str, **query: str | int) -> AsyncIterator[Json]:
    cursor = None
    while True:
        page = await door.get(
            path, **query, **({"page_cursor": cursor} if cursor else {})
        )
        yield page
        cursor = page["pagination"]["next_page_cursor"]
        if cursor is None:
            return


async def by_number(door: Door, path: str, **query: str | int) -> AsyncIterator[Json]:
    number = last = 1
    while number <= last:
        page = await door.get(path, **query, page=number)
        yield page
        number, last = number + 1, page["pagination"]["last_page"]


async def test_the_envelope_counts_all_pages(crowd: Door) -> None:
    answer = await crowd.get("/v1/contacts", page=2, page_length=300)
    assert len(answer["items"]) == 300
    pagination = answer["pagination"]
    assert pagination.pop("next_page_cursor")
    assert pagination == {
        "items_count": 1000,
        "current_page": 2,
        "last_page": 4,
        "page_length": 300,
    }


@pytest.mark.parametrize("walk", [by_cursor, by_number])
@pytest.mark.parametrize(
    "order", ["first_seen_at", "last_seen_at", "last_form_submission_at", "email"]
)
async def test_a_hundred_pages_hold_everybody_once_and_in_order(
    open_door: OpenDoor, order: str, walk: Walk
) -> None:
    settings = SandboxSettings(key=KEY, contacts=1000, responses=300, rate_limits=False)
    door = await open_door(settings)
    pages = [
        p async for p in walk(door, "/v1/contacts", page_length=10, order_by=order)
    ]
    contacts = [contact for page in pages for contact in page["items"]]
    assert [page["pagination"]["current_page"] for page in pages] == list(range(1, 101))
    assert len({contact["uuid"] for contact in contacts}) == 1000
    keys = [
        (c if order == "email" else c["attributes"]).get(order) or "" for c in contacts
    ]
    assert keys == sorted(keys, reverse=order != "email")


async def test_somebody_new_does_not_disturb_a_walk_by_cursor(crowd: Door) -> None:
    first = await crowd.get("/v1/contacts", page_length=500)
    await crowd.identified(id="newcomer")
    cursor = first["pagination"]["next_page_cursor"]
    second = await crowd.get("/v1/contacts", page_length=500, page_cursor=cursor)
    seen = {contact["uuid"] for contact in first["items"] + second["items"]}
    assert len(seen) == 1000


async def test_a_page_beyond_the_last_is_empty(crowd: Door) -> None:
    answer = await crowd.get("/v1/contacts", page=99)
    assert answer["items"] == []
    assert answer["pagination"]["next_page_cursor"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"page_cursor": "rubbish"},
        {"page_cursor": "e30"},
        {"page_cursor": "WyJmaXJzdF9zZWVuX2F0IiwgIiIsIC0xLCAwXQ"},
        {"page": 0},
        {"page": "x"},
        {"page_length": 0},
        {"page_length": -1},
        {"page": "9" * 30},
        {"order_by": "uuid; DROP TABLE contacts"},
    ],
)
async def test_what_makes_no_sense_is_refused(
    door: Door, query: dict[str, str | int]
) -> None:
    await door.get("/v1/contacts", status=422, **query)


async def test_a_cursor_belongs_to_its_order(crowd: Door) -> None:
    page = await crowd.get("/v1/contacts", page_length=10)
    cursor = page["pagination"]["next_page_cursor"]
    await crowd.get("/v1/contacts", order_by="email", page_cursor=cursor, status=422)


async def test_long_pages_are_clamped_to_a_thousand_or_refused(
    door: Door, open_door: OpenDoor
) -> None:
    answer = await door.get("/v1/contacts", page_length=5000)
    assert answer["pagination"]["page_length"] == 1000
    strict = SandboxSettings(key=KEY, behaviour=Behaviour(long_page="refuse"))
    await (await open_door(strict)).get("/v1/contacts", page_length=1001, status=422)


async def test_the_default_length_and_direction_are_switches(
    open_door: OpenDoor,
) -> None:
    behaviour = Behaviour(page_length=100, date_order="ascending")
    settings = SandboxSettings(key=KEY, contacts=120, behaviour=behaviour)
    answer = await (await open_door(settings)).get("/v1/contacts")
    seen = [contact["first_seen_at"] for contact in answer["items"]]
    assert len(seen) == 100
    assert seen == sorted(seen)


async def test_contacts_are_found_by_id_email_or_name(door: Door) -> None:
    await door.identified(id="u-1", email="ada@example.com", name="Ada Example")
    await door.identified(id="u_1", email="bob@example.com", name="Bob")
    for text, found in {"ADA": 1, "example": 2, "u_1": 1, "100%": 0}.items():
        answer = await door.get("/v1/contacts", search=text)
        assert answer["pagination"]["items_count"] == found, text


async def test_contacts_are_narrowed_by_survey_and_segment(door: Door) -> None:
    form, segment = await door.survey(), await door.segment("Promoters")
    await door.post("/v1/responses", id="happy", form_uuid=form, nps=10)
    await door.post("/v1/responses", id="sad", form_uuid=form, nps=1)
    await door.identified(id="silent")
    answered = await door.get("/v1/contacts", form_uuid=form)
    assert {each["remote_id"] for each in answered["items"]} == {"happy", "sad"}
    promoters = await door.get("/v1/contacts", segment_uuid=segment)
    assert [each["remote_id"] for each in promoters["items"]] == ["happy"]
    nobody = await door.get("/v1/contacts", segment_uuid="unknown")
    assert nobody["items"] == []


async def test_responses_are_paged_by_cursor_as_well(crowd: Door) -> None:
    pages = [p async for p in by_cursor(crowd, "/v1/responses", page_length=25)]
    items = [item for page in pages for item in page["items"]]
    assert len(pages) == 12
    assert len({item["uuid"] for item in items}) == 300
    received = [item["received_at"] for item in items]
    assert received == sorted(received, reverse=True)


async def test_segments_are_listed_by_name_with_cursors(door: Door) -> None:
    pages = [p async for p in by_cursor(door, "/v1/segments", page_length=3)]
    items = [item for page in pages for item in page["items"]]
    assert [item["name"] for item in items] == sorted(item["name"] for item in items)
    assert {item["name"]: item["is_manual"] for item in items}["All Users"] is False
    assert len(items) == 7
