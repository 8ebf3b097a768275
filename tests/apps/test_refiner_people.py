"""Identify a User, Track an Event, and what no trait may do."""

import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer

from trunkline.apps.refiner.people import (
    IdentifyAUser,
    TrackAnEvent,
    identify_a_user,
    track_an_event,
)
from trunkline.sdk import AccountValidationError, Api


def answer_to(httpserver: HTTPServer, path: str, body: object) -> None:
    httpserver.expect_oneshot_request(path, method="POST", json=body).respond_with_json(
        {"message": "ok", "contact_uuid": "15cce3d0"}
    )


async def test_traits_lie_flat_beside_the_id(
    httpserver: HTTPServer, refiner: Api
) -> None:
    answer_to(
        httpserver,
        "/v1/identify-user",
        {
            "id": "user-42",
            "email": "ada@example.com",
            "first name": "Ada",
            "seats": 12,
            "is_admin": True,
            "city": "",
        },
    )

    identified = await identify_a_user(
        refiner,
        IdentifyAUser(
            user_id="user-42",
            additional_data={
                "email": "ada@example.com",
                "first name": "Ada",
                "seats": 12,
                "is_admin": True,
                "city": "",
            },
        ),
    )

    assert identified.model_dump() == {"message": "ok", "contact_uuid": "15cce3d0"}
    httpserver.check()


async def test_the_account_goes_with_its_traits(
    httpserver: HTTPServer, refiner: Api
) -> None:
    answer_to(
        httpserver,
        "/v1/identify-user",
        {"id": "42", "account": {"id": "acme-1", "name": "Acme Ltd"}},
    )

    await identify_a_user(
        refiner,
        IdentifyAUser.model_validate(
            {
                "user_id": 42,
                "account_id": "acme-1",
                "account_data": [{"name": "name", "value": "Acme Ltd"}],
            }
        ),
    )

    httpserver.check()


async def test_without_an_account_id_no_account_is_sent(
    httpserver: HTTPServer, refiner: Api
) -> None:
    answer_to(httpserver, "/v1/identify-user", {"id": "42"})

    await identify_a_user(refiner, IdentifyAUser(user_id="42", account_id=" "))

    httpserver.check()


async def test_identifying_is_tried_again_when_the_service_stumbles(
    httpserver: HTTPServer, refiner: Api
) -> None:
    httpserver.expect_ordered_request("/v1/identify-user").respond_with_data(status=503)
    httpserver.expect_ordered_request("/v1/identify-user").respond_with_json(
        {"message": "ok"}, status=202
    )

    identified = await identify_a_user(refiner, IdentifyAUser(user_id="42"))

    assert (identified.message, identified.contact_uuid) == ("ok", None)
    assert len(httpserver.log) == 2


async def test_a_refused_key_stops_an_identification(
    httpserver: HTTPServer, refiner: Api
) -> None:
    httpserver.expect_request("/v1/identify-user").respond_with_json(
        {"message": "API key not valid or does not exist"}, status=404
    )

    with pytest.raises(AccountValidationError):
        await identify_a_user(refiner, IdentifyAUser(user_id="42"))


@pytest.mark.parametrize(
    "name",
    [
        *("id", "ID", " Id ", "i-d", "id\u200b", "\uff49\uff44"),
        *("uuid", "UUID", "Uu_id"),
        *("user_id", "User ID", "userId", "USER-ID"),
        *("api_key", "API Key", "apiKey"),
        *("account", "Account", "account[id]", "account.id", "Account ID"),
        *("id[]", "account[plan][name]"),
    ],
)
def test_no_trait_passes_itself_off_as_the_identity(name: str) -> None:
    with pytest.raises(ValidationError, match="is taken"):
        IdentifyAUser(user_id="42", additional_data={name: "43"})


@pytest.mark.parametrize("name", ["id", "ID", "uuid", "account id", "api_key", "id[]"])
def test_no_trait_of_an_account_passes_itself_off_as_its_id(name: str) -> None:
    with pytest.raises(ValidationError, match="is taken"):
        IdentifyAUser(user_id="42", account_id="a", account_data={name: "b"})


@pytest.mark.parametrize(
    "name", ["email", "name", "identity", "idea", "accounting", "paid", "Kunden-Nr."]
)
def test_other_names_are_traits(name: str) -> None:
    fields = IdentifyAUser(user_id="42", additional_data={name: "x"})

    assert fields.body() == {"id": "42", name: "x"}


def test_account_data_without_an_account_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs an Account ID"):
        IdentifyAUser(user_id="42", account_data={"name": "Acme Ltd"})


@pytest.mark.parametrize("name", ["", "  "])
def test_a_trait_needs_a_name(name: str) -> None:
    with pytest.raises(ValidationError, match="without a name"):
        IdentifyAUser(user_id="42", additional_data={name: "x"})


@pytest.mark.parametrize("user_id", ["", "  ", None])
def test_nobody_cannot_be_identified(user_id: str | None) -> None:
    with pytest.raises(ValidationError, match="user_id"):
        IdentifyAUser.model_validate({"user_id": user_id})


async def test_an_event_is_sent_under_the_names_refiner_knows(
    httpserver: HTTPServer, refiner: Api
) -> None:
    answer_to(httpserver, "/v1/track-event", {"id": "user-42", "event": "Signed up"})

    tracked = await track_an_event(
        refiner, TrackAnEvent(user_id="user-42", event_name="Signed up")
    )

    assert tracked.message == "ok"
    httpserver.check()


@pytest.mark.parametrize("missing", ["user_id", "event_name"])
def test_an_event_needs_a_user_and_a_name(missing: str) -> None:
    fields = {"user_id": "42", "event_name": "Signed up"}

    with pytest.raises(ValidationError, match=missing):
        TrackAnEvent.model_validate({**fields, missing: " "})
