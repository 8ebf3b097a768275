"""Something that webhooks can be sent to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(slots=True)
class Receiver:
    """Answers as told and keeps what came."""

    url: str = ""
    status: int = 200
    silent: bool = False  # answers only when the test is over
    over: asyncio.Event = field(default_factory=asyncio.Event)
    came: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, body in self.came]

    async def receive(self, request: web.Request) -> web.Response:
        self.came.append((dict(request.headers), await request.json()))
        if self.silent:
            await self.over.wait()
        return web.Response(text="OK, thanks", status=self.status)


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{_port(runner)}/hook"
    try:
        yield receiver
    finally:
        receiver.over.set()
        await runner.cleanup()


def _port(runner: web.AppRunner) -> int:
    port: int = runner.addresses[0][1]
    return port
