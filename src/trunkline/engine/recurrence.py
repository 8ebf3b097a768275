"""What a schedule makes due from one date to the next."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, TypeAlias

from trunkline.engine.wall_clock import first_shown, midnight, shown_at
from trunkline.model.clock import Millis
from trunkline.model.schedule import Schedule, Window, read_time, weekday

Series: TypeAlias = range
"""Due times in equal steps, in milliseconds since 1970."""

DAY: Final = timedelta(days=1)

_SECOND: Final = 1000
_ALWAYS: Final = Window()
_EVERY_MONTH: Final = range(1, 13)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A schedule in its zone, date by date.

    Intervals that no window opens count from `anchor`; `once` is due at it.
    """

    schedule: Schedule
    zone: tzinfo
    anchor: Millis

    def months(self) -> Container[int]:
        """The months outside of which no date has anything due."""
        match self.schedule.type:
            case "immediately" | "on-demand":
                return ()
            case "yearly":
                return self.schedule.months
            case "indefinitely":
                windows = self.schedule.restrict or (_ALWAYS,)
                return {m for one in windows for m in one.months or _EVERY_MONTH}
            case _:
                return _EVERY_MONTH

    def on(self, day: date) -> list[Series]:
        """What is due from a date on, which may last into the next date.

        A date that the zone leaves out begins when the next one does, and has nothing.
        """
        match self.schedule.type:
            case "immediately" | "on-demand":
                return []
            case "once":
                return self._once()
            case "indefinitely":
                windows = self.schedule.restrict or (_ALWAYS,)
                opening = [window for window in windows if window.opens_on(day)]
                if not opening or not self._exists(day):
                    return []
                return [self._interval(window, day) for window in opening]
            case _:
                return self._times(day) if self._is_chosen(day) else []

    def _once(self) -> list[Series]:
        allowed = self.schedule.admits(shown_at(self.anchor, self.zone))
        return [_only(self.anchor)] if allowed else []

    def _interval(self, window: Window, day: date) -> Series:
        step = self.schedule.interval * _SECOND
        following = day + DAY
        if window.time is None:
            begin = midnight(day, self.zone)
            first = begin + (self.anchor - begin) % step
            return range(first, midnight(following, self.zone), step)
        opening, closing = map(read_time, window.time)
        last_day = following if window.overnight else day
        first = first_shown(datetime.combine(day, opening), self.zone)
        last = first_shown(datetime.combine(last_day, closing), self.zone)
        return range(first, last + 1, step)

    def _times(self, day: date) -> list[Series]:
        walls = [datetime.combine(day, read_time(at)) for at in self.schedule.times]
        admitted = [wall for wall in walls if self.schedule.admits(wall)]
        if not admitted or not self._exists(day):
            return []
        return [_only(first_shown(wall, self.zone)) for wall in admitted]

    def _is_chosen(self, day: date) -> bool:
        schedule = self.schedule
        match schedule.type:
            case "weekly":
                return weekday(day) in schedule.days
            case "monthly":
                return day.day in schedule.days
            case "yearly":
                return day.day in schedule.days and day.month in schedule.months
            case _:
                return True

    def _exists(self, day: date) -> bool:
        return midnight(day, self.zone) < midnight(day + DAY, self.zone)


def _only(moment: Millis) -> Series:
    return range(moment, moment + 1)
