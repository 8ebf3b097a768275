"""A Refiner connection: the key, its test, and how Refiner refuses one."""

import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer

from trunkline.apps.refiner import ApiKey, app
from trunkline.sdk import AccountValidationError, Api, DataError, RateLimitError

KEY = "an-invented-key-0123456789abcdef"


async def test_the_key_goes_as_a_bearer_token_and_the_project_is_the_label(
    httpserver: HTTPServer, refiner: Api
) -> None:
    httpserver.expect_oneshot_request(
        "/v1/", method="GET", headers={"Authorization": f"Bearer {KEY}"}
    ).respond_with_json({"project_uuid": "7a1f", "project_name": "Production"})

    label = await ApiKey.model_validate({"api_key": KEY}).test(refiner)

    assert label == "Production"
    httpserver.check()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"error": "No API key found in headers"}),
        (401, {"error": "API key does not look valid"}),
        (404, {"message": "API key not valid or does not exist"}),
        (400, {"message": "API key not valid or does not exist."}),
    ],
)
async def test_a_key_refiner_does_not_know_is_to_be_copied_again(
    httpserver: HTTPServer, refiner: Api, status: int, body: dict[str, str]
) -> None:
    httpserver.expect_request("/v1/").respond_with_json(body, status=status)

    with pytest.raises(AccountValidationError, match="Get API Key") as caught:
        await ApiKey.model_validate({"api_key": KEY}).test(refiner)

    assert caught.value.status == status
    assert caught.value.detail == next(iter(body.values()))


@pytest.mark.parametrize("body", [{"error": "Contact not found"}, [], "no", None])
async def test_a_missing_thing_is_not_taken_for_a_missing_key(
    httpserver: HTTPServer, refiner: Api, body: object
) -> None:
    httpserver.expect_request("/v1/contact").respond_with_json(body, status=404)

    with pytest.raises(DataError, match="404"):
        await refiner.get("/v1/contact", params={"uuid": "unknown"})


async def test_an_answer_that_is_no_project_fails_the_test_of_the_connection(
    httpserver: HTTPServer, refiner: Api
) -> None:
    httpserver.expect_request("/v1/").respond_with_data(
        "<html>It works!</html>", content_type="text/html"
    )

    with pytest.raises(DataError):
        await ApiKey.model_validate({"api_key": KEY}).test(refiner)


async def test_the_other_refusals_are_left_to_the_platform(
    httpserver: HTTPServer, refiner: Api
) -> None:
    httpserver.expect_request("/v1/").respond_with_json(
        {"error": "You are doing this too often."},
        status=429,
        headers={"Retry-After": "3600"},
    )

    with pytest.raises(RateLimitError, match="too often") as caught:
        await ApiKey.model_validate({"api_key": KEY}).test(refiner)

    assert caught.value.retry_after == 3600


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "ключ"])
def test_what_cannot_be_a_key_is_refused_before_it_is_sent(key: str) -> None:
    with pytest.raises(ValidationError, match="Copy it again"):
        ApiKey.model_validate({"api_key": key})


def test_blanks_pasted_around_a_key_are_dropped() -> None:
    connection = ApiKey.model_validate({"api_key": f" {KEY}\n"})

    assert connection.secrets() == {KEY}


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(ApiKey.model_validate({"api_key": KEY}))


def test_the_app_has_the_modules_under_their_labels() -> None:
    assert {module.name: module.label for module in app.modules.values()} == {
        "refiner.watch_completed_survey": "Watch Completed Survey",
        "refiner.watch_user_entered_segment": "Watch User Entered Segment",
        "refiner.identify_a_user": "Identify a User",
        "refiner.track_an_event": "Track an Event",
        "refiner.make_an_api_call": "Make an API Call",
        "refiner.list_contacts": "List Contacts",
        "refiner.watch_responses": "Watch Responses",
    }
    assert app.base_url == "https://api.refiner.io"


def test_every_sample_is_a_bundle_of_its_module() -> None:
    with_sample = [module for module in app.modules.values() if module.sample]

    for module in with_sample:
        assert module.output.model_validate(module.sample).model_dump(
            by_alias=True, exclude_unset=True
        ) == dict(module.sample or {})
    assert len(with_sample) == 6
