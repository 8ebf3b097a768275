"""Executions forget, repeat or mistake what they did."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from faults.defects.catalogue import defect, patch
from faults.sim_world import SimClock
from trunkline.engine.failures import OperationFailed
from trunkline.engine.journal import Journal
from trunkline.engine.operations import Operations
from trunkline.engine.run import Run, _Directed, _Stopped
from trunkline.engine.steps import Step
from trunkline.engine.tasks import Bundles
from trunkline.engine.timetable import Entry as PlannedEntry
from trunkline.engine.timetable import Timetable
from trunkline.engine.worker import Worker
from trunkline.errors import StorageFullError, StorageUnavailableError
from trunkline.model.states import OperationState
from trunkline.sdk import Channel
from trunkline.store import executions, stops
from trunkline.store.entry import Entry
from trunkline.store.executions import queue_executions
from trunkline.store.schedules import advance, fire
from trunkline.store.tables import operations


@defect
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

    patch.setattr(Operations, "perform", too_early)


@defect
def journal_gives_up() -> None:
    """What cannot be written down is forgotten, and the execution goes on."""

    async def once(journal: Journal, entry: Entry) -> None:
        with suppress(StorageFullError, StorageUnavailableError):
            await journal._write(entry)

    patch.setattr(Journal, "_append", once)


@defect
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

        with patch.context() as patched:
            patched.setattr(timetable._store, "write", apart)
            await run(timetable, entry, due, now)

    patch.setattr(Timetable, "_run", in_two_steps)


@defect
def pauses_ignored() -> None:
    """What a service asks to be left alone for is not heeded."""
    patch.setattr(Channel, "pause", lambda *_: None)


@defect
def deadlines_by_the_wall() -> None:
    """The clock on the wall says how long something took."""
    patch.setattr(SimClock, "monotonic", lambda clock: clock.millis() / 1000)


@defect
def effects_before_the_journal() -> None:
    """A step reaches out while the effect before it is still on its way to the disk."""

    async def later(_journal: Journal) -> None:
        pass

    patch.setattr(Journal, "flush", later)


@defect
def finished_not_recalled() -> None:
    """After a crash, all that was finished is begun anew."""

    def nothing(_journal: Journal, _module_id: int, _path: str) -> None:
        return None

    patch.setattr(Journal, "recall", nothing)


@defect
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
    patch.setattr(Run, "_each", each)
    patch.setattr(Run, "_flow", flow)


@defect
def failed_not_forgotten() -> None:
    """What had failed is not made anew when it is resumed."""
    _resume_deletes("state = 'interrupted'")


@defect
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

    patch.setattr(stops, "_resume", resume_other)


@defect
def directive_ignored() -> None:
    """An error route's Resume gives nothing to go on with."""
    obey = Run._obey

    def ignore(run: Run, order: _Directed, failure: OperationFailed) -> Any:  # noqa: ANN401 - any JSON value
        order.directive = "ignore" if order.directive == "resume" else order.directive
        return obey(run, order, failure)

    patch.setattr(Run, "_obey", ignore)


@defect
def stops_at_once() -> None:
    """A clean stop does not wait for the operations that are under way."""
    stop = Worker.stop

    async def impatiently(worker: Worker, _grace: float) -> None:
        await stop(worker, 0)

    patch.setattr(Worker, "stop", impatiently)


@defect
def keeps_all_operations() -> None:
    """However long an execution is, all its operations stay in memory to its end."""

    async def nothing(_journal: Journal) -> None:
        return None

    patch.setattr(Journal, "is_long", lambda *_: False)
    patch.setattr(Journal, "flush_when_large", nothing)


@defect
def serves_the_oldest() -> None:
    """Whatever waits longest goes first, whoever it belongs to."""

    def oldest(
        connection: Connection, asked: dict[str, int], _bounds: object
    ) -> list[Any]:
        return [*connection.execute(executions._READY, asked)]

    patch.setattr(executions, "_ready", oldest)
