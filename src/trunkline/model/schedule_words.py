"""A schedule as a person would say it, such as "Mondays and Fridays at 08:00, UTC"."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from trunkline.model.schedule import Schedule, ScheduleType

_WEEKDAYS: Final = (
    "Sundays",
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "Saturdays",
)
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SPANS: Final = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_ORDINALS: Final = {1: "st", 2: "nd", 3: "rd"}
_TEENS: Final = range(11, 14)


def in_words(schedule: Schedule, timezone: str) -> str:
    """What a sound schedule says, in English; `timezone` is the scenario's."""
    zone = schedule.timezone or timezone
    return ", ".join((_when(schedule), *_bounds(schedule), *_zone(schedule, zone)))


def _when(schedule: Schedule) -> str:
    times = _listed(schedule.times)
    said: dict[ScheduleType, Callable[[], str]] = {
        "immediately": lambda: "Immediately as data arrives",
        "indefinitely": lambda: _interval(schedule.interval),
        "once": lambda: f"Once on {(schedule.date or '').replace('T', ' at ')}",
        "daily": lambda: f"Every day at {times}",
        "weekly": lambda: f"{_weekdays(schedule)} at {times}",
        "monthly": lambda: f"Monthly on the {_days(schedule)} at {times}",
        "yearly": lambda: f"The {_days(schedule)} of {_months(schedule)} at {times}",
        "on-demand": lambda: "On demand",
    }
    return said[schedule.type]()


def _weekdays(schedule: Schedule) -> str:
    """From Monday on, as weeks are read."""
    days = sorted({*schedule.days}, key=lambda day: (day - 1) % len(_WEEKDAYS))
    return _listed([_WEEKDAYS[day] for day in days])


def _months(schedule: Schedule) -> str:
    return _listed([_MONTHS[month - 1] for month in sorted({*schedule.months})])


def _interval(seconds: int) -> str:
    size, name = next((size, name) for size, name in _SPANS if seconds % size == 0)
    count = seconds // size
    return f"Every {name}" if count == 1 else f"Every {count} {name}s"


def _days(schedule: Schedule) -> str:
    return _listed([_ordinal(day) for day in sorted({*schedule.days})])


def _ordinal(day: int) -> str:
    return f"{day}{'th' if day in _TEENS else _ORDINALS.get(day % 10, 'th')}"


def _bounds(schedule: Schedule) -> Iterator[str]:
    if schedule.max_runs_per_minute is not None:
        yield f"at most {schedule.max_runs_per_minute} a minute"
    if schedule.restrict:
        count = len(schedule.restrict)
        yield "within a window" if count == 1 else f"within {count} windows"
    start, end = schedule.between or (None, None)
    if start:
        yield f"from {start}"
    if end:
        yield f"until {end}"


def _zone(schedule: Schedule, zone: str) -> Iterator[str]:
    """The zone, where the words have a time on the wall."""
    if schedule.times or schedule.date or schedule.restrict or schedule.between:
        yield zone


def _listed(words: Sequence[str]) -> str:
    *most, last = words or ("",)
    return f"{', '.join(most)} and {last}" if most else last
