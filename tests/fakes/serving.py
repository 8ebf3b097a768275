"""A client of the server under test, a service that it calls, and raw sockets."""

import asyncio
import copy
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from aiohttp import ClientSession, web
from yarl import URL

from trunkline.apps.refiner.samples import sample

SECRET = "an-invented-webhook-secret"

Seen = TypeVar("Seen")


async def eventually(
    look: Callable[[], Awaitable[Seen]],
    holds: Callable[[Seen], bool] = bool,
    *,
    seconds: float = 10,
) -> Seen:
    """Looks again and again until what is seen `holds`, and returns it."""
    deadline = time.monotonic() + seconds
    while not holds(seen := await look()):
        assert time.monotonic() < deadline, f"after {seconds:g} seconds: {seen!r}"
        await asyncio.sleep(0.005)
    return seen


def survey(uuid: str = "a-response", **changes: object) -> dict[str, Any]:
    """The body of a *Completed Survey* delivery; every `uuid` is another response."""
    body = copy.deepcopy(dict(sample("completed_survey")))
    body["response"]["uuid"] = uuid
    return body | changes


def scenario(
    *modules: Mapping[str, Any], name: str = "Answers", webhook: str = "hook"
) -> dict[str, Any]:
    """A scenario that watches completed surveys; without `modules` it sets one word."""
    first = {"id": 1, "module": "refiner.watch_completed_survey", "webhook": webhook}
    word = {"name": "who", "value": "{{1.display_name}}"}
    default = {"id": 2, "module": "tools.set_a_variable", "map": word}
    return {"name": name, "flow": [first, *(modules or [default])]}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return msgspec.json.decode(self.body)


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks to a running server as its users and their services do."""

    session: ClientSession
    address: str
    token: str = field(repr=False)

    async def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - aiohttp types them
    ) -> Answer:
        """A call to `/api/v1`, or to a whole address; `token=""` sends none.

        The path is sent as it is: `segment` makes any name a part of one.
        """
        whole = path if "://" in path else f"{self.address}/api/v1{path}"
        shown = self.token if token is None else token
        sent = {"Authorization": f"Bearer {shown}"} if shown else {}
        sent |= headers or {}
        url = URL(whole, encoded=True)
        async with self.session.request(method, url, headers=sent, **more) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """The JSON of a GET that must succeed."""
        return _succeeded(await self.call("GET", path))

    async def post(self, path: str, json: object = None) -> Any:  # noqa: ANN401 - same
        """The JSON of a POST that must succeed."""
        return _succeeded(await self.call("POST", path, json=json))

    async def add_webhook(self, name: str = "hook", **fields: object) -> str:
        """Makes a webhook with `SECRET` and returns its address."""
        asked = {"module": "refiner.watch_completed_survey", "secret": SECRET}
        made = await self.post("/webhooks", {"name": name, **asked, **fields})
        return str(made["address"])

    async def add_scenario(self, document: Mapping[str, Any]) -> None:
        """Saves a scenario and switches it on."""
        await self.post("/scenarios", document)
        await self.post(f"/scenarios/{segment(document['name'])}/activate")

    async def listening(self, document: Mapping[str, Any] | None = None) -> str:
        """Makes the webhook `hook` and a scenario that listens; returns the address."""
        address = await self.add_webhook()
        await self.add_scenario(document or scenario())
        return address

    async def deliver(
        self,
        address: str,
        body: object,
        *,
        secret: str = SECRET,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - aiohttp types them
    ) -> Answer:
        """Sends a delivery: bytes as they are, anything else as JSON."""
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return await self.call(
            "POST", address, token=secret, data=data, headers=headers, **more
        )

    async def settled(self, accepted: int) -> Any:  # noqa: ANN401 - the balance
        """The balance, once that many deliveries are accepted and all have ended."""

        def holds(seen: Any) -> bool:  # noqa: ANN401 - the balance
            ended = {"done", "dead", "held"} >= seen["states"].keys()
            return bool(ended and seen["accepted"] == accepted)

        return await eventually(lambda: self.get("/balance"), holds)

    async def executions(self) -> list[Any]:
        """All executions with their histories, oldest first."""
        listed = await self.get("/executions?limit=1000")
        return [await self.get(f"/executions/{one['id']}") for one in reversed(listed)]


def _succeeded(answer: Answer) -> Any:  # noqa: ANN401 - any JSON value
    assert answer.status < 300, answer.text
    return answer.json()


def segment(name: str) -> str:
    """Any name as one part of a path."""
    return quote(name, safe="")


@dataclass(frozen=True, slots=True)
class Received:
    """One request as the listener saw it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Listener:
    """A service on this machine: records each request and answers as told.

    `answer` turns what was received into a response; the default says 200 `{}`.
    """

    answer: Callable[[Received], web.Response] = lambda _: web.json_response({})
    requests: list[Received] = field(default_factory=list)
    address: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = "http://127.0.0.1:{1}".format(*self._runner.addresses[0])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        received = Received(
            request.method, request.path_qs, dict(request.headers), body
        )
        self.requests.append(received)
        return self.answer(received)


async def exchange(
    address: str,
    *parts: bytes,
    seconds: float = 5,
    after_each: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(0),
) -> bytes:
    """Writes raw bytes, part by part, and reads until the server closes.

    A later part is written when the earlier ones are on their way, and `after_each` is
    done; a server that has hung up meanwhile misses the rest. Fails if it keeps the
    connection longer.
    """
    parsed = urlsplit(address)
    reader, writer = await asyncio.open_connection(parsed.hostname, parsed.port)
    said = bytearray()
    try:
        async with asyncio.timeout(seconds):
            with suppress(ConnectionError):
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    await after_each()
            with suppress(ConnectionError):
                while part := await reader.read(65536):
                    said += part
    except TimeoutError:
        raise AssertionError(f"still open after {seconds:g} s, said {said!r}") from None
    finally:
        writer.close()
    return bytes(said)


def raw_post(address: str, body: bytes = b"", *, close: bool = True) -> bytes:
    """The bytes of a well-formed delivery with the right secret."""
    parsed = urlsplit(address)
    lines = [
        f"POST {parsed.path} HTTP/1.1",
        f"Host: {parsed.netloc}",
        f"Authorization: Bearer {SECRET}",
        f"Content-Length: {len(body)}",
        *(["Connection: close"] if close else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def on_disk(folder: Path, query: str) -> list[Any]:
    """Rows of the folder's database, read by a connection of our own."""
    file = (folder / "trunkline.db").as_uri()
    connection = sqlite3.connect(f"{file}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
