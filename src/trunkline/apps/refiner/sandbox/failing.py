"""Lets requests to the API fail as the faults switched on say."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import Fault, FaultKind, Faults
from .store.paging import Pagination, envelope
from .times import Clock

API = "/v1/"
ENDLESS = "ZW5kbGVzcw"  # the cursor of an endless list: to the first page again
APOLOGY = b"<!doctype html><title>Maintenance</title><h1>We will be right back</h1>"


class ListAnswer(msgspec.Struct):
    """A list's envelope, its items left as they are."""

    items: list[msgspec.Raw]
    pagination: Pagination


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the API answered, or what is sent in its place."""

    status: int = 200
    body: bytes
    media_type: bytes = b"application/json"
    retry_after: str = ""
    sent: int | None = None  # bytes sent before the connection is cut

    async def send(self, send: Send) -> None:
        headers = [
            (b"content-type", self.media_type),
            (b"content-length", str(len(self.body)).encode()),
        ]
        if self.retry_after:
            headers.append((b"retry-after", self.retry_after.encode()))
        start = {"type": "http.response.start", "status": self.status}
        await send(start | {"headers": headers})
        cut = self.sent is not None
        body = self.body[: self.sent]
        await send({"type": "http.response.body", "body": body, "more_body": cut})


class Failing:
    """Middleware in front of everything; pages are never struck."""

    def __init__(self, app: ASGIApp, faults: Faults, clock: Clock) -> None:
        self._app = app
        self._faults = faults
        self._clock = clock
        self._previous: dict[str, list[msgspec.Raw]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = _from_the_start(scope)
        path = scope.get("path", "")
        if not (path.startswith(API) and self._faults.active):
            await self._app(scope, receive, send)
            return
        if slow := self._faults.strikes("slow", path):
            await asyncio.sleep(slow.delay_ms / 1000)
        answer = self._refusal(path)
        if answer is None:
            answer = await _collected(self._app, scope, receive)
            answer = self._spoiled(answer, path)
        await answer.send(send)

    def _refusal(self, path: str) -> Answer | None:
        """An error in place of an answer; nothing has been done then."""
        if fault := self._faults.strikes("status", path):
            return Answer(status=fault.status, body=b'{"error":"Server Error"}')
        if fault := self._faults.strikes("rate_limit", path):
            return Answer(
                status=429,
                body=b'{"error":"You are doing this too often."}',
                retry_after=self._retry_after(fault),
            )
        return None

    def _retry_after(self, fault: Fault) -> str:
        if fault.retry_after_as == "seconds":
            return str(fault.retry_after)
        moment = self._clock() + timedelta(seconds=fault.retry_after)
        return format_datetime(moment, usegmt=True)

    def _spoiled(self, answer: Answer, path: str) -> Answer:
        """The answer with whatever strikes it; what was asked for has been done."""
        pages: tuple[tuple[FaultKind, Callable[[ListAnswer, str], None]], ...] = (
            ("duplicate_pages", self._repeat),
            ("endless_cursor", _without_end),
        )
        listed = _as_list(answer)
        if listed:
            own = listed.items
            for kind, spoil in pages:
                if self._faults.strikes(kind, path):
                    spoil(listed, path)
            self._previous[path] = own
            body = envelope(map(bytes, listed.items), listed.pagination)
            answer = replace(answer, body=body)
        return self._broken(answer, path)

    def _repeat(self, listed: ListAnswer, path: str) -> None:
        """Bring the previous page's items again before the page's own."""
        listed.items = [*self._previous.get(path, listed.items), *listed.items]

    def _broken(self, answer: Answer, path: str) -> Answer:
        half = len(answer.body) // 2
        if self._faults.strikes("html", path):
            return Answer(body=APOLOGY, media_type=b"text/html; charset=utf-8")
        if self._faults.strikes("truncated", path):
            return replace(answer, body=answer.body[:half])
        if self._faults.strikes("cut", path):
            return replace(answer, sent=half)
        return answer


def _without_end(listed: ListAnswer, _: str) -> None:
    """A cursor on every page, and a last page that is never reached."""
    pagination = listed.pagination
    listed.pagination = msgspec.structs.replace(
        pagination,
        last_page=max(pagination.last_page, pagination.current_page + 1),
        next_page_cursor=pagination.next_page_cursor or ENDLESS,
    )


def _from_the_start(scope: Scope) -> Scope:
    query: bytes = scope.get("query_string", b"")
    cursor = f"page_cursor={ENDLESS}".encode()
    return {**scope, "query_string": query.replace(cursor, b"")} if query else scope


def _as_list(answer: Answer) -> ListAnswer | None:
    try:
        return msgspec.json.decode(answer.body, type=ListAnswer)
    except msgspec.MsgspecError:
        return None


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    status, headers, parts = 200, {}, []

    async def keep(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], dict(message["headers"])
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return Answer(
        status=status,
        body=b"".join(parts),
        media_type=headers.get(b"content-type", b"application/json"),
        retry_after=headers.get(b"retry-after", b"").decode(),
    )
