"""The one ASGI application: hooks first, then the API, and pages for the rest."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.hooks.door import PREFIX, HooksDoor
from trunkline.server.hosts import Hosts
from trunkline.web.door import WebDoor

_API = "/api/"
_HEALTH = "/health"


class Application:
    """Sends each request to its door; the hooks door is one comparison away.

    The API takes long to load, and deliveries must not wait for it: it is loaded when
    somebody first asks for it, in a thread of its own.
    """

    def __init__(
        self,
        hooks: HooksDoor,
        load_api: Callable[[], ASGIApp],
        web: WebDoor,
        hosts: Hosts,
    ) -> None:
        self._hooks = hooks
        self._load_api = load_api
        self._web = web
        self._hosts = hosts
        self._api: asyncio.Future[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._hooks(scope, receive, send)
            return
        door = await self._door(scope)
        # A fault is logged and answered by then; what it raises is for servers that
        # would do neither, and ours would close the connection unannounced.
        with suppress(Exception):
            await door(scope, receive, send)

    async def _door(self, scope: Scope) -> ASGIApp:
        path = scope.get("path", "")
        if path != _HEALTH and not self._hosts.knows(scope):
            return _misdirected()
        if path.startswith(_API) or path == _HEALTH:
            return await self._opened()
        return self._web

    def _opened(self) -> asyncio.Future[ASGIApp]:
        if self._api is None:
            self._api = asyncio.ensure_future(asyncio.to_thread(self._load_api))
        return self._api


def _misdirected() -> PlainTextResponse:
    return PlainTextResponse(
        "This server does not go by that name. If it is one of its names, tell it: "
        "TRUNKLINE_HOSTS=name, or TRUNKLINE_PUBLIC_URL.\n",
        421,
    )
