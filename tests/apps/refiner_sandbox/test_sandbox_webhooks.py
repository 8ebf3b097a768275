"""What webhooks are told, when, and how it is logged (refiner-api 4)."""

from collections.abc import Awaitable, Callable

import pytest

from apps.refiner_sandbox.door import KEY, Door, Json, OpenDoor, StoppedClock
from apps.refiner_sandbox.receiver import Receiver
from trunkline.apps.refiner.sandbox import Behaviour, SandboxSettings, running

EVERYTHING = [
    "Completed Survey",
    "Saw Survey",
    "Dismissed Survey",
    "User entered segment",
    "Tag added",
]

Act = Callable[[Door], Awaitable[object]]


async def hook(door: Door, url: str, *events: str, secret: str = "") -> str:
    """Adds a webhook by its page; its uuid."""
    fields = {"name": "Test", "events": list(events), "url": url, "secret": secret}
    uuid: str = (await door.post("/integrations/webhooks", **fields))["uuid"]
    return uuid


async def act(door: Door, action: str, **fields: object) -> Json:
    path = f"/surveys/{await door.survey()}/answers"
    return await door.post(path, action=action, **({"id": "1"} | fields))


async def logged(door: Door) -> list[Json]:
    await door.sender.settled()
    items: list[Json] = (await door.get("/webhook-log"))["items"]
    return items


async def completed(door: Door, receiver: Receiver, clock: StoppedClock) -> Json:
    """What is told of the reference's example: seen, begun and completed."""
    await door.post("/v1/identify-user", id="other", city="Bern")
    await hook(door, receiver.url, "Completed Survey")
    person = {"id": "user-42", "email": "ada@example.com", "name": "Ada Example"}
    await act(door, "see", **person)
    clock.advance(seconds=21)
    await act(door, "partial", **person, data={"nps": "9"})
    clock.advance(seconds=19)
    await act(door, "complete", **person, data={"nps": 9, "reason": "Fast support"})
    await door.sender.settled()
    (body,) = receiver.bodies
    return body


async def test_a_completed_survey_is_told_with_the_captured_keys_in_order(
    door: Door, receiver: Receiver, clock: StoppedClock
) -> None:
    body = await completed(door, receiver, clock)
    assert list(body) == [
        "uuid",
        "cookie_uuid",
        "project_uuid",
        "remote_id",
        "email",
        "display_name",
        "first_seen_at",
        "last_seen_at",
        "attributes",
        "segments",
        "account",
        "triggered_event",
        "form",
        "response",
    ]
    assert list(body["segments"][0]) == ["uuid", "name", "created_at", "updated_at"]
    assert body["triggered_event"] == "Completed Survey"
    assert body["form"] == {"uuid": await door.survey(), "name": "Quarterly NPS"}
    assert body["project_uuid"] == (await door.get("/v1/"))["project_uuid"]


async def test_all_traits_are_told_by_name_as_texts_or_null(
    door: Door, receiver: Receiver, clock: StoppedClock
) -> None:
    body = await completed(door, receiver, clock)
    assert list(body["attributes"].items()) == [
        ("city", None),
        ("email", "ada@example.com"),
        ("first_seen_at", "2026-03-01T12:00:00.000000Z"),
        ("form_submissions_count", "1"),
        ("form_views_count", "1"),
        ("last_form_submission_at", "2026-03-01T12:00:40.000000Z"),
        ("last_form_view_at", "2026-03-01T12:00:00.000000Z"),
        ("last_seen_at", "2026-03-01T12:00:40.000000Z"),
        ("name", "Ada Example"),
        ("nps", "9"),
        ("reason", "Fast support"),
    ]


async def test_account_and_response_are_told_in_full(
    door: Door, receiver: Receiver, clock: StoppedClock
) -> None:
    body = await completed(door, receiver, clock)
    assert list(body["account"].items())[1:] == [
        ("remote_id", None),
        ("domain", None),
        ("display_name", ""),
        ("first_seen_at", "2026-03-01T12:00:00.000000Z"),
        ("last_seen_at", "2026-03-01T12:00:40.000000Z"),
        ("attributes", {"name": None}),
    ]
    assert list(body["response"].items())[1:] == [
        ("first_shown_at", "2026-03-01T12:00:00.000000Z"),
        ("last_shown_at", "2026-03-01T12:00:00.000000Z"),
        ("show_counter", None),
        ("first_data_reception_at", "2026-03-01T12:00:21.000000Z"),
        ("last_data_reception_at", "2026-03-01T12:00:40.000000Z"),
        ("completed_at", "2026-03-01T12:00:40.000000Z"),
        ("dismissed_at", None),
        ("received_at", "2026-03-01T12:00:40.000000Z"),
        ("data", {"nps": "9", "reason": "Fast support"}),
        ("tags", []),
    ]


async def test_a_contact_without_browser_has_no_cookie(
    door: Door, receiver: Receiver
) -> None:
    await hook(door, receiver.url, "Completed Survey")
    form = await door.survey()
    await door.post("/v1/responses", id="1", form_uuid=form, nps=9)
    await door.sender.settled()
    assert "cookie_uuid" not in receiver.bodies[0]


async def enter_segment(door: Door) -> None:
    segment = await door.segment("Beta testers")
    await door.post("/v1/sync-segment", id="1", segment_uuid=segment)


async def become_promoter(door: Door) -> None:
    await act(door, "partial", data={"nps": "10"})


async def tag(door: Door) -> None:
    body = await act(door, "partial", data={"nps": "7"})
    for _ in range(2):
        await door.post("/v1/responses/tags", uuid=body["uuid"], tags=["a", "b"])


