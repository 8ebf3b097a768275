"""When a webhook is unusually quiet, and when it is only quiet."""

import random
from collections import Counter

from trunkline.services.rhythm import Counts, learn, silences

DAY = 24
WEEK = 7 * DAY
NOW = 2_900 * WEEK + 77


def _office(hour: int) -> float:
    """What usually comes: ten an hour by day, none by night and on weekends."""
    is_weekday = (hour // DAY) % 7 < 5
    return 10.0 if is_weekday and 8 <= hour % DAY < 18 else 0.0


def _by_chance(rate: float, chance: random.Random) -> int:
    """A number of independent happenings that come so often."""
    number, waited = 0, chance.expovariate(1)
    while waited < rate:
        number, waited = number + 1, waited + chance.expovariate(1)
    return number


def _found(counts: Counts, first: int) -> list[tuple[int, int]]:
    rhythm = learn(counts, first, NOW)
    return [(one.begins, one.ends) for one in silences(rhythm)]


def test_nights_and_weekends_are_no_silence_where_nothing_usually_comes() -> None:
    first = NOW - 4 * WEEK
    counts = {hour: int(_office(hour)) for hour in range(first, NOW)}
    rhythm = learn(counts, first, NOW)
    assert rhythm.period == "week"
    assert _found(counts, first) == []


def test_two_quiet_hours_of_a_busy_morning_are_a_silence_with_what_usually_comes() -> (
    None
):
    first = NOW - 4 * WEEK
    counts = {hour: int(_office(hour)) for hour in range(first, NOW)}
    quiet = next(
        hour for hour in range(NOW - WEEK, NOW) if _office(hour) and hour % DAY == 9
    )
    counts |= {quiet: 0, quiet + 1: 0}
    rhythm = learn(counts, first, NOW)
    [one] = silences(rhythm)
    assert (one.begins, one.ends) == (quiet, quiet + 2)
    assert 10 < one.expected <= 20


def test_a_silence_that_goes_on_is_told_until_now() -> None:
    first = NOW - 2 * WEEK
    counts = dict.fromkeys(range(first, NOW - 5), 3)
    assert _found(counts, first) == [(NOW - 5, NOW)]


def test_where_little_comes_days_without_any_are_told() -> None:
    first = NOW - 4 * WEEK
    counts = dict.fromkeys(range(first, NOW - 5 * DAY, 8), 1)
    [(begins, ends)] = _found(counts, first)
    assert ends == NOW
    assert 4 * DAY < ends - begins <= 5 * DAY + 8


def test_a_single_campaign_is_not_taken_for_a_habit() -> None:
    first = NOW - 4 * WEEK
    counts = dict.fromkeys(range(first + 50, first + 60), 500)
    assert _found(counts, first) == []


def test_before_two_weeks_are_known_days_are_compared_and_at_first_nothing() -> None:
    week = dict.fromkeys(range(NOW - WEEK, NOW - 6), 2)
    assert learn(week, NOW - WEEK, NOW).period == "day"
    assert _found(week, NOW - WEEK) == [(NOW - 6, NOW)]
    young = dict.fromkeys(range(NOW - 2 * DAY, NOW - 6), 2)
    assert learn(young, NOW - 2 * DAY, NOW).period == "unknown"
    assert _found(young, NOW - 2 * DAY) == []


def test_chance_alone_is_seldom_told_and_a_lost_morning_nearly_always() -> None:
    told, missed = 0, 0
    first = NOW - 4 * WEEK
    for seed in range(100):
        chance = random.Random(seed)  # noqa: S311 - no secret
        counts = Counter(
            {hour: _by_chance(_office(hour), chance) for hour in range(first, NOW)}
        )
        told += len(_found(counts, first))
        lost = next(
            hour for hour in range(NOW - WEEK, NOW) if _office(hour) and hour % DAY == 8
        )
        for hour in range(lost, lost + 3):
            counts[hour] = 0
        missed += not any(
            begins <= lost and ends >= lost + 3
            for begins, ends in _found(counts, first)
        )
    assert told <= 5
    assert missed == 0


def test_what_usually_comes_is_told_of_parts_of_hours_too() -> None:
    first = NOW - 2 * WEEK
    rhythm = learn(dict.fromkeys(range(first, NOW), 4), first, NOW)
    assert rhythm.expected(NOW + 0.25, NOW + 1.5) == 5.0
    assert rhythm.expected(NOW + 0.25, NOW + 0.5) == 1.0
