"""What is beyond the bounds goes in small parts; all else stays, and the counts too."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from fakes.serving import eventually, on_disk
from fakes.storing import Folder
from trunkline.engine.retention import Retention
from trunkline.model.delivery import Payload
from trunkline.model.execution import KeptBundle
from trunkline.model.retention import Bounds
from trunkline.model.scenario import Keep
from trunkline.model.states import DeliveryState, ExecutionState, Outcome
from trunkline.store import retention as limits
from trunkline.store.entry import Entry
from trunkline.store.pruning import remove_deliveries, remove_executions
from trunkline.store.retention import find_batch, find_line
from trunkline.store.scenarios import save_version
from trunkline.store.sizes import measure_file, measure_scenarios, measure_tables
from trunkline.store.webhooks import count_accepted, count_deliveries, count_pruned

_DAY = 86_400_000
_NOW = 400 * _DAY
_UNBOUNDED = Bounds(days=0, executions=0, bytes=0, seen_days=0)


class Clock:
    """A clock that stands, and whose seconds pass at once."""

    def __init__(self) -> None:
        self.now = _NOW

    def millis(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return 0.0


class History:
    """A folder in which executions have ended so many days ago."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.clock = Clock()
        self._made = 0

    async def add(
        self,
        days: float = 0,
        *,
        state: ExecutionState = ExecutionState.DONE,
        delivery: DeliveryState = DeliveryState.DONE,
        body: bytes = b"{}",
        operations: int = 2,
        bundles: int = 0,
        **run: Any,  # noqa: ANN401 - fields of an execution
    ) -> str:
        """A delivery with its execution; returns the id of both."""
        moment = _NOW - int(days * _DAY)
        id_ = self._id(moment)
        facts = {"id": id_, "state": state, "created_at": moment, "ended_at": moment}
        if state in (ExecutionState.QUEUED, ExecutionState.RUNNING):
            facts["ended_at"] = None
        entry = self.folder.delivery(
            id_,
            id=id_,
            received_at=moment,
            size=len(body),
            state=delivery,
            run=facts | run,
        )
        assert entry.execution
        made = [
            self.folder.operation(entry.execution, number + 1)
            for number in range(operations)
        ]
        kept = [
            KeptBundle(
                execution_id=id_, module_id=1, path="", position=place, data="{}"
            )
            for place in range(bundles)
        ]
        payload = Payload(body=body, method="POST", query={}, headers={})
        await self.folder.together(
            Entry(
                delivery=entry.delivery,
                payload=payload,
                dedupe_key=id_,
                execution=entry.execution,
                operations=tuple(made),
                bundles=tuple(kept),
            )
        )
        return id_

    async def add_ignored(self, days: float) -> str:
        """A delivery that started nothing."""
        moment = _NOW - int(days * _DAY)
        id_ = self._id(moment)
        entry = self.folder.delivery(
            id=id_,
            received_at=moment,
            state=DeliveryState.DONE,
            outcome=Outcome.IGNORED,
        )
        await self.folder.together(
            Entry(delivery=entry.delivery, payload=entry.payload)
        )
        return id_

    async def keep(self, keep: str) -> None:
        content = f'{{"name": "Answers", "flow": [], "settings": {{"keep": {keep}}}}}'
        await self.folder.store.write(
            save_version,
            scenario_id="scenario",
            version_id=self._id(_NOW),
            name="Answers",
            content=content,
            now=_NOW,
        )

    async def prune(self, bounds: Bounds) -> Retention:
        pruning = Retention(self.folder.store, self.clock, bounds)
        await pruning.prune()
        return pruning

    def executions(self) -> list[str]:
        return self._ids_of("executions")

    def deliveries(self) -> list[str]:
        return self._ids_of("deliveries")

    def count(self, table: str) -> int:
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - the test's own text
        return int(on_disk(self.folder.store.folder, query)[0][0])

    async def balance(self) -> tuple[int, dict[str, int]]:
        """What was accepted, and the states."""
        counts = await self.folder.store.read(count_deliveries)
        accepted = await self.folder.store.read(count_accepted)
        states = dict(counts.get("hook", {"accepted": 0}))
        assert states.pop("accepted") == accepted
        assert accepted == sum(n for name, n in states.items() if ":" not in name)
        return accepted, states

    def _id(self, moment: int) -> str:
        self._made += 1
        return f"{moment:012x}{self._made:020x}"

    def _ids_of(self, table: str) -> list[str]:
        query = f"SELECT id FROM {table} ORDER BY id"  # noqa: S608 - the same
        return [row[0] for row in on_disk(self.folder.store.folder, query)]


@pytest.fixture
async def history(folder: Folder) -> History:
    made = History(folder)
    await made.keep("{}")
    return made


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
    assert await history.folder.store.read(count_pruned) == 1


async def test_age_counts_from_the_end_of_an_execution(history: History) -> None:
    late = await history.add(60, ended_at=_NOW - _DAY)
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
        id=f"{_NOW:012x}" + "0" * 20,
        delivery_id=first,
        state=ExecutionState.DONE,
        created_at=_NOW,
        ended_at=_NOW,
    )
    await history.folder.together(Entry(execution=again))
    await history.prune(Bounds(days=30))
    assert history.executions() == [again.id]
    assert history.deliveries() == [first]
    history.clock.now += 60 * _DAY
    await history.prune(Bounds(days=30))
    assert history.executions() == history.deliveries() == []
    assert await history.balance() == (1, {"done": 1})


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
    line = await store.read(find_line, "scenario", Bounds(days=30), _NOW)
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
    assert await history.folder.store.read(count_accepted) == 0


async def test_the_file_is_smaller_after_pruning(history: History) -> None:
    for _ in range(40):
        await history.add(31, body=b"x" * 50_000)
    store = history.folder.store
    file = store.folder / "trunkline.db"

    async def size() -> int:
        store.checkpoint()
        return file.stat().st_size

    await eventually(size, lambda now: now > 2_000_000)
    await history.prune(Bounds(days=30))
    await eventually(size, lambda now: now < 500_000)
    found = await store.read(measure_file)
    assert found.shrinks
    assert found.free_pages <= found.pages // 16 + 1


async def test_sizes_are_told_by_scenario_and_by_table(history: History) -> None:
    first = await history.add(3, body=b"x" * 1000)
    for _ in range(4):
        await history.add(2, body=b"x" * 1000)
    (found,) = await history.folder.store.read(measure_scenarios)
    assert (found.scenario, found.executions, found.operations) == ("Answers", 5, 0)
    assert found.exact
    assert 5000 <= found.bytes < 6000
    assert found.oldest == int(first[:12], 16)
    tables = await history.folder.store.read(measure_tables)
    if tables is not None:
        sizes = {one.name: one.bytes for one in tables}
        assert sizes["payloads"] > sizes["users"] > 0


async def test_sizes_of_a_long_history_are_estimated(history: History) -> None:
    for _ in range(230):
        await history.add(body=b"x" * 100, operations=0)
    (found,) = await history.folder.store.read(measure_scenarios)
    assert (found.executions, found.exact) == (230, False)
    assert found.bytes == 230 * 100


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
