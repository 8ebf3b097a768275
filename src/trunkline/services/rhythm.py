"""How often a webhook usually hears something, and when it was unusually quiet.

Hours are counted since 1970, UTC; only whole ones are looked at. People answer by the
clock and by the day of the week, so that each hour is compared with the same hour of
other weeks, or of other days while less than two weeks are known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

_WEEK = 7 * 24
_DAY = 24
_WEEKS_FOR_A_WEEK = 2
_DAYS_FOR_A_DAY = 3

_SURPRISING = 6.0
"""Deliveries that usually come in a time without any. Where they come independently of
one another, so long a silence has a chance of e^-6, 1 in 400, to be nothing."""

Counts: TypeAlias = Mapping[int, int]
"""Deliveries by the hour in which they came."""

Period: TypeAlias = Literal["week", "day", "unknown"]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many deliveries usually come, by the hours from `first` until before `last`.

    An hour is compared with those that lie whole periods of `hours` away.
    """

    period: Period
    hours: int
    counts: Counts
    first: int
    last: int

    @property
    def per_day(self) -> float:
        """How many usually come in a day."""
        usual = self.expected(self.last - self.hours, self.last)
        return usual * _DAY / self.hours

    def expected(self, begins: float, ends: float) -> float:
        """How many usually come between two moments, in hours since 1970.

        The time itself is left out, so that it is no measure of its own.
        """
        if self.period == "unknown":
            return 0.0
        asked = range(int(begins), -int(-ends // 1))
        return sum(
            self._rate(hour, asked) * (min(ends, hour + 1) - max(begins, hour))
            for hour in asked
        )

    def _rate(self, hour: int, asked: range) -> float:
        """The average of the hours alike.

        The strongest is left out, so that a single campaign is not taken for a habit;
        nor is what came only once before a long silence.
        """
        start = self.first + (hour - self.first) % self.hours
        alike = sorted(
            self.counts.get(other, 0)
            for other in range(start, self.last, self.hours)
            if other not in asked
        )
        usual = alike if len(alike) == 1 and len(asked) < self.hours else alike[:-1]
        return sum(usual) / max(len(usual), 1)


@dataclass(frozen=True, slots=True)
class Silence:
    """Whole hours from `begins` until `ends` in which nothing came."""

    begins: int
    ends: int
    expected: float


def learn(counts: Counts, first: int, last: int) -> Rhythm:
    """The rhythm of the hours from `first` until before `last`."""
    known = last - first
    if known >= _WEEKS_FOR_A_WEEK * _WEEK:
        return Rhythm("week", _WEEK, counts, first, last)
    if known >= _DAYS_FOR_A_DAY * _DAY:
        return Rhythm("day", _DAY, counts, first, last)
    return Rhythm("unknown", _DAY, counts, first, last)


def silences(rhythm: Rhythm) -> list[Silence]:
    """Times without a delivery in which usually several come, the earliest first."""
    return [
        Silence(begins, ends, expected)
        for begins, ends in _quiet(rhythm)
        if (expected := rhythm.expected(begins, ends)) >= _SURPRISING
    ]


def _quiet(rhythm: Rhythm) -> Iterator[tuple[int, int]]:
    begins = rhythm.first
    for hour in range(rhythm.first, rhythm.last + 1):
        if hour < rhythm.last and not rhythm.counts.get(hour):
            continue
        if hour > begins:
            yield begins, hour
        begins = hour + 1
