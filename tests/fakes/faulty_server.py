"""A server on this machine that answers exactly as told, HTTP or not."""

import asyncio
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

_DRIP_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes to write, and what to do with the connection after them."""

    data: bytes = b""
    then: str = "keep"
    """`keep` it, `close` it, `reset` it, `hang`: keep it and never write again, `drip`:
    keep it and go on for ever byte by byte, or `leave`: close it and refuse others."""


def reply(
    status: int = 200, body: bytes | str = b"", *, then: str = "keep", **headers: str
) -> Reply:
    """A well-formed answer; `content_type="..."` sets `content-type`."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Told", f"content-length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Reply("\r\n".join([*lines, "", ""]).encode() + data, then)


@dataclass(slots=True)
class FaultyServer:
    """Answers requests in order with `replies`, then with the last of them for ever.

    Where there is a function to `choose`, it is asked instead. `requests` holds the
    bytes of each request, `arrivals` the `clock` when it came.
    """

    replies: deque[Reply] = field(default_factory=deque)
    choose: Callable[[bytes], Reply] | None = None
    clock: Callable[[], float] = time.monotonic
    requests: list[bytes] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _open: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, *replies: Reply) -> None:
        """Sets what is answered from now on."""
        self.replies = deque(replies)

    async def __aenter__(self) -> Self:
        await self.come()
        return self

    async def come(self) -> None:
        """Listens, again at the same port where it had left."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._serve, "127.0.0.1", self.port
            )
            self.port = self._server.sockets[0].getsockname()[1]

    def leave(self) -> None:
        """Refuses connections from now on."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def __aexit__(self, *_: object) -> None:
        self.leave()
        for writer in self._open.values():
            writer.close()
        await asyncio.gather(*self._open)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._answer(reader, writer):
                pass
        writer.close()
        del self._open[task]

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Takes one request; says whether the connection stays open for another."""
        self.requests.append(await _read_request(reader))
        self.arrivals.append(self.clock())
        now = self._next(self.requests[-1])
        writer.write(now.data)
        await writer.drain()
        await self._go_on(now.then, reader, writer)
        return now.then == "keep"

    def _next(self, request: bytes) -> Reply:
        if self.choose is not None:
            return self.choose(request)
        return self.replies.popleft() if len(self.replies) > 1 else self.replies[0]

    async def _go_on(
        self, then: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match then:
            case "hang":
                await reader.read()
            case "drip":
                while not reader.at_eof():
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(_DRIP_SECONDS)
            case "reset":
                _reset(writer)
            case "leave":
                self.leave()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends the connection without the usual farewell."""
    at_once = struct.pack("ii", 1, 0)
    opened: socket.socket = writer.get_extra_info("socket")
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    writer.transport.abort()


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return head + await reader.readexactly(length)
