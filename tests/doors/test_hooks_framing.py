"""Requests that two servers could read differently: none may smuggle a second one."""

from urllib.parse import urlsplit

import pytest

from fakes.serving import SECRET, Client, exchange, on_disk, raw_post
from trunkline.settings import Settings

_CL = b"Content-Length: 2"
_CHUNKED = b"Transfer-Encoding: chunked"

FRAMINGS: dict[str, tuple[list[bytes], bytes]] = {
    "length and chunks": ([_CL, _CHUNKED], b"0\r\n\r\n"),
    "chunks and length": ([_CHUNKED, _CL], b"0\r\n\r\n"),
    "two lengths": ([b"Content-Length: 2", b"Content-Length: 7"], b"{}"),
    "the same length twice": ([_CL, _CL], b"{}"),
    "a list of lengths": ([b"Content-Length: 2, 7"], b"{}"),
    "a negative length": ([b"Content-Length: -2"], b"{}"),
    "a length with a plus": ([b"Content-Length: +2"], b"{}"),
    "a length in hexadecimal": ([b"Content-Length: 0x2"], b"{}"),
    "a length beyond all numbers": ([b"Content-Length: " + b"9" * 30], b"{}"),
    "an unknown coding": ([b"Transfer-Encoding: banana"], b"2\r\n{}\r\n0\r\n\r\n"),
    "a coding after chunked": ([_CHUNKED + b", identity"], b"2\r\n{}\r\n0\r\n\r\n"),
    "chunked twice": ([_CHUNKED, _CHUNKED], b"2\r\n{}\r\n0\r\n\r\n"),
    "a blank before the colon": ([b"Content-Length : 2"], b"{}"),
    "a folded header": ([b"X-Folded: a", b" b", _CL], b"{}"),
    "a line feed alone": ([b"X-Bare: a\nX-Other: b", _CL], b"{}"),
    "a carriage return alone": ([b"X-Bare: a\rX-Other: b", _CL], b"{}"),
    "a NUL in a header": ([b"X-Nul: a\x00b", _CL], b"{}"),
    "a chunk size that is none": ([_CHUNKED], b"zz\r\n{}\r\n0\r\n\r\n"),
    "a chunk without its end": ([_CHUNKED], b"2\r\n{}0\r\n\r\n"),
    "a negative chunk": ([_CHUNKED], b"-2\r\n{}\r\n0\r\n\r\n"),
    "a chunk beyond all numbers": ([_CHUNKED], b"f" * 17 + b"\r\n{}\r\n0\r\n\r\n"),
    "a chunk that ends in a line feed": ([_CHUNKED], b"2\n{}\r\n0\r\n\r\n"),
}

GARBAGE = (
    b"GET\r\n\r\n",
    b"POST /hooks/x HTTP/9.9\r\n\r\n",
    b"POST /hooks/x HTTP/1.1\r\n: empty\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"POST /hooks/\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
)


def _request(address: str, headers: list[bytes], body: bytes) -> bytes:
    parsed = urlsplit(address)
    lines = [
        f"POST {parsed.path} HTTP/1.1".encode(),
        f"Host: {parsed.netloc}".encode(),
        f"Authorization: Bearer {SECRET}".encode(),
        *headers,
    ]
    return b"\r\n".join([*lines, b"", b""]) + body


@pytest.mark.parametrize("split", [False, True], ids=["one packet", "two packets"])
async def test_after_an_ambiguous_request_no_other_is_answered(
    api: Client, settings: Settings, *, split: bool
) -> None:
    address = await api.listening()
    smuggled = raw_post(address, b'"a smuggled probe"')
    for name, (headers, body) in FRAMINGS.items():
        bad = _request(address, headers, body)
        parts = [bad, smuggled] if split else [bad + smuggled]
        said = await exchange(address, *parts)
        assert said.startswith(b"HTTP/1.1 400 "), (name, said)
        assert said.count(b"HTTP/1.1 ") == 1, (name, said)
    assert on_disk(settings.data, "SELECT count(*) FROM deliveries") == [(0,)]


async def test_a_request_without_a_single_clear_host_is_refused(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    good = raw_post(address, b"{}", close=False)
    host = f"Host: {urlsplit(address).netloc}\r\n".encode()
    probe = raw_post(address, b'"a smuggled probe"')
    for bad in (
        good.replace(host, b""),
        good.replace(host, b"Host:\r\n"),
        good.replace(host, host + b"Host: elsewhere.example\r\n"),
    ):
        said = await exchange(address, bad + probe)
        assert said.startswith(b"HTTP/1.1 400 "), (bad, said)
        assert said.count(b"HTTP/1.1 ") == 1
    assert on_disk(settings.data, "SELECT count(*) FROM deliveries") == [(0,)]


async def test_what_is_not_http_gets_a_refusal_and_the_server_goes_on(
    api: Client,
) -> None:
    address = await api.listening()
    probe = raw_post(address, b'"a smuggled probe"')
    for garbage in GARBAGE:
        said = await exchange(address, garbage + probe)
        answers = said.split(b"HTTP/1.1 ")[1:]
        assert answers[0].startswith((b"400", b"401", b"404", b"405")), garbage
        assert not any(answer.startswith(b"5") for answer in answers), garbage
        assert (await api.deliver(address, {})).status == 200
    # Empty lines before a request are allowed; they ask for nothing.
    assert (await exchange(address, b"\r\n\r\n" + probe)).startswith(b"HTTP/1.1 200 ")


async def test_what_follows_a_good_request_does_not_become_a_part_of_it(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    good = raw_post(address, b"{}", close=False)
    host = f"Host: {urlsplit(address).netloc}\r\n".encode()
    bad = raw_post(address, b'"a smuggled probe"').replace(host, b"")
    await exchange(address, good + bad)
    kept = on_disk(settings.data, "SELECT body FROM payloads")
    assert set(kept) <= {(b"{}",)}


async def test_requests_in_a_row_are_answered_in_their_order(api: Client) -> None:
    address = await api.listening()
    row = raw_post(address, b"{}", close=False) * 5 + raw_post(address, b"[]")
    said = await exchange(address, row)
    assert said.count(b"HTTP/1.1 200 OK") == 6
    assert (await api.get("/balance"))["accepted"] == 6
