"""How the HTTP client bounds what it sends and takes."""

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from fakes.faulty_server import FaultyServer, Reply, reply
from trunkline import __version__
from trunkline.sdk import (
    ConnectionError,  # noqa: A004 - Make's name
    Deadlines,
    HttpClient,
    MaxFileSizeExceededError,
    ModuleError,
    ModuleTimeoutError,
)
from trunkline.sdk.http import NeverSent

MEGABYTE = 1024 * 1024


@pytest.fixture
async def strict() -> AsyncIterator[HttpClient]:
    client = HttpClient(
        allow_hosts=["127.0.0.1"],
        deadlines=Deadlines(connect=0.2, idle=0.1, total=0.4),
        max_bytes=MEGABYTE,
    )
    await client.start()
    yield client
    await client.close()


async def test_status_headers_and_body_arrive(
    http: HttpClient, server: FaultyServer
) -> None:
    server.says(reply(201, "hi", Content_Type="text/plain", X_Many="a", x_many="b"))

    answer = await http.send("POST", server.url + "/x?y=1", headers={}, data=b"body")

    assert (answer.status, answer.body, answer.url) == (
        201,
        b"hi",
        server.url + "/x?y=1",
    )
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["x-many"] == "a, b"


async def test_connections_are_kept_and_used_again(
    http: HttpClient, server: FaultyServer
) -> None:
    server.says(reply())
    for _ in range(3):
        await http.send("POST", server.url, headers={}, data=b"{}")
    assert (server.connections, len(server.requests)) == (1, 3)


async def test_no_cookie_is_given_back(http: HttpClient, server: FaultyServer) -> None:
    server.says(reply(Set_Cookie="sid=canary"))
    for _ in range(2):
        await http.send("GET", server.url, headers={}, data=None)
    assert b"canary" not in b"".join(server.requests)


async def test_a_request_says_who_sends_it_unless_it_says_so_itself(
    http: HttpClient, server: FaultyServer
) -> None:
    server.says(reply())
    await http.send("GET", server.url, headers={}, data=None)
    await http.send("GET", server.url, headers={"user-agent": "Mine"}, data=None)
    ours, own = (request.lower() for request in server.requests)
    assert f"user-agent: trunkline/{__version__}\r\n".encode() in ours
    assert b"user-agent: mine\r\n" in own
    assert own.count(b"user-agent") == 1


async def test_a_client_that_was_closed_keeps_its_deadlines_when_it_is_used_again(
    strict: HttpClient, server: FaultyServer
) -> None:
    server.says(reply(), Reply(then="hang"))
    await strict.send("GET", server.url, headers={}, data=None)
    await strict.close()
    with pytest.raises(ModuleTimeoutError, match="no data"):
        await strict.send("GET", server.url, headers={}, data=None)


