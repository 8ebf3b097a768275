"""When a schedule is due: pure computation, the same after every restart.

A time on the wall means **the first moment at which the clock shows it or a later
time**. So 02:30 on a day whose clock jumps from 02:00 to 03:00 is due at 03:00, and
on a day that has 02:30 twice the first is meant: once each day, and always in the
order in which the times come. A date that a zone leaves out altogether (Apia,
30 December 2011) has no due times.

An interval is time that passed, whatever the clock shows. It counts from the opening
of a window that has times; otherwise from the beginning of `between`, and if there is
none from `anchor`, the moment of activation. No due time depends on an earlier run,
so its moment is its identity.

Every schedule here has passed `schedule_faults`. `zone` is the scenario's; the
schedule's own goes first. Moments are milliseconds since 1970, UTC. What is not due
within 41 years counts as never due.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final

from trunkline.engine.recurrence import DAY, Recurrence
from trunkline.engine.wall_clock import first_shown, midnight, millis, shown_at
from trunkline.mapping.moments import known_zone
from trunkline.model.clock import Millis
from trunkline.model.schedule import FIRST_YEAR, LAST_YEAR, Schedule, read_moment

_FIRST: Final = millis(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
_LAST: Final = millis(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)) - 1
_SEARCHED: Final = 41 * 366 * DAY
"""29 February on a given day of the week can be 40 years away, nothing further."""


def next_due(
    schedule: Schedule, after: Millis, zone: str, *, anchor: Millis
) -> Millis | None:
    """The first due time later than `after`; None if there is none."""
    return _Search.of(schedule, zone, anchor).next(after)


def next_times(
    schedule: Schedule, after: Millis, zone: str, *, anchor: Millis, count: int = 5
) -> list[Millis]:
    """The first due times later than `after`, in their order, at most `count`."""
    return list(islice(_Search.of(schedule, zone, anchor).following(after), count))


def latest_due(
    schedule: Schedule, after: Millis, until: Millis, zone: str, *, anchor: Millis
) -> Millis | None:
    """The last due time later than `after` and not later than `until`, if any.

    Of the due times that passed while nobody looked, it is the one that still runs.
    """
    return _Search.of(schedule, zone, anchor).latest(after, until)


def is_open(schedule: Schedule, moment: Millis, zone: str) -> bool:
    """Whether `between` and `restrict` let a run start at this moment."""
    local = _zone(schedule, zone)
    first, last = _between(schedule, local)
    return first <= moment <= last and schedule.admits(shown_at(moment, local))


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks for due times date by date; none is before `first` or after `last`."""

    recurrence: Recurrence
    first: Millis
    last: Millis

    @classmethod
    def of(cls, schedule: Schedule, zone: str, anchor: Millis) -> "_Search":
        local = _zone(schedule, zone)
        first, last = _between(schedule, local)
        if schedule.between and schedule.between[0]:
            anchor = first
        if schedule.type == "once" and schedule.date:
            anchor = _beginning(schedule.date, local)
            first, last = max(first, anchor), min(last, anchor)
        return cls(Recurrence(schedule, local, anchor), first, last)

    def following(self, after: Millis) -> Iterator[Millis]:
        while (due := self.next(after)) is not None:
            yield due
            after = due

    def next(self, after: Millis) -> Millis | None:
        after = max(after, self.first - 1)
        if after >= self.last:
            return None
        day = self._date(after) - DAY
        for date_ in self._dates(day, min(day + _SEARCHED, self._date(self.last))):
            if later := self._later(date_, after):
                # What begins on a date may end on the next, past what begins there.
                due = min(later + self._later(date_ + DAY, after))
                return due if due <= self.last else None
        return None

    def latest(self, after: Millis, until: Millis) -> Millis | None:
        after, until = max(after, self.first - 1), min(until, self.last)
        if after >= until:
            return None
        # A clock put back past midnight has shown the next date already.
        day = self._date(until) + DAY
        stop = max(day - _SEARCHED, self._date(after) - DAY)
        for date_ in self._dates(day, stop):
            if earlier := self._earlier(date_, until):
                due = max(earlier + self._earlier(date_ - DAY, until))
                return due if due > after else None
        return None

    def _later(self, day: date, after: Millis) -> list[Millis]:
        """Of each series of a date, what comes first after a moment."""
        series = self.recurrence.on(day)
        return [due for one in series for due in one[bisect_right(one, after) :][:1]]

    def _earlier(self, day: date, until: Millis) -> list[Millis]:
        """Of each series of a date, what comes last until a moment."""
        series = self.recurrence.on(day)
        return [due for one in series for due in one[: bisect_right(one, until)][-1:]]

    def _date(self, moment: Millis) -> date:
        return shown_at(moment, self.recurrence.zone).date()

    def _dates(self, start: date, stop: date) -> Iterator[date]:
        """The dates from `start` to `stop`, either way, idle months left out."""
        step = DAY if start <= stop else -DAY
        months = self.recurrence.months()
        day = start
        while (day <= stop) if step > timedelta() else (day >= stop):
            if day.month in months:
                yield day
                day += step
            else:
                day = _beyond_month(day, step)


def _beyond_month(day: date, step: timedelta) -> date:
    """The first date of the next month, or the last of the one before."""
    first = day.replace(day=1)
    if step < timedelta():
        return first + step
    return (first + 31 * DAY).replace(day=1)


def _zone(schedule: Schedule, zone: str) -> tzinfo:
    own = known_zone(schedule.timezone) if schedule.timezone else None
    return own or known_zone(zone) or UTC


def _between(schedule: Schedule, zone: tzinfo) -> tuple[Millis, Millis]:
    start, end = schedule.between or (None, None)
    return (
        _beginning(start, zone) if start else _FIRST,
        _end(end, zone) if end else _LAST,
    )


def _beginning(text: str, zone: tzinfo) -> Millis:
    said = read_moment(text)
    if not isinstance(said, datetime):
        return midnight(said, zone)
    return millis(said) if said.tzinfo else first_shown(said, zone)


def _end(text: str, zone: tzinfo) -> Millis:
    said = read_moment(text)
    if isinstance(said, datetime):
        return _beginning(text, zone)
    return midnight(said + DAY, zone) - 1
