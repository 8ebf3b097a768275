"""Contacts, their traits and accounts (refiner-api 3.3 to 3.7, 5)."""

import pytest

from apps.refiner_sandbox.door import KEY, Door, OpenDoor, StoppedClock
from trunkline.apps.refiner.sandbox import Behaviour, SandboxSettings


async def test_identify_creates_a_contact_with_account_and_all_users(
    door: Door,
) -> None:
    contact = await door.identified(id="user-42", email="ada@example.com", name="Ada")
    assert list(contact) == [
        "uuid",
        "remote_id",
        "email",
        "display_name",
        "first_seen_at",
        "last_seen_at",
        "attributes",
        "segments",
        "account",
    ]
    assert contact["remote_id"] == "user-42"
    assert contact["display_name"] == "Ada"
    assert contact["first_seen_at"] == "2026-03-01T12:00:00.000000Z"
    assert [segment["name"] for segment in contact["segments"]] == ["All Users"]
    assert contact["account"]["remote_id"] is None
    assert contact["account"]["display_name"] == ""
    assert contact["uuid"][14] == "1", "a version-1 uuid"


async def test_identify_again_updates_and_merges(
    door: Door, clock: StoppedClock
) -> None:
    first = await door.identified(id="1", plan="free", city="Bern")
    clock.advance(hours=1)
    again = await door.identified(id="1", plan="pro")
    assert again["uuid"] == first["uuid"]
    assert again["attributes"]["plan"] == "pro"
    assert again["attributes"]["city"] == "Bern"
    assert again["last_seen_at"] == "2026-03-01T13:00:00.000000Z"
    assert again["first_seen_at"] == first["first_seen_at"]


async def test_identify_needs_an_id_or_email(door: Door) -> None:
    answer = await door.post("/v1/identify-user", name="Nobody", status=422)
    assert answer == {"error": "The id or email field is required."}


@pytest.mark.parametrize(
    ("sent", "slug", "shown"),
    [
        ({"userCountry": "DE"}, "user_country", "DE"),
        ({"Job Title": "Chef"}, "job_title", "Chef"),
        ({"address": {"city": "Bern"}}, "address_city", "Bern"),
        ({"seats": 12}, "seats", "12"),
        ({"ratio": 1.5}, "ratio", "1.5"),
        ({"vip": True}, "vip", "true"),
        ({"signed_up_at": 1664582400}, "signed_up_at", "2022-10-01T00:00:00.000000Z"),
        ({"signed_up_at": "2022-10-01"}, "signed_up_at", "2022-10-01T00:00:00.000000Z"),
        ({"birth_date": "2000-02-29"}, "birth_date", "2000-02-29T00:00:00.000000Z"),
        ({"closed_at": "soon"}, "closed_at", "soon"),
        ({"zip": "00123"}, "zip", "00123"),
        ({"phone": "4915112345678"}, "phone", "4915112345678"),
        ({"huge": 3_000_000_000}, "huge", "2147483647"),
        ({"roles": ["admin", "owner"]}, "roles", "admin, owner"),
    ],
)
async def test_traits_are_named_and_written_as_refiner_does(
    door: Door, sent: dict[str, object], slug: str, shown: str
) -> None:
    contact = await door.identified(id="1", **sent)
    assert contact["attributes"][slug] == shown


async def test_long_texts_are_cut_at_the_limit(open_door: OpenDoor) -> None:
    behaviour = Behaviour(string_limit=255)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    contact = await door.identified(id="1", note="x" * 300)
    assert len(contact["attributes"]["note"]) == 255


async def test_an_empty_value_erases(door: Door) -> None:
    await door.identified(id="1", email="a@example.com", name="Ada", city="Bern")
    contact = await door.identified(id="1", email="", name="", city="")
    assert contact["email"] is None
    assert contact["display_name"] == ""
    assert "city" not in contact["attributes"]


async def test_traits_beyond_the_limit_are_dropped(open_door: OpenDoor) -> None:
    behaviour = Behaviour(trait_limit=1)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    contact = await door.identified(id="1", first="a", second="b")
    assert "second" not in contact["attributes"]


