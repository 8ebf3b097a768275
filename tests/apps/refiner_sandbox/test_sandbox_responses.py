"""Responses: stored, tagged, listed (refiner-api 3.8 to 3.10, 5.6)."""

import pytest

from apps.refiner_sandbox.door import KEY, Door, Json, OpenDoor, StoppedClock
from trunkline.apps.refiner.sandbox import Behaviour, SandboxSettings


async def store(door: Door, **sent: object) -> str:
    """Stores an answer to the NPS survey; the response's uuid."""
    sent = {"id": "1", "form_uuid": await door.survey(), "nps": 9} | sent
    uuid: str = (await door.post("/v1/responses", **sent))["uuid"]
    return uuid


async def act(door: Door, action: str, **fields: object) -> Json:
    """Does something with the NPS survey on its page."""
    path = f"/surveys/{await door.survey()}/answers"
    return await door.post(path, action=action, **({"id": "1"} | fields))


async def listed(door: Door, **query: str | int) -> list[Json]:
    items: list[Json] = (await door.get("/v1/responses", **query))["items"]
    return items


async def test_a_stored_response_is_listed_as_documented(door: Door) -> None:
    uuid = await store(
        door, reason="Fast", email="ada@example.com", account={"id": "a"}
    )
    (item,) = await listed(door)
    moment = "2026-03-01 12:00:00"
    contact = item.pop("contact")
    assert item == {
        "uuid": uuid,
        "first_shown_at": moment,
        "last_shown_at": moment,
        "show_counter": 1,
        "first_data_reception_at": moment,
        "last_data_reception_at": moment,
        "completed_at": moment,
        "received_at": moment,
        "dismissed_at": None,
        "form": {"uuid": await door.survey(), "name": "Quarterly NPS"},
        "data": {"nps": 9, "reason": "Fast"},
    }
    assert contact["remote_id"] == "1"
    assert list(contact["account"]) == ["uuid", "remote_id", "display_name", "domain"]
    assert contact["account"]["remote_id"] == "a"


async def test_answers_become_traits_and_counts_of_the_contact(door: Door) -> None:
    await store(door, nps=3)
    await store(door, nps=10)
    attributes = (await door.get("/v1/contact", id="1"))["attributes"]
    assert attributes["nps"] == "10"
    assert attributes["form_submissions_count"] == "2"
    assert attributes["last_form_submission_at"] == "2026-03-01T12:00:00.000000Z"


async def test_attributes_come_with_the_contact_on_request(door: Door) -> None:
    await store(door)
    (plain,) = await listed(door)
    assert "attributes" not in plain["contact"]
    (full,) = await listed(door, with_attributes=1)
    assert full["contact"]["attributes"]["nps"] == "9"
    await door.get("/v1/responses", with_attributes="maybe", status=422)


async def test_an_identical_response_is_stored_once_unless_allowed(
    door: Door,
) -> None:
    first = await store(door)
    assert await store(door) == first
    assert await store(door, date="2026-01-31") != first
    assert await store(door, prevent_duplicates=False) != first
    assert len(await listed(door)) == 3


async def test_a_response_may_be_recorded_for_another_date(door: Door) -> None:
    await store(door, date="2026-01-31 10:00:00")
    (item,) = await listed(door)
    assert item["completed_at"] == "2026-01-31 10:00:00"
    await door.post("/v1/responses", id="1", form_uuid="x", date="soon", status=422)


async def test_a_response_needs_a_survey_and_a_contact(door: Door) -> None:
    form = await door.survey()
    await door.post("/v1/responses", id="1", nps=9, status=422)
    await door.post("/v1/responses", id="1", form_uuid="unknown", nps=9, status=404)
    await door.post("/v1/responses", form_uuid=form, nps=9, status=422)
    await door.post("/v1/responses", uuid="unknown", form_uuid=form, status=404)
    await door.get("/v1/contact", id="1", status=404)


async def test_include_tells_completed_partial_and_other_views_apart(
    door: Door,
) -> None:
    await store(door)
    await act(door, "partial", id="2", data={"nps": "4"})
    await act(door, "see", id="3")
    await act(door, "dismiss", id="4")
    for include, count in {"completed": 1, "partials": 2, "all": 4}.items():
        assert len(await listed(door, include=include)) == count, include
    await door.get("/v1/responses", include="some", status=422)


