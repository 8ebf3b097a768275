"""Make a request: what goes out, what comes back, who gets the credentials."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer

from trunkline.apps.http import Credential, app
from trunkline.apps.http.request import MakeARequest, make_a_request
from trunkline.sdk import (
    AccountValidationError,
    Api,
    ConnectionError,  # noqa: A004 - the SDK's name
    DataError,
    ForeignOriginError,
)

SECRET = "an-invented-secret"

Open = Callable[[Credential], Api]


def credential(httpserver: HTTPServer, **fields: str) -> Credential:
    host = httpserver.url_for("").rstrip("/")
    return Credential.model_validate({"host": host, "secret": SECRET, **fields})


def request(**fields: Any) -> MakeARequest:  # noqa: ANN401 - any field
    return MakeARequest.model_validate(fields)


@pytest.fixture
def anyone(open_api: Callable[..., Api]) -> Api:
    """A client without a connection, which may go anywhere."""
    return open_api(app, None, None)


@pytest.fixture
def bound(open_api: Callable[..., Api]) -> Open:
    """Opens a client that is bound to the credential's host."""
    return lambda mine: open_api(app, mine, mine.base_url())


async def test_a_request_goes_out_as_it_was_filled_in(
    httpserver: HTTPServer, anyone: Api
) -> None:
    httpserver.expect_oneshot_request(
        "/users",
        method="POST",
        headers={"X-Trace": "7", "Content-Type": "application/json"},
        query_string={"page": "2", "tag": "a"},
        json={"name": "Ada"},
    ).respond_with_json({"id": 1}, status=201, headers={"X-Left": "9"})

    answer = await make_a_request(
        anyone,
        request(
            url=httpserver.url_for("/users"),
            method="POST",
            headers=[{"name": "X-Trace", "value": 7}, {"name": "X-None"}],
            query_string={"page": 2, "tag": "a", "none": None},
            body={"name": "Ada"},
        ),
    )

    httpserver.check()
    bundle = answer.model_dump(by_alias=True)
    assert bundle["statusCode"] == 201
    assert bundle["headers"]["x-left"] == "9"
    assert bundle["data"] == {"id": 1}


@pytest.mark.parametrize(
    ("fields", "sent", "kind"),
    [
        ({"body": "<a/>", "content_type": "text/xml"}, b"<a/>", "text/xml"),
        ({"body": [1, 2]}, b"[1,2]", "application/json"),
        (
            {"body": {"a": 1}, "content_type": "application/vnd.api+json"},
            b'{"a":1}',
            "",
        ),
        (
            {
                "body": {"a b": "ä", "c": 1},
                "content_type": "application/x-www-form-urlencoded",
            },
            b"a+b=%C3%A4&c=1",
            "application/x-www-form-urlencoded",
        ),
        (
            {"body": "x", "content_type": "a/b", "headers": {"Content-Type": "c/d"}},
            b"x",
            "c/d",
        ),
        ({}, b"", ""),
    ],
)
async def test_a_body_goes_as_what_it_is(
    httpserver: HTTPServer,
    anyone: Api,
    fields: dict[str, Any],
    sent: bytes,
    kind: str,
) -> None:
    httpserver.expect_request("/in").respond_with_data(status=204)

    answer = await make_a_request(
        anyone, request(url=httpserver.url_for("/in"), method="PUT", **fields)
    )

    received = httpserver.log[0][0]
    assert received.data == sent
    assert (received.content_type or "").startswith(
        kind or fields.get("content_type", "")
    )
    assert answer.data is None


@pytest.mark.parametrize("kind", ["text/xml", "multipart/form-data"])
def test_a_collection_is_not_sent_as_something_it_cannot_be(kind: str) -> None:
    with pytest.raises(ValidationError, match="map a text"):
        request(url="https://example.com", body={"a": 1}, content_type=kind)


async def test_an_answer_stays_a_text_where_that_is_wanted(
    httpserver: HTTPServer, anyone: Api
) -> None:
    httpserver.expect_request("/").respond_with_data(
        '{"id": 1}', content_type="application/json"
    )

    answer = await make_a_request(
        anyone, request(url=httpserver.url_for("/"), parse_response=False)
    )

    assert answer.data == '{"id": 1}'


async def test_a_status_of_400_and_above_is_an_error(
    httpserver: HTTPServer, anyone: Api
) -> None:
    httpserver.expect_request("/").respond_with_json({"error": "bad"}, status=422)

    with pytest.raises(DataError, match="bad") as caught:
        await make_a_request(anyone, request(url=httpserver.url_for("/")))

    assert caught.value.status == 422