async def test_computed_fields_cannot_be_sent(door: Door) -> None:
    contact = await door.identified(id="1", first_seen_at="1999-01-01")
    assert contact["attributes"]["first_seen_at"] == contact["first_seen_at"]


async def test_contacts_share_a_grouped_account(door: Door) -> None:
    one = await door.identified(id="1", account={"id": "acme", "name": "Acme"})
    await door.identified(id="2", account={"id": "acme", "seats": 5})
    one = await door.get("/v1/contact", uuid=one["uuid"])
    two = await door.get("/v1/contact", id="2")
    assert one["account"] == two["account"]
    assert one["account"]["display_name"] == "Acme"
    assert one["account"]["attributes"] == {"name": "Acme", "seats": "5"}


@pytest.mark.parametrize("account", [{"name": "Acme"}, "acme"])
async def test_an_account_needs_an_id(door: Door, account: object) -> None:
    answer = await door.post("/v1/identify-user", id="1", account=account, status=422)
    assert "account" in answer["error"]
    await door.get("/v1/contact", id="1", status=404)


async def test_an_id_joins_the_contact_that_only_had_the_email(door: Door) -> None:
    by_email = await door.identified(email="ada@example.com")
    both = await door.identified(id="1", email="ada@example.com")
    assert both["uuid"] == by_email["uuid"]
    assert both["remote_id"] == "1"


async def test_contacts_may_share_an_email_and_the_id_goes_before_it(
    door: Door, clock: StoppedClock
) -> None:
    await door.identified(id="1", email="team@example.com")
    clock.advance(seconds=1)
    two = await door.identified(id="2", email="team@example.com")
    newest = await door.get("/v1/contact", email="team@example.com")
    assert newest["uuid"] == two["uuid"]
    one = await door.get("/v1/contact", id="1", email="team@example.com")
    assert one["remote_id"] == "1"


@pytest.mark.parametrize("path", ["/v1/track-event", "/v1/track"])
async def test_an_event_creates_its_contact_and_ignores_properties(
    door: Door, path: str
) -> None:
    assert await door.post(path, id="1", event="paid", amount=3) == {"message": "ok"}
    contact = await door.get("/v1/contact", id="1")
    assert "amount" not in contact["attributes"]
    await door.post(path, id="1", status=422)


async def test_the_alias_of_track_event_can_be_taken_away(open_door: OpenDoor) -> None:
    behaviour = Behaviour(track_alias=False)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    await door.post("/v1/track", id="1", event="paid", status=404)


async def test_a_missing_contact_is_not_found(door: Door) -> None:
    answer = await door.get("/v1/contact", id="nobody", status=404)
    assert answer == {"error": "Contact not found"}
    await door.get("/v1/contact", status=422)


async def test_deleting_a_contact_deletes_its_responses(door: Door) -> None:
    form = await door.survey()
    await door.post("/v1/responses", id="1", form_uuid=form, nps=9)
    assert await door.delete("/v1/contact", id="1") == {"message": "ok"}
    await door.get("/v1/contact", id="1", status=404)
    assert (await door.get("/v1/responses"))["items"] == []
    await door.delete("/v1/contact", id="1", status=404)


async def test_deleting_takes_its_parameters_from_a_json_body_too(door: Door) -> None:
    await door.identified(id="1")
    await door.call("DELETE", "/v1/contact", json={"id": "1"})
    await door.get("/v1/contact", id="1", status=404)


async def test_unset_traits_can_be_shown_as_null(open_door: OpenDoor) -> None:
    behaviour = Behaviour(unset_traits=True)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    await door.identified(id="1", city="Bern")
    other = await door.identified(id="2")
    assert other["attributes"]["city"] is None
    listed = await door.get("/v1/contacts", search="2")
    assert listed["items"][0]["attributes"]["city"] is None


async def test_writes_may_answer_202_and_errors_in_laravels_shape(
    open_door: OpenDoor,
) -> None:
    behaviour = Behaviour(write_status=202, validation_body="errors")
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    await door.post("/v1/identify-user", id="1", status=202)
    answer = await door.post("/v1/track-event", id="1", status=422)
    assert answer["errors"] == {"event": ["The event field is required."]}
