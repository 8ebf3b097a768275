"""Executions and their operations: claiming them, and reading what happened."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from trunkline.errors import NotFoundError
from trunkline.model.clock import Millis
from trunkline.model.delivery import Payload
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.states import (
    UNFINISHED,
    DeliveryState,
    ExecutionState,
    OperationState,
)
from trunkline.store.deliveries import read_payload
from trunkline.store.tables import (
    bundles,
    deliveries,
    executions,
    operations,
    payloads,
    scenarios,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An execution that its new owner may run, with all that is needed for it."""

    execution: Execution
    payload: Payload | None
    operations: tuple[Operation, ...] = ()
    bundles: tuple[KeptBundle, ...] = ()


def claim_executions(
    connection: Connection, *, owner: str, now: Millis, limit: int
) -> list[Claimed]:
    """Takes up to `limit` due executions, oldest first.

    Of executions that share an order key only the oldest unfinished one is taken.
    """
    rows = connection.execute(
        _due(now)
        .where(executions.c.order_key.is_(None))
        .order_by(executions.c.id)
        .limit(limit)
    ).all()
    claimed = [_execution(row) for row in rows]
    if len(claimed) < limit:
        claimed += _heads_of_lines(connection, now, limit - len(claimed))
    return [_claim(connection, execution, owner, now) for execution in claimed]


def _due(now: Millis) -> Select[tuple[object, ...]]:
    return (
        select(executions)
        .where(executions.c.state == ExecutionState.QUEUED)
        .where(executions.c.due_at <= now)
    )


def _heads_of_lines(connection: Connection, now: Millis, limit: int) -> list[Execution]:
    """The oldest unfinished execution of each order key, where it is due."""
    oldest = (
        select(func.min(executions.c.id))
        .where(executions.c.order_key.is_not(None))
        .where(executions.c.state.in_(UNFINISHED))
        .group_by(executions.c.order_key)
    )
    rows = connection.execute(_due(now).where(executions.c.id.in_(oldest)).limit(limit))
    return [_execution(row) for row in rows]


def _claim(
    connection: Connection, found: Execution, owner: str, now: Millis
) -> Claimed:
    execution = found.claimed_by(owner, now)
    _set(connection, execution)
    if execution.delivery_id is not None:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == execution.delivery_id)
            .values(state=DeliveryState.RUNNING)
        )
    journalled = execution.attempts > 1
    return Claimed(
        execution=execution,
        payload=_payload(connection, execution.delivery_id),
        operations=tuple(read_operations(connection, execution.id))
        if journalled
        else (),
        bundles=tuple(read_bundles(connection, execution.id)) if journalled else (),
    )


def _payload(connection: Connection, delivery_id: str | None) -> Payload | None:
    if delivery_id is None:
        return None
    row = connection.execute(
        select(payloads).where(payloads.c.delivery_id == delivery_id)
    ).one()
    return read_payload(row)


def _set(connection: Connection, execution: Execution) -> None:
    connection.execute(
        update(executions)
        .where(executions.c.id == execution.id)
        .values(
            state=execution.state,
            owner=execution.owner,
            epoch=execution.epoch,
            attempts=execution.attempts,
            started_at=execution.started_at,
        )
    )


def requeue_all(connection: Connection) -> int:
    """Puts back what a dead owner was running; the epoch fences it, should it live.

    Returns:
        How many executions that were.
    """
    result = connection.execute(
        update(executions)
        .where(executions.c.state == ExecutionState.RUNNING)
        .values(
            state=ExecutionState.QUEUED,
            owner=None,
            epoch=executions.c.epoch + 1,
        )
    )
    return int(result.rowcount)


def next_due(connection: Connection) -> Millis | None:
    """When the earliest queued execution is due."""
    earliest: Millis | None = connection.scalar(
        select(func.min(executions.c.due_at)).where(
            executions.c.state == ExecutionState.QUEUED
        )
    )
    return earliest


def queue_executions(connection: Connection, new: Sequence[Execution]) -> None:
    """Adds executions that somebody will claim."""
    for execution in new:
        connection.execute(
            insert(executions).values(
                {
                    field.name: getattr(execution, field.name)
                    for field in fields(execution)
                }
            )
        )


@dataclass(frozen=True, slots=True)
class ListedExecution:
    """An execution as a list shows it."""

    execution: Execution
    scenario: str


def list_executions(
    connection: Connection,
    *,
    limit: int,
    before: str | None = None,
    scenario: str | None = None,
    state: str | None = None,
) -> list[ListedExecution]:
    """Newest first; `before` is the id of the last one already seen."""
    query = (
        select(executions, scenarios.c.name.label("scenario"))
        .join(scenarios, scenarios.c.id == executions.c.scenario_id)
        .order_by(executions.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(executions.c.id < before)
    if scenario is not None:
        query = query.where(scenarios.c.name == scenario)
    if state is not None:
        query = query.where(executions.c.state == state)
    return [
        ListedExecution(_execution(row), row.scenario)
        for row in connection.execute(query)
    ]


def find_execution(connection: Connection, id_: str) -> ListedExecution:
    """One execution.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(
        select(executions, scenarios.c.name.label("scenario"))
        .join(scenarios, scenarios.c.id == executions.c.scenario_id)
        .where(executions.c.id == id_)
    ).one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no execution {id_}. `trunkline execution list` shows the latest."
        )
    return ListedExecution(_execution(row), row.scenario)


def read_operations(
    connection: Connection, execution_id: str, *, limit: int | None = None
) -> list[Operation]:
    """The operations of an execution in the order in which they ran."""
    rows = connection.execute(
        select(operations)
        .where(operations.c.execution_id == execution_id)
        .order_by(operations.c.number)
        .limit(limit)
    )
    return [
        replace(Operation(**row._mapping), state=OperationState(row.state))  # noqa: SLF001 - public API of SQLAlchemy
        for row in rows
    ]


def read_bundles(connection: Connection, execution_id: str) -> list[KeptBundle]:
    """The bundles kept one by one, in their order."""
    rows = connection.execute(
        select(bundles)
        .where(bundles.c.execution_id == execution_id)
        .order_by(bundles.c.module_id, bundles.c.path, bundles.c.position)
    )
    return [KeptBundle(**row._mapping) for row in rows]  # noqa: SLF001 - public API of SQLAlchemy


def count_executions(connection: Connection) -> dict[str, int]:
    """How many executions are in each state."""
    rows = connection.execute(
        select(executions.c.state, func.count().label("number")).group_by(
            executions.c.state
        )
    )
    return {row.state: row.number for row in rows}


_NAMES = tuple(field.name for field in fields(Execution))


def _execution(row: Row[tuple[object, ...]]) -> Execution:
    values = {name: getattr(row, name) for name in _NAMES}
    return Execution(**values | {"state": ExecutionState(row.state)})
