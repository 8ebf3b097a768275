"""The benchmark's own arithmetic: percentiles, the schedule, messages on the wire."""

import pytest
from bench.latency import Latency, due, percentile
from bench.sink import Ledger
from bench.survey import SurveyRequest, event_id, run_and_index
from bench.wire import answer, message_length
from hypothesis import given
from hypothesis import strategies as st

SECONDS = st.lists(st.floats(0, 100), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (50, 50), (99, 99), (99.1, 100), (100, 100)]
)
def test_a_percentile_is_the_nearest_rank(percent: float, expected: int) -> None:
    assert percentile(range(1, 101), percent) == expected


@given(SECONDS, st.floats(0, 100))
def test_a_percentile_is_one_of_the_values_and_covers_its_share(
    seconds: list[float], percent: float
) -> None:
    found = percentile(sorted(seconds), percent)
    covered = sum(one <= found for one in seconds)
    assert found in seconds
    assert covered >= len(seconds) * percent / 100 - 1e-9


@given(SECONDS)
def test_latency_does_not_depend_on_the_order_of_answers(seconds: list[float]) -> None:
    assert Latency.of(seconds) == Latency.of(reversed(seconds))
    assert Latency.of(seconds).worst == max(seconds)


def test_latency_of_nothing_is_zero() -> None:
    assert Latency.of([]) == Latency(p50=0, p99=0, worst=0)


def test_the_schedule_depends_on_nothing_but_its_start_and_rate() -> None:
    assert [due(10, 4, index) for index in range(5)] == [10, 10.25, 10.5, 10.75, 11]


def test_a_message_is_as_long_as_its_head_says() -> None:
    whole = answer(b'{"ok":true}')
    assert message_length(whole) == len(whole)
    assert message_length(whole + b"HTTP/1.1 200") == len(whole)
    assert message_length(whole[:20]) is None


def test_a_message_in_chunks_is_refused_rather_than_miscounted() -> None:
    with pytest.raises(ValueError, match="chunks"):
        message_length(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**48 - 1))
def test_an_event_id_tells_its_run_and_place(run: int, index: int) -> None:
    assert run_and_index(event_id(run, index)) == (run, index)


def test_each_request_says_its_own_length() -> None:
    request = SurveyRequest("/hooks/x", "secret", 80).with_id(event_id(1, 2))
    assert message_length(request) == len(request)
    assert request.count(event_id(1, 2).encode()) == 1


def test_the_sink_counts_what_comes_twice() -> None:
    ledger = Ledger()
    for index in (0, 1, 1):
        ledger.note(b'{"id": "%b"}' % event_id(5, index).encode())
    assert ledger.tell("/count/5") == b'{"received":3,"unique":2}'
    assert ledger.tell("/count/6") == b'{"received":0,"unique":0}'
