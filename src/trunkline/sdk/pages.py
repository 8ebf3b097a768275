"""How a service hands out long lists, page by page."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Any, Protocol

import msgspec
from yarl import URL

from trunkline.errors import DataError, ForeignOriginError, MaxResultsExceededError
from trunkline.sdk.answer import Answer, Json

Params = Mapping[str, Any]

_LINK = re.compile(
    r"""<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)"""
)
_RELATION = re.compile(r"""(?i)\brel\s*=\s*"?([^";,]*)""")
_MISSING = object()
_MOST_PAGES = 100_000
# Filters that a service applies after cutting pages leave some of them empty.
_MOST_EMPTY_PAGES = 10


class Fetch(Protocol):
    """Fetches one page; `url` stands for path and parameters where a page names it."""

    async def __call__(self, params: Params, *, url: str | None = None) -> Answer: ...


class Pages(Protocol):
    """Walks over all records of a list, fetching each page when it is asked for."""

    def walk(
        self, fetch: Fetch, params: Params, *, limit: int | None = None
    ) -> AsyncGenerator[Any, None]:
        """The records. `limit` says how many the caller is going to take at most.

        Raises:
            DataError: the answers are not a list, or do not come to an end.
            MaxResultsExceededError: there are more pages than are fetched.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumberPages:
    """Pages counted from `first`.

    `items` and `last` are where the records and the number of the last page stand,
    with dots between the levels; an empty `items` means the answer is the list.
    Without `last` the list ends with a page that is not full.
    """

    items: str = ""
    param: str = "page"
    last: str | None = None
    size_param: str | None = None
    size: int = 100
    first: int = 1
    max_pages: int = _MOST_PAGES

    async def walk(
        self, fetch: Fetch, params: Params, *, limit: int | None = None
    ) -> AsyncGenerator[Any, None]:
        """The records of all pages."""
        sized = _sized(params, self.size_param, self.size, limit)
        watch = _Watch(self.max_pages)
        for page in count(int(params.get(self.param) or self.first)):
            value = (await fetch({**sized, self.param: page})).value()
            records = watch.records(value, self.items)
            for record in records:
                yield record
            last = _number(_at(value, self.last)) if self.last else None
            is_full = _is_full(records, sized, self.size_param)
            if not (is_full if last is None else page < last):
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetPages:
    """Pages that begin at a record's number, counted from 0.

    `total` is where the number of all records stands; without it the list ends with
    a page that is not full.
    """

    items: str = ""
    param: str = "offset"
    total: str | None = None
    size_param: str | None = "limit"
    size: int = 100
    max_pages: int = _MOST_PAGES

    async def walk(
        self, fetch: Fetch, params: Params, *, limit: int | None = None
    ) -> AsyncGenerator[Any, None]:
        """The records of all pages."""
        sized = _sized(params, self.size_param, self.size, limit)
        watch = _Watch(self.max_pages)
        offset = int(params.get(self.param) or 0)
        while True:
            value = (await fetch({**sized, self.param: offset})).value()
            records = watch.records(value, self.items)
            for record in records:
                yield record
            offset += len(records)
            total = _number(_at(value, self.total)) if self.total else None
            is_full = _is_full(records, sized, self.size_param)
            if not records or not (is_full if total is None else offset < total):
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorPages:
    """Pages of which each names the next one; `next` is where it does."""

    items: str
    next: str
    param: str = "cursor"
    size_param: str | None = None
    size: int = 100
    max_pages: int = _MOST_PAGES

    async def walk(
        self, fetch: Fetch, params: Params, *, limit: int | None = None
    ) -> AsyncGenerator[Any, None]:
        """The records of all pages."""
        page = _sized(params, self.size_param, self.size, limit)
        watch = _Watch(self.max_pages)
        while True:
            value = (await fetch(page)).value()
            for record in watch.records(value, self.items):
                yield record
            cursor = _at(value, self.next)
            if cursor in (None, "", False):
                return
            watch.goes_to(str(cursor))
            page = {**page, self.param: cursor}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPages:
    """Pages whose `Link` header names the next one (RFC 8288)."""

    items: str = ""
    size_param: str | None = None
    size: int = 100
    max_pages: int = _MOST_PAGES

    async def walk(
        self, fetch: Fetch, params: Params, *, limit: int | None = None
    ) -> AsyncGenerator[Any, None]:
        """The records of all pages."""
        page = _sized(params, self.size_param, self.size, limit)
        watch = _Watch(self.max_pages)
        answer = await fetch(page)
        while True:
            for record in watch.records(answer.value(), self.items):
                yield record
            url = _next_link(answer)
            if url is None:
                return
            watch.goes_to(url)
            answer = await fetch({}, url=url)