async def test_one_view_goes_from_seen_over_partial_to_completed(
    door: Door, clock: StoppedClock
) -> None:
    uuids = set()
    for action in ("see", "see", "partial", "complete"):
        uuids.add((await act(door, action, data={"nps": "9"}))["uuid"])
        clock.advance(minutes=1)
    (item,) = await listed(door, include="all")
    assert uuids == {item["uuid"]}
    assert item["show_counter"] == 2
    assert item["first_shown_at"] == "2026-03-01 12:00:00"
    assert item["last_shown_at"] == "2026-03-01 12:01:00"
    assert item["first_data_reception_at"] == "2026-03-01 12:02:00"
    assert item["completed_at"] == item["received_at"] == "2026-03-01 12:03:00"
    await act(door, "see")
    assert len(await listed(door, include="all")) == 2, "a closed survey begins anew"


async def test_a_partial_or_dismissed_response_has_no_later_times(door: Door) -> None:
    await act(door, "dismiss")
    (item,) = await listed(door, include="all")
    assert item["dismissed_at"] == "2026-03-01 12:00:00"
    assert item["completed_at"] is item["received_at"] is None
    assert item["data"] == {}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"response_data[nps]": "9"}, {"ada", "bob"}),
        ({"response_data[nps]": "9", "response_data[reason]": "Fast"}, {"ada"}),
        ({"contact_data[plan]": "pro"}, {"ada"}),
        ({"account_data[name]": "Acme"}, {"bob"}),
        ({"search": "BOB"}, {"bob"}),
        ({"response_data[nps'--]": "9"}, set()),
        ({"date_range_start": "2026-02-01"}, {"bob"}),
        ({"date_range_end": "2026-02-01"}, {"ada"}),
        ({"date_range_start": "2026-02-02T09:00:00Z"}, {"bob"}),
        ({"date_range_end": "2026-02-02T09:00:00Z"}, {"ada"}),
    ],
)
async def test_responses_are_narrowed(
    door: Door, query: dict[str, str], found: set[str]
) -> None:
    await door.post("/v1/identify-user", id="ada", plan="pro")
    await store(door, id="ada", reason="Fast", date="2026-01-15")
    account = {"id": "acme", "name": "Acme"}
    await store(door, id="bob", account=account, date="2026-02-02T09:00:00Z")
    items = await listed(door, **query)
    assert {item["contact"]["remote_id"] for item in items} == found


async def test_responses_are_narrowed_by_surveys_and_segments(door: Door) -> None:
    other = await door.survey("Support CSAT")
    await store(door, id="nps")
    await door.post("/v1/responses", id="csat", form_uuid=other, csat=1)
    assert len(await listed(door, form_uuid=other)) == 1
    both = {"form_uuids[0]": other, "form_uuids[1]": await door.survey()}
    assert len(await listed(door, **both)) == 2
    promoters = await door.segment("Promoters")
    assert len(await listed(door, **{"segment_uuids[]": promoters})) == 1


@pytest.mark.parametrize("key", ["tags", "tags[]"])
async def test_tags_are_added_by_name_and_filtered_by_uuid(
    open_door: OpenDoor, key: str
) -> None:
    behaviour = Behaviour(list_tags=True)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    uuid = await store(door, tags=["old"])
    await store(door, id="2")
    body = {"uuid": uuid, key: ["new", "old"]}
    assert await door.post("/v1/responses/tags", **body) == {"message": "ok"}
    items = {item["uuid"]: item["tags"] for item in await listed(door)}
    assert items.pop(uuid) == ["new", "old"]
    assert list(items.values()) == [[]]
    database = door.running.sandbox.database
    tag = database.rows("SELECT uuid FROM tags WHERE name = 'new'")[0]["uuid"]
    assert [item["uuid"] for item in await listed(door, tag_uuid=tag)] == [uuid]


async def test_tagging_needs_a_response_and_at_most_twenty_tags(door: Door) -> None:
    uuid = await store(door)
    await door.post("/v1/responses/tags", uuid="unknown", tags=["a"], status=404)
    await door.post("/v1/responses/tags", uuid=uuid, status=422)
    many = [str(number) for number in range(21)]
    await door.post("/v1/responses/tags", uuid=uuid, tags=many, status=422)


async def test_times_and_numbers_can_be_listed_the_other_way(
    open_door: OpenDoor,
) -> None:
    behaviour = Behaviour(
        list_times="iso", list_numbers="text", multiple_choice="comma"
    )
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    form = await door.survey("Feature feedback")
    answers = {"rating": 4, "favourite_features": ["API", "Alerts"]}
    await door.post("/v1/responses", id="1", form_uuid=form, **answers)
    (item,) = await listed(door)
    assert item["completed_at"] == "2026-03-01T12:00:00.000000Z"
    assert item["data"] == {"favourite_features": "API, Alerts", "rating": "4"}
