"""A schedule: when a scenario runs, as its file says it by Make's names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as TimeOfDay  # noqa: N812 - `time` is a key of schedules
from typing import Any, ClassVar, Final, Literal, TypeAlias

_STRICT = {"extra": "forbid"}
"""Unknown keys of a scenario file are errors, so that typing errors are found."""

ScheduleType: TypeAlias = Literal[
    "immediately",
    "indefinitely",
    "once",
    "daily",
    "weekly",
    "monthly",
    "yearly",
    "on-demand",
]

DEFAULT_INTERVAL: Final = 900
"""Seconds; what Make gives a new scenario."""

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2999
"""The calendar of schedules."""

_TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DATE_LENGTH: Final = len("2026-03-29")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Part of a week in which runs may start; what is left out admits everything.

    `days` are those of the week, 0 to 6 from Sunday, and `months` 1 to 12. `time` is
    from and to, both "HH:MM" and both inside. A window that ends at an earlier time
    than it begins lasts into the next day and belongs to the day on which it opens.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    time: tuple[str, str] | None = None

    @property
    def overnight(self) -> bool:
        """Whether it closes on the day after it opened."""
        return self.time is not None and self.time[1] < self.time[0]

    def opens_on(self, day: date) -> bool:
        return (not self.days or weekday(day) in self.days) and (
            not self.months or day.month in self.months
        )

    def includes(self, at: TimeOfDay) -> bool:
        """Whether a time of day lies in it, on whichever day."""
        if self.time is None:
            return True
        opening, closing = map(read_time, self.time)
        if self.overnight:
            return at >= opening or at <= closing
        return opening <= at <= closing

    def admits(self, wall: datetime) -> bool:
        """Whether it is open when the clock on the wall shows this."""
        at = wall.time()
        since_yesterday = (
            self.time is not None and self.overnight and at <= read_time(self.time[1])
        )
        opened = wall.date() - timedelta(days=since_yesterday)
        return self.includes(at) and self.opens_on(opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a scenario runs; which keys count depends on `type`.

    - `immediately`: with each delivery, at most `max_runs_per_minute` of them.
    - `indefinitely`: every `interval` seconds.
    - `once`: at `date`, ISO 8601.
    - `daily`, `weekly`, `monthly`, `yearly`: at `time` ("HH:MM", or several), on
      `days` (weekly: 0 to 6 from Sunday, else 1 to 31) of `months` (1 to 12).
    - `on-demand`: only when somebody asks.

    `between` is the first and the last moment, ISO 8601, either of them null for none;
    a date without a time stands for its whole day. `restrict` are windows of which one
    must be open. Times are those on the wall in `timezone`, which is the scenario's
    where it is null.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    type: ScheduleType
    interval: int = DEFAULT_INTERVAL
    date: str | None = None
    time: str | tuple[str, ...] | None = None
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    between: tuple[str | None, str | None] | None = None
    restrict: tuple[Window, ...] = ()
    max_runs_per_minute: int | None = None
    timezone: str | None = None

    @property
    def times(self) -> tuple[str, ...]:
        """The times of day, whether one was given or several."""
        if self.time is None:
            return ()
        return (self.time,) if isinstance(self.time, str) else self.time

    def admits(self, wall: datetime) -> bool:
        """Whether a window is open when the clock on the wall shows this."""
        return not self.restrict or any(one.admits(wall) for one in self.restrict)


def weekday(day: date) -> int:
    """The day of the week as Make counts: 0 to 6 from Sunday."""
    return day.isoweekday() % 7


def read_time(text: str) -> TimeOfDay:
    """The time of day that "HH:MM" says; ValueError for any other text."""
    if not _TIME_OF_DAY.fullmatch(text):
        raise ValueError(text)
    return TimeOfDay.fromisoformat(text)


def read_moment(text: str) -> datetime | date:
    """What an ISO 8601 text says; ValueError for any other text.

    A datetime without zone is one on the wall, a mere date its whole day.
    """
    if len(text) <= _DATE_LENGTH:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text)
