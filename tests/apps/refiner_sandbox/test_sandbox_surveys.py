"""Surveys, segments and reports (refiner-api 3.11 to 3.19)."""

import pytest

from apps.refiner_sandbox.door import KEY, Door, Json, OpenDoor
from trunkline.apps.refiner.sandbox import Behaviour, SandboxSettings

SURVEYS = {
    "all": {"Feature feedback", "Onboarding check-in", "Quarterly NPS", "Support CSAT"},
    "published": {"Feature feedback", "Quarterly NPS", "Support CSAT"},
    "drafts": {"Onboarding check-in"},
    "archived": {"Cancellation reasons"},
}


async def names(door: Door, which: str) -> set[str]:
    forms = await door.get("/v1/forms", list=which)
    return {form["name"] for form in forms["items"]}


async def answered(door: Door, survey: str, **answers: list[object]) -> None:
    """One contact for each of the answers."""
    form = await door.survey(survey)
    for identifier, values in answers.items():
        for number, value in enumerate(values):
            await door.post(
                "/v1/responses",
                id=f"{identifier}-{number}",
                form_uuid=form,
                **{identifier: value},
            )


async def report(door: Door, kind: str, **query: str) -> Json:
    answer = await door.get("/v1/reporting", type=kind, **query)
    assert answer.pop("date_range_start") == "2026-02-22T12:00:00.000000Z"
    assert answer.pop("date_range_end") == "2026-03-01T23:59:59.999999Z"
    return answer


@pytest.mark.parametrize("which", SURVEYS)
async def test_lists_of_surveys_go_by_state(door: Door, which: str) -> None:
    assert await names(door, which) == SURVEYS[which]


async def test_all_surveys_come_by_name_and_unknown_lists_not_at_all(
    door: Door,
) -> None:
    forms = await door.get("/v1/forms", list="all_with_archived")
    listed = [form["name"] for form in forms["items"]]
    assert listed == sorted(listed)
    assert len(listed) == 5
    assert list(forms["items"][0]) == ["uuid", "name"]
    await door.get("/v1/forms", list="some", status=422)


async def test_info_and_configuration_come_on_request(door: Door) -> None:
    await answered(door, "Quarterly NPS", nps=[9])
    forms = await door.get("/v1/forms", include_info=1, include_config="true")
    form = next(each for each in forms["items"] if each["name"] == "Quarterly NPS")
    assert form["responses_count"] == form["views_count"] == 1
    assert form["channels"] == ["web", "mobile"]
    assert form["last_form_view_at"] == "2026-03-01T12:00:00.000000Z"
    identifiers = [each["identifier"] for each in form["config"]["form_elements"]]
    assert identifiers == ["nps", "reason"]


async def test_a_survey_is_taken_down_and_published_again(door: Door) -> None:
    form = await door.survey()
    answer = await door.post("/v1/forms/publish", form_uuid=form, published=0)
    assert "unpublished" in answer["message"]
    assert "Quarterly NPS" in await names(door, "drafts")
    answer = await door.post("/v1/forms/publish", form_uuid=form)
    assert answer == {"message": "Your form was published successfully."}
    assert "Quarterly NPS" in await names(door, "published")


async def test_a_copy_is_a_draft_with_the_same_questions(door: Door) -> None:
    form = await door.survey()
    answer = await door.post("/v1/forms/duplicate", form_uuid=form, name="Copy")
    assert answer["source_form_uuid"] == form
    drafts = await door.get("/v1/forms", list="drafts", include_config=1)
    copy = next(each for each in drafts["items"] if each["name"] == "Copy")
    assert copy["uuid"] == answer["new_form_uuid"]
    assert len(copy["config"]["form_elements"]) == 2
    await door.post("/v1/forms/duplicate", form_uuid=form, status=422)


@pytest.mark.parametrize("place", ["params", "json"])
async def test_deleting_a_survey_archives_it(door: Door, place: str) -> None:
    request = {place: {"form_uuid": await door.survey()}}
    await door.call("DELETE", "/v1/forms", **request)
    assert "Quarterly NPS" in await names(door, "archived")


async def test_the_history_tells_every_change_newest_first(door: Door) -> None:
    form = await door.survey()
    await door.post("/v1/forms/publish", form_uuid=form, published="0")
    await door.delete("/v1/forms", form_uuid=form)
    history = await door.get("/v1/forms/history", form_uuid=form)
    actions = [change["action"] for change in history["items"]]
    assert actions == ["archive", "unpublish", "create"]
    assert history["items"][0]["snapshot"]["archived_at"]
    assert history["pagination"]["items_count"] == 3
    await door.get("/v1/forms/history", form_uuid="unknown", status=404)


async def test_contacts_are_put_into_and_taken_out_of_a_manual_segment(
    door: Door,
) -> None:
    segment = await door.segment("Beta testers")
    request = {"id": "1", "segment_uuid": segment}
    answer = await door.post("/v1/sync-segment", **request)
    contact = await door.get("/v1/contact", id="1")
    assert answer == {
        "message": "ok",
        "contact_uuid": contact["uuid"],
        "segment_uuid": segment,
    }
    assert {each["name"] for each in contact["segments"]} == {
        "All Users",
        "Beta testers",
    }
    assert await door.delete("/v1/sync-segment", **request) == answer
    contact = await door.get("/v1/contact", id="1")
    assert {each["name"] for each in contact["segments"]} == {"All Users"}


