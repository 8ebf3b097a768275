"""Defects put into a server on purpose: a harness that misses one proves nothing.

Each is applied within a forked process, and dies with it.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text

from faults.sim_world import SimClock
from trunkline.apps.refiner.webhook import RefinerWebhook
from trunkline.engine.failures import OperationFailed
from trunkline.engine.journal import Journal
from trunkline.engine.operations import Operations
from trunkline.engine.run import Run, _Directed, _Stopped
from trunkline.engine.steps import Step
from trunkline.engine.tasks import Bundles
from trunkline.engine.timetable import Entry as PlannedEntry
from trunkline.engine.timetable import Timetable
from trunkline.errors import StorageFullError, StorageUnavailableError
from trunkline.model.ids import Ids
from trunkline.model.states import OperationState
from trunkline.sdk import Channel, Delivery
from trunkline.store import complaints, records, stops, vault
from trunkline.store.database import WRITER_PRAGMAS
from trunkline.store.entry import Entry, Receipt
from trunkline.store.executions import queue_executions
from trunkline.store.schedules import advance, fire
from trunkline.store.store import Store
from trunkline.store.tables import operations
from trunkline.store.writer import Writer, _Pending

_patch = pytest.MonkeyPatch()
"""Never undone: the process dies with what was patched."""


def ack_before_commit() -> None:
    """The delivery is answered while it is still on its way to the disk."""
    append = Store.append

    def at_once(store: Store, entry: Entry) -> "asyncio.Future[Receipt]":
        written = append(store, entry)
        if entry.delivery is None:
            return written
        answered = asyncio.get_running_loop().create_future()
        answered.set_result(Receipt())
        return answered

    _patch.setattr(Store, "append", at_once)


def journalled_before_its_effect() -> None:
    """An operation is written down as done, and only then done."""
    perform = Operations.perform

    async def too_early(
        operations: Operations, step: Step, bundles: Bundles, path: str
    ) -> Any:  # noqa: ANN401 - any JSON value
        journal = operations._journal
        if step.reaches_out and journal.recall(step.id, path) is None:
            task = operations._begin(step, bundles, path)
            operations._record(task, OperationState.DONE, output="null")
            await journal.flush()
            known = (step.id, path)
            output = await perform(operations, step, bundles, path)
            journal._operations[:] = [
                one for one in journal._operations if (one.module_id, one.path) != known
            ]
            return output
        return await perform(operations, step, bundles, path)

    _patch.setattr(Operations, "perform", too_early)


def weak_sync(level: int) -> Callable[[], None]:
    """Commits do not wait for the disk (0 is OFF, 1 is NORMAL)."""

    def weaken() -> None:
        _patch.setitem(WRITER_PRAGMAS, "synchronous", level)

    return weaken


def failed_commit_counts() -> None:
    """What could not be written is taken for written."""
    commit = Writer._commit

    def careless(writer: Writer, connection: Connection, group: list[_Pending]) -> None:
        commit(writer, connection, group)
        for one in group:
            if one.error is not None and isinstance(one.work, Entry):
                one.error, one.result = None, Receipt()

    _patch.setattr(Writer, "_commit", careless)


def journal_gives_up() -> None:
    """What cannot be written down is forgotten, and the execution goes on."""

    async def once(journal: Journal, entry: Entry) -> None:
        with suppress(StorageFullError, StorageUnavailableError):
            await journal._write(entry)

    _patch.setattr(Journal, "_append", once)


def unexplained_start() -> None:
    """A start that the disk does not allow ends with whatever was raised."""
    _patch.setattr(complaints, "_COMPLAINTS", ())


def fires_before_it_is_written_off() -> None:
    """A due time is written off after its execution, in a transaction of its own."""
    run = Timetable._run

    async def in_two_steps(
        timetable: Timetable, entry: PlannedEntry, due: int, now: int
    ) -> None:
        write = timetable._store.write

        async def apart(piece: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
            if piece is not fire:
                return await write(piece, *args, **named)
            await write(queue_executions, [args[0]])
            return await write(advance, args[0].scenario_id, *args[1:])

        with _patch.context() as patched:
            patched.setattr(timetable._store, "write", apart)
            await run(timetable, entry, due, now)

    _patch.setattr(Timetable, "_run", in_two_steps)


def pauses_ignored() -> None:
    """What a service asks to be left alone for is not heeded."""
    _patch.setattr(Channel, "pause", lambda *_: None)


def deadlines_by_the_wall() -> None:
    """The clock on the wall says how long something took."""
    _patch.setattr(SimClock, "monotonic", lambda clock: clock.millis() / 1000)


def ids_by_the_clock_alone() -> None:
    """What arrives after a restart is older where the clock was set back."""
    _patch.setattr(Ids, "follow", lambda *_: None)


def effects_before_the_journal() -> None:
    """A step reaches out while the effect before it is still on its way to the disk."""

    async def later(_journal: Journal) -> None:
        pass

    _patch.setattr(Journal, "flush", later)


def key_in_two_steps() -> None:
    """The key's file is there before the key is in it."""

    def make(file: Path) -> None:
        file.touch(0o600)
        file.write_text(base64.b64encode(os.urandom(32)).decode())

    _patch.setattr(vault, "_make_key", make)


