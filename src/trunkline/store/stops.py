"""Incomplete executions: where they stopped, and how they go on."""

from collections.abc import Collection

from sqlalchemy import Connection, Select, delete, func, select, update

from trunkline.errors import ConflictError, NotFoundError
from trunkline.model.clock import NEVER, Millis
from trunkline.model.execution import Stop
from trunkline.model.states import DeliveryState, ExecutionState, OperationState
from trunkline.store.reversals import has_taken_back, take_writes_back
from trunkline.store.tables import deliveries, executions, operations, stops

_NOTICED_AFTER: Millis = 60_000
"""Within this time it is noticed that a clock was set."""

_RESUMABLE = (ExecutionState.INCOMPLETE, ExecutionState.FAILED)


def read_stops(connection: Connection, execution_id: str) -> list[Stop]:
    """Where an execution stopped, in order of module and path."""
    rows = connection.execute(
        select(stops)
        .where(stops.c.execution_id == execution_id)
        .order_by(stops.c.module_id, stops.c.path)
    )
    return [Stop(**row._mapping) for row in rows]  # noqa: SLF001 - public API of SQLAlchemy


def next_retry(connection: Connection) -> Millis | None:
    """When the next incomplete execution is to be tried again by itself."""
    latest = _latest().subquery()
    due: Millis | None = connection.scalar(select(func.min(latest.c.at)))
    return due


def _latest() -> Select[tuple[str, Millis]]:
    """When each execution goes on: once none of its stops has to wait any more.

    A service that asked for an hour is not called within it because another one asked
    for a minute.
    """
    return (
        select(stops.c.execution_id, func.max(stops.c.retry_at).label("at"))
        .where(stops.c.retry_at.is_not(None))
        .group_by(stops.c.execution_id)
    )


def resume_due(connection: Connection, now: Millis, *, most: int = 100) -> list[str]:
    """Queues incomplete executions whose time has come; returns their ids."""
    latest = _latest().subquery()
    due = connection.scalars(
        select(latest.c.execution_id)
        .where(latest.c.at <= now)
        .order_by(latest.c.at)
        .limit(most)
    ).all()
    for id_ in due:
        _resume(connection, id_, now, version_id=None)
    return list(due)


def shorten_waits(connection: Connection, by: Millis, now: Millis) -> None:
    """Whatever waits since before the clock was set back is due so much earlier.

    What was planned since then is due sooner than that, or nearly so.
    """
    before = now + by - _NOTICED_AFTER
    due, again = executions.c.due_at, stops.c.retry_at
    queued = executions.c.state == ExecutionState.QUEUED
    connection.execute(
        update(executions)
        .where(queued, due > before, due < NEVER)
        .values(due_at=due - by)
    )
    connection.execute(update(stops).where(again > before).values(retry_at=again - by))


def resume_execution(
    connection: Connection,
    execution_id: str,
    now: Millis,
    *,
    version_id: str | None = None,
    edits: Collection[tuple[int, str, str]] = (),
) -> None:
    """Lets an execution go on from where it stopped; what is done is not done again.

    `version_id` is the version to go on with, if another one than before. `edits`
    hold a module's number, the path, and as JSON text what it is to be given.

    Raises:
        NotFoundError: there is no such execution, or an edit is of no stop.
        ConflictError: it is under way, or has ended well.
    """
    state = connection.scalar(
        select(executions.c.state).where(executions.c.id == execution_id)
    )
    if state is None:
        raise NotFoundError(f"There is no execution {execution_id}.")
    if state not in _RESUMABLE:
        raise ConflictError(
            f"The execution is {state}; only an incomplete or failed one is resumed."
        )
    if has_taken_back(connection, execution_id):
        raise ConflictError(
            "What the execution had written to data stores was taken back when it "
            "failed. Resume it from the start."
        )
    for module_id, path, edited in edits:
        changed = connection.execute(
            update(stops)
            .where(stops.c.execution_id == execution_id)
            .where(stops.c.module_id == module_id, stops.c.path == path)
            .values(edited=edited)
        )
        if not changed.rowcount:
            raise NotFoundError(
                f"The execution did not stop at module {module_id} ({path or 'first'})."
            )
    _resume(connection, execution_id, now, version_id=version_id)


def discard_execution(connection: Connection, execution_id: str, now: Millis) -> None:
    """Gives an incomplete execution up; what it did stays in history.

    Raises:
        ConflictError: it is not incomplete.
    """
    changed = connection.execute(
        update(executions)
        .where(executions.c.id == execution_id)
        .where(executions.c.state == ExecutionState.INCOMPLETE)
        .values(state=ExecutionState.CANCELLED, ended_at=now)
        .returning(executions.c.delivery_id)
    ).one_or_none()
    if changed is None:
        raise ConflictError("The execution is not incomplete.")
    connection.execute(delete(stops).where(stops.c.execution_id == execution_id))
    take_writes_back(connection, execution_id)
    _set_delivery(connection, changed.delivery_id, DeliveryState.CANCELLED)


def _resume(
    connection: Connection, execution_id: str, now: Millis, *, version_id: str | None
) -> None:
    """Forgets the failed attempts, so that they are made anew, and queues the rest."""
    stopped = (
        select(stops.c.execution_id)
        .where(stops.c.execution_id == operations.c.execution_id)
        .where(stops.c.module_id == operations.c.module_id)
        .where(stops.c.path == operations.c.path)
        .exists()
    )
    connection.execute(
        delete(operations)
        .where(operations.c.execution_id == execution_id)
        .where(
            # What came through since it stopped last has had its effect.
            (stopped & (operations.c.state == OperationState.FAILED))
            | (operations.c.state == OperationState.INTERRUPTED)
        )
    )
    connection.execute(
        update(stops).where(stops.c.execution_id == execution_id).values(retry_at=None)
    )
    values = {} if version_id is None else {"version_id": version_id}
    row = connection.execute(
        update(executions)
        .where(executions.c.id == execution_id)
        .values(
            state=ExecutionState.QUEUED,
            owner=None,
            epoch=executions.c.epoch + 1,
            attempts=0,
            due_at=now,
            ended_at=None,
            error=None,
            **values,
        )
        .returning(executions.c.delivery_id)
    ).one()
    _set_delivery(connection, row.delivery_id, DeliveryState.WAITING)


def _set_delivery(
    connection: Connection, delivery_id: str | None, state: DeliveryState
) -> None:
    if delivery_id is not None:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery_id)
            .values(state=state, outcome=None, reason=None)
        )
