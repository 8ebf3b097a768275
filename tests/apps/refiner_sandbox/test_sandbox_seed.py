"""Invented data: the same for the same seed, and like life."""

from collections import Counter

from apps.refiner_sandbox.door import KEY, Door, Json, OpenDoor
from trunkline.apps.refiner.sandbox import SandboxSettings


async def everything(door: Door) -> list[Json]:
    return [
        await door.get("/v1/contacts", page_length=1000),
        await door.get("/v1/responses", include="all", page_length=1000),
        await door.get("/v1/forms", include_info=1, include_config=1),
        await door.get("/v1/forms/history", form_uuid=await door.survey()),
        await door.get("/v1/segments"),
        await door.get("/v1/"),
    ]


async def seeded(open_door: OpenDoor, seed: int) -> Door:
    settings = SandboxSettings(key=KEY, contacts=200, responses=300, seed=seed)
    return await open_door(settings)


async def test_the_same_seed_gives_the_same_data(open_door: OpenDoor) -> None:
    one = await everything(await seeded(open_door, 1))
    assert await everything(await seeded(open_door, 1)) == one
    assert await everything(await seeded(open_door, 2)) != one


async def test_uuids_are_unique_and_look_like_version_1(open_door: OpenDoor) -> None:
    contacts, responses, *_ = await everything(await seeded(open_door, 1))
    uuids = [each["uuid"] for each in contacts["items"] + responses["items"]]
    uuids += {each["account"]["uuid"] for each in contacts["items"]}
    assert len(set(uuids)) == len(uuids)
    assert {uuid[14] for uuid in uuids} == {"1"}


async def test_as_many_contacts_and_completed_responses_as_asked_for(
    open_door: OpenDoor,
) -> None:
    contacts, every, *_ = await everything(door := await seeded(open_door, 1))
    assert contacts["pagination"]["items_count"] == 200
    completed = await door.get("/v1/responses")
    assert completed["pagination"]["items_count"] == 300
    assert every["pagination"]["items_count"] > 300


async def test_responses_alone_bring_people_to_give_them(open_door: OpenDoor) -> None:
    door = await open_door(SandboxSettings(key=KEY, responses=10))
    assert (await door.get("/v1/responses"))["pagination"]["items_count"] == 10
    assert (await door.get("/v1/contacts"))["pagination"]["items_count"] == 5


async def test_people_differ_and_have_the_usual_traits(open_door: OpenDoor) -> None:
    contacts, *_ = await everything(await seeded(open_door, 1))
    traits = [contact["attributes"] for contact in contacts["items"]]
    for name in ("plan", "seats", "country", "job_title", "signed_up_at"):
        assert len({each[name] for each in traits}) > 3, name
    accounts = Counter(each["account"]["uuid"] for each in contacts["items"])
    assert accounts.most_common(1)[0][1] > 5
    alone = [each for each in contacts["items"] if not each["account"]["remote_id"]]
    assert 10 < len(alone) < 60


async def test_what_is_planted_is_what_a_change_would_leave(
    open_door: OpenDoor,
) -> None:
    door = await seeded(open_door, 1)
    contacts = (await door.get("/v1/contacts", page_length=200))["items"]
    contact = max(contacts, key=lambda each: len(each["attributes"]))
    after = await door.identified(id=contact["remote_id"])
    for changed in (contact, after):
        changed.pop("last_seen_at")
        changed["attributes"].pop("last_seen_at")
        changed["account"].pop("last_seen_at")
    assert after == contact


async def test_scores_are_plausible(open_door: OpenDoor) -> None:
    door = await seeded(open_door, 1)
    query = {"type": "nps", "date_range_start": "2025-01-01"}
    report = await door.get("/v1/reporting", **query, date_range_end="2027-01-01")
    assert report["count"] > 150
    assert 0 < report["nps"] < 60
    comments = {
        item["data"].get("reason")
        for item in (await door.get("/v1/responses", page_length=300))["items"]
    }
    assert len(comments) > 10
