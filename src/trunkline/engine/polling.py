"""What a polling trigger finds that is new, and how far it has come with that."""

from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Mapping
from functools import cmp_to_key
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from trunkline.engine.bundle import encode, to_bundle
from trunkline.errors import DataError
from trunkline.mapping import coerce
from trunkline.model.clock import Millis, as_text
from trunkline.model.position import Position
from trunkline.sdk import Watch

_REMEMBERED = 10_000
"""Keys remembered of records in no order that are not listed any more."""

_SECOND: Millis = 1000

_LEAST_MILLIS = 100_000_000_000
"""Smaller numbers are seconds since 1970 (until 5138), others milliseconds."""

Sortable = Callable[[object], Any]
"""Makes of a mark something that compares."""


class News(Struct, frozen=True):
    """New records, the oldest first; `more` are left for the next cycle."""

    bundles: list[Any]
    position: Position
    more: bool


async def find_news(
    results: AsyncIterator[Any], watch: Watch, position: Position, limit: int
) -> News:
    """Takes the oldest of what is new, at most `limit`, each record once.

    Reading ends where nothing new can follow. A record with the mark of the position
    is new unless its key was taken before.

    Raises:
        DataError: a record lacks the fields that tell it apart.
    """
    look = _look(watch, position, limit)
    async for result in results:
        if not look.goes_on_after(to_bundle(result)):
            break
    return look.news()


async def first_position(
    results: AsyncIterator[Any], watch: Watch, position: Position, now: Millis
) -> Position:
    """Where a trigger begins that is to take only what comes from now on.

    It is behind all that the service lists, so its clock need not agree with ours.
    Only a list of dates that begins with the oldest is not read through; there the
    second that has begun counts, as many services write no parts of one.
    """
    if watch.order == "asc" and watch.kind == "date":
        return replace(position, mark=as_text(now // _SECOND * _SECOND))
    sortable = sortable_by(watch)
    newest: list[Any] = []
    async for result in results:
        bundle = to_bundle(result)
        if newest and watch.order != "unordered":
            mark, latest = (
                sortable(field_of(one, watch.mark)) for one in (bundle, newest[0])
            )
            if mark < latest and watch.order == "desc":
                break
            if mark != latest:
                newest = newest if mark < latest else [bundle]
                continue
        newest.append(bundle)
    return _advanced(position, watch, newest)


class _InOrder:
    """One look at records that come by their marks."""

    def __init__(self, watch: Watch, position: Position, limit: int) -> None:
        self._watch = watch
        self._position = position
        self._limit = limit
        self._sortable = sortable_by(watch)
        self._floor = None if position.mark is None else self._sortable(position.mark)
        self._before = frozenset(position.ties)
        self._taken: list[tuple[Any, str, Any]] = []  # mark, key, bundle
        self._keys: set[str] = set()
        self._more = False

    def goes_on_after(self, bundle: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Looks at one more record; whether news can follow it."""
        mark = self._sortable(field_of(bundle, self._watch.mark))
        key = key_of(bundle, self._watch)
        if self._floor is not None:
            if mark < self._floor:
                return self._watch.order == "asc"
            if mark == self._floor and key in self._before:
                return True
        # Pages that shift while they are read show a record twice.
        if key in self._keys and (mark, key) in ((m, k) for m, k, _ in self._taken):
            return True
        self._keys.add(key)
        self._insert(mark, key, bundle)
        if len(self._taken) <= self._limit:
            return True
        self._more = True
        self._taken.pop()  # newer ones wait for the next cycle
        return self._watch.order == "desc"

    def _insert(self, mark: Any, key: str, bundle: Any) -> None:  # noqa: ANN401 - any JSON value
        if self._watch.order == "asc":
            self._taken.append((mark, key, bundle))
            return
        place = bisect_left(self._taken, mark, key=lambda one: one[0])
        self._taken.insert(place, (mark, key, bundle))

    def news(self) -> News:
        bundles = [bundle for _, _, bundle in self._taken]
        return News(
            bundles, _advanced(self._position, self._watch, bundles), self._more
        )


class _Unordered:
    """One look at records that come anyhow, so that only their keys tell."""

    def __init__(self, watch: Watch, position: Position, limit: int) -> None:
        self._watch = watch
        self._position = position
        self._limit = limit
        self._before = dict.fromkeys(position.ties)
        self._taken: dict[str, Any] = {}
        self._listed: set[str] = set()
        self._more = False

    def goes_on_after(self, bundle: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Looks at one more record; whether news can follow it."""
        key = key_of(bundle, self._watch)
        self._listed.add(key)
        if key in self._before or key in self._taken:
            return True
        if len(self._taken) == self._limit:
            self._more = True
            return False
        self._taken[key] = bundle
        return True

    def news(self) -> News:
        remembered = [*self._before]
        if not self._more:
            # Whoever forgets a record that is still listed takes it again.
            gone = [key for key in remembered if key not in self._listed]
            here = [key for key in remembered if key in self._listed]
            remembered = [*gone[-_REMEMBERED:], *here]
        position = replace(self._position, ties=(*remembered, *self._taken))
        return News([*self._taken.values()], position, self._more)


def _look(watch: Watch, position: Position, limit: int) -> _InOrder | _Unordered:
    kind = _Unordered if watch.order == "unordered" else _InOrder
    return kind(watch, position, limit)


def _advanced(position: Position, watch: Watch, bundles: list[Any]) -> Position:
    """The position behind these bundles, of which the last is the newest."""
    if not bundles:
        return position
    keys = [key_of(one, watch) for one in bundles]
    if watch.order == "unordered":
        return replace(position, ties=tuple(keys))
    sortable = sortable_by(watch)
    marks = [field_of(one, watch.mark) for one in bundles]
    newest = sortable(marks[-1])
    ties = [
        key for key, mark in zip(keys, marks, strict=True) if sortable(mark) == newest
    ]
    before = position.mark
    if before is not None and sortable(before) == newest:
        ties = [*position.ties, *ties]
    return replace(position, mark=marks[-1], ties=tuple(ties))


def key_of(bundle: Any, watch: Watch) -> str:  # noqa: ANN401 - any JSON value
    value = field_of(bundle, watch.unique)
    return value if isinstance(value, str) else encode(value)


def field_of(bundle: Any, name: str | None) -> Any:  # noqa: ANN401 - any JSON value
    value = bundle.get(name) if isinstance(bundle, Mapping) and name else None
    if value is None:
        raise DataError(
            f"A record has no {name!r}, by which what is new is told from what is old."
        )
    return value


def sortable_by(watch: Watch) -> Sortable:
    """How marks compare: as moments, as numbers, or as texts."""
    if watch.kind == "date":
        return _moment
    return cmp_to_key(_compare_ids)


def _moment(value: object) -> Any:  # noqa: ANN401 - a datetime
    number = _number(value)
    if number is None:
        return coerce(value, "date")
    return coerce(number * 1000 if abs(number) < _LEAST_MILLIS else number, "date")


def _compare_ids(one: object, other: object) -> int:
    """By number where both are numbers, so that 10 follows 9; otherwise as texts."""
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    before, after = str(one), str(other)
    return (before > after) - (before < after)


def _number(value: object) -> float | None:
    if isinstance(value, int | float):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else None
