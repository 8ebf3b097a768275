"""Functions that ask dates for their parts and compare them."""

import calendar
from datetime import datetime, time, timedelta
from typing import Final

from trunkline.errors import DataError
from trunkline.mapping import moments
from trunkline.mapping.date_format import sunday_based
from trunkline.mapping.functions.registry import Shelf
from trunkline.mapping.moments import from_wall_clock, wall_clock
from trunkline.mapping.numbers import divide, integer, milliseconds, settle, subtract
from trunkline.mapping.scope import Scope
from trunkline.mapping.values import render_text

function = Shelf("Date and time")

_WEEKEND: Final = (0, 6)
_UNITS: Final = {
    "milliseconds": 1,
    "seconds": 1_000,
    "minutes": 60_000,
    "hours": 3_600_000,
    "days": 86_400_000,
    "weeks": 604_800_000,
}


@function("dateDifference(date1; date2; [unit])", scoped=True)
def date_difference(
    scope: Scope, later: object, earlier: object, unit: object = None
) -> object:
    """The first date less the second; in milliseconds unless a unit is given."""
    name = "milliseconds" if unit is None else render_text(unit)
    first, second = _wall(scope, later), _wall(scope, earlier)
    if name == "months":
        return _months(first, second)
    if name not in _UNITS:
        raise DataError(f"The unit is one of {', '.join(_UNITS)}, months.")
    elapsed = subtract(
        milliseconds(moments.date(later, scope.timezone)),
        milliseconds(moments.date(earlier, scope.timezone)),
    )
    return settle(divide(elapsed, _UNITS[name]))


@function("addWeekDays(date; number)", scoped=True)
def add_week_days(scope: Scope, date: object, count: object) -> datetime:
    """The date so many days later, Saturdays and Sundays not counted."""
    wall, left = _wall(scope, date), integer(count)
    step = timedelta(days=1 if left > 0 else -1)
    scope.budget.spend(abs(left))
    while left:
        wall += step
        if sunday_based(wall) not in _WEEKEND:
            left -= 1 if left > 0 else -1
    return from_wall_clock(wall, scope.timezone)


@function("weekDayDiff(date1; date2)", scoped=True)
def week_day_diff(scope: Scope, start: object, end: object) -> int:
    """How many days from Monday to Friday lie between two dates."""
    first, last = _wall(scope, start).date(), _wall(scope, end).date()
    if last < first:
        return -week_day_diff(scope, end, start)  # type: ignore[no-any-return]
    weeks, rest = divmod((last - first).days, 7)
    extra = (first + timedelta(days=day) for day in range(rest))
    return weeks * 5 + sum(sunday_based(day) not in _WEEKEND for day in extra)


@function("dateMax(date1; ...)", scoped=True)
def date_max(scope: Scope, *dates: object) -> datetime:
    """The latest date."""
    return max(_all(scope, dates))


@function("dateMin(date1; ...)", scoped=True)
def date_min(scope: Scope, *dates: object) -> datetime:
    """The earliest date."""
    return min(_all(scope, dates))


@function("startOfMonth(date)", scoped=True)
def start_of_month(scope: Scope, date: object) -> datetime:
    """The first moment of the month."""
    first = datetime.combine(_wall(scope, date).replace(day=1), time.min)
    return from_wall_clock(first, scope.timezone)


@function("endOfMonth(date)", scoped=True)
def end_of_month(scope: Scope, date: object) -> datetime:
    """The last millisecond of the month."""
    wall = _wall(scope, date)
    last = datetime.combine(wall.replace(day=_days_in_month(wall)), time.min)
    until = last + timedelta(days=1) - timedelta(milliseconds=1)
    return from_wall_clock(until, scope.timezone)


@function("dayOfMonth(date)", scoped=True)
def day_of_month(scope: Scope, date: object) -> int:
    """The day of the month, from 1."""
    return _wall(scope, date).day


@function("dayOfWeek(date)", scoped=True)
def day_of_week(scope: Scope, date: object) -> int:
    """The day of the week, Sunday being 1."""
    return sunday_based(_wall(scope, date)) + 1


@function("daysInMonth(date)", scoped=True)
def days_in_month(scope: Scope, date: object) -> int:
    """How many days the month has."""
    return _days_in_month(_wall(scope, date))


@function("daysInYear(date)", scoped=True)
def days_in_year(scope: Scope, date: object) -> int:
    """How many days the year has."""
    return 366 if calendar.isleap(_wall(scope, date).year) else 365


@function("isWeekend(date)", scoped=True)
def is_weekend(scope: Scope, date: object) -> bool:
    """True on Saturday and Sunday."""
    return sunday_based(_wall(scope, date)) in _WEEKEND


@function("second(date)", scoped=True)
def second_of(scope: Scope, date: object) -> int:
    """The second, from 0."""
    return _wall(scope, date).second


@function("minute(date)", scoped=True)
def minute_of(scope: Scope, date: object) -> int:
    """The minute, from 0."""
    return _wall(scope, date).minute


@function("hour(date)", scoped=True)
def hour_of(scope: Scope, date: object) -> int:
    """The hour, from 0."""
    return _wall(scope, date).hour


@function("month(date)", scoped=True)
def month_of(scope: Scope, date: object) -> int:
    """The month, from 1."""
    return _wall(scope, date).month


@function("year(date)", scoped=True)
def year_of(scope: Scope, date: object) -> int:
    """The year."""
    return _wall(scope, date).year


def _wall(scope: Scope, date: object) -> datetime:
    return wall_clock(moments.date(date, scope.timezone), scope.timezone)


def _all(scope: Scope, dates: tuple[object, ...]) -> list[datetime]:
    members = [
        member
        for date in dates
        for member in (date if isinstance(date, list) else [date])
    ]
    if not members:
        raise DataError("There is no date to choose from.")
    return [moments.date(member, scope.timezone) for member in members]


def _months(first: datetime, second: datetime) -> int:
    """Whole months between two dates."""
    if first < second:
        return -_months(second, first)
    months = (first.year - second.year) * 12 + first.month - second.month
    clamped = min(second.day, _days_in_month(first))
    early = (first.day, first.time()) < (clamped, second.time())
    return months - early


def _days_in_month(wall: datetime) -> int:
    return calendar.monthrange(wall.year, wall.month)[1]
