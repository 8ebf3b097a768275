"""What Refiner tells by webhook: which event it is, what is in it, what repeats."""

import json
from typing import Any

import pytest

from trunkline.apps.refiner import RefinerWebhook, app
from trunkline.apps.refiner.samples import sample
from trunkline.apps.refiner.triggers import (
    watch_completed_survey,
    watch_user_entered_segment,
)
from trunkline.apps.refiner.webhook import COMPLETED_SURVEY, ENTERED_SEGMENT
from trunkline.sdk import BundleValidationError, Delivery


def delivery(payload: object) -> Delivery:
    return Delivery(body=json.dumps(payload).encode(), payload=payload)


def completed(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {**sample("completed_survey"), **changes}


def answered(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return completed(response={**sample("completed_survey")["response"], **changes})


def entered(*segments: Any, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    told = {**sample("entered_segment"), **changes}
    return {**told, "segments": list(segments)} if segments else told


def dedupe_key(payload: object) -> str | None:
    return RefinerWebhook.dedupe_key(delivery(payload))


# Watch Completed Survey


async def test_a_completed_survey_is_one_bundle_under_the_names_on_the_wire() -> None:
    [bundle] = [each async for each in watch_completed_survey(delivery(completed()))]

    assert bundle.values["response"]["data"]["nps"] == "9"
    assert bundle.values["remote_id"] == "user-42"
    assert bundle.values["attributes"]["nps"] == "9"
    assert [one["name"] for one in bundle.values["segments"]] == ["All Users"]
    assert bundle.values["form"]["name"] == "Quarterly NPS"
    assert bundle.values == completed()


async def test_what_refiner_adds_to_an_answer_is_kept() -> None:
    told = answered(data={"nps": 9, "why": None, "which": ["a", "b"]}, score=1.5)

    [bundle] = [each async for each in watch_completed_survey(delivery(told))]

    assert bundle.values == told


async def test_only_the_contact_and_the_response_must_be_there() -> None:
    bare: dict[str, Any] = {
        "uuid": "contact-1",
        "triggered_event": "Completed Survey",
        "response": {"uuid": "response-1", "data": [], "show_counter": "2"},
        "form": [],
        "account": None,
    }

    [bundle] = [each async for each in watch_completed_survey(delivery(bare))]

    assert bundle.values["response"]["data"] == {}
    assert bundle.values["response"]["show_counter"] == 2
    assert bundle.values["form"] is None


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        (None, "the body"),
        ("Completed Survey", "the body"),
        ([completed()], "the body"),
        ({}, "uuid"),
        (completed(uuid=""), "uuid"),
        (completed(uuid=None), "uuid"),
        (completed(uuid={"$gt": ""}), "uuid"),
        (completed(response=None), "response"),
        (completed(response=[]), "response"),
        (answered(uuid=None), "response.uuid"),
        (answered(data="9"), "response.data"),
        (completed(attributes=["nps"]), "attributes"),
        (completed(segments="all"), "segments"),
    ],
)
async def test_a_delivery_that_is_no_completed_survey_is_refused_by_name(
    payload: object, named: str
) -> None:
    with pytest.raises(BundleValidationError, match=named):
        await anext(aiter(watch_completed_survey(delivery(payload))))


async def test_what_a_respondent_types_stays_a_text() -> None:
    typed = "{{1.email}} <script>'; DROP TABLE--\u202e\u0000"

    [bundle] = [
        each
        async for each in watch_completed_survey(
            delivery(answered(data={"why": typed}))
        )
    ]

    assert bundle.values["response"]["data"] == {"why": typed}


# Watch User Entered Segment


async def test_an_entered_segment_is_the_contact_with_its_memberships() -> None:
    told = entered()

    [bundle] = [each async for each in watch_user_entered_segment(delivery(told))]

    names = [one["name"] for one in bundle.values["segments"]]
    assert names == ["All Users", "Power users"]
    assert bundle.values == told


async def test_an_entered_segment_needs_its_contact() -> None:
    with pytest.raises(BundleValidationError, match="uuid"):
        await anext(aiter(watch_user_entered_segment(delivery(entered(uuid=None)))))


# Which event it is


def test_each_trigger_watches_its_own_events() -> None:
    watched = {key: module.events for key, module in app.modules.items()}

    assert watched["watch_completed_survey"] == COMPLETED_SURVEY
    assert watched["watch_user_entered_segment"] == ENTERED_SEGMENT
    assert not COMPLETED_SURVEY & ENTERED_SEGMENT


@pytest.mark.parametrize("event", ["Completed Survey", "Saw Survey", "Tag added"])
def test_the_event_is_what_the_payload_says(event: str) -> None:
    told = delivery(completed(triggered_event=event))

    assert RefinerWebhook.event(told) == event


@pytest.mark.parametrize(
    "payload",
    [
        None,
        17,
        "Completed Survey",
        [],
        [{"triggered_event": "Completed Survey"}],
        {},
        {"triggered_event": None},
        {"triggered_event": ["Completed Survey"]},
        {"triggered_event": ""},
        {"triggered_event": "x" * 100_000},
    ],
)
def test_a_payload_without_an_event_has_none_and_never_repeats(payload: object) -> None:
    assert RefinerWebhook.event(delivery(payload)) is None
    assert dedupe_key(payload) is None


# What repeats


def test_a_survey_told_twice_is_known_again() -> None:
    again = completed(last_seen_at="2026-02-02T08:00:00.000000Z")

    assert dedupe_key(completed()) == dedupe_key(again) is not None


def test_a_response_read_from_the_api_is_known_again() -> None:
    spaced = answered(last_data_reception_at="2026-01-20 10:15:40")

    assert dedupe_key(spaced) == dedupe_key(completed())


@pytest.mark.parametrize(
    "other",
    [
        answered(uuid="another-response"),
        answered(last_data_reception_at="2026-01-20T10:15:41.000000Z"),
        answered(last_data_reception_at="2026-01-20T10:15:40.000001Z"),
        completed(triggered_event="Survey Completed"),
        completed(triggered_event="Dismissed Survey"),
    ],
)
def test_another_interaction_is_another(other: dict[str, Any]) -> None:
    assert dedupe_key(other) not in (None, dedupe_key(completed()))


@pytest.mark.parametrize(
    "missing",
    [
        ["last_data_reception_at"],
        ["last_data_reception_at", "completed_at"],
        ["last_data_reception_at", "completed_at", "received_at"],
    ],
)
def test_other_times_stand_in_for_the_last_data(missing: list[str]) -> None:
    first = answered(**dict.fromkeys(missing))

    assert dedupe_key(first) == dedupe_key(first) is not None


@pytest.mark.parametrize(
    "payload",
    [
        answered(uuid=None),
        answered(uuid=["r"]),
        answered(uuid="r" * 5_000_000),
        completed(response="r"),
        answered(
            last_data_reception_at="yesterday",
            completed_at=None,
            received_at=0,
            last_shown_at="9999-99-99",
        ),
        completed(triggered_event="Tag added"),
        entered(uuid=None),
        entered(segments=None),
        entered("All Users", None, {"uuid": "s"}, {"created_at": "2026-01-20"}),
    ],
)
def test_what_cannot_be_known_again_is_never_taken_for_a_repetition(
    payload: dict[str, Any],
) -> None:
    assert dedupe_key(payload) is None


def membership(uuid: str, at: str) -> dict[str, str]:
    return {"uuid": uuid, "created_at": at}


def test_an_entry_is_the_newest_membership_wherever_it_stands() -> None:
    old = membership("s1", "2026-01-05T09:00:00.000000Z")
    new = membership("s2", "2026-01-20T09:00:00.000000Z")

    assert dedupe_key(entered(old, new)) == dedupe_key(entered(new, old))
    assert dedupe_key(entered(old, new)) == dedupe_key(entered(new)) is not None
    assert dedupe_key(entered(old)) != dedupe_key(entered(new))


def test_entering_again_later_is_another_entry() -> None:
    first = membership("s1", "2026-01-20T09:00:00.000000Z")
    later = membership("s1", "2026-01-21T09:00:00.000000Z")

    assert dedupe_key(entered(first)) != dedupe_key(entered(later))


def test_two_segments_entered_at_once_are_not_one_entry() -> None:
    one = membership("s1", "2026-01-20T09:00:00.000000Z")
    other = membership("s2", "2026-01-20T09:00:00.000000Z")

    assert dedupe_key(entered(one)) != dedupe_key(entered(one, other))


def test_identifiers_cannot_be_cut_so_that_two_keys_meet() -> None:
    first = dedupe_key(answered(uuid='a","b'))
    second = dedupe_key(answered(uuid="a"))

    assert None is not first != second is not None
