"""What a polling trigger finds that is new, and how far it has come with that."""

from collections import deque
from collections.abc import AsyncIterator, Mapping
from enum import Enum
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
"""Keys remembered of records that come in no order."""


class News(Struct, frozen=True):
    """New records, the oldest first; `more` are left for the next cycle."""

    bundles: list[Any]
    position: Position
    more: bool


async def find_news(
    results: AsyncIterator[Any], watch: Watch, position: Position, limit: int
) -> News:
    """Takes the oldest of what is new, at most `limit`.

    Reading ends where nothing new can follow. A record with the mark of the position
    is new unless its key was taken before.

    Raises:
        DataError: a record lacks the fields that tell it apart.
    """
    taken: deque[Any] = deque()
    found = 0
    async for result in results:
        bundle = to_bundle(result)
        age = _age(bundle, watch, position)
        if age is Age.OLDER and watch.order == "desc":
            break
        if age is not Age.NEW:
            continue
        found += 1
        taken.append(bundle)
        if len(taken) <= limit:
            continue
        if watch.order != "desc":
            taken.pop()
            break
        taken.popleft()  # newer ones wait for the next cycle
    bundles = [*reversed(taken)] if watch.order == "desc" else [*taken]
    return News(bundles, advanced(position, watch, bundles), found > len(bundles))


class Age(Enum):
    """What a record is, seen from a position."""

    NEW = "new"
    TAKEN = "taken"
    OLDER = "older"


def _age(bundle: Any, watch: Watch, position: Position) -> Age:  # noqa: ANN401 - any JSON value
    if watch.order != "unordered":
        here = sortable(watch, field_of(bundle, watch.mark))
        if position.mark is None:
            return Age.NEW
        floor = sortable(watch, position.mark)
        if here != floor:
            return Age.OLDER if here < floor else Age.NEW
    return Age.TAKEN if key_of(bundle, watch) in position.ties else Age.NEW


def advanced(position: Position, watch: Watch, bundles: list[Any]) -> Position:
    """The position behind these bundles, of which the last is the newest."""
    if not bundles:
        return position
    keys = [key_of(one, watch) for one in bundles]
    if watch.order == "unordered":
        return replace(position, ties=(*position.ties, *keys)[-_REMEMBERED:])
    marks = [field_of(one, watch.mark) for one in bundles]
    newest = sortable(watch, marks[-1])
    ties = [
        key
        for key, mark in zip(keys, marks, strict=True)
        if sortable(watch, mark) == newest
    ]
    before = position.mark
    if before is not None and sortable(watch, before) == newest:
        ties = [*position.ties, *ties]
    return replace(position, mark=marks[-1], ties=tuple(ties))


async def first_position(
    results: AsyncIterator[Any], watch: Watch, position: Position, now: Millis
) -> Position:
    """Where a trigger begins that is to take only what comes from now on."""
    if watch.order != "unordered" and watch.kind == "date":
        return replace(position, mark=as_text(now))
    latest: list[Any] = []
    async for result in results:
        bundle = to_bundle(result)
        latest = [*latest, bundle] if watch.order == "unordered" else [bundle]
        if watch.order == "desc":
            break
    return advanced(position, watch, latest)


def key_of(bundle: Any, watch: Watch) -> str:  # noqa: ANN401 - any JSON value
    value = field_of(bundle, watch.unique)
    return value if isinstance(value, str) else encode(value)


def field_of(bundle: Any, name: str | None) -> Any:  # noqa: ANN401 - any JSON value
    value = bundle.get(name) if isinstance(bundle, Mapping) else None
    if value is None:
        raise DataError(
            f"A record has no {name!r}, by which what is new is told from what is old."
        )
    return value


def sortable(watch: Watch, value: object) -> Any:  # noqa: ANN401 - what it is compared by
    """A mark as something that compares: a moment, a number, or a text."""
    if watch.kind == "date":
        return coerce(value, "date")
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value
