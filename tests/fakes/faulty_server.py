"""A server on this machine that answers exactly as told, HTTP or not."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes to write, and what to do with the connection after them."""

    data: bytes = b""
    then: str = "keep"
    """`keep` it, `close` it, or `hang`: keep it and never write again."""


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

    `requests` holds the bytes of each request, `arrivals` the `clock` when it came.
    """

    replies: deque[Reply] = field(default_factory=deque)
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
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
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
        now = self.replies.popleft() if len(self.replies) > 1 else self.replies[0]
        writer.write(now.data)
        await writer.drain()
        if now.then == "hang":
            await reader.read()
        return now.then == "keep"


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return head + await reader.readexactly(length)
