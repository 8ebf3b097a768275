"""The one ASGI application: hooks first, everything else to the API."""

from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.hooks.door import PREFIX, HooksDoor


class Application:
    """Sends each request to its door; the hooks door is one comparison away."""

    def __init__(self, hooks: HooksDoor, api: ASGIApp) -> None:
        self._hooks = hooks
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._hooks(scope, receive, send)
        else:
            await self._api(scope, receive, send)
