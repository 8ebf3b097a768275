"""Pruning that dies at any point, and pruning while deliveries arrive."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from fakes.serving import Client, eventually, survey
from fakes.storing import Folder, webhook
from trunkline.engine.retention import Retention
from trunkline.model.clock import SystemClock
from trunkline.model.delivery import Payload
from trunkline.model.retention import Bounds
from trunkline.model.states import DeliveryState, ExecutionState
from trunkline.settings import Settings
from trunkline.store.entry import Entry
from trunkline.store.owner import OwnerNote
from trunkline.store.scenarios import save_version
from trunkline.store.store import Store
from trunkline.store.webhooks import add_webhook

_OLD = 40
_OPEN = 3
_KEPT = 5
_ALL = _OLD + _OPEN + _KEPT
_CONTENT = '{"name": "Answers", "flow": []}'


class Images:
    """What a `kill -9` would leave: the files as they are around each statement."""

    def __init__(self, store: Store, home: Path) -> None:
        self._folder = store.folder
        self._home = home
        self.taken: list[Path] = []
        engine = store._database.writing
        for moment in ("after_cursor_execute", "commit"):
            event.listen(engine, moment, self._take)

    def _take(self, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        """Within the writer, so that nothing is written meanwhile."""
        image = self._home / f"image-{len(self.taken):04d}"
        image.mkdir()
        for name in ("trunkline.db", "trunkline.db-wal"):
            shutil.copy(self._folder / name, image / name)
        self.taken.append(image)


@pytest.fixture
async def folder(tmp_path: Path) -> Folder:
    store = Store(tmp_path / "data")
    store.open(OwnerNote(pid=1))
    await store.write(add_webhook, store.vault, webhook())
    await store.write(
        save_version,
        scenario_id="scenario",
        version_id="version",
        name="Answers",
        content=_CONTENT,
        now=1,
    )
    return Folder(store)


def _entry(folder: Folder, number: int, state: ExecutionState) -> Entry:
    """Executions that have not ended are the oldest, those that stay the newest."""
    id_ = f"{number:032x}"
    entry = folder.delivery(
        id_,
        id=id_,
        state=DeliveryState.DONE
        if state is ExecutionState.DONE
        else DeliveryState.RUNNING,
        run={"id": id_, "state": state, "ended_at": 1},
    )
    assert entry.execution
    made = tuple(folder.operation(entry.execution, n) for n in (1, 2))
    return Entry(
        delivery=entry.delivery,
        payload=Payload(body=b"x" * 5000, method="POST", query={}, headers={}),
        dedupe_key=id_,
        execution=entry.execution,
        operations=made,
    )


async def test_pruning_that_dies_at_any_point_keeps_what_is_kept_and_the_balance(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trunkline.store.retention.MOST_ROWS", 16)
    states = [ExecutionState.INCOMPLETE] * _OPEN
    states += [ExecutionState.DONE] * (_OLD + _KEPT)
    await folder.together(*(_entry(folder, n, one) for n, one in enumerate(states)))
    images = Images(folder.store, tmp_path)
    bounds = Bounds(days=0, executions=_KEPT)
    pruning = Retention(folder.store, SystemClock(), bounds)
    await pruning.prune()
    folder.store.close()
    assert pruning.progress.pruned.executions == _OLD
    assert len(images.taken) > _KEPT * 5
    broken = [fault for image in images.taken for fault in _faults(image)]
    assert broken == []


async def test_whoever_comes_after_a_death_prunes_the_rest(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trunkline.store.retention.MOST_ROWS", 16)
    states = [ExecutionState.DONE] * (_OLD + _KEPT)
    await folder.together(*(_entry(folder, n, one) for n, one in enumerate(states)))
    images = Images(folder.store, tmp_path)
    bounds = Bounds(days=0, executions=_KEPT)
    await Retention(folder.store, SystemClock(), bounds).prune()
    shutil.copy(folder.store.folder / "key", images.taken[9] / "key")
    folder.store.close()
    again = Store(images.taken[9])
    again.open(OwnerNote(pid=1))
    await Retention(again, SystemClock(), bounds).prune()
    again.close()
    with closing(sqlite3.connect(images.taken[9] / "trunkline.db")) as opened:
        assert _number(opened, "SELECT count(*) FROM executions") == _KEPT
        assert _number(opened, "SELECT sum(number) FROM pruned") == _OLD


def _faults(image: Path) -> Iterator[str]:
    with closing(sqlite3.connect(image / "trunkline.db")) as opened:
        gone = _number(opened, "SELECT coalesce(sum(number), 0) FROM pruned")
        for table in ("deliveries", "payloads"):
            kept = _number(opened, f"SELECT count(*) FROM {table}")  # noqa: S608 - the test's
            if kept + gone != _ALL:
                yield f"{image.name}: {kept} {table} and {gone} pruned"
        first = f"{_OPEN + _OLD:032x}"
        staying = f"(id < '{_OPEN:032x}' OR id >= '{first}')"
        for table, each in (("executions", 1), ("deliveries", 1), ("operations", 2)):
            where = staying.replace("id", "execution_id") if each > 1 else staying
            query = f"SELECT count(*) FROM {table} WHERE {where}"  # noqa: S608 - the same
            if _number(opened, query) != each * (_OPEN + _KEPT):
                yield f"{image.name}: some {table} are lost"
        if opened.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            yield f"{image.name}: damaged"
        if opened.execute("PRAGMA foreign_key_check").fetchall():
            yield f"{image.name}: rows refer to nothing"


def _number(opened: sqlite3.Connection, query: str) -> int:
    return int(opened.execute(query).fetchone()[0])


class TestWhileDeliveriesArrive:
    """A server that keeps three executions, and is asked to prune all the time."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        return Settings(data=tmp_path / "data", keep_executions=3, grace_seconds=1)

    async def test_each_is_run_and_counted_though_few_are_kept(
        self, api: Client
    ) -> None:
        address = await api.listening()
        headers = {"Authorization": "Bearer an-invented-webhook-secret"}

        async def deliver(number: int) -> None:
            body = survey(f"answer-{number}")
            answer = await api.call("POST", address, headers=headers, json=body)
            assert answer.status == 200

        for start in range(0, 60, 10):
            await asyncio.gather(*(deliver(start + n) for n in range(10)))
            await api.post("/prune", {"compact": False})

        async def over() -> Any:  # noqa: ANN401 - any JSON value
            balance = await api.get("/balance")
            pruning = await api.get("/prune")
            assert balance["accepted"] == sum(balance["states"].values())
            if not pruning["under_way"]:
                await api.post("/prune", {"compact": False})
            return balance["states"].get("done"), sum(balance["executions"].values())

        await eventually(over, lambda seen: seen == (60, 3), seconds=30)
        assert (await api.get("/balance"))["pruned"] == 57
