"""Connections that rest are closed, however their requests came; busy ones are not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from trunkline.hooks.answer import answer
from trunkline.server.listening import address_of, listen
from trunkline.server.protocol import bounded
from trunkline.server.serving import answering

_REST: Any = 0.05  # uvicorn asks for whole seconds, and takes parts of them
_KNOCK = b"POST /hooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
_PAGE = b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n"


class _App:
    """Answers at once, or when it may: `/hold` waits for that."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["path"].endswith("/hold"):
            await self.may_answer.wait()
        await answer(scope, send, 200, "done")


@asynccontextmanager
async def _serving(app: _App) -> AsyncIterator[int]:
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app,
        http=bounded(header_seconds=10, body_seconds=10),
        lifespan="off",
        log_config=None,
        timeout_keep_alive=_REST,
    )
    async with answering(config, listening):
        yield int(address_of(listening).rpartition(":")[2])


async def _answered(reader: asyncio.StreamReader) -> None:
    assert await reader.readuntil(b"\r\n\r\n")
    assert await reader.readexactly(4) == b"done"


async def _outlast(port: int) -> None:
    """A connection comes, rests and is closed; older ones' timers have rung by then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_KNOCK)
    await _answered(reader)
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("request_", [_KNOCK, _PAGE], ids=["whole", "by a cycle"])
async def test_a_connection_that_rests_is_closed(request_: bytes) -> None:
    async with _serving(_App()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(request_)
            await _answered(reader)
        assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize("path", [b"/hooks/hold", b"/hold"])
async def test_a_connection_whose_request_is_under_way_is_not_closed(
    path: bytes,
) -> None:
    app = _App()
    async with _serving(app) as port:
        busy, busy_writer = await asyncio.open_connection("127.0.0.1", port)
        busy_writer.write(_KNOCK)
        await _answered(busy)
        busy_writer.write(_KNOCK.replace(b"/hooks/x", path))
        await _outlast(port)

        app.may_answer.set()
        await _answered(busy)
        assert await busy.read() == b""
        busy_writer.close()


async def test_a_connection_on_which_a_request_has_begun_is_not_closed() -> None:
    async with _serving(_App()) as port:
        busy, busy_writer = await asyncio.open_connection("127.0.0.1", port)
        busy_writer.write(_KNOCK)
        await _answered(busy)
        busy_writer.write(_KNOCK[:20])
        await _outlast(port)

        busy_writer.write(_KNOCK[20:])
        await _answered(busy)
        busy_writer.close()
