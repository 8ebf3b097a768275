"""How large, how slow and how often a delivery may be; every limit has its answer."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession

from fakes.serving import (
    SECRET,
    Client,
    eventually,
    exchange,
    on_disk,
    raw_post,
    scenario,
    survey,
)
from trunkline.server import serving
from trunkline.settings import Settings

LIMIT = 1000


@asynccontextmanager
async def _serving(folder: Path, **settings: float) -> AsyncIterator[Client]:
    asked = Settings.model_validate({"data": folder, "grace_seconds": 1, **settings})
    async with serving(asked) as running, ClientSession() as session:
        yield Client(session, running.address, running.token)


def _head(address: str, *headers: str) -> bytes:
    parsed = urlsplit(address)
    lines = [
        f"POST {parsed.path} HTTP/1.1",
        f"Host: {parsed.netloc}",
        f"Authorization: Bearer {SECRET}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _chunked(*sizes: int) -> list[bytes]:
    chunks = [b"%x\r\n" % size + b"x" * size + b"\r\n" for size in sizes]
    return [*chunks, b"0\r\n\r\n"]


def _shapes(address: str, size: int) -> dict[str, list[bytes]]:
    """The same number of body bytes, sent in twelve ways."""
    declared = _head(address, f"Content-Length: {size}")
    coded = _head(address, "Transfer-Encoding: chunked")
    body = b"x" * size
    thirds = [body[: size // 3], body[size // 3 : -1], body[-1:]]
    padded = b"%020x\r\n" % size + body + b"\r\n0\r\n\r\n"
    extended = b"%x;a=b\r\n" % size + body + b"\r\n0\r\n\r\n"
    return {
        "declared, in one piece": [declared + body],
        "declared, head first": [declared, body],
        "declared, in three parts": [declared, *thirds],
        "declared, the last byte late": [declared + body[:-1], body[-1:]],
        "declared with zeros": [
            _head(address, f"Content-Length: {size:012d}"),
            body,
        ],
        "expecting to be asked": [
            _head(address, f"Content-Length: {size}", "Expect: 100-continue"),
            body,
        ],
        "one chunk": [coded + b"".join(_chunked(size))],
        "two chunks": [coded, *_chunked(size - 1, 1)],
        "chunks of a byte": [coded, *_chunked(*[1] * size)],
        "chunk with zeros": [coded, padded],
        "chunk with an extension": [coded, extended],
        "chunks and a trailer": [
            coded,
            *_chunked(size)[:-1],
            b"0\r\nX-More: yes\r\n\r\n",
        ],
    }


def _status(said: bytes) -> int:
    said = said.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    return int(said.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("size", "status"), [(LIMIT - 1, 200), (LIMIT, 200), (LIMIT + 1, 413)]
)
async def test_the_limit_is_the_same_to_the_byte_in_every_shape(
    tmp_path: Path, size: int, status: int
) -> None:
    async with _serving(tmp_path / "data", largest_body=LIMIT) as api:
        address = await api.listening()
        found = {
            name: _status(await exchange(address, *parts))
            for name, parts in _shapes(address, size).items()
        }
        assert found == dict.fromkeys(found, status)
        assert len(found) == 12
        kept = on_disk(tmp_path / "data", "SELECT size FROM deliveries")
        assert kept == ([(size,)] * 12 if status == 200 else [])


async def test_a_declared_length_over_the_limit_is_refused_before_the_body(
    tmp_path: Path,
) -> None:
    async with _serving(tmp_path / "data", largest_body=LIMIT) as api:
        address = await api.listening()
        for length in (LIMIT + 1, 2**31, 2**63, 10**30):
            said = await exchange(address, _head(address, f"Content-Length: {length}"))
            # What no integer of the parser's holds is a bad request by itself.
            assert _status(said) in ((413,) if length < 2**63 else (413, 400))


async def test_a_body_cut_off_is_neither_stored_nor_counted_as_accepted(
    tmp_path: Path,
) -> None:
    async with _serving(tmp_path / "data") as api:
        address = await api.listening()
        for begun in (b"", b'{"half":'):
            parsed = urlsplit(address)
            _, writer = await asyncio.open_connection(parsed.hostname, parsed.port)
            writer.write(_head(address, "Content-Length: 100") + begun)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async def cuts() -> bool:
            metrics = await api.call("GET", "/metrics")
            return 'reason="cut"} 2.0' in metrics.text

        await eventually(cuts, seconds=2)
        assert (await api.get("/balance"))["accepted"] == 0


async def test_a_slow_body_is_given_up_at_its_deadline(tmp_path: Path) -> None:
    async with _serving(tmp_path / "data", body_seconds=0.2) as api:
        address = await api.listening()
        begun = time.monotonic()
        for head in (
            _head(address, "Content-Length: 100") + b"{",
            _head(address, "Content-Length: 100"),
            _head(address, "Transfer-Encoding: chunked") + b"1\r\n{\r\n",
        ):
            assert _status(await exchange(address, head)) == 408
        assert time.monotonic() - begun < 3
        assert (await api.get("/balance"))["accepted"] == 0


async def test_slow_headers_are_given_up_at_their_deadline(tmp_path: Path) -> None:
    async with _serving(tmp_path / "data", header_seconds=0.2) as api:
        address = await api.listening()
        whole = raw_post(address, b"{}", close=False)
        for said_so_far in (b"", b"POST /hooks/", whole[:-6]):
            answer = await exchange(address, said_so_far)
            assert answer.startswith(b"HTTP/1.1 408 ")
        # The second request of a connection has the same deadline.
        answer = await exchange(address, whole, b"POST /hooks/")
        assert [answer.count(b"HTTP/1.1 200"), answer.count(b"HTTP/1.1 408")] == [1, 1]


async def test_a_body_that_comes_slowly_is_not_taken_for_slow_headers(
    tmp_path: Path,
) -> None:
    async with _serving(tmp_path / "data", header_seconds=0.2) as api:
        address = await api.listening()
        parsed = urlsplit(address)
        reader, writer = await asyncio.open_connection(parsed.hostname, parsed.port)
        writer.write(_head(address, "Content-Length: 2") + b"{")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.5)
        writer.write(b"}")
        assert _status(await reader.read()) == 200
        writer.close()


@pytest.mark.parametrize("size", [40_000, 400_000, 2_000_000])
async def test_headers_that_are_too_long_are_refused(api: Client, size: int) -> None:
    address = await api.listening()
    bomb = _head(address, "X-Long: " + "x" * size, "Content-Length: 2") + b"{}"
    assert _status(await exchange(address, bomb)) == 431


async def test_headers_that_are_too_many_are_refused(api: Client) -> None:
    address = await api.listening()
    for number in (101, 5_000):
        bomb = _head(address, *["X: y"] * number, "Content-Length: 2") + b"{}"
        assert _status(await exchange(address, bomb)) == 431
    assert (await api.get("/balance"))["accepted"] == 0


async def test_headers_within_the_bounds_pass_in_one_piece_or_many(
    api: Client,
) -> None:
    address = await api.listening()
    whole = _head(address, "X-Long: " + "x" * 30_000, "Content-Length: 2") + b"{}"
    assert _status(await exchange(address, whole)) == 200
    pieces = [whole[place : place + 1000] for place in range(0, len(whole), 1000)]
    assert _status(await exchange(address, *pieces)) == 200


async def test_a_refused_request_leaves_nothing_behind_on_its_connection(
    tmp_path: Path,
) -> None:
    """The rest of its body is neither counted as headers nor waited for as such."""
    async with _serving(tmp_path / "data", header_seconds=0.3) as api:
        address = await api.listening()
        parsed = urlsplit(address)
        wrong = raw_post(address, close=False).replace(SECRET.encode(), b"wrong")
        wrong = wrong.replace(b"Content-Length: 0", b"Content-Length: 100000")
        reader, writer = await asyncio.open_connection(parsed.hostname, parsed.port)
        writer.write(wrong)
        first = await reader.readuntil(b"SECRET.")
        assert first.startswith(b"HTTP/1.1 401 ")
        if b"connection: close" not in first:
            writer.write(b"x" * 40_000)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.5)
            writer.write(b"x" * 60_000 + raw_post(address, b"{}"))
            assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
        assert await reader.read() == b""
        writer.close()


async def test_too_many_deliveries_in_a_second_are_told_when_to_come_back(
    tmp_path: Path,
) -> None:
    async with _serving(tmp_path / "data", hook_rate=5) as api:
        address = await api.listening()
        second = await api.add_webhook("second", when_inactive="queue")
        begun = time.monotonic()
        sent = [await api.deliver(address, survey(f"r-{n}")) for n in range(30)]
        spent = time.monotonic() - begun
        refused = [answer for answer in sent if answer.status == 429]
        assert 5 <= len(sent) - len(refused) <= 6 + 5 * spent
        assert {answer.text for answer in refused} == {"Too many requests"}
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
        # Another webhook has a budget of its own.
        assert (await api.deliver(second, survey())).status == 200


async def test_a_budget_below_one_a_second_still_lets_deliveries_in(
    tmp_path: Path,
) -> None:
    async with _serving(tmp_path / "data", hook_rate=0.5) as api:
        address = await api.listening()
        assert (await api.deliver(address, survey("first"))).status == 200
        refused = await api.deliver(address, survey("second"))
        assert refused.status == 429
        assert refused.headers["Retry-After"] == "2"


async def test_a_compressed_body_is_refused_and_told_why(api: Client) -> None:
    address = await api.listening()
    for encoding in ("gzip", "br", "identity", "deflate, gzip"):
        headers = {"Content-Encoding": encoding}
        answer = await api.deliver(address, b"\x1f\x8b", headers=headers)
        assert answer.status == 415
        assert "Content-Encoding" in answer.text
    assert (await api.get("/balance"))["accepted"] == 0


async def test_a_scenario_gone_quiet_leaves_the_limits_in_place(
    tmp_path: Path,
) -> None:
    async with _serving(tmp_path / "data", largest_body=LIMIT) as api:
        address = await api.add_webhook(when_inactive="queue")
        assert (await api.deliver(address, b"x" * (LIMIT + 1))).status == 413
        await api.add_scenario(scenario())
        assert (await api.deliver(address, b"x" * (LIMIT + 1))).status == 413