class _Watch:
    """Sees to it that a walk over pages comes to an end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen = 0
        self._empty = 0
        self._digests: set[bytes] = set()
        self._places: set[str] = set()

    def records(self, value: object, items: str) -> list[Any]:
        """The records of the next page."""
        self._count()
        records = [] if value is None else _at(value, items, _MISSING)
        if records is None:  # as some write a list without records
            records = []
        if not isinstance(records, list):
            raise DataError(
                f"Page {self._seen} has no list{f' at {items!r}' if items else ''}. "
                "The service's API may have changed."
            )
        self._refuse_repetition(records)
        return records

    def goes_to(self, place: str) -> None:
        """Notes where the next page is."""
        if place in self._places:
            raise DataError(
                f"Page {self._seen} names a next page that was read already, so the "
                "list has no end. Try again, or report it to the service."
            )
        self._places.add(place)

    def _count(self) -> None:
        if self._seen >= self._most:
            raise MaxResultsExceededError(
                f"The list goes on after {self._most} pages, the most that are read. "
                "Narrow it down, for example by a date."
            )
        self._seen += 1

    def _refuse_repetition(self, records: list[Any]) -> None:
        if not records:
            self._empty += 1
            if self._empty > _MOST_EMPTY_PAGES:
                raise DataError(
                    f"{self._empty} pages in a row were empty, and each says that more "
                    "follow. Try again, or report it to the service."
                )
            return
        self._empty = 0
        digest = blake2b(msgspec.json.encode(records), digest_size=16).digest()
        if digest in self._digests:
            raise DataError(
                f"Page {self._seen} holds the same records as a page before it, so the "
                "list has no end. Try again, or report it to the service."
            )
        self._digests.add(digest)


def _sized(
    params: Params, name: str | None, size: int, limit: int | None
) -> dict[str, Any]:
    """The parameters with a page size: the caller's own, or the app's."""
    if name is None:
        return dict(params)
    return {name: size if limit is None else max(1, min(size, limit)), **params}


def _is_full(records: list[Any], sized: Params, size_param: str | None) -> bool:
    """Whether a page is as long as it was asked to be, so that more may follow."""
    if size_param is None:
        return bool(records)
    return len(records) >= (_number(sized[size_param]) or 1)


def _at(value: object, path: str, missing: object = None) -> Json:
    """What stands at `a.b.c`."""
    for name in path.split(".") if path else ():
        if not isinstance(value, dict) or name not in value:
            return missing
        value = value[name]
    return value


def _number(value: object) -> int | None:
    """A count that a service may write as a number or as a text."""
    try:
        return int(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def _next_link(answer: Answer) -> str | None:
    """The address that `Link: <...>; rel="next"` names.

    Raises:
        ForeignOriginError: it is on another origin than the page that names it.
    """
    for link in _LINK.finditer(answer.headers.get("link", "")):
        relation = _RELATION.search(link[2])
        if relation and "next" in relation[1].lower().split():
            return _same_origin(URL(answer.url), link[1])
    return None


def _same_origin(page: URL, link: str) -> str:
    try:
        target = page.join(URL(link))
        if target.origin() == page.origin():
            return str(target)
    except ValueError:
        pass
    raise ForeignOriginError(
        f"A page of {page.origin()} names a next page elsewhere; nothing was sent."
    )
