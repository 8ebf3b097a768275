"""Moments: time zones, wall clocks, and the texts accepted as dates."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from trunkline.errors import DataError
from trunkline.mapping.numbers import Number
from trunkline.mapping.values import describe

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

NOON: Final = 12

_LAST_MINUTE: Final = 59
_MAX_TEXT: Final = 64
_DATE: Final = (
    r"(?P<y>\d{4})(?P<s>[-/])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<m2>\d{1,2})/(?P<d2>\d{1,2})/(?P<y2>\d{4})"
    r"|(?P<d3>\d{1,2})\.\s?(?P<m3>\d{1,2})\.\s?(?P<y3>\d{4})"
)
_TIME: Final = (
    r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<F>\d{1,9}))?)?"
    r"(?:\s?(?P<A>[AaPp])\.?[Mm]\.?)?"
)
_OFFSET: Final = r"(?:GMT|UTC)?(?P<Z>[+-]\d{2}(?::?\d{2})?)|(?P<U>Z|GMT|UTC)"
_TEXT: Final = re.compile(
    rf"\s*(?:{_DATE})(?:(?:T|\s+){_TIME}(?:\s*(?:{_OFFSET}))?)?\s*", re.ASCII
)
_CLOCK: Final = re.compile(rf"\s*{_TIME}\s*", re.ASCII)


def zone(name: str) -> tzinfo:
    """A time zone by its name in the tz database; UTC for any other (5.8 [sure])."""
    return known_zone(name) or UTC


def known_zone(name: str) -> tzinfo | None:
    """A time zone by its name in the tz database, if there is such a name."""
    return _loaded(name) if len(name) <= _MAX_TEXT else None


@lru_cache(maxsize=256)
def _loaded(name: str) -> tzinfo | None:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def date(value: object, timezone: str) -> datetime:
    """A value as a date: texts by their form, numbers as milliseconds (5.6 [sure])."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, str):
        if (moment := date_in(value, timezone)) is not None:
            return moment
        raise DataError(f"'{value[:60]}' is not a valid date.")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return from_milliseconds(value)
    raise DataError(f"A date is needed, not {describe(value)}.")


def date_in(text: str, timezone: str) -> datetime | None:
    """The date a text holds, or None; it needs day, month and year."""
    if len(text) > _MAX_TEXT or not (found := _TEXT.fullmatch(text)):
        return None
    part = found.groupdict()
    year, month, day = (
        int(part[name] or part[f"{name}2"] or part[f"{name}3"]) for name in "ymd"
    )
    try:
        midnight = datetime(year, month, day)  # noqa: DTZ001 - the zone follows
        wall = midnight + _time_of(part)
        return wall.replace(tzinfo=_zone_of(part, timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def clock_in(text: str) -> timedelta | None:
    """Time since midnight of `hours:minutes[:seconds]`, or None."""
    found = _CLOCK.fullmatch(text) if len(text) <= _MAX_TEXT else None
    try:
        return _time_of(found.groupdict()) if found else None
    except ValueError:
        return None


def from_milliseconds(value: Number | float) -> datetime:
    try:
        return EPOCH + timedelta(milliseconds=1) * int(value)
    except (OverflowError, ValueError):
        raise DataError(f"{str(value)[:40]} ms is beyond the calendar.") from None


def wall_clock(moment: datetime, timezone: str) -> datetime:
    """What the clock on the wall shows, without zone."""
    return moment.astimezone(zone(timezone)).replace(tzinfo=None)


def from_wall_clock(wall: datetime, timezone: str) -> datetime:
    """The moment; a time skipped in spring is moved on, a repeated one is the first."""
    return wall.replace(tzinfo=zone(timezone)).astimezone(UTC)


def offset_zone(text: str) -> tzinfo:
    """The zone of `+02:00`, `+0200` or `+02`."""
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def since_midnight(
    hour: int, minute: int, second: int, microsecond: int = 0
) -> timedelta:
    """A time of day, up to 24:00; ValueError for any that no clock shows."""
    elapsed = timedelta(
        hours=hour, minutes=minute, seconds=second, microseconds=microsecond
    )
    if minute > _LAST_MINUTE or second > _LAST_MINUTE or elapsed > timedelta(days=1):
        raise ValueError("No such time.")
    return elapsed


def of_24_hours(hour: int, *, afternoon: bool) -> int:
    """An hour from 1 to 12 as one from 0 to 23."""
    if not 1 <= hour <= NOON:
        raise ValueError("No such hour.")
    return hour % NOON + NOON * afternoon


def _time_of(part: dict[str, str | None]) -> timedelta:
    hour, minute, second = (int(part[name] or 0) for name in "HMS")
    if part["A"] is not None:
        hour = of_24_hours(hour, afternoon=part["A"] in "Pp")
    micros = int((part["F"] or "0").ljust(6, "0")[:6])
    return since_midnight(hour, minute, second, micros)


def _zone_of(part: dict[str, str | None], name: str) -> tzinfo:
    if part["U"]:
        return UTC
    return offset_zone(part["Z"]) if part["Z"] else zone(name)
