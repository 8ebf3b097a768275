"""The API's gate: nothing of a request is read before it is known who makes it."""

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.api.problems import as_problem
from trunkline.errors import ForbiddenError, NotEnteredError, TrunklineError
from trunkline.model.access import ALL_PERMISSIONS, Visitor
from trunkline.model.webhook import digest
from trunkline.services.access import Access

PREFIX = "/api/v1"
COOKIE = "trunkline_session"
OPEN = frozenset({f"{PREFIX}/session", f"{PREFIX}/session/first"})
"""Where people enter; these say themselves what they ask for."""

_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    """Finds out who makes a request below `/api/v1`, and refuses the rest.

    Three things open it: the token of this start, which programs of the same user
    find beside the data; a token made under *Settings*; a browser's session.
    """

    def __init__(self, app: ASGIApp, token: str, access: Access) -> None:
        self._app = app
        self._expected = digest(token)
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        try:
            visitor = await self._admit(scope)
        except TrunklineError as error:
            await as_problem(error)(scope, receive, send)
            return
        scope.setdefault("state", {})["visitor"] = visitor
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope) -> Visitor | None:
        """Who it is; nobody may only enter.

        Raises:
            NotEnteredError: nobody, or a token that is none.
            ForbiddenError: a browser was sent here by a page of somebody else.
        """
        headers = Headers(scope=scope)
        if scope["method"] not in _HARMLESS:
            _refuse_other_sites(headers)
        shown = headers.getlist("authorization")
        visitor = (
            await self._by_token(shown) if shown else await self._by_cookie(headers)
        )
        if visitor is None and scope["path"] not in OPEN:
            raise NotEnteredError(
                "Enter with a name and a password, or send an API token: "
                "Authorization: Bearer TOKEN."
            )
        return visitor

    async def _by_token(self, shown: list[str]) -> Visitor | None:
        scheme, _, token = shown[0].partition(" ")
        if len(shown) > 1 or scheme.lower() != "bearer":
            return None
        if hmac.compare_digest(digest(token), self._expected):
            return Visitor(name="this machine", permissions=ALL_PERMISSIONS)
        return await self._access.by_token(token)

    async def _by_cookie(self, headers: Headers) -> Visitor | None:
        cookie = cookie_of(headers)
        return None if cookie is None else await self._access.by_cookie(cookie)


def cookie_of(headers: Headers) -> str | None:
    """What the session's cookie holds, if there is one."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def _refuse_other_sites(headers: Headers) -> None:
    """Browsers say from where a request was made; programs say nothing."""
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    host = headers.get("host", "")
    strange_site = site is not None and site not in ("same-origin", "none")
    strange_origin = origin is not None and urlsplit(origin).netloc != host
    if strange_site or strange_origin:
        raise ForbiddenError(
            "A page of another site asked for this; Trunkline takes changes from its "
            "own pages and from programs alone."
        )