def no_dedupe() -> None:
    """The same event, sent twice, counts twice."""

    def none(_delivery: Delivery) -> None:
        return None

    _patch.setattr(RefinerWebhook, "dedupe_key", none)


def finished_not_recalled() -> None:
    """After a crash, all that was finished is begun anew."""

    def nothing(_journal: Journal, _module_id: int, _path: str) -> None:
        return None

    _patch.setattr(Journal, "recall", nothing)


def two_transactions() -> None:
    """A delivery is committed by itself, and its execution after it."""
    append = Store.append

    def twice(store: Store, entry: Entry) -> "asyncio.Future[Receipt]":
        if entry.delivery is None or entry.execution is None:
            return append(store, entry)
        return asyncio.ensure_future(_one_by_one(store, entry))

    async def _one_by_one(store: Store, entry: Entry) -> Receipt:
        alone = Entry(
            delivery=entry.delivery, payload=entry.payload, dedupe_key=entry.dedupe_key
        )
        receipt = await append(store, alone)
        if receipt.duplicate_of is None:
            await append(store, Entry(execution=entry.execution))
        return receipt

    _patch.setattr(Store, "append", twice)


def writes_not_known_again() -> None:
    """A record that was written before a crash is written once more after it."""

    def nothing(_connection: object, _author: object) -> None:
        return None

    _patch.setattr(records, "_receipt", nothing)
    _patch.setattr(records, "_sign", lambda *_: None)


def closes_over_what_stopped() -> None:
    """An aggregator does not wait for the bundles that stopped."""
    go_on = Run._each

    async def each(run: Run, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        with suppress(_Stopped):
            await go_on(run, *args, **named)

    async def flow(run: Run, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        with suppress(_Stopped):
            await follow(run, *args, **named)

    follow = Run._flow
    _patch.setattr(Run, "_each", each)
    _patch.setattr(Run, "_flow", flow)


def failed_not_forgotten() -> None:
    """What had failed is not made anew when it is resumed."""
    _resume_deletes("state = 'interrupted'")


def finished_forgotten() -> None:
    """What is done is made anew when it is resumed."""
    _resume_deletes("state <> 'filtered'")


def _resume_deletes(condition: str) -> None:
    resume = stops._resume

    def resume_other(
        connection: Connection, id_: str, now: int, *, version_id: str | None
    ) -> None:
        keep = connection.execute(
            select(operations).where(operations.c.execution_id == id_)
        )
        rows = [row._asdict() for row in keep]
        resume(connection, id_, now, version_id=version_id)
        connection.execute(delete(operations).where(operations.c.execution_id == id_))
        for row in rows:
            connection.execute(insert(operations).values(row))
        connection.execute(
            delete(operations).where(operations.c.execution_id == id_, text(condition))
        )

    _patch.setattr(stops, "_resume", resume_other)


def directive_ignored() -> None:
    """An error route's Resume gives nothing to go on with."""
    obey = Run._obey

    def ignore(run: Run, order: _Directed, failure: OperationFailed) -> Any:  # noqa: ANN401 - any JSON value
        order.directive = "ignore" if order.directive == "resume" else order.directive
        return obey(run, order, failure)

    _patch.setattr(Run, "_obey", ignore)


DEFECTS: dict[str, Callable[[], None]] = {
    "ack_before_commit": ack_before_commit,
    "journalled_before_its_effect": journalled_before_its_effect,
    "synchronous_off": weak_sync(0),
    "synchronous_normal": weak_sync(1),
    "effects_before_the_journal": effects_before_the_journal,
    "key_in_two_steps": key_in_two_steps,
    "failed_commit_counts": failed_commit_counts,
    "journal_gives_up": journal_gives_up,
    "unexplained_start": unexplained_start,
    "fires_before_it_is_written_off": fires_before_it_is_written_off,
    "pauses_ignored": pauses_ignored,
    "deadlines_by_the_wall": deadlines_by_the_wall,
    "ids_by_the_clock_alone": ids_by_the_clock_alone,
    "no_dedupe": no_dedupe,
    "finished_not_recalled": finished_not_recalled,
    "two_transactions": two_transactions,
    "writes_not_known_again": writes_not_known_again,
    "closes_over_what_stopped": closes_over_what_stopped,
    "failed_not_forgotten": failed_not_forgotten,
    "finished_forgotten": finished_forgotten,
    "directive_ignored": directive_ignored,
}
