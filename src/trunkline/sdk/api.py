"""The client that a module gets: calls of one connection, made with care."""

from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from itertools import count
from typing import Any, overload

from trunkline.errors import ForeignOriginError, ModuleError
from trunkline.sdk.answer import Answer, Json, read_into
from trunkline.sdk.call import SAFE_METHODS, Call, Wish, prepare
from trunkline.sdk.channel import Channel
from trunkline.sdk.exchange import exchange
from trunkline.sdk.http import callable_url
from trunkline.sdk.origin import is_below
from trunkline.sdk.pages import Pages
from trunkline.sdk.payload import Fields, plain
from trunkline.sdk.redirect import send
from trunkline.sdk.refusal import refusal
from trunkline.sdk.retry import (
    PAUSING,
    TOTAL_SECONDS,
    is_unsure,
    patience,
    retry_after,
)
from trunkline.sdk.verb import Verb
from trunkline.sdk.webhook import Model

_MOST_KEPT = 5
"""Calls of one operation that are kept; a search may make thousands."""

HOPS = "trunkline-hops"
"""The header that counts how many executions have led to a call, one after another."""


class Withheld(Exception):  # noqa: N818 - not an error: nothing was to be sent
    """A call that would change something was not sent; `request` is what it was."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        super().__init__(request)
        self.request = request


class Api:
    """Calls to one service with one connection, during one operation.

    `key` is the operation's idempotency key, `repeatable` says that all its calls
    may be made twice. `tries` is the highest number of tries that a call needed,
    `refused` the answer behind the error of the last one, if the service gave one.
    `hops` is how many executions have led here. With `withhold`, a call that may
    change something is not sent, but raised as `Withheld`. With `keeps`, the last few
    calls and their answers are `kept`, without secrets.
    """

    __slots__ = (
        "_channel",
        "_hops",
        "_key",
        "_keyed_calls",
        "_repeatable",
        "_sent",
        "_withhold",
        "kept",
        "refused",
        "tries",
    )

    get = Verb("GET")
    post = Verb("POST")
    put = Verb("PUT")
    patch = Verb("PATCH")
    delete = Verb("DELETE")

    def __init__(
        self,
        channel: Channel,
        *,
        key: str | None = None,
        repeatable: bool = False,
        hops: int | None = None,
        withhold: bool = False,
        keeps: bool = False,
    ) -> None:
        self._channel = channel
        self._key = key
        self._keyed_calls = 0
        self._repeatable = repeatable
        self._hops = hops
        self._withhold = withhold
        self.tries = 0
        self.refused: Answer | None = None
        self._sent: Call | None = None
        self.kept = deque[Mapping[str, Any]](maxlen=_MOST_KEPT) if keeps else None

    @property
    def channel(self) -> Channel:
        """The way to the service."""
        return self._channel

    def exchange(self) -> Mapping[str, Any] | None:
        """The last call and the refusal it met, without secrets, if one was sent."""
        if self._sent is None:
            return None
        return exchange(self._sent, self.refused, self._channel.mask)

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Fields | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        form: Fields | None = None,
        body: Json = None,
        repeatable: bool | None = None,
    ) -> Answer:
        """Sends one call, again where that is safe, and returns its answer.

        `path` begins with a slash; only without a base address is it a whole URL.
        Models are sent under the names that the service knows, `None` is left out.
        A text as `body` is sent as it is. `repeatable` says whether this call may be
        made twice; unless told, a call with an idempotency key may.

        Raises:
            ForeignOriginError: the path leaves the connection's address.
            InvalidConfigurationError: a header or the address cannot be used, or the
                service redirects elsewhere.
            ModuleError: the service refused, was out of reach or too slow.
        """
        wish = Wish(
            method=method,
            path=path,
            params=params,
            headers=self._with_hops(headers),
            json=json,
            form=form,
            body=body,
        )
        return await self._send(
            prepare(
                wish,
                self._channel,
                key=self._next_key(method),
                repeatable=self._repeatable or None
                if repeatable is None
                else repeatable,
            )
        )

    @overload
    def pages(
        self,
        path: str,
        *,
        into: type[Model],
        params: Fields | None = None,
        pages: Pages | None = None,
        limit: int | None = None,
    ) -> AsyncGenerator[Model, None]: ...
    @overload
    def pages(
        self,
        path: str,
        *,
        into: None = None,
        params: Fields | None = None,
        pages: Pages | None = None,
        limit: int | None = None,
    ) -> AsyncGenerator[Any, None]: ...
    async def pages(
        self,
        path: str,
        *,
        into: type[Model] | None = None,
        params: Fields | None = None,
        pages: Pages | None = None,
        limit: int | None = None,
    ) -> AsyncGenerator[Any, None]:
        """The records of a list, each page fetched when its first record is asked for.

        `pages` says how the list is paged, otherwise the app does. `limit` is how
        many records are going to be taken at most; no larger pages are asked for.

        Raises:
            DataError: the answers are not such a list, or do not come to an end.
            MaxResultsExceededError: there are more pages than are fetched.
            ModuleError: see `request`.
        """
        way = pages or self._channel.pages
        if way is None:
            raise TypeError("neither the call nor the app says how lists are paged")

        async def fetch(params: Mapping[str, Any], *, url: str | None = None) -> Answer:
            if url is not None:
                return await self.request("GET", self._path_of(url))
            return await self.request("GET", path, params=params)

        async with aclosing(way.walk(fetch, plain(params), limit=limit)) as records:
            async for record in records:
                yield record if into is None else read_into(record, into)

    def _with_hops(self, headers: Mapping[str, str] | None) -> Mapping[str, str] | None:
        """Calls to anywhere count, so that a scenario cannot trigger itself for ever.

        A service with an address of its own is not told.
        """
        if self._hops is None or self._channel.base is not None:
            return headers
        return {HOPS: str(self._hops), **(headers or {})}

    def _next_key(self, method: str) -> str | None:
        """The key of the next call that has an effect; no two calls share one."""
        if self._key is None or method.upper() in SAFE_METHODS:
            return None
        self._keyed_calls += 1
        number = self._keyed_calls
        return self._key if number == 1 else f"{self._key}-{number}"

    async def _send(self, call: Call) -> Answer:
        channel = self._channel
        if self._withhold and call.method not in SAFE_METHODS:
            raise Withheld(exchange(call, None, channel.mask)["request"])
        last_start = channel.monotonic() + TOTAL_SECONDS - channel.http.deadlines.total
        for tries in count(1):
            await channel.turn(call.url.origin())
            self.tries = max(self.tries, tries)
            try:
                return await self._send_once(call)
            except ModuleError as error:
                wait = patience(
                    error,
                    harmless=call.harmless,
                    tries=tries,
                    left=last_start - channel.monotonic(),
                    chance=channel.random(),
                )
                if wait is None:
                    error.unsure = is_unsure(error, harmless=call.harmless)
                    raise
            await channel.sleep(wait)
        raise AssertionError("patience does end")  # pragma: no cover

    async def _send_once(self, call: Call) -> Answer:
        mask = self._channel.mask
        self.refused = None
        self._sent = call
        try:
            answer = mask.answer(await send(call, self._channel))
            if self.kept is not None:
                self.kept.append(exchange(call, answer, mask))
            if answer.ok:
                return answer
            self.refused = answer
            raise self._refusal(call, answer)
        except ModuleError as error:
            raise mask.error(error)  # noqa: B904 - it is the same error

    def _refusal(self, call: Call, answer: Answer) -> ModuleError:
        """The error an answer stands for; a pause it asks for holds for all calls."""
        channel = self._channel
        error = channel.explain(answer) if channel.explain else None
        error = error or refusal(answer, str(call), channel.title)
        error.status = error.status or answer.status
        if error.retry_after is None:
            error.retry_after = retry_after(answer.headers, channel.clock())
        if error.retry_after is not None and isinstance(error, PAUSING):
            channel.pause(call.url.origin(), error.retry_after)
        return error

    def _path_of(self, url: str) -> str:
        """The path to ask for to get to an address that the service has named."""
        channel = self._channel
        target = callable_url(url).without_query_params(*channel.credential_params)
        if channel.base is None:
            return str(target)
        if not is_below(channel.base, target):
            raise ForeignOriginError(
                f"{channel.title} names a next page at {target.origin()}, which is not "
                "where this connection's calls go; nothing was sent there."
            )
        return target.raw_path_qs.removeprefix(channel.base.raw_path.rstrip("/"))
