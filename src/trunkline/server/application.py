"""The one ASGI application: hooks first, everything else to the API."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.hooks.door import PREFIX, HooksDoor


class Application:
    """Sends each request to its door; the hooks door is one comparison away.

    The API takes long to load, and deliveries must not wait for it: it is loaded when
    somebody first asks for it, in a thread of its own.
    """

    def __init__(self, hooks: HooksDoor, load_api: Callable[[], ASGIApp]) -> None:
        self._hooks = hooks
        self._load_api = load_api
        self._api: asyncio.Future[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._hooks(scope, receive, send)
        else:
            api = await self._opened()
            # A fault is logged and answered by then; what it raises is for servers
            # that would do neither, and ours would close the connection unannounced.
            with suppress(Exception):
                await api(scope, receive, send)

    def _opened(self) -> asyncio.Future[ASGIApp]:
        if self._api is None:
            self._api = asyncio.ensure_future(asyncio.to_thread(self._load_api))
        return self._api