async def test_only_manual_segments_and_known_contacts_are_synced(door: Door) -> None:
    promoters = await door.segment("Promoters")
    await door.post("/v1/sync-segment", id="1", segment_uuid=promoters, status=422)
    await door.post("/v1/sync-segment", id="1", segment_uuid="unknown", status=404)
    await door.post("/v1/sync-segment", id="1", status=422)
    beta = await door.segment("Beta testers")
    await door.delete("/v1/sync-segment", id="1", segment_uuid=beta, status=404)


async def test_data_driven_segments_follow_the_traits(door: Door) -> None:
    contact = await door.identified(id="1", plan="enterprise")
    assert "Enterprise customers" in {each["name"] for each in contact["segments"]}
    contact = await door.identified(id="1", plan="free")
    assert "Enterprise customers" not in {each["name"] for each in contact["segments"]}


async def test_the_other_spelling_of_segment_uuid_can_be_added(
    open_door: OpenDoor,
) -> None:
    behaviour = Behaviour(segment_uid=True)
    door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
    segment = await door.segment("Beta testers")
    answer = await door.post("/v1/sync-segment", id="1", segment_uuid=segment)
    assert answer["segment_uid"] == segment


async def test_nps_is_promoters_less_detractors(door: Door) -> None:
    await answered(door, "Quarterly NPS", nps=[10, "9", 9, 8, 7, 6, 0, 10, "?"])
    assert await report(door, "nps") == {
        "data": {"detractors": 2, "passives": 2, "promoters": 4},
        "count": 8,
        "nps": 25,
    }


async def test_scores_are_rounded_or_floored(open_door: OpenDoor) -> None:
    for rounding, score in {"round": 67, "floor": 66}.items():
        behaviour = Behaviour(score_rounding=rounding, empty_score=None)  # type: ignore[arg-type]
        door = await open_door(SandboxSettings(key=KEY, behaviour=behaviour))
        assert (await report(door, "nps"))["nps"] is None
        await answered(door, "Support CSAT", csat=[2, 1, -1])
        assert (await report(door, "csat"))["csat"] == score


async def test_csat_counts_the_satisfied(door: Door) -> None:
    await answered(door, "Support CSAT", csat=[2, 1, 0, -2])
    assert await report(door, "csat") == {
        "data": {
            "very_unsatisfied": 1,
            "unsatisfied": 0,
            "neutral": 1,
            "satisfied": 1,
            "very_satisfied": 1,
        },
        "count": 4,
        "csat": 50,
    }


async def test_ratings_are_summed_and_averaged(door: Door) -> None:
    await answered(door, "Feature feedback", rating=[5, 5, 4])
    assert await report(door, "ratings") == {
        "data": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 2},
        "count": 3,
        "sum": 14,
        "average": 4.67,
    }


async def test_a_distribution_counts_choices_and_responses(door: Door) -> None:
    chosen: list[object] = [["API", "Alerts"], ["API"]]
    await answered(door, "Feature feedback", favourite_features=chosen)
    assert await report(door, "distribution") == {
        "data": {"API": 2, "Alerts": 1},
        "datapoints": 3,
        "responses": 2,
    }


async def test_a_count_tells_views_from_responses(door: Door) -> None:
    await answered(door, "Quarterly NPS", nps=[9])
    await door.post(f"/surveys/{await door.survey()}/answers", action="see", id="2")
    assert await report(door, "count") == {"views": 2, "responses": 1}


async def test_reports_are_narrowed_by_question_survey_and_answer(door: Door) -> None:
    await answered(door, "Quarterly NPS", nps=[10, 10, 0])
    csat = await door.survey("Support CSAT")
    assert (await report(door, "nps", **{"form_uuids[]": csat}))["count"] == 0
    only = await report(door, "nps", **{"response_data[nps]": "10"})
    assert only["nps"] == 100
    other = await report(door, "nps", **{"question_identifiers[]": "reason"})
    assert other["count"] == 0


async def test_the_range_is_echoed_and_bounds_the_answers(door: Door) -> None:
    form = await door.survey()
    old = {"id": "1", "form_uuid": form, "nps": 9, "date": "2026-01-15"}
    await door.post("/v1/responses", **old)
    query = {"type": "nps", "date_range_start": "2026-01-01"}
    answer = await door.get("/v1/reporting", **query, date_range_end="2026-02-01")
    assert answer["count"] == 1
    assert answer["date_range_start"] == "2026-01-01T00:00:00.000000Z"
    assert answer["date_range_end"] == "2026-02-01T00:00:00.000000Z"
    assert (await report(door, "nps"))["count"] == 0


@pytest.mark.parametrize("query", [{}, {"type": "mood"}])
async def test_a_report_needs_a_known_type(door: Door, query: dict[str, str]) -> None:
    await door.get("/v1/reporting", status=422, **query)
