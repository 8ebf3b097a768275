"""What each key of a schedule does, and what holds for every schedule."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from trunkline.engine.schedule import is_open, latest_due, next_due, next_times
from trunkline.model.schedule import Schedule, Window
from trunkline.model.schedule_faults import schedule_faults

PRAGUE = "Europe/Prague"
ZONES = [PRAGUE, "UTC", "America/Nuuk", "Pacific/Apia", "Australia/Lord_Howe"]
DAY = 86_400_000
read = TypeAdapter(Schedule).validate_python

texts_of_time = st.times().map(lambda at: at.strftime("%H:%M"))
weekdays = st.lists(st.integers(0, 6), max_size=7).map(tuple)
months = st.lists(st.integers(1, 12), max_size=3).map(tuple)
windows = st.builds(
    Window,
    days=weekdays,
    months=months,
    time=st.none() | st.tuples(texts_of_time, texts_of_time),
)
betweens = st.none() | st.tuples(
    st.none() | st.sampled_from(["2026-01-31", "2026-03-29T02:30"]),
    st.none() | st.sampled_from(["2026-10-25T02:30", "2027-02-28T10:00Z"]),
)
schedules = st.builds(
    Schedule,
    type=st.sampled_from(
        ["indefinitely", "once", "daily", "weekly", "monthly", "yearly"]
    ),
    interval=st.sampled_from([60, 900, 5000, 100_000, 2_000_000]),
    date=st.just("2026-06-30T12:00"),
    time=st.lists(texts_of_time, min_size=1, max_size=3).map(tuple),
    days=st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple),
    months=st.lists(st.integers(1, 12), min_size=1, max_size=3).map(tuple),
    between=betweens,
    restrict=st.lists(windows, max_size=2).map(tuple),
)
zones = st.sampled_from(ZONES)


def moment(text: str, zone: str = PRAGUE) -> int:
    said = datetime.fromisoformat(text)
    aware = said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))
    return int(aware.timestamp() * 1000)


moments = st.integers(moment("2025-10-01"), moment("2027-12-31"))


def due(
    said: Mapping[str, object], after: str, *, zone: str = PRAGUE, count: int = 3
) -> list[str]:
    """The next due times as the clock shows them; activated at `after`."""
    begin = moment(after, zone)
    found = next_times(read(said), begin, zone, anchor=begin, count=count)
    local = ZoneInfo(zone)
    return [
        datetime.fromtimestamp(one / 1000, local).strftime("%a %Y-%m-%d %H:%M")
        for one in found
    ]


@settings(deadline=None, max_examples=60)
@given(schedules, zones, moments)
def test_due_times_come_in_order_and_each_leads_to_the_next(
    schedule: Schedule, zone: str, after: int
) -> None:
    found = next_times(schedule, after, zone, anchor=0, count=6)

    for earlier, later in pairwise([after, *found]):
        assert earlier < later
        assert next_due(schedule, earlier, zone, anchor=0) == later
        assert next_due(schedule, later - 1, zone, anchor=0) == later


@settings(deadline=None, max_examples=60)
@given(schedules, zones, moments)
def test_the_latest_due_time_is_the_last_of_the_next_ones(
    schedule: Schedule, zone: str, after: int
) -> None:
    found = next_times(schedule, after, zone, anchor=0, count=6)

    for count, (one, following) in enumerate(pairwise(found)):
        for until in (one, following - 1):
            assert latest_due(schedule, after, until, zone, anchor=0) == one, count
    until = found[0] - 1 if found else after + 400 * DAY
    assert latest_due(schedule, after, until, zone, anchor=0) is None


@settings(deadline=None, max_examples=60)
@given(schedules, zones, st.integers())
def test_any_moment_at_all_has_a_next_one_or_none(
    schedule: Schedule, zone: str, after: int
) -> None:
    found = next_due(schedule, after, zone, anchor=0)

    assert found is None or found > after
    assert found is None or latest_due(schedule, after, found, zone, anchor=0) == found


@given(zones, moments, st.integers(60, 10**7))
def test_a_restart_does_not_move_an_interval(
    zone: str, anchor: int, interval: int
) -> None:
    schedule = Schedule(type="indefinitely", interval=interval)
    found = next_times(schedule, anchor - 1, zone, anchor=anchor, count=4)

    assert found == [anchor + n * interval * 1000 for n in range(4)]


def test_a_time_in_a_gap_is_due_when_the_clock_has_jumped_and_keeps_its_order() -> None:
    night = {"type": "daily", "time": ["02:30", "03:15"]}

    assert due(night, "2026-03-28T12:00") == [
        "Sun 2026-03-29 03:00",
        "Sun 2026-03-29 03:15",
        "Mon 2026-03-30 02:30",
    ]


def test_a_time_that_comes_twice_is_due_the_first_time() -> None:
    night = Schedule(type="daily", time="02:30")
    found = next_times(night, moment("2026-10-25T00:00"), PRAGUE, anchor=0, count=2)

    assert found == [moment("2026-10-25T02:30+02:00"), moment("2026-10-26T02:30")]


def test_a_gap_at_the_end_of_a_day_does_not_lose_the_day() -> None:
    late = {"type": "daily", "time": "23:30"}

    assert due(late, "2026-03-28T12:00", zone="America/Nuuk", count=2) == [
        "Sun 2026-03-29 00:00",
        "Sun 2026-03-29 23:30",
    ]


def test_a_date_that_a_zone_left_out_has_nothing_due() -> None:
    for said in (
        {"type": "daily", "time": "06:00"},
        {"type": "indefinitely", "restrict": [{"time": ["06:00", "06:00"]}]},
    ):
        assert due(said, "2011-12-29T00:00", zone="Pacific/Apia", count=2) == [
            "Thu 2011-12-29 06:00",
            "Sat 2011-12-31 06:00",
        ]


def test_a_clock_put_back_past_midnight_has_shown_the_next_date_already() -> None:
    zone = "America/St_Johns"  # from 00:01 back to 23:01
    daily = Schedule(type="daily", time="00:00")
    midnight = moment("2010-11-07T00:00", zone)
    again = midnight + 1_800_000

    assert datetime.fromtimestamp(again / 1000, ZoneInfo(zone)).day == 6
    assert latest_due(daily, midnight - 1, again, zone, anchor=0) == midnight
    assert next_due(daily, again, zone, anchor=0) == moment("2010-11-08", zone)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"type": "weekly", "days": [0, 6], "time": "06:00"},
            ["Sat 2026-01-31 06:00", "Sun 2026-02-01 06:00", "Sat 2026-02-07 06:00"],
        ),
        (
            {"type": "monthly", "days": [31], "time": "06:00"},
            ["Sat 2026-01-31 06:00", "Tue 2026-03-31 06:00", "Sun 2026-05-31 06:00"],
        ),
        (
            {"type": "yearly", "months": [2], "days": [29], "time": "06:00"},
            ["Tue 2028-02-29 06:00", "Sun 2032-02-29 06:00", "Fri 2036-02-29 06:00"],
        ),
        ({"type": "once", "date": "2090-01-01T06:00"}, ["Sun 2090-01-01 06:00"]),
        ({"type": "once", "date": "2026-02-01T05:00Z"}, ["Sun 2026-02-01 06:00"]),
        ({"type": "once", "date": "2026-01-26T06:00"}, []),
        ({"type": "immediately", "max_runs_per_minute": 5}, []),
        ({"type": "on-demand"}, []),
        (
            {"type": "daily", "time": "06:00", "timezone": "America/New_York"},
            ["Tue 2026-01-27 12:00", "Wed 2026-01-28 12:00", "Thu 2026-01-29 12:00"],
        ),
        (
            {"type": "daily", "time": "06:00", "between": ["2026-02-01", "2026-02-02"]},
            ["Sun 2026-02-01 06:00", "Mon 2026-02-02 06:00"],
        ),
        (
            {"type": "daily", "time": "06:00", "between": [None, "2026-01-28T06:00"]},
            ["Tue 2026-01-27 06:00", "Wed 2026-01-28 06:00"],
        ),
        (
            {
                "type": "indefinitely",
                "interval": 7200,
                "between": ["2026-02-01T08:00", None],
            },
            ["Sun 2026-02-01 08:00", "Sun 2026-02-01 10:00", "Sun 2026-02-01 12:00"],
        ),
        (
            {
                "type": "indefinitely",
                "restrict": [{"days": [6], "time": ["06:00", "06:01"]}],
            },
            ["Sat 2026-01-31 06:00", "Sat 2026-02-07 06:00", "Sat 2026-02-14 06:00"],
        ),
        (
            {
                "type": "indefinitely",
                "interval": 28_800,
                "restrict": [{"days": [6], "time": ["22:00", "06:00"]}],
            },
            ["Sat 2026-01-31 22:00", "Sun 2026-02-01 06:00", "Sat 2026-02-07 22:00"],
        ),
        (
            {"type": "indefinitely", "interval": 43_200, "restrict": [{"days": [6]}]},
            ["Sat 2026-01-31 00:07", "Sat 2026-01-31 12:07", "Sat 2026-02-07 00:07"],
        ),
        (
            {
                "type": "daily",
                "time": ["01:00", "12:00"],
                "restrict": [{"days": [5], "time": ["20:00", "02:00"]}],
            },
            ["Sat 2026-01-31 01:00", "Sat 2026-02-07 01:00", "Sat 2026-02-14 01:00"],
        ),
        (
            {
                "type": "monthly",
                "days": [31],
                "time": "06:00",
                "restrict": [{"months": [2]}],
            },
            [],
        ),
    ],
    ids=lambda value: str(value)[:70] if isinstance(value, dict) else "",
)
def test_each_kind_is_due_when_it_says(
    said: Mapping[str, object], expected: list[str]
) -> None:
    assert due(said, "2026-01-26T12:07") == expected


def test_a_schedule_ends_with_the_calendar() -> None:
    daily = Schedule(type="daily", time="06:00")
    end = int(datetime(2999, 12, 31, 5, tzinfo=UTC).timestamp()) * 1000

    assert next_times(daily, end, "UTC", anchor=0) == [end + 3_600_000]
    assert next_due(daily, end + 3_600_000, "UTC", anchor=0) is None


def test_a_run_may_start_while_a_window_is_open_and_the_schedule_lasts() -> None:
    office = read(
        {
            "type": "immediately",
            "between": ["2026-02-01", "2026-02-28"],
            "restrict": [{"days": [1, 2, 3, 4, 5], "time": ["09:00", "17:00"]}],
        }
    )

    for text, expected in (
        ("2026-02-02T09:00", True),
        ("2026-02-02T17:00", True),
        ("2026-02-02T17:01", False),
        ("2026-02-01T12:00", False),
        ("2026-01-30T12:00", False),
        ("2026-03-02T12:00", False),
    ):
        assert is_open(office, moment(text), PRAGUE) is expected


def test_unknown_keys_are_refused() -> None:
    for said in (
        {"type": "daily", "tiem": "06:00"},
        {"type": "daily", "time": "06:00", "restrict": [{"day": [1]}]},
        {"type": "hourly"},
    ):
        with pytest.raises(ValidationError):
            read(said)


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"type": "daily", "time": "06:00"}, {}),
        ({"type": "indefinitely"}, {}),
        ({"type": "daily"}, {"time": "needs `time`"}),
        ({"type": "yearly"}, {"time": "needs", "days": "needs", "months": "needs"}),
        ({"type": "once"}, {"date": "needs"}),
        ({"type": "daily", "time": []}, {"time": "needs"}),
        ({"type": "daily", "time": ["06:00", "24:00"]}, {"time": "'24:00'"}),
        ({"type": "daily", "time": "6:00"}, {"time": "two digits"}),
        ({"type": "daily", "time": "06:00", "days": [1]}, {"days": "does nothing"}),
        ({"type": "daily", "time": "06:00", "interval": 60}, {"interval": "nothing"}),
        ({"type": "indefinitely", "interval": 59}, {"interval": "59"}),
        ({"type": "indefinitely", "interval": 10**9}, {"interval": "seconds"}),
        ({"type": "weekly", "days": [7], "time": "06:00"}, {"days": "0 is Sunday"}),
        ({"type": "monthly", "days": [32], "time": "06:00"}, {"days": "32"}),
        (
            {"type": "yearly", "months": [0], "days": [1], "time": "06:00"},
            {"months": "0 is not a month"},
        ),
        (
            {"type": "yearly", "months": [2], "days": [30], "time": "06:00"},
            {"days": "None of `months`"},
        ),
        ({"type": "yearly", "months": [2], "days": [29], "time": "06:00"}, {}),
        ({"type": "once", "date": "tomorrow"}, {"date": "'tomorrow' is not a date"}),
        ({"type": "once", "date": "2026-12-24"}, {"date": "no time of day"}),
        ({"type": "once", "date": "1969-12-24T06:00"}, {"date": "1970"}),
        (
            {"type": "indefinitely", "between": ["2026-02-02", "2026-02-01"]},
            {"between": "before it begins"},
        ),
        ({"type": "indefinitely", "between": ["2026-02-02", "2026-02-02"]}, {}),
        (
            {
                "type": "indefinitely",
                "between": ["2026-02-02T10:00", "2026-02-02T09:00"],
            },
            {"between": "before it begins"},
        ),
        (
            {
                "type": "indefinitely",
                "between": ["2026-02-02T10:00Z", "2026-02-02T09:00"],
            },
            {},
        ),
        (
            {
                "type": "indefinitely",
                "restrict": [{}, {"days": [8], "time": ["9", "10:00"]}],
            },
            {"restrict.1.days": "8", "restrict.1.time": "'9'"},
        ),
        (
            {"type": "immediately", "max_runs_per_minute": 0},
            {"max_runs_per_minute": "1"},
        ),
        (
            {"type": "on-demand", "max_runs_per_minute": 9},
            {"max_runs_per_minute": "not"},
        ),
        ({"type": "on-demand", "timezone": "Europe/Brno"}, {"timezone": "Europe/Brno"}),
        (
            {
                "type": "daily",
                "time": "06:00",
                "restrict": [{"time": ["07:00", "05:00"]}],
            },
            {"restrict": "None of `time`"},
        ),
    ],
    ids=str,
)
def test_every_fault_is_told_with_its_key(
    said: Mapping[str, object], faults: dict[str, str]
) -> None:
    found = schedule_faults(read(said), available_timezones())

    assert sorted(fault.key for fault in found) == sorted(faults)
    for fault in found:
        assert faults[fault.key] in fault.message
        assert fault.message.endswith(".")
