"""Functions that move, set, write and read dates."""

import calendar
from datetime import MAXYEAR, datetime, timedelta
from typing import Final

from trunkline.errors import DataError
from trunkline.mapping import moments
from trunkline.mapping.date_format import (
    ISO,
    MONTHS,
    WEEKDAYS,
    format_date,
    sunday_based,
)
from trunkline.mapping.date_parse import parse_date
from trunkline.mapping.functions.registry import Shelf
from trunkline.mapping.moments import known_zone, wall_clock, zone
from trunkline.mapping.numbers import (
    divide,
    integer,
    milliseconds,
    multiply,
    number,
    settle,
    subtract,
)
from trunkline.mapping.numbers import floor as whole
from trunkline.mapping.scope import Scope
from trunkline.mapping.values import render_text

function = Shelf("Date and time")

_MILLISECONDS: Final = {"s": 1_000, "m": 60_000, "H": 3_600_000, "D": 86_400_000}


@function("addSeconds(date; number)", scoped=True)
def add_seconds(scope: Scope, date: object, count: object) -> datetime:
    """The date so many seconds later.

    {{addSeconds(1.date; 90)}} = "2026-03-05T14:31:30.000Z"
    """
    return _later(scope, date, count, _MILLISECONDS["s"])


@function("addMinutes(date; number)", scoped=True)
def add_minutes(scope: Scope, date: object, count: object) -> datetime:
    """The date so many minutes later.

    {{addMinutes(1.date; -30)}} = "2026-03-05T14:00:00.000Z"
    """
    return _later(scope, date, count, _MILLISECONDS["m"])


@function("addHours(date; number)", scoped=True)
def add_hours(scope: Scope, date: object, count: object) -> datetime:
    """The date so many hours later.

    {{addHours(1.date; 12)}} = "2026-03-06T02:30:00.000Z"
    """
    return _later(scope, date, count, _MILLISECONDS["H"])


@function("addDays(date; number)", scoped=True)
def add_days(scope: Scope, date: object, count: object) -> datetime:
    """The date so many days later, at the same time of day.

    {{addDays(1.date; 7)}} = "2026-03-12T14:30:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, wall + timedelta(days=integer(count)))


@function("addMonths(date; number)", scoped=True)
def add_months(scope: Scope, date: object, count: object) -> datetime:
    """The date so many months later; the last day where the month is shorter.

    {{addMonths("2026-01-31"; 1)}} = "2026-02-28T00:00:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, _in_month(wall, wall.year, wall.month + integer(count)))


@function("addYears(date; number)", scoped=True)
def add_years(scope: Scope, date: object, count: object) -> datetime:
    """The date so many years later.

    {{addYears(1.date; -1)}} = "2025-03-05T14:30:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, _in_month(wall, wall.year + integer(count), wall.month))


@function("setSecond(date; number)", scoped=True)
def set_second(scope: Scope, date: object, value: object) -> datetime:
    """The date with another second; beyond 0 to 59 the minute changes too.

    {{setSecond(1.date; 59)}} = "2026-03-05T14:30:59.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, wall + timedelta(seconds=integer(value) - wall.second))


@function("setMinute(date; number)", scoped=True)
def set_minute(scope: Scope, date: object, value: object) -> datetime:
    """The date with another minute; beyond 0 to 59 the hour changes too.

    {{setMinute(1.date; 0)}} = "2026-03-05T14:00:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, wall + timedelta(minutes=integer(value) - wall.minute))


@function("setHour(date; number)", scoped=True)
def set_hour(scope: Scope, date: object, value: object) -> datetime:
    """The date with another hour; beyond 0 to 23 the day changes too.

    {{setHour(1.date; 8)}} = "2026-03-05T08:30:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, wall + timedelta(hours=integer(value) - wall.hour))


@function("setDay(date; number or name)", scoped=True)
def set_day(scope: Scope, date: object, value: object) -> datetime:
    """The date on another day of its week, Sunday being 1.

    {{setDay(1.date; "monday")}} = "2026-03-02T14:30:00.000Z"
    """
    wall = _wall(scope, date)
    days = _named(value, WEEKDAYS) - 1 - sunday_based(wall)
    return _moment(scope, wall + timedelta(days=days))


