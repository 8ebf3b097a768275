"""What is wrong with a schedule, every fault with the key it concerns."""

import calendar
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from trunkline.model.schedule import (
    DEFAULT_INTERVAL,
    FIRST_YEAR,
    LAST_YEAR,
    Schedule,
    ScheduleType,
    Window,
    read_moment,
    read_time,
)

SHORTEST_INTERVAL: Final = 60
"""Seconds."""
LONGEST_INTERVAL: Final = 366 * 86_400
"""Seconds; a year."""

_NEEDED: Final[dict[ScheduleType, tuple[str, ...]]] = {
    "immediately": (),
    "indefinitely": (),
    "once": ("date",),
    "daily": ("time",),
    "weekly": ("days", "time"),
    "monthly": ("days", "time"),
    "yearly": ("months", "days", "time"),
    "on-demand": (),
}
_EXAMPLES: Final = {
    "date": "2026-12-24T06:00",
    "time": "06:00",
    "days": "[1, 15]",
    "months": "[1, 7]",
}
_LEAP_YEAR: Final = 2028

_Faults = Iterator["ScheduleFault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFault:
    """One fault in a whole sentence; `key` is like `time` or `restrict.0.days`."""

    key: str
    message: str


def schedule_faults(
    schedule: Schedule, zones: Collection[str]
) -> tuple[ScheduleFault, ...]:
    """Everything that keeps a schedule from being used; nothing for a sound one.

    `zones` are the names of the tz database.
    """
    return (
        *_missing_or_idle_keys(schedule),
        *_numbers(schedule),
        *_times("time", schedule.times),
        *_calendar_days(schedule),
        *_once(schedule),
        *_between(schedule),
        *_windows(schedule),
        *_zone(schedule, zones),
    )


def _missing_or_idle_keys(schedule: Schedule) -> _Faults:
    """A key that does nothing is a fault, since whoever wrote it expects something."""
    needed = _NEEDED[schedule.type]
    for key, example in _EXAMPLES.items():
        given = getattr(schedule, key) not in (None, (), "")
        if key in needed and not given:
            yield _fault(
                key, f"A {schedule.type} schedule needs `{key}`, such as {example}."
            )
        if given and key not in needed:
            yield _idle(schedule, key)
    if schedule.type != "indefinitely" and schedule.interval != DEFAULT_INTERVAL:
        yield _idle(schedule, "interval")
    if schedule.type != "immediately" and schedule.max_runs_per_minute is not None:
        yield _idle(schedule, "max_runs_per_minute")


def _idle(schedule: Schedule, key: str) -> ScheduleFault:
    return _fault(
        key, f"`{key}` does nothing with the type {schedule.type}; remove it."
    )


def _numbers(schedule: Schedule) -> _Faults:
    if not SHORTEST_INTERVAL <= schedule.interval <= LONGEST_INTERVAL:
        yield _fault(
            "interval",
            f"`interval` is in seconds, from {SHORTEST_INTERVAL} to "
            f"{LONGEST_INTERVAL}; {schedule.interval} is not.",
        )
    if schedule.max_runs_per_minute is not None and schedule.max_runs_per_minute < 1:
        yield _fault("max_runs_per_minute", "`max_runs_per_minute` is at least 1.")


def _times(key: str, times: Collection[str]) -> _Faults:
    for text in times:
        if not _reads(read_time, text):
            yield _fault(
                key,
                f"{text!r} is not a time of day; write it with two digits each, "
                "from 00:00 to 23:59.",
            )


def _calendar_days(schedule: Schedule) -> _Faults:
    if schedule.type == "weekly":
        yield from _week("days", schedule.days)
        return
    odd_days = tuple(_outside("days", schedule.days, 1, 31, "a day of a month"))
    odd_months = tuple(_year("months", schedule.months))
    yield from (*odd_days, *odd_months)
    if schedule.months and schedule.days and not odd_days and not odd_months:
        longest = max(calendar.monthrange(_LEAP_YEAR, m)[1] for m in schedule.months)
        if min(schedule.days) > longest:
            yield _fault("days", "None of `months` has one of `days`.")


def _once(schedule: Schedule) -> _Faults:
    if not schedule.date:
        return
    yield from _moment("date", schedule.date)
    if _reads(date.fromisoformat, schedule.date):
        yield _fault(
            "date",
            f"{schedule.date!r} has no time of day; write it as {_EXAMPLES['date']}.",
        )


def _between(schedule: Schedule) -> _Faults:
    ends = [text for text in schedule.between or () if text is not None]
    faults = [fault for text in ends for fault in _moment("between", text)]
    yield from faults
    both = 2
    if not faults and len(ends) == both and _is_later(*ends):
        yield _fault("between", f"`between` ends ({ends[1]}) before it begins.")


def _is_later(one: str, other: str) -> bool:
    """Whether the first text is later; where one has a zone and one not, nobody knows.

    A mere date begins at midnight as a first moment, and lasts its day as a last one.
    """
    first, last = read_moment(one), read_moment(other)
    if not (isinstance(first, datetime) and isinstance(last, datetime)):
        return _date_of(first) > _date_of(last)
    return (first.tzinfo is None) == (last.tzinfo is None) and first > last


def _date_of(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(key: str, text: str) -> _Faults:
    if not _reads(read_moment, text):
        yield _fault(
            key, f"{text!r} is not a date; write it as {_EXAMPLES['date']} (ISO 8601)."
        )
    elif not FIRST_YEAR <= read_moment(text).year <= LAST_YEAR:
        yield _fault(
            key, f"{text!r} is not within the years {FIRST_YEAR} to {LAST_YEAR}."
        )


def _windows(schedule: Schedule) -> _Faults:
    faults = [
        fault
        for index, window in enumerate(schedule.restrict)
        for fault in _window(f"restrict.{index}", window)
    ]
    yield from faults
    if not faults and schedule.restrict and _all_read(schedule.times):
        times = [read_time(text) for text in schedule.times]
        pairs = [(one, at) for one in schedule.restrict for at in times]
        if pairs and not any(window.includes(at) for window, at in pairs):
            yield _fault("restrict", "None of `time` lies within `restrict`.")


def _window(place: str, window: Window) -> _Faults:
    yield from _week(f"{place}.days", window.days)
    yield from _year(f"{place}.months", window.months)
    yield from _times(f"{place}.time", window.time or ())


def _all_read(times: Collection[str]) -> bool:
    return all(_reads(read_time, text) for text in times)


def _zone(schedule: Schedule, zones: Collection[str]) -> _Faults:
    if schedule.timezone is not None and schedule.timezone not in zones:
        yield _fault(
            "timezone",
            f"{schedule.timezone!r} is not a time zone; use a name such as "
            "Europe/Prague.",
        )


def _week(key: str, days: Collection[int]) -> _Faults:
    return _outside(key, days, 0, 6, "a day of the week (0 is Sunday)")


def _year(key: str, months: Collection[int]) -> _Faults:
    return _outside(key, months, 1, 12, "a month")


def _outside(
    key: str, numbers: Collection[int], low: int, high: int, what: str
) -> _Faults:
    for number in numbers:
        if not low <= number <= high:
            yield _fault(key, f"{number} is not {what}; they go from {low} to {high}.")


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _fault(key: str, message: str) -> ScheduleFault:
    return ScheduleFault(key=key, message=message)
