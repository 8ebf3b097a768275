"""Due times, in every zone of the tz database, against an oracle that reads clocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from trunkline.engine.schedule import next_due, next_times
from trunkline.model.schedule import Schedule, Window
from unit.schedule_oracle import (
    MINUTE,
    WallClock,
    Years,
    offsets,
    zones_by_offsets,
)

YEARS = Years(2027, 2028)
"""The second is a leap year."""
NIGHT = time(2, 30)
BUSY_SUNDAYS = Window(days=(0,), time=("01:45", "03:15"))
FRIDAY_NIGHTS = Window(days=(6,), time=("22:00", "02:40"))

Due = Callable[[Schedule, str, Years], list[int]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A schedule, and the same said to the oracle."""

    schedule: Schedule
    expected: Callable[[WallClock], list[int]]


def is_sunday(day: date) -> bool:
    return day.strftime("%A") == "Sunday"


def is_saturday(day: date) -> bool:
    return day.strftime("%A") == "Saturday"


KINDS = {
    "daily": Kind(
        Schedule(type="daily", time="02:30"),
        lambda clock: clock.due(lambda _: True, [NIGHT]),
    ),
    "weekly, several times": Kind(
        Schedule(type="weekly", days=(0,), time=("23:30", "02:00", "00:00", "01:59")),
        lambda clock: clock.due(
            is_sunday, [time(23, 30), time(2), time(0), time(1, 59)]
        ),
    ),
    "monthly, on days that some months do not have": Kind(
        Schedule(type="monthly", days=(29, 30, 31), time="00:30"),
        lambda clock: clock.due(lambda day: day.day > 28, [time(0, 30)]),
    ),
    "yearly": Kind(
        Schedule(type="yearly", months=(2, 3), days=(28, 29), time="03:00"),
        lambda clock: clock.due(
            lambda day: day.month in {2, 3} and day.day in {28, 29}, [time(3)]
        ),
    ),
    "windows": Kind(
        Schedule(type="indefinitely", interval=1200, restrict=(BUSY_SUNDAYS,)),
        lambda clock: clock.due_in_windows(is_sunday, (time(1, 45), time(3, 15)), 20),
    ),
    "windows over midnight": Kind(
        Schedule(type="indefinitely", interval=2400, restrict=(FRIDAY_NIGHTS,)),
        lambda clock: clock.due_in_windows(is_saturday, (time(22), time(2, 40)), 40),
    ),
}


def ours(schedule: Schedule, zone: str, years: Years) -> list[int]:
    """All that is due in these years, asked for one after another."""
    after, until = years.bounds(zone)
    found: list[int] = []
    while (due := next_due(schedule, after, zone, anchor=0)) and due <= until:
        assert due > after
        found.append(due)
        after = due
    return found


def whenever_shown(schedule: Schedule, zone: str, years: Years) -> list[int]:
    """A defect: due in each minute in which the clock shows the time."""
    clock = WallClock(offsets(zone, years), years)
    at = time.fromisoformat(schedule.times[0])
    wanted = {years.wall(day, at) for day in years.dates()}
    return [years.moment(m) for m, shown in enumerate(clock.shown) if shown in wanted]


def moved_on(schedule: Schedule, zone: str, years: Years) -> list[int]:
    """Another: in a gap, due as much later as the gap is long."""
    at = time.fromisoformat(schedule.times[0])
    walls = (datetime.combine(day, at, tzinfo=ZoneInfo(zone)) for day in years.dates())
    return [int(wall.timestamp()) * 1000 for wall in walls]


def disagreements(
    due: Due, kinds: Mapping[str, Kind], zones: list[str], years: Years
) -> list[str]:
    """Where what is due differs from what the oracle read off the clock."""
    clock = WallClock(offsets(zones[0], years), years)
    found = []
    for name, kind in kinds.items():
        expected = kind.expected(clock)
        for zone in zones:
            after, until = years.bounds(zone)
            wanted = {moment for moment in expected if after < moment <= until}
            got = {m for m in due(kind.schedule, zone, years) if after < m <= until}
            if wanted != got:
                found.append(f"{name} in {zone}: {sorted(wanted ^ got)[:4]}")
    return found


@pytest.fixture(scope="module")
def alike() -> list[list[str]]:
    """Every zone of the tz database, those together whose clocks go alike."""
    return list(zones_by_offsets(YEARS).values())


@pytest.mark.parametrize("half", [0, 1])
def test_every_clock_there_is_makes_each_kind_due_once_when_it_should(
    alike: list[list[str]], half: int
) -> None:
    assert sum(map(len, alike)) == len(available_timezones())
    for zones in alike[half::2]:
        assert disagreements(ours, KINDS, zones[:1], YEARS) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_zone_by_name_makes_each_kind_due_once_when_it_should(
    alike: list[list[str]],
) -> None:
    for zones in alike:
        assert disagreements(ours, KINDS, zones, YEARS) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", [1979, 1985, 1996, 2006, 2011, 2036, 2090])
def test_other_years_with_their_oddities_are_no_different(first: int) -> None:
    years = Years(first, first + 1)
    for zones in zones_by_offsets(years, step=15).values():
        assert disagreements(ours, KINDS, zones[:1], years) == []


@pytest.mark.parametrize("defect", [whenever_shown, moved_on])
def test_the_oracle_notices_a_schedule_that_trips_over_a_clock_change(
    defect: Due,
) -> None:
    daily = {"daily": KINDS["daily"]}

    assert disagreements(defect, daily, ["Europe/Prague"], YEARS)
    assert not disagreements(defect, daily, ["Asia/Kolkata"], YEARS)


def test_a_daily_job_runs_365_times_of_365_in_every_zone(
    alike: list[list[str]],
) -> None:
    daily = Schedule(type="daily", time="02:30")
    for zones in alike:
        due = ours(daily, zones[0], Years(2027, 2027))
        dates = {shown(moment, zones[0]).date() for moment in due}
        assert len(due) == len(dates) == 365


def test_an_interval_of_15_minutes_runs_35_040_times_whatever_the_clock_does() -> None:
    schedule = Schedule(type="indefinitely")
    begin, end = (
        int(datetime(year, 1, 1, 8, 7, tzinfo=UTC).timestamp() * 1000)
        for year in (2027, 2028)
    )

    due = next_times(
        schedule, begin - 1, "Australia/Lord_Howe", anchor=begin, count=35_041
    )

    assert due[0] == begin
    assert due[35_040] == end
    assert {later - earlier for earlier, later in pairwise(due)} == {15 * MINUTE}


def shown(due: int, zone: str) -> datetime:
    return datetime.fromtimestamp(due / 1000, ZoneInfo(zone))
