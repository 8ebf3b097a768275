"""What a call looks like on the wire, and what comes back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, Field, SecretStr

from fakes.faulty_server import FaultyServer, reply
from trunkline.sdk import (
    Api,
    BasicAuth,
    Channel,
    DataError,
    HeaderAuth,
    InvalidConfigurationError,
    NoAuth,
    QueryAuth,
)

Open = Callable[..., Channel]
OK = reply(body='{"message": "ok"}', Content_Type="application/json")


class Person(BaseModel):
    user_id: str = Field(serialization_alias="id")
    email: str | None = None


class Receipt(BaseModel):
    message: str


def head(request: bytes) -> str:
    return request.partition(b"\r\n\r\n")[0].decode().lower()


def body(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]


async def test_a_model_is_sent_under_the_names_that_the_service_knows(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(OK)

    receipt = await Api(open_channel()).post(
        "/identify", json=Person(user_id="7"), into=Receipt
    )

    assert receipt == Receipt(message="ok")
    assert json.loads(body(server.requests[0])) == {"id": "7"}
    assert "content-type: application/json" in head(server.requests[0])


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({"a": None, "b": True, "c": False}, "b=1&c=0"),
        ({"ids": [1, "two", None]}, "ids=1&ids=two"),
        ({"ids[]": ["x", "y"]}, "ids[]=x&ids[]=y"),
        ({"account": {"id": 7}}, "account[id]=7"),
        (
            {"at": datetime(2026, 1, 31, 10, tzinfo=UTC)},
            "at=2026-01-31T10:00:00%2B00:00",
        ),
        ({"n": 2.0, "d": Decimal("1E+2")}, "n=2&d=100"),
        ({"q": "a b&c=d+é"}, "q=a+b%26c%3Dd%2B%C3%A9"),
        (Person(user_id="7"), "id=7"),
    ],
)
async def test_parameters_are_written_as_services_read_them(
    params: Any,  # noqa: ANN401 - a model or a mapping
    query: str,
    server: FaultyServer,
    open_channel: Open,
) -> None:
    server.says(OK)
    await Api(open_channel()).get("/x", params=params)
    line = server.requests[0].split(b" ")[1].decode()
    assert line.replace("%5B", "[").replace("%5D", "]") == f"/v1/x?{query}"


@pytest.mark.parametrize(
    ("given", "sent", "content_type"),
    [
        ('{"a": 1}', b'{"a": 1}', "application/json"),
        ("a=1", b"a=1", "text/plain; charset=utf-8"),
        ({"a": Decimal("1.5")}, b'{"a":1.5}', "application/json"),
        ([1], b"[1]", "application/json"),
        (b"\x00", b"\x00", "application/octet-stream"),
    ],
)
async def test_a_body_is_sent_with_the_type_it_has(
    given: object,
    sent: bytes,
    content_type: str,
    server: FaultyServer,
    open_channel: Open,
) -> None:
    server.says(OK)
    await Api(open_channel()).request("POST", "/x", body=given)
    assert body(server.requests[0]) == sent
    assert f"content-type: {content_type}\r\n" in head(server.requests[0]) + "\r\n"


async def test_a_header_of_the_user_says_what_the_body_is(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(OK)
    headers = {"Content-Type": "text/csv"}
    await Api(open_channel()).request("POST", "/x", body="1", headers=headers)
    assert head(server.requests[0]).count("content-type") == 1
    assert "content-type: text/csv" in head(server.requests[0])


async def test_a_form_is_urlencoded(server: FaultyServer, open_channel: Open) -> None:
    server.says(OK)
    await Api(open_channel()).post("/x", form={"a": [1, 2], "b": "ü &"})
    assert body(server.requests[0]) == b"a=1&a=2&b=%C3%BC+%26"


async def test_what_json_cannot_hold_is_an_error_before_sending(
    server: FaultyServer, open_channel: Open
) -> None:
    with pytest.raises(DataError, match="cannot be written as JSON"):
        await Api(open_channel()).post("/x", json={"a": object()})
    assert server.connections == 0


SECRET = SecretStr("an-invented-key")


@pytest.mark.parametrize(
    ("auth", "headers", "path"),
    [
        (BasicAuth("u", SECRET), {"authorization": "x"}, "/x"),
        (HeaderAuth("X-Api-Key", SECRET), {"x-API-key": "x"}, "/x"),
        (QueryAuth("api_key", SECRET), {}, "/x?api_key=other"),
        (NoAuth(), {"Host": "evil.example"}, "/x"),
        (NoAuth(), {"Content-Length": "0"}, "/x"),
        (NoAuth(), {"Transfer-Encoding": "chunked"}, "/x"),
        (NoAuth(), {"Connection": "upgrade"}, "/x"),
        (NoAuth(), {"X-A": "a\r\nX-B: b"}, "/x"),
        (NoAuth(), {"X-A": "a\x00"}, "/x"),
        (NoAuth(), {"X-A\r\nX-B": "b"}, "/x"),
        (NoAuth(), {"": "b"}, "/x"),
        (NoAuth(), {"X-A": "\ud800"}, "/x"),
    ],
)
async def test_what_is_not_the_users_to_set_is_refused_before_sending(
    auth: Any,  # noqa: ANN401 - any of four classes
    headers: dict[str, str],
    path: str,
    server: FaultyServer,
    open_channel: Open,
) -> None:
    server.says(OK)
    with pytest.raises(InvalidConfigurationError):
        await Api(open_channel(auth=auth)).request("GET", path, headers=headers)
    assert server.connections == 0


async def test_credentials_that_cannot_be_sent_are_refused_at_once(
    open_channel: Open,
) -> None:
    with pytest.raises(InvalidConfigurationError, match="X-Api-Key"):
        open_channel(auth=HeaderAuth("X-Api-Key", SecretStr("a\nb")))


@pytest.mark.parametrize("address", ["https://x.example/?a=1", "https://x.example/#a"])
def test_an_address_has_no_query(address: str, open_channel: Open) -> None:
    with pytest.raises(InvalidConfigurationError, match="has a"):
        open_channel(base_url=address)


async def test_a_key_in_the_query_is_added_to_what_is_there(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(OK)
    api = Api(open_channel(auth=QueryAuth("api_key", SECRET)))
    await api.get("/x?a=1", params={"b": 2})
    line = server.requests[0].split(b" ")[1]
    assert line == b"/v1/x?a=1&b=2&api_key=an-invented-key"


async def test_each_call_with_an_effect_has_an_idempotency_key_of_its_own(
    server: FaultyServer, open_channel: Open
) -> None:
    """A second call under the key of the first would be taken for a repetition."""
    server.says(OK)
    api = Api(open_channel(idempotency_header="Idempotency-Key"), key="run-3")
    await api.get("/x")
    await api.post("/x")
    await api.post("/y")
    keys = [request.partition(b"idempotency-key: ")[2] for request in server.requests]
    assert [key.partition(b"\r\n")[0] for key in keys] == [b"", b"run-3", b"run-3-2"]


async def test_a_service_without_such_a_header_gets_no_key(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(OK)
    await Api(open_channel(), key="run-3").post("/x")
    assert b"run-3" not in server.requests[0]


async def test_an_empty_answer_is_none(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(204))
    assert await Api(open_channel()).delete("/x") is None


async def test_a_text_is_returned_as_text(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(body="pong", Content_Type="text/plain"))
    assert await Api(open_channel()).put("/ping") == "pong"
    assert await Api(open_channel()).patch("/ping") == "pong"


async def test_the_last_five_calls_are_kept_where_that_is_asked(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(*[OK] * 14)
    keeping, forgetful = Api(open_channel(), keeps=True), Api(open_channel())

    for number in range(7):
        await keeping.get(f"/people/{number}")
        await forgetful.get(f"/people/{number}")

    asked = [one["request"]["url"].rpartition("/")[2] for one in keeping.kept or ()]
    assert asked == ["2", "3", "4", "5", "6"]
    assert forgetful.kept is None