@pytest.mark.parametrize("status", [400, 401, 404, 418, 500])
async def test_or_it_is_given_on_whatever_its_status(
    httpserver: HTTPServer, anyone: Api, status: int
) -> None:
    httpserver.expect_request("/").respond_with_json({"error": "bad"}, status=status)

    answer = await make_a_request(
        anyone, request(url=httpserver.url_for("/"), stop_on_http_error=False)
    )

    assert (answer.status_code, answer.data) == (status, {"error": "bad"})


async def test_no_answer_at_all_is_an_error_either_way(
    httpserver: HTTPServer, anyone: Api
) -> None:
    httpserver.expect_request("/").respond_with_json({}, status=404)
    fields = {"stop_on_http_error": False}
    await make_a_request(anyone, request(url=httpserver.url_for("/"), **fields))

    with pytest.raises(ConnectionError):
        await make_a_request(anyone, request(url="http://127.0.0.1:9/", **fields))


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {"Authorization": f"Bearer {SECRET}"}),
        (
            {"scheme": "basic", "user": "ada"},
            {"Authorization": "Basic YWRhOmFuLWludmVudGVkLXNlY3JldA=="},
        ),
        ({"scheme": "header"}, {"X-Api-Key": SECRET}),
        ({"scheme": "header", "header_name": "X-Token"}, {"X-Token": SECRET}),
    ],
)
async def test_credentials_go_with_every_call_to_their_host(
    httpserver: HTTPServer,
    bound: Open,
    fields: dict[str, str],
    headers: dict[str, str],
) -> None:
    httpserver.expect_request("/users", headers=headers).respond_with_json([])
    mine = credential(httpserver, **fields)

    answer = await make_a_request(bound(mine), request(url="/users"))

    assert answer.data == []


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/x", "//elsewhere.example/x", "/../x", "users"]
)
async def test_credentials_do_not_go_elsewhere(
    httpserver: HTTPServer,
    bound: Open,
    url: str,
) -> None:
    mine = credential(httpserver)

    with pytest.raises(ForeignOriginError):
        await make_a_request(bound(mine), request(url=url))

    assert not httpserver.log


@pytest.mark.parametrize("status", [200, 301, 404, 500])
async def test_a_connection_works_unless_its_credentials_are_refused(
    httpserver: HTTPServer,
    bound: Open,
    status: int,
) -> None:
    httpserver.expect_request("/me").respond_with_data(status=status)
    mine = credential(httpserver, test_path="/me")

    label = await mine.test(bound(mine))

    assert label == f"{httpserver.host}:{httpserver.port}"


async def test_a_connection_that_is_refused_does_not_work(
    httpserver: HTTPServer,
    bound: Open,
) -> None:
    httpserver.expect_request("/").respond_with_data(status=401)
    mine = credential(httpserver)

    with pytest.raises(AccountValidationError):
        await mine.test(bound(mine))


async def test_a_host_out_of_reach_fails_the_test(bound: Open) -> None:
    mine = Credential.model_validate({"host": "http://127.0.0.1:9", "secret": SECRET})

    with pytest.raises(ConnectionError):
        await mine.test(bound(mine))


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("api.example.com", "https://api.example.com"),
        ("https://API.example.com/", "https://api.example.com"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://[::1]:8080", "https://[::1]:8080"),
    ],
)
def test_a_credential_is_bound_to_an_origin(host: str, origin: str) -> None:
    mine = Credential.model_validate({"host": host, "secret": SECRET})

    assert mine.base_url() == origin


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": ""},
        {"host": "https://"},
        {"host": "ftp://example.com"},
        {"host": "https://user:word@example.com"},
        {"host": "https://example.com/v1"},
        {"host": "https://example.com:port"},
        {"host": "https://example.com:0"},
        {"host": "https://example.com?x=1"},
        {"host": "two words"},
        {"scheme": "basic"},
        {"scheme": "header", "header_name": "two words"},
        {"secret": ""},
        {"secret": "line\nbreak"},
    ],
)
def test_a_credential_that_cannot_work_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Credential.model_validate(
            {"host": "https://example.com", "secret": SECRET, **wrong}
        )


def test_it_works_without_a_connection() -> None:
    assert not app.modules["make_a_request"].needs_connection
