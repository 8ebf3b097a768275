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

WORKING_HOURS: Final = (9, 17)
"""When a working day begins and ends: no reference tells, so this is a [guess]."""

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
    """The first date less the second; in milliseconds unless a unit is given.

    {{dateDifference("2026-03-08"; "2026-03-05"; "hours")}} = 72
    """
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
    """The date so many days later, Saturdays and Sundays not counted.

    {{addWeekDays("2026-03-06"; 1)}} = "2026-03-09T00:00:00.000Z"
    """
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
    """How many days from Monday to Friday lie between two dates.

    {{weekDayDiff("2026-03-05"; "2026-03-10")}} = 3
    """
    first, last = _wall(scope, start).date(), _wall(scope, end).date()
    if last < first:
        return -week_day_diff(scope, end, start)  # type: ignore[no-any-return]
    weeks, rest = divmod((last - first).days, 7)
    extra = (first + timedelta(days=day) for day in range(rest))
    return weeks * 5 + sum(sunday_based(day) not in _WEEKEND for day in extra)


@function("daysInSplitWeek(date)", scoped=True)
def days_in_split_week(scope: Scope, date: object) -> int:
    """How many working days are left of the week, or of the month if it ends before.

    {{daysInSplitWeek("2026-03-31")}} = 1
    """
    day = _wall(scope, date).date()
    end = day.replace(day=_days_in_month(_wall(scope, date)))
    rest = min((end - day).days, 6 - sunday_based(day))
    days = (day + timedelta(days=number) for number in range(rest + 1))
    return sum(sunday_based(one) not in _WEEKEND for one in days)


@function("workMinutesDiff(date1; date2)", scoped=True)
def work_minutes_diff(scope: Scope, start: object, end: object) -> int:
    """How many minutes of working time lie between two dates.

    {{workMinutesDiff("2026-03-06T16:30:00Z"; "2026-03-09T09:15:00Z")}} = 45
    """
    first, last = _wall(scope, start), _wall(scope, end)
    if last < first:
        return -work_minutes_diff(scope, end, start)  # type: ignore[no-any-return]
    minutes = _worked(last) - _worked(first)
    whole = week_day_diff(scope, start, end)
    opens, closes = WORKING_HOURS
    return int(whole * (closes - opens) * 60 + minutes)


@function("dateMax(date1; ...)", scoped=True)
def date_max(scope: Scope, *dates: object) -> datetime:
    """The latest date.

    {{dateMax("2026-03-05"; "2026-01-20")}} = "2026-03-05T00:00:00.000Z"
    """
    return max(_all(scope, dates))


@function("dateMin(date1; ...)", scoped=True)
def date_min(scope: Scope, *dates: object) -> datetime:
    """The earliest date.

    {{dateMin("2026-03-05"; "2026-01-20")}} = "2026-01-20T00:00:00.000Z"
    """
    return min(_all(scope, dates))


@function("startOfMonth(date)", scoped=True)
def start_of_month(scope: Scope, date: object) -> datetime:
    """The first moment of the month.

    {{startOfMonth(1.date)}} = "2026-03-01T00:00:00.000Z"
    """
    first = datetime.combine(_wall(scope, date).replace(day=1), time.min)
    return from_wall_clock(first, scope.timezone)


@function("endOfMonth(date)", scoped=True)
def end_of_month(scope: Scope, date: object) -> datetime:
    """The last millisecond of the month.

    {{endOfMonth(1.date)}} = "2026-03-31T23:59:59.999Z"
    """
    wall = _wall(scope, date)
    last = datetime.combine(wall.replace(day=_days_in_month(wall)), time.min)
    until = last + timedelta(days=1) - timedelta(milliseconds=1)
    return from_wall_clock(until, scope.timezone)


@function("dayOfMonth(date)", scoped=True)
def day_of_month(scope: Scope, date: object) -> int:
    """The day of the month, from 1.

    {{dayOfMonth(1.date)}} = 5
    """
    return _wall(scope, date).day


@function("dayOfWeek(date)", scoped=True)
def day_of_week(scope: Scope, date: object) -> int:
    """The day of the week, Sunday being 1.

    {{dayOfWeek(1.date)}} = 5
    """
    return sunday_based(_wall(scope, date)) + 1


@function("daysInMonth(date)", scoped=True)
def days_in_month(scope: Scope, date: object) -> int:
    """How many days the month has.

    {{daysInMonth(1.date)}} = 31
    """
    return _days_in_month(_wall(scope, date))


@function("daysInYear(date)", scoped=True)
def days_in_year(scope: Scope, date: object) -> int:
    """How many days the year has.

    {{daysInYear(1.date)}} = 365
    """
    return 366 if calendar.isleap(_wall(scope, date).year) else 365


@function("isWeekend(date)", scoped=True)
def is_weekend(scope: Scope, date: object) -> bool:
    """True on Saturday and Sunday.

    {{isWeekend(1.date)}} = false
    """
    return sunday_based(_wall(scope, date)) in _WEEKEND


@function("second(date)", scoped=True)
def second_of(scope: Scope, date: object) -> int:
    """The second, from 0.

    {{second(1.date)}} = 0
    """
    return _wall(scope, date).second


@function("minute(date)", scoped=True)
def minute_of(scope: Scope, date: object) -> int:
    """The minute, from 0.

    {{minute(1.date)}} = 30
    """
    return _wall(scope, date).minute


@function("hour(date)", scoped=True)
def hour_of(scope: Scope, date: object) -> int:
    """The hour, from 0.

    {{hour(1.date)}} = 14
    """
    return _wall(scope, date).hour


@function("month(date)", scoped=True)
def month_of(scope: Scope, date: object) -> int:
    """The month, from 1.

    {{month(1.date)}} = 3
    """
    return _wall(scope, date).month


@function("year(date)", scoped=True)
def year_of(scope: Scope, date: object) -> int:
    """The year.

    {{year(1.date)}} = 2026
    """
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


def _worked(wall: datetime) -> int:
    """Minutes of working time that the day has had by then."""
    opens, closes = (hour * 60 for hour in WORKING_HOURS)
    if sunday_based(wall) in _WEEKEND:
        return 0
    return min(max(wall.hour * 60 + wall.minute, opens), closes) - opens


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
