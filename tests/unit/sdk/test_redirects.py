"""Where a redirect is followed, and what goes along."""

from collections.abc import AsyncIterator, Callable

import pytest
from pydantic import SecretStr

from fakes.faulty_server import FaultyServer, reply
from trunkline.sdk import (
    Api,
    BasicAuth,
    BearerAuth,
    BlockedAddressError,
    Channel,
    HeaderAuth,
    InvalidConfigurationError,
    NoAuth,
    QueryAuth,
)

Open = Callable[..., Channel]
CANARY = SecretStr("canary-secret")
OK = reply(body="there")


@pytest.fixture
async def other() -> AsyncIterator[FaultyServer]:
    async with FaultyServer() as other:
        other.says(OK)
        yield other


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["/v1/there", "//{other}/x", "http://{other}/x?q=1"])
@pytest.mark.parametrize(
    "auth",
    [
        BearerAuth(CANARY),
        BasicAuth("u", CANARY),
        HeaderAuth("X-Api-Key", CANARY),
        QueryAuth("api_key", CANARY),
    ],
)
async def test_a_call_with_credentials_follows_none_and_says_where_it_points(
    auth: NoAuth,
    place: str,
    status: int,
    server: FaultyServer,
    other: FaultyServer,
    open_channel: Open,
) -> None:
    location = place.format(other=f"127.0.0.1:{other.port}")
    server.says(reply(status, Location=location), OK)

    with pytest.raises(InvalidConfigurationError) as caught:
        await Api(open_channel(auth=auth)).request("GET", "/x")

    assert f"{status} and points to http://127.0.0.1" in str(caught.value)
    assert "?" not in str(caught.value)
    assert (len(server.requests), other.connections) == (1, 0)


async def test_a_connection_with_a_secret_that_it_does_not_send_follows_none(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(302, Location="/v1/y"), OK)
    channel = open_channel(secrets=frozenset({"canary-secret"}))
    with pytest.raises(InvalidConfigurationError):
        await Api(channel).get("/x", params={"k": "canary-secret"})


@pytest.mark.parametrize(
    ("method", "status", "followed_by"),
    [
        *(("GET", status, b"GET") for status in (301, 302, 303, 307, 308)),
        ("HEAD", 302, b"HEAD"),
        ("POST", 303, b"GET"),
    ],
)
async def test_without_credentials_a_read_is_followed_to_another_host(
    method: str,
    status: int,
    followed_by: bytes,
    server: FaultyServer,
    other: FaultyServer,
    open_channel: Open,
) -> None:
    server.says(reply(status, Location=f"{other.url}/there"))
    other.says(reply())
    answer = await Api(open_channel(base_url=None)).request(
        method,
        server.url,
        headers={"X-Canary": "canary", "Cookie": "canary"},
        body="canary" if method == "POST" else None,
    )
    assert answer.url == f"{other.url}/there"
    assert other.requests[0].startswith(followed_by + b" /there")
    assert b"canary" not in other.requests[0].lower()


async def test_on_the_same_origin_headers_go_along_and_the_body_does_not(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(303, Location="?page=2"), OK)
    api = Api(open_channel(base_url=None))
    await api.request("POST", server.url + "/a", headers={"X-A": "b"}, json={"c": 1})
    second = server.requests[1].lower()
    assert second.startswith(b"get /a?page=2 ")
    assert b"x-a: b" in second
    assert b"content-type" not in second
    assert second.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_body_is_never_sent_on(
    method: str, status: int, server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(status, Location="/y"), OK)
    api = Api(open_channel(base_url=None))
    with pytest.raises(InvalidConfigurationError, match="is not sent on"):
        await api.request(method, server.url, body="b")
    assert len(server.requests) == 1


async def test_five_redirects_are_the_most(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(302, Location="/again"))
    with pytest.raises(InvalidConfigurationError, match="more than the 5 redirects"):
        await Api(open_channel(base_url=None)).request("GET", server.url)
    assert len(server.requests) == 6


async def test_a_redirect_to_the_inside_is_refused_by_the_guard(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(302, Location="http://169.254.169.254/latest/meta-data"), OK)
    with pytest.raises(BlockedAddressError):
        await Api(open_channel(base_url=None)).request("GET", server.url)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://u:p@x.example/", "ftp://x.example"]
)
async def test_a_redirect_to_what_cannot_be_called_is_refused(
    location: str, server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(302, Location=location), OK)
    with pytest.raises(InvalidConfigurationError):
        await Api(open_channel(base_url=None)).request("GET", server.url)


async def test_a_connection_bound_to_an_address_is_not_led_away(
    server: FaultyServer, other: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(302, Location=other.url + "/v1/x"))
    with pytest.raises(InvalidConfigurationError, match="is bound to"):
        await Api(open_channel()).request("GET", "/x")
    assert other.connections == 0


async def test_an_answer_that_points_nowhere_is_an_answer(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(304))
    assert (await Api(open_channel()).request("GET", "/x")).status == 304
