"""A connection's calls stay on its origin, whatever the path says."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from fakes.faulty_server import FaultyServer, reply
from trunkline.sdk import Api, ApiCall, BearerAuth, Channel, ForeignOriginError
from trunkline.sdk.universal import make_an_api_call

ESCAPES = [
    "",
    "contacts",
    "http://evil.example/",
    "https://evil.example/",
    "HTTP://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example",
    "@evil.example/",
    ":80@evil.example/",
    ".evil.example/",
    " /contacts",
    "/contacts ",
    "/con tacts",
    "/contacts\r\nX-Evil: 1",
    "/contacts\t",
    "/contacts\x00",
    "\u2028/contacts",
    "/..",
    "/../admin",
    "/./admin",
    "/contacts/../../admin",
    "/%2e%2e/admin",
    "/%2E%2E/admin",
    "/.%2e/admin",
    "/%2e/admin",
    "/%252e%252e/admin",
    "/%25252e%25252e/admin",
    "/..%2fadmin",
    "/..%5cadmin",
    "/%5cevil.example/",
    "/%2fevil.example/",
    "/..;/admin",
    "/%c0%ae%c0%ae/admin",
    "/\uff0e\uff0e/admin",
    "/\u2025/admin",
    "/contacts#/../..",
    "/%0d%0aX-Evil:1",
    "javascript:alert(1)",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("path", ESCAPES)
async def test_a_universal_call_that_tries_to_leave_its_origin_sends_nothing(
    path: str, server: FaultyServer, open_channel: Callable[..., Channel]
) -> None:
    server.says(reply())
    api = Api(open_channel(auth=BearerAuth(SecretStr("canary-key"))))

    with pytest.raises(ForeignOriginError, match="nothing was sent") as caught:
        await make_an_api_call(api, ApiCall(url=path))

    assert server.connections == 0
    assert "/v1" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/", "/v1/"),
        ("/contacts", "/v1/contacts"),
        ("/contacts/", "/v1/contacts/"),
        ("/contacts?page=2&q=a%20b%2Bc", "/v1/contacts?page=2&q=a%20b%2Bc"),
        ("/contacts?next=http://x/../y", "/v1/contacts?next=http://x/../y"),
        ("/sites/https%3A%2F%2Fx.example%2F", "/v1/sites/https:%2F%2Fx.example%2F"),
        ("/a..b/.well-known/...", "/v1/a..b/.well-known/..."),
        ("/users/@me", "/v1/users/@me"),
        ("/für", "/v1/f%C3%BCr"),
        ("/files//double", "/v1/files//double"),
    ],
)
async def test_a_path_below_the_address_is_sent_as_it_is_meant(
    path: str,
    sent: str,
    server: FaultyServer,
    open_channel: Callable[..., Channel],
) -> None:
    server.says(reply())
    await Api(open_channel()).request("GET", path)
    assert server.requests[0].split(b" ")[1] == sent.encode()


async def test_without_an_address_any_http_url_can_be_called(
    server: FaultyServer, open_channel: Callable[..., Channel]
) -> None:
    server.says(reply(body="there"))
    api = Api(open_channel(base_url=None))
    assert (await api.request("GET", server.url + "/x")).text == "there"
