"""Identifiers: unique, and in order of creation whatever the clock does."""

from dataclasses import dataclass

from trunkline.model.clock import SystemClock
from trunkline.model.ids import Ids


@dataclass(slots=True)
class _Clock:
    now: int = 1_790_000_000_000

    def millis(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return 0.0


def test_100_000_ids_are_unique_and_sorted_as_they_were_made() -> None:
    ids = Ids(SystemClock())
    made = [ids.new() for _ in range(100_000)]
    assert len(set(made)) == 100_000
    assert made == sorted(made)
    assert {len(id_) for id_ in made} == {32}


def test_a_clock_that_steps_back_does_not_turn_the_order_around() -> None:
    clock = _Clock()
    ids = Ids(clock)
    made = []
    for step in (0, 1, -3_600_000, 0, -1, 3_600_001, 5):
        clock.now += step
        made += [ids.new() for _ in range(10)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_follow_those_of_an_earlier_process_though_the_clock_was_set_back() -> None:
    clock = _Clock()
    earlier = Ids(clock).new()
    clock.now -= 3_600_000
    ids = Ids(clock)
    ids.follow(None)
    ids.follow(earlier)
    assert earlier < ids.new() < ids.new()


def test_a_millisecond_holds_as_many_as_are_asked_for() -> None:
    ids = Ids(_Clock(), entropy=lambda size: b"\xff" * size)
    made = [ids.new() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000


def test_two_makers_do_not_meet() -> None:
    clock = _Clock()
    one, other = Ids(clock), Ids(clock)
    ones = {one.new() for _ in range(1000)}
    assert ones.isdisjoint(other.new() for _ in range(1000))


def test_an_id_begins_with_its_moment() -> None:
    clock = _Clock(now=0)
    early = Ids(clock).new()
    clock.now = 2**48 - 1
    late = Ids(clock).new()
    assert early.startswith("0" * 12)
    assert late.startswith("f" * 12)