@pytest.mark.parametrize(
    ("do", "event"),
    [
        (lambda door: act(door, "see"), "Saw Survey"),
        (lambda door: act(door, "dismiss"), "Dismissed Survey"),
        (lambda door: act(door, "complete", data={"nps": "8"}), "Completed Survey"),
        (enter_segment, "User entered segment"),
        (become_promoter, "User entered segment"),
        (tag, "Tag added"),
    ],
)
async def test_each_event_is_told_once_and_no_other(
    door: Door, receiver: Receiver, do: Act, event: str
) -> None:
    await hook(door, receiver.url, *EVERYTHING)
    await do(door)
    await door.sender.settled()
    assert [body["triggered_event"] for body in receiver.bodies] == [event]


async def test_segment_entry_carries_no_survey(door: Door, receiver: Receiver) -> None:
    await hook(door, receiver.url, "User entered segment")
    await enter_segment(door)
    await enter_segment(door)
    await door.sender.settled()
    (body,) = receiver.bodies
    assert not {"form", "response"} & body.keys()
    assert {each["name"] for each in body["segments"]} == {"All Users", "Beta testers"}


async def test_a_dismissal_tells_its_time_and_no_data(
    door: Door, receiver: Receiver
) -> None:
    await hook(door, receiver.url, "Dismissed Survey")
    await act(door, "dismiss")
    await door.sender.settled()
    response = receiver.bodies[0]["response"]
    assert response["dismissed_at"] == "2026-03-01T12:00:00.000000Z"
    assert response["completed_at"] is None
    assert response["data"] == {}


async def test_event_names_and_quiet_storing_are_switches(
    open_door: OpenDoor, receiver: Receiver
) -> None:
    behaviour = Behaviour(
        segment_event="Segment Match",
        stored_response_fires=False,
        all_users_entry_fires=True,
    )
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    await hook(door, receiver.url, "Segment Match", "Completed Survey")
    form = await door.survey()
    await door.post("/v1/responses", id="1", form_uuid=form, nps=7)
    await door.sender.settled()
    (body,) = receiver.bodies
    assert body["triggered_event"] == "Segment Match"
    assert [segment["name"] for segment in body["segments"]] == ["All Users"]


async def test_a_secret_is_sent_as_bearer_and_never_shown(
    door: Door, receiver: Receiver
) -> None:
    await hook(door, receiver.url, "Saw Survey", secret="s3cret-token")
    await hook(door, receiver.url, "Saw Survey")
    await act(door, "see")
    await door.sender.settled()
    sent = {headers.get("Authorization") for headers, _ in receiver.came}
    assert sent == {"Bearer s3cret-token", None}
    assert receiver.came[0][0]["Content-Type"] == "application/json"
    assert "s3cret" not in str(await door.get("/integrations/webhooks"))


async def test_every_send_is_logged_with_its_answer(
    door: Door, receiver: Receiver
) -> None:
    receiver.status = 500
    await hook(door, receiver.url, "Saw Survey")
    await act(door, "see")
    (send,) = await logged(door)
    assert send.pop("duration_ms") >= 0
    assert send == {
        "sent_at": "2026-03-01T12:00:00.000000Z",
        "webhook": "Test",
        "event": "Saw Survey",
        "url": receiver.url,
        "attempt": 1,
        "status": 500,
        "answer": "OK, thanks",
        "error": None,
    }


async def test_a_send_without_answer_is_logged_with_its_error(door: Door) -> None:
    await hook(door, "http://127.0.0.1:1/hook", "Saw Survey")
    await act(door, "see")
    (send,) = await logged(door)
    assert send["status"] is None
    assert "127.0.0.1" in send["error"]


async def test_a_receiver_has_a_limited_time_to_answer(
    open_door: OpenDoor, receiver: Receiver
) -> None:
    behaviour = Behaviour(webhook_timeout=0.05)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    receiver.silent = True
    await hook(door, receiver.url, "Saw Survey")
    await act(door, "see")
    (send,) = await logged(door)
    assert send["error"] == "no answer within 0.05 seconds"


async def test_failed_sends_can_be_tried_again(
    open_door: OpenDoor, receiver: Receiver
) -> None:
    behaviour = Behaviour(webhook_retries=2, webhook_retry_pause=0)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    receiver.status = 503
    await hook(door, receiver.url, "Saw Survey")
    await act(door, "see")
    assert [send["attempt"] for send in await logged(door)] == [3, 2, 1]


async def test_nothing_is_told_of_a_change_that_was_refused(
    door: Door, receiver: Receiver
) -> None:
    await hook(door, receiver.url, *EVERYTHING)
    segment = await door.segment("Promoters")
    await door.post("/v1/sync-segment", id="1", segment_uuid=segment, status=422)
    await act(door, "see")
    await door.sender.settled()
    assert len(receiver.came) == 1


async def test_a_deleted_webhook_is_told_nothing(
    door: Door, receiver: Receiver
) -> None:
    uuid = await hook(door, receiver.url, "Saw Survey")
    await door.post(f"/integrations/webhooks/{uuid}/delete")
    await door.post(f"/integrations/webhooks/{uuid}/delete", status=404)
    await act(door, "see")
    assert await logged(door) == []


async def test_stopping_drops_what_is_on_its_way(
    door: Door, receiver: Receiver
) -> None:
    receiver.silent = True
    async with running(SandboxSettings(key=KEY)) as short:
        passing = Door(door.http, short)
        await hook(passing, receiver.url, "Saw Survey")
        await act(passing, "see")
