"""What is beyond the bounds goes in small parts; all else stays, and the counts too."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from fakes.history import DAY, NOW, History
from fakes.storing import Folder
from trunkline.model.retention import Bounds
from trunkline.model.scenario import Keep
from trunkline.model.states import DeliveryState, ExecutionState
from trunkline.store import retention as limits
from trunkline.store.balance import count_balance
from trunkline.store.entry import Entry
from trunkline.store.pruning import remove_deliveries, remove_executions
from trunkline.store.retention import find_batch, find_line
from trunkline.store.scenarios import save_version

_UNBOUNDED = Bounds(days=0, executions=0, bytes=0, seen_days=0)


async def test_what_ended_too_long_ago_goes_with_all_that_belongs_to_it(
    history: History,
) -> None:
    await history.add(31, bundles=3)
    young = await history.add(29)
    done = await history.prune(Bounds(days=30))
    assert history.executions() == history.deliveries() == [young]
    assert (history.count("operations"), history.count("bundles")) == (2, 0)
    assert history.count("payloads") == 1
    assert done.progress.pruned.executions == done.progress.pruned.deliveries == 1
    assert await history.balance() == (2, {"done": 2})
    assert (await history.folder.store.read(count_balance)).pruned == 1


async def test_age_counts_from_the_end_of_an_execution(history: History) -> None:
    late = await history.add(60, ended_at=NOW - DAY)
    await history.prune(Bounds(days=30))
    assert history.executions() == [late]


@pytest.mark.parametrize(
    ("state", "delivery"),
    [
        (ExecutionState.QUEUED, DeliveryState.WAITING),
        (ExecutionState.RUNNING, DeliveryState.RUNNING),
        (ExecutionState.INCOMPLETE, DeliveryState.RUNNING),
    ],
)
async def test_what_has_not_ended_stays_however_old(
    history: History, state: ExecutionState, delivery: DeliveryState
) -> None:
    open_ = await history.add(300, state=state, delivery=delivery)
    await history.prune(Bounds(days=1, executions=1, bytes=1, seen_days=1))
    assert history.executions() == history.deliveries() == [open_]
    assert history.count("operations") == 2
    assert history.count("seen") == 1


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.HELD])
async def test_deliveries_that_wait_or_are_held_stay_without_an_execution(
    history: History, state: DeliveryState
) -> None:
    entry = history.folder.delivery(id="0" * 32, state=state)
    await history.folder.together(Entry(delivery=entry.delivery, payload=entry.payload))
    await history.prune(Bounds(days=1, executions=1))
    assert history.count("deliveries") == 1


@pytest.mark.parametrize(
    "state",
    [
        ExecutionState.DONE,
        ExecutionState.WARNING,
        ExecutionState.FAILED,
        ExecutionState.CANCELLED,
    ],
)
async def test_every_way_to_end_is_an_end(
    history: History, state: ExecutionState
) -> None:
    await history.add(31, state=state, delivery=DeliveryState.DEAD)
    await history.prune(Bounds(days=30))
    assert history.executions() == []
    assert await history.balance() == (1, {"dead": 1})


async def test_of_each_scenario_the_newest_are_kept_by_number(
    history: History,
) -> None:
    made = [await history.add() for _ in range(7)]
    await history.prune(Bounds(days=0, executions=3))
    assert history.executions() == history.deliveries() == made[-3:]


async def test_of_each_scenario_the_newest_are_kept_by_size(history: History) -> None:
    made = [await history.add(body=b"x" * 1000, operations=0) for _ in range(7)]
    await history.prune(Bounds(days=0, executions=0, bytes=3500))
    assert history.executions() == made[-3:]


async def test_a_scenario_says_itself_what_it_keeps(history: History) -> None:
    old = await history.add(200)
    new = await history.add(3)
    await history.keep('{"days": 365}')
    await history.prune(Bounds(days=30))
    assert history.executions() == [old, new]
    await history.keep('{"executions": 1}')
    await history.prune(_UNBOUNDED)
    assert history.executions() == [new]
    await history.keep('{"days": 1}')
    await history.prune(_UNBOUNDED)
    assert history.executions() == []


def test_bounds_of_a_scenario_replace_those_it_names() -> None:
    changed = Bounds(days=30, executions=10).changed_by(Keep(days=0, megabytes=2))
    assert (changed.days, changed.executions, changed.bytes) == (0, 10, 2_000_000)
    with pytest.raises(ValueError, match="between 0"):
        Keep(days=-1)


async def test_nobody_prunes_a_scenario_that_cannot_be_read(history: History) -> None:
    old = await history.add(300)
    await history.folder.store.write(
        save_version,
        scenario_id="scenario",
        version_id="broken",
        name="Answers",
        content="{",
        now=1,
    )
    await history.prune(Bounds(days=30))
    assert history.executions() == [old]


async def test_a_delivery_stays_until_the_last_of_its_executions_goes(
    history: History,
) -> None:
    first = await history.add(40)
    again = history.folder.execution(
        id=f"{NOW:012x}" + "0" * 20,
        delivery_id=first,
        state=ExecutionState.DONE,
        created_at=NOW,
        ended_at=NOW,
    )
    await history.folder.together(Entry(execution=again))
    await history.prune(Bounds(days=30))
    assert history.executions() == [again.id]
    assert history.deliveries() == [first]
    history.clock.let_pass(60)
    await history.prune(Bounds(days=30))
    assert history.executions() == history.deliveries() == []
    assert await history.balance() == (1, {"done": 1})


async def test_a_clock_that_leaps_ahead_makes_nothing_old_for_a_day(
    history: History,
) -> None:
    kept, bounds = await history.add(1), Bounds(days=30)
    await history.prune(bounds)
    history.clock.now += 80 * 365 * DAY
    for _ in range(2):
        pruning = await history.prune(bounds)
        assert "The clock leapt ahead" in str(pruning.progress.trouble)
        assert history.executions() == [kept]
        history.restart()
    history.clock.now -= 80 * 365 * DAY
    assert (await history.prune(bounds)).progress.trouble is None
    assert history.executions() == [kept]


async def test_meanwhile_ages_are_counted_as_if_it_had_not(history: History) -> None:
    await history.add(29.5)
    kept, bounds = await history.add(1), Bounds(days=30)
    await history.prune(bounds)
    history.clock.now += 400 * DAY
    await history.prune(bounds)
    assert len(history.executions()) == 2
    history.clock.let_pass(0.75)
    await history.prune(bounds)
    assert history.executions() == [kept]


async def test_a_leap_is_believed_after_a_day(history: History) -> None:
    await history.add(1)
    bounds = Bounds(days=30)
    await history.prune(bounds)
    history.clock.now += 60 * DAY
    await history.prune(bounds)
    history.clock.let_pass(0.99)
    await history.prune(bounds)
    assert len(history.executions()) == 1
    history.clock.let_pass(0.02)
    assert (await history.prune(bounds)).progress.trouble is None
    assert history.executions() == []


async def test_deliveries_that_started_nothing_go_by_age_and_number(
    history: History,
) -> None:
    await history.add_ignored(31)
    rest = [await history.add_ignored(1) for _ in range(4)]
    await history.prune(Bounds(days=30, executions=3))
    assert history.deliveries() == rest[-3:]
    assert await history.balance() == (5, {"done": 5, "done:ignored": 5})


async def test_a_repeated_delivery_is_known_when_the_first_is_gone(
    history: History,
) -> None:
    first = await history.add(40)
    await history.prune(Bounds(days=30, seen_days=90))
    again = history.folder.delivery(first, id="again")
    (receipt,) = await history.folder.together(again)
    assert receipt.duplicate_of == first
    assert await history.balance() == (2, {"done": 2, "done:duplicate": 1})


async def test_marks_outlive_their_time_only_with_their_deliveries(
    history: History,
) -> None:
    await history.add(100)
    await history.prune(Bounds(days=30, seen_days=90))
    assert history.count("seen") == 0
    await history.add(100)
    await history.prune(Bounds(days=365, seen_days=90))
    assert history.count("seen") == 1


async def test_no_transaction_removes_more_than_a_few_rows(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, and however much one of them did."""
    monkeypatch.setattr(limits, "MOST_ROWS", 20)
    for _ in range(70):
        await history.add(31, operations=3)
    await history.add(31, operations=90, bundles=200)
    removed = _rows_by_transaction(history.folder)
    await history.prune(Bounds(days=30))
    assert history.executions() == []
    assert history.count("operations") + history.count("bundles") == 0
    # Each execution has its row, a delivery and a payload besides.
    assert max(removed) <= 20 + 3 * limits.MOST_EXECUTIONS
    assert len(removed) > 10


