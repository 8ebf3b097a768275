"""A service that writes down every effect it is asked for, in a process of its own.

It outlives whoever calls it, so what it holds is what the world has seen. It also
lists a few contacts page by page, for searches that feed effects.
"""

import argparse
import asyncio
import http.client
import json
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from aiohttp import web

CONTACTS = 5
_PAGE = 2
_TESTS = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request for an effect; `at` and `answered` are milliseconds since 1970."""

    key: str
    at: float
    answered: float
    body: Mapping[str, Any]

    @property
    def operation(self) -> tuple[str, int, str]:
        """Execution, module and path, out of the idempotency key."""
        execution, module, path = self.key.split(":")
        return execution, int(module), path


class Ledger:
    """The process, and a view of what arrived there since `turn_the_page`."""

    def __init__(self, *, delay: float = 0.0, seed: int = 0) -> None:
        self._options = ["--delay", str(delay), "--seed", str(seed)]
        self._page = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "fakes.ledger", *self._options],
            cwd=_TESTS,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def arrivals(self) -> list[Arrival]:
        found: list[dict[str, Any]] = self._get(f"/entries?since={self._page}")
        return [Arrival(**one) for one in found]

    def turn_the_page(self) -> None:
        """What arrived so far is not shown any more."""
        self._page += len(self.arrivals())

    def refuse(self) -> None:
        """From now on the numbers are refused for which a request asks that."""
        self._get("/refuse")

    def _get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class _Book:
    """What the process holds."""

    def __init__(self, delay: float, seed: int) -> None:
        self._delay = delay
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._entries: list[Arrival] = []
        self._mended = False

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/entries", self.enter),
            web.get("/entries", self.show),
            web.get("/refuse", self.refuse),
            web.get("/mend", self.mend),
            web.get("/v1/", _project),
            web.get("/v1/contacts", _contacts),
        ]

    async def enter(self, request: web.Request) -> web.Response:
        at = time.time() * 1000
        body = await request.json()
        if not self._mended and refuses(body):
            return web.json_response({"error": "refused"}, status=400)
        delay = self._delay * self._chance.random()
        key = request.headers["Idempotency-Key"]
        self._entries.append(Arrival(key, at, at + delay * 1000, body))
        if delay:
            await asyncio.sleep(delay)
        return web.json_response({"number": len(self._entries), "echo": body.get("n")})

    async def refuse(self, _: web.Request) -> web.Response:
        self._mended = False
        return web.json_response({})

    async def mend(self, _: web.Request) -> web.Response:
        self._mended = True
        return web.json_response({})

    async def show(self, request: web.Request) -> web.Response:
        since = int(request.query["since"])
        return web.json_response([asdict(one) for one in self._entries[since:]])


def refuses(body: Mapping[str, Any]) -> bool:
    """Whether a request asks to be refused: for a remainder of its number."""
    modulus = body.get("modulus")
    return bool(modulus) and body["n"] % modulus == body["refused"]


def mend(url: str) -> None:
    """Nothing is refused at a ledger any more; for those who know its address alone."""
    with urllib.request.urlopen(f"{url}/mend") as answer:  # noqa: S310 - loopback
        answer.read()


async def _project(_: web.Request) -> web.Response:
    return web.json_response({"project_name": "Ledger"})


async def _contacts(request: web.Request) -> web.Response:
    start = int(request.query.get("page_cursor") or 0)
    end = min(start + _PAGE, CONTACTS)
    return web.json_response(
        {
            "items": [{"uuid": f"contact-{n}"} for n in range(start, end)],
            "pagination": {"next_page_cursor": str(end) if end < CONTACTS else None},
        }
    )


async def _serve(delay: float, seed: int) -> None:
    application = web.Application()
    application.add_routes(_Book(delay, seed).routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float)
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    asyncio.run(_serve(options.delay, options.seed))


if __name__ == "__main__":
    main()
