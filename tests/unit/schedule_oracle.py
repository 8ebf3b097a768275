"""A slow oracle for schedules: it reads the wall clock minute by minute, forwards.

It knows the zones only by asking what the clock shows at a moment, never when the
clock shows something, which is the question that has none or two answers. Since 1972
all clocks differ from UTC by whole minutes.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, chain, pairwise
from zoneinfo import ZoneInfo, available_timezones

Offsets = tuple[tuple[int, int], ...]
"""From which minute on the clock is how many minutes ahead of UTC."""

MINUTE = 60_000
DAY = 1440


@dataclass(frozen=True, slots=True)
class Years:
    """Whole years, and minutes counted from three days before them."""

    first: int
    last: int

    @property
    def start(self) -> datetime:
        return datetime(self.first, 1, 1, tzinfo=UTC) - timedelta(days=3)

    @property
    def days(self) -> int:
        return (datetime(self.last + 1, 1, 4, tzinfo=UTC) - self.start).days

    def dates(self) -> Iterator[date]:
        """Their dates, with one before and one after for what passes midnight."""
        day = date(self.first, 1, 1) - timedelta(days=1)
        while day <= date(self.last + 1, 1, 1):
            yield day
            day += timedelta(days=1)

    def bounds(self, zone: str) -> tuple[int, int]:
        """The moments that lie just before them and at their end, in a zone."""
        begin = datetime(self.first, 1, 1, tzinfo=ZoneInfo(zone))
        end = datetime(self.last + 1, 1, 1, tzinfo=ZoneInfo(zone))
        return int(begin.timestamp()) * 1000 - 1, int(end.timestamp()) * 1000 - 1

    def moment(self, minute: int) -> int:
        """Milliseconds since 1970 of a minute."""
        return int(self.start.timestamp()) * 1000 + minute * MINUTE

    def wall(self, day: date, at: time = time()) -> int:
        """What a clock shows, as minutes of a clock in UTC."""
        shown = datetime.combine(day, at, tzinfo=UTC) - self.start
        return int(shown.total_seconds()) // 60


def offsets(zone: str, years: Years, *, step: int = DAY) -> Offsets:
    """How a zone's clock goes; within steps that begin and end alike it is trusted."""
    info = ZoneInfo(zone)
    start = int(years.start.timestamp())

    def ahead(minute: int) -> int:
        offset = datetime.fromtimestamp(start + minute * 60, info).utcoffset()
        return int((offset or timedelta()).total_seconds()) // 60

    found = [(0, ahead(0))]
    for begin, end in pairwise(range(0, years.days * DAY + 1, step)):
        if ahead(end) != found[-1][1]:
            for minute in range(begin + 1, end + 1):
                if ahead(minute) != found[-1][1]:
                    found.append((minute, ahead(minute)))
    return tuple(found)


def zones_by_offsets(years: Years, *, step: int = DAY) -> dict[Offsets, list[str]]:
    """Every zone of the tz database, those together whose clocks go alike."""
    groups: dict[Offsets, list[str]] = {}
    for zone in sorted(available_timezones()):
        groups.setdefault(offsets(zone, years, step=step), []).append(zone)
    return groups


class WallClock:
    """The clock of one zone over some years."""

    def __init__(self, going: Offsets, years: Years) -> None:
        self.years = years
        ends = [minute for minute, _ in going[1:]] + [years.days * DAY]
        self.shown = list(
            chain.from_iterable(
                range(begin + ahead, end + ahead)
                for (begin, ahead), end in zip(going, ends, strict=True)
            )
        )
        self._reached = list(accumulate(self.shown, max))

    def first_shown(self, day: date, at: time) -> int:
        """The first minute at which it shows this or has passed it."""
        return bisect_left(self._reached, self.years.wall(day, at))

    def due(self, chosen: Callable[[date], bool], times: Iterable[time]) -> list[int]:
        """When something is due at these times on chosen dates, in milliseconds."""
        times = list(times)
        return sorted(
            {
                self.years.moment(self.first_shown(day, at))
                for day in self.years.dates()
                if chosen(day) and self._has(day)
                for at in times
            }
        )

    def due_in_windows(
        self, chosen: Callable[[date], bool], span: tuple[time, time], every: int
    ) -> list[int]:
        """The same for each `every` minutes of windows that open on chosen dates."""
        opening, closing = span
        nights = timedelta(days=closing < opening)
        return sorted(
            {
                self.years.moment(minute)
                for day in self.years.dates()
                if chosen(day) and self._has(day)
                for minute in range(
                    self.first_shown(day, opening),
                    self.first_shown(day + nights, closing) + 1,
                    every,
                )
            }
        )

    def _has(self, day: date) -> bool:
        """Whether the clock ever shows any minute of this date."""
        midnight = self.years.wall(day)
        return midnight <= self.shown[self.first_shown(day, time())] < midnight + DAY