async def test_no_transaction_removes_more_than_some_bytes(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 10_000)
    for _ in range(10):
        await history.add(31, body=b"x" * 6000)
    removed = _rows_by_transaction(history.folder)
    await history.prune(Bounds(days=30))
    assert history.executions() == []
    assert len([rows for rows in removed if rows > 2]) == 10


async def test_what_was_found_and_then_changed_is_not_removed(
    history: History,
) -> None:
    store = history.folder.store
    line = await store.read(find_line, "scenario", Bounds(days=30), NOW)
    old = await history.add(31)
    batch = await store.read(find_batch, "scenario", line, "")
    assert batch
    assert batch.ids == (old,)

    def reopen(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE executions SET state = 'queued'")

    await store.write(reopen)
    removed = await store.write(remove_executions, batch.ids)
    assert (removed.executions, removed.deliveries) == (0, 0)
    assert (await store.write(remove_deliveries, [old])).deliveries == 0
    assert history.executions() == history.deliveries() == [old]


async def test_a_delivery_that_lost_its_payload_stays_to_be_told_of(
    history: History,
) -> None:
    await history.add(31)

    def lose(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM payloads")

    await history.folder.store.write(lose)
    await history.prune(Bounds(days=30))
    assert history.count("deliveries") == 1
    assert (await history.folder.store.read(count_balance)).accepted == 0


def _rows_by_transaction(folder: Folder) -> list[int]:
    """How many rows each transaction from now on has removed."""
    removed: list[int] = []
    engine = folder.store._database.writing

    def begun(_: Connection) -> None:
        removed.append(0)

    def executed(_c: Any, cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if statement.startswith("DELETE"):
            removed[-1] += cursor.rowcount

    listening: list[tuple[str, Callable[..., None]]] = [
        ("begin", begun),
        ("after_cursor_execute", executed),
    ]
    for name, listener in listening:
        event.listen(engine, name, listener)
    return removed
