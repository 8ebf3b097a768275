"""The API's gate: nothing of a request is read before its token was seen."""

import hmac

from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.api.problems import problem
from trunkline.model.webhook import digest

PREFIX = "/api/v1"


class Gate:
    """Lets requests below `/api/v1` pass if they show the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = digest(f"Bearer {token}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        closed = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        if closed and not self._shows_token(scope):
            text = "Send the API token: Authorization: Bearer TOKEN."
            refusal = problem(401, "HTTPError", text)
            refusal.headers["www-authenticate"] = "Bearer"
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _shows_token(self, scope: Scope) -> bool:
        headers = scope["headers"]
        shown = [value for name, value in headers if name == b"authorization"]
        return len(shown) == 1 and hmac.compare_digest(digest(shown[0]), self._expected)
