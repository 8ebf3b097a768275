"""The tool that is told: a tiny server that keeps what is posted to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Listener:
    """Where it listens, and what it heard so far."""

    address: str
    heard: list[dict[str, Any]] = field(default_factory=list)


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """Listens on a free port of loopback for as long as the block lasts."""
    heard: list[dict[str, Any]] = []

    async def keep(request: web.Request) -> web.Response:
        heard.append(await request.json())
        return web.json_response({"heard": len(heard)}, status=201)

    application = web.Application()
    application.router.add_post("/detractors", keep)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield Listener(f"http://{host}:{port}", heard)
    finally:
        await runner.cleanup()