async def test_no_proxy_is_read_from_the_environment(
    http: HttpClient, server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.says(reply())
    assert (await http.send("GET", server.url, headers={}, data=None)).ok


async def test_a_redirect_is_not_followed(
    http: HttpClient, server: FaultyServer
) -> None:
    server.says(reply(302, Location="/elsewhere"))
    answer = await http.send("GET", server.url, headers={}, data=None)
    assert (answer.status, len(server.requests)) == (302, 1)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_a_request_on_a_connection_that_breaks_is_sent_once(
    http: HttpClient, server: FaultyServer, method: str
) -> None:
    server.says(reply(), Reply(then="close"))
    await http.send(method, server.url, headers={}, data=None)

    with pytest.raises(ConnectionError, match="may have been carried out") as caught:
        await http.send(method, server.url, headers={}, data=None)

    assert len(server.requests) == 2
    assert not isinstance(caught.value, NeverSent)


PACKED = {
    "gzip": gzip.compress(bytes(50 * MEGABYTE)),
    "deflate": zlib.compress(bytes(50 * MEGABYTE)),
}


@pytest.mark.parametrize(
    "answer",
    [
        reply(body=bytes(MEGABYTE + 1)),
        *(reply(body=body, Content_Encoding=name) for name, body in PACKED.items()),
    ],
    ids=["plain", *PACKED],
)
async def test_a_body_above_the_limit_is_not_taken(
    strict: HttpClient, server: FaultyServer, answer: Reply
) -> None:
    server.says(answer)
    with pytest.raises(MaxFileSizeExceededError, match="more than 1 MB"):
        await strict.send("GET", server.url, headers={}, data=None)


async def test_a_body_at_the_limit_is_taken_and_unpacked(
    strict: HttpClient, server: FaultyServer
) -> None:
    body = b"x" * MEGABYTE
    server.says(reply(body=gzip.compress(body), Content_Encoding="gzip"))
    answer = await strict.send("GET", server.url, headers={}, data=None)
    assert answer.body == body


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"a" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: a\r\n" * 1_000 + b"\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nab",
    ],
)
async def test_an_answer_that_is_not_sound_is_an_error(
    strict: HttpClient, server: FaultyServer, head: bytes
) -> None:
    server.says(Reply(head, then="close"))
    with pytest.raises(ConnectionError):
        await strict.send("GET", server.url, headers={}, data=None)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Reply(then="hang"), "brought no data for 0.1 seconds"),
        (Reply(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab", then="hang"), "0.1"),
    ],
)
async def test_a_silent_server_is_left_after_the_idle_deadline(
    strict: HttpClient, server: FaultyServer, answer: Reply, sentence: str
) -> None:
    server.says(answer)
    with pytest.raises(ModuleTimeoutError, match=sentence) as caught:
        await strict.send("POST", server.url, headers={}, data=None)
    assert not isinstance(caught.value, NeverSent)


async def test_a_trickle_is_left_after_the_total_deadline(server: FaultyServer) -> None:
    client = HttpClient(
        allow_hosts=["127.0.0.1"], deadlines=Deadlines(idle=5, total=0.1)
    )
    server.says(Reply(b"HTTP/1.1 200 OK\r\n\r\n", then="hang"))
    with pytest.raises(ModuleTimeoutError, match=r"took more than 0\.1 seconds"):
        await client.send("GET", server.url, headers={}, data=None)
    await client.close()


async def test_a_cut_answer_is_an_error(http: HttpClient, server: FaultyServer) -> None:
    server.says(Reply(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab", then="close"))
    with pytest.raises(ConnectionError, match="before the answer was whole"):
        await http.send("GET", server.url, headers={}, data=None)


class EmptyDirectory(AbstractResolver):
    """Knows no name."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise OSError(socket.EAI_NONAME, f"{host}:{port} {family}")

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:1/", "found no connection: "),
        ("http://no-such-host.example/", "found no such host"),
    ],
)
async def test_what_is_not_reached_is_known_not_to_have_been_sent(
    url: str, sentence: str
) -> None:
    http = HttpClient(allow_hosts=["127.0.0.1"], resolver=EmptyDirectory())
    with pytest.raises(ConnectionError, match=sentence) as caught:
        await http.send("POST", url, headers={}, data=None)
    await http.close()
    assert isinstance(caught.value, NeverSent)
    assert caught.value.type == "ConnectionError"


async def test_a_connection_that_is_not_made_in_time_is_known_not_to_have_been_sent(
    strict: HttpClient, server: FaultyServer
) -> None:
    """TLS is part of connecting, and this server never takes part in it."""
    url = server.url.replace("http:", "https:")
    with pytest.raises(ModuleTimeoutError, match=r"within 0\.2 seconds") as caught:
        await strict.send("POST", url, headers={}, data=None)
    assert isinstance(caught.value, NeverSent)
    assert caught.value.type == "ModuleTimeoutError"


@pytest.fixture
async def self_signed(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a server with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "both.pem"
    file.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    http: HttpClient, self_signed: str
) -> None:
    with pytest.raises(ConnectionError, match="certificate is not valid") as caught:
        await http.send("POST", self_signed, headers={}, data=b"{}")
    assert isinstance(caught.value, NeverSent)


async def test_an_error_shows_no_query(http: HttpClient) -> None:
    with pytest.raises(ModuleError) as caught:
        await http.send("GET", "http://127.0.0.1:1/x?k=canary", headers={}, data=None)
    assert "canary" not in f"{caught.value!r} {caught.value.__cause__!r}"
