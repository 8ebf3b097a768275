"""The floor: the least Python that stores before it answers, and then posts.

`python -m bench.floor FILE TARGET SECRET` prints its port. One table, WAL,
`synchronous=FULL`, one thread that commits what has gathered; uvicorn with httptools
and uvloop in front, aiohttp behind. No checks but the secret, no history, no retries,
no state: a post that fails or a crash after the answer is never made good. `/store`
stops after the answer, `/forward` also filters, maps and posts.
"""

import asyncio
import hmac
import queue
import socket
import sqlite3
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import uvicorn
import uvloop

_LARGEST_GROUP = 512
_MOST_POSTS = 64
_LEAST_SCORE = 9

Message = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One body on its way to the disk."""

    id: str
    body: bytes
    stored: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Table:
    """One SQLite table with group commit."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._queue = queue.SimpleQueue[Event]()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._write, daemon=True).start()

    async def store(self, event: Event) -> None:
        """Returns when the event is on disk."""
        self._queue.put(event)
        await event.stored

    def _write(self) -> None:
        connection = sqlite3.connect(self._file, isolation_level=None)
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB)"
        )
        while True:
            group = self._gather()
            rows = [(event.id, event.body) for event in group]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO events VALUES (?, ?)", rows)
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_settle, group)

    def _gather(self) -> list[Event]:
        group = [self._queue.get()]
        with suppress(queue.Empty):
            while len(group) < _LARGEST_GROUP:
                group.append(self._queue.get_nowait())
        return group


def _settle(group: list[Event]) -> None:
    for event in group:
        event.stored.set_result(None)


class Floor:
    """The ASGI application."""

    def __init__(
        self,
        table: Table,
        session: aiohttp.ClientSession,
        target: str,
        secret: str,
    ) -> None:
        self._table = table
        self._session = session
        self._target = target
        self._expected = f"Bearer {secret}".encode()
        self._posts = set[asyncio.Task[None]]()

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        shown = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(shown, self._expected):
            await _answer(send, 401)
            return
        body = await _read(receive)
        survey = msgspec.json.decode(body)
        await self._table.store(Event(survey["response"]["uuid"], body))
        if scope["path"] == "/forward":
            post = asyncio.create_task(self._post(survey))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)
        await _answer(send, 200)

    async def _post(self, survey: dict[str, Any]) -> None:
        response = survey["response"]
        if float(response["data"]["nps"]) < _LEAST_SCORE:
            return
        mapped = {
            "id": response["uuid"],
            "nps": response["data"]["nps"],
            "who": survey["display_name"].upper(),
        }
        async with self._session.post(self._target, json=mapped) as answer:
            await answer.read()


async def _read(receive: Callable[[], Awaitable[Message]]) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(send: Callable[[Message], Awaitable[None]], status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def serve(file: Path, target: str, secret: str) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connector = aiohttp.TCPConnector(limit=_MOST_POSTS)
    async with aiohttp.ClientSession(connector=connector) as session:
        config = uvicorn.Config(
            Floor(Table(file), session, target, secret),
            http="httptools",
            lifespan="off",
            access_log=False,
            log_config=None,
        )
        print(listening.getsockname()[1], flush=True)
        await uvicorn.Server(config).serve(sockets=[listening])


def main() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(sys.argv[1]), *sys.argv[2:]))


if __name__ == "__main__":
    main()