@function("setDate(date; number)", scoped=True)
def set_date(scope: Scope, date: object, value: object) -> datetime:
    """The date on another day of its month; beyond its end the month changes too.

    {{setDate(1.date; 1)}} = "2026-03-01T14:30:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, wall + timedelta(days=integer(value) - wall.day))


@function("setMonth(date; number or name)", scoped=True)
def set_month(scope: Scope, date: object, value: object) -> datetime:
    """The date in another month; beyond 1 to 12 the year changes too.

    {{setMonth(1.date; "january")}} = "2026-01-05T14:30:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, _in_month(wall, wall.year, _named(value, MONTHS)))


@function("setYear(date; number)", scoped=True)
def set_year(scope: Scope, date: object, value: object) -> datetime:
    """The date in another year.

    {{setYear(1.date; 2030)}} = "2030-03-05T14:30:00.000Z"
    """
    wall = _wall(scope, date)
    return _moment(scope, _in_month(wall, integer(value), wall.month))


@function("formatDate(date; [format]; [timezone])", scoped=True)
def format_(
    scope: Scope, date: object, pattern: object = None, timezone: object = None
) -> str:
    """The date as text, such as DD.MM.YYYY HH:mm.

    {{formatDate(1.date; "D MMMM YYYY HH:mm"; "Europe/Prague")}}
    = "5 March 2026 15:30"
    """
    moment = moments.date(date, scope.timezone)
    local = moment.astimezone(zone(_zone_name(scope, timezone)))
    return format_date(local, ISO if pattern is None else render_text(pattern))


@function("parseDate(text; [format]; [timezone])", scoped=True)
def parse(
    scope: Scope, text: object, pattern: object = None, timezone: object = None
) -> datetime:
    """The date in a text, which follows the format.

    {{parseDate("5.3.2026 15:30"; "D.M.YYYY HH:mm"; "Europe/Prague")}}
    = "2026-03-05T14:30:00.000Z"
    """
    name = _zone_name(scope, timezone)
    if pattern is None or isinstance(text, datetime):
        return moments.date(text, name)
    return parse_date(render_text(text), render_text(pattern), name, scope.clock())


@function("dateDiff(end; start; unit)", scoped=True)
def date_diff(scope: Scope, end: object, start: object, unit: object) -> object:
    """The time between two dates in D, H, m or s; RD, RH, Rm, Rs round it.

    {{dateDiff("2026-03-08"; "2026-03-05"; "D")}} = 3
    """
    name = render_text(unit)
    rounded, size = name.startswith("R"), _MILLISECONDS.get(name.removeprefix("R"))
    if size is None:
        raise DataError("The unit is one of D, H, m, s, RD, RH, Rm, Rs.")
    elapsed = subtract(
        milliseconds(moments.date(end, scope.timezone)),
        milliseconds(moments.date(start, scope.timezone)),
    )
    if elapsed < 0:
        raise DataError("The start is after the end.")
    if rounded:
        return whole(divide(2 * elapsed + size, 2 * size))
    return settle(divide(elapsed, size))


def _later(scope: Scope, date: object, count: object, size: int) -> datetime:
    moment = moments.date(date, scope.timezone)
    elapsed = multiply(number(count), size)
    return moment + timedelta(milliseconds=1) * int(elapsed)


def _wall(scope: Scope, date: object) -> datetime:
    """Dates move by what the clock on the wall shows (O6)."""
    return wall_clock(moments.date(date, scope.timezone), scope.timezone)


def _moment(scope: Scope, wall: datetime) -> datetime:
    return moments.from_wall_clock(wall, scope.timezone)


def _in_month(wall: datetime, year: int, month: int) -> datetime:
    """The same day in another month, which is counted on over the years."""
    years, zero_based = divmod(month - 1, 12)
    if not 0 < year + years <= MAXYEAR:
        raise DataError("The date is beyond the calendar.")
    last = calendar.monthrange(year + years, zero_based + 1)[1]
    return wall.replace(
        year=year + years, month=zero_based + 1, day=min(wall.day, last)
    )


def _named(value: object, names: tuple[str, ...]) -> int:
    """A number, or the place of an English name counted from 1."""
    if isinstance(value, str):
        for place, name in enumerate(names, 1):
            if value.strip().lower() in (name.lower(), name[:3].lower()):
                return place
    return integer(value)


def _zone_name(scope: Scope, timezone: object) -> str:
    name = render_text(timezone)
    return name if name and known_zone(name) else scope.timezone
