"""Executions and their operations: claiming them, and reading what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from trunkline.errors import NotFoundError
from trunkline.model.call import Call
from trunkline.model.clock import Millis
from trunkline.model.delivery import Payload
from trunkline.model.execution import Execution, KeptBundle, Operation, Stop
from trunkline.model.stand_ins import StandIns
from trunkline.model.states import DeliveryState, ExecutionState, Origin
from trunkline.store import incoming
from trunkline.store.calls import depth_of, read_calls
from trunkline.store.deliveries import read_payload
from trunkline.store.history import read_bundles, read_operations
from trunkline.store.incoming import Ending
from trunkline.store.reversals import take_writes_back
from trunkline.store.stand_ins import find_stand_ins
from trunkline.store.stops import discard_execution, read_stops
from trunkline.store.tables import (
    deliveries,
    executions,
    payloads,
    scenarios,
    stops,
)


class Claimed(Struct, frozen=True, kw_only=True):
    """An execution that its new owner may run, with all that is needed for it.

    `depth` is how many calls lie above it, `stand_ins` what stands in for modules.
    """

    execution: Execution
    payload: Payload | None
    operations: tuple[Operation, ...] = ()
    bundles: tuple[KeptBundle, ...] = ()
    stops: tuple[Stop, ...] = ()
    calls: tuple[Call, ...] = ()
    depth: int = 0
    stand_ins: StandIns | None = None


def claim_executions(
    connection: Connection,
    *,
    owner: str,
    now: Millis,
    limit: int,
    begun: int = 0,
    bounds: Mapping[str, int] = MappingProxyType({}),
) -> list[Claimed]:
    """Takes up to `limit` due executions: first of who runs least, then the oldest.

    Of executions that share an order key only the oldest unfinished one is taken.
    `begun` asks for those alone that were begun that often already; `bounds` says how
    many executions a scenario may run side by side, where that is bounded.
    """
    asked = {"now": now, "most": limit, "begun": begun}
    rows = [*_ready(connection, asked, bounds), *connection.execute(_HEADS, asked)]
    rows = sorted(rows, key=lambda row: (row.due_at, row.id))[:limit]
    found = [(_execution(row), row) for row in rows]
    taken = [(one, one.claimed_by(owner, now), row) for one, row in found]
    _write_claims(connection, [(before, after) for before, after, _ in taken])
    return [
        _claimed(connection, after, row, resumed=before.epoch > 0)
        for before, after, row in taken
    ]


def _ready(
    connection: Connection, asked: Mapping[str, int], bounds: Mapping[str, int]
) -> list[Row[Any]]:
    """Due executions that are in no line, shared out among their scenarios."""
    waiting = connection.scalars(_WAITING).all()
    if len(waiting) <= 1 and not bounds:
        return [*connection.execute(_READY, asked)]
    running = {row.scenario_id: row.number for row in connection.execute(_RUNNING)}
    ranked: list[tuple[int, Row[Any]]] = []
    for scenario_id in filter(None, waiting):
        runs = running.get(scenario_id, 0)
        most = min(asked["most"], bounds.get(scenario_id, asked["most"] + runs) - runs)
        if most > 0:
            share = {**asked, "most": most, "scenario": scenario_id}
            found = connection.execute(_READY_OF_SCENARIO, share)
            ranked += [(runs + place, row) for place, row in enumerate(found)]
    ranked.sort(key=lambda one: (one[0], one[1].due_at, one[1].id))
    return [row for _, row in ranked[: asked["most"]]]


def _write_claims(
    connection: Connection, claims: Sequence[tuple[Execution, Execution]]
) -> None:
    incoming.PROGRESS.write(
        connection,
        [
            incoming.progress(before.epoch, None, after, _begun(after))
            for before, after in claims
        ],
    )


def _begun(execution: Execution) -> Ending | None:
    if execution.delivery_id is None:
        return None
    return Ending(delivery_id=execution.delivery_id, state=DeliveryState.RUNNING)


def _claimed(
    connection: Connection,
    execution: Execution,
    row: Row[tuple[object, ...]],
    *,
    resumed: bool,
) -> Claimed:
    """With what an earlier owner journalled, if there was one."""
    return Claimed(
        execution=execution,
        payload=None if execution.delivery_id is None else read_payload(row),
        operations=tuple(read_operations(connection, execution.id)) if resumed else (),
        bundles=tuple(read_bundles(connection, execution.id)) if resumed else (),
        stops=tuple(read_stops(connection, execution.id)) if resumed else (),
        calls=tuple(read_calls(connection, execution.id)) if resumed else (),
        depth=depth_of(connection, execution.id)
        if execution.origin is Origin.SCENARIO
        else 0,
        stand_ins=find_stand_ins(connection, execution.id)
        if execution.origin is Origin.PERSON
        else None,
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


def requeue(
    connection: Connection, id_: str, epoch: int, *, tried: bool = True
) -> None:
    """Puts back one that its owner could not end, or, not `tried`, has not begun."""
    connection.execute(
        update(executions)
        .where(executions.c.id == id_, executions.c.epoch == epoch)
        .where(executions.c.state == ExecutionState.RUNNING)
        .values(
            state=ExecutionState.QUEUED,
            owner=None,
            epoch=executions.c.epoch + 1,
            attempts=executions.c.attempts - (not tried),
        )
    )


def next_due(connection: Connection, after: Millis = -1) -> Millis | None:
    """When the earliest execution that may be claimed is due, later than `after`."""
    asked = {"after": after}
    due = [connection.scalar(query, asked) for query in (_NEXT_READY, _NEXT_HEAD)]
    return min((moment for moment in due if moment is not None), default=None)


def queue_executions(
    connection: Connection, new: Sequence[Execution], *, instead_of: str | None = None
) -> None:
    """Adds executions that somebody will claim, perhaps instead of an incomplete one.

    Raises:
        ConflictError: that one is not incomplete.
    """
    if instead_of is not None:
        discard_execution(connection, instead_of, new[0].created_at)
    for execution in new:
        connection.execute(
            insert(executions).values(
                {name: getattr(execution, name) for name in _NAMES}
            )
        )


@dataclass(frozen=True, slots=True)
class ListedExecution:
    """An execution as a list shows it; `retry_at` is when it goes on by itself."""

    execution: Execution
    scenario: str
    retry_at: Millis | None = None


def list_executions(
    connection: Connection,
    *,
    limit: int,
    before: str | None = None,
    scenario: str | None = None,
    state: str | None = None,
    text: str | None = None,
) -> list[ListedExecution]:
    """Newest first; `before` is the id of the last one already seen.

    `scenario` is a name or an id. `text` is the beginning of an execution's id, the id
    of a delivery, or part of an error.
    """
    query = _LISTED.order_by(executions.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(executions.c.id < before)
    if scenario is not None:
        query = query.where(
            (scenarios.c.name == scenario) | (scenarios.c.id == scenario)
        )
    if state is not None:
        query = query.where(executions.c.state == state)
    if text:
        query = query.where(
            executions.c.id.startswith(text, autoescape=True)
            | (executions.c.delivery_id == text)
            | executions.c.error.contains(text, autoescape=True)
        )
    return [_listed(row) for row in connection.execute(query)]


def find_execution(connection: Connection, id_: str) -> ListedExecution:
    """One execution.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(_LISTED.where(executions.c.id == id_)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no execution {id_}. `trunkline execution list` shows the latest."
        )
    return _listed(row)


def call_off(connection: Connection, id_: str, now: Millis) -> bool:
    """Cancels an execution that nobody has begun; false where it is not queued."""
    cancelled = connection.execute(
        update(executions)
        .where(executions.c.id == id_, executions.c.state == ExecutionState.QUEUED)
        .values(
            state=ExecutionState.CANCELLED, ended_at=now, epoch=executions.c.epoch + 1
        )
        .returning(executions.c.delivery_id)
    ).one_or_none()
    if cancelled is None:
        return False
    connection.execute(delete(stops).where(stops.c.execution_id == id_))
    take_writes_back(connection, id_)
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == cancelled.delivery_id)
        .values(state=DeliveryState.CANCELLED)
    )
    return True


def count_executions(connection: Connection) -> dict[str, int]:
    """How many executions are in each state."""
    rows = connection.execute(
        select(executions.c.state, func.count().label("number")).group_by(
            executions.c.state
        )
    )
    return {row.state: row.number for row in rows}


_NAMES = Execution.__struct_fields__


def _execution(row: Row[tuple[object, ...]]) -> Execution:
    values = {name: getattr(row, name) for name in _NAMES}
    named = {"state": ExecutionState(row.state), "origin": Origin(row.origin)}
    return Execution(**values | named)


def _listed(row: Row[tuple[object, ...]]) -> ListedExecution:
    return ListedExecution(_execution(row), row.scenario, row.retry_at)


_LISTED = select(
    executions,
    scenarios.c.name.label("scenario"),
    select(func.max(stops.c.retry_at))
    .where(stops.c.execution_id == executions.c.id)
    .scalar_subquery()
    .label("retry_at"),
).join(scenarios, scenarios.c.id == executions.c.scenario_id)


def _heads() -> Select[tuple[str]]:
    """The oldest unfinished execution of each order key.

    The keys are found by leaping from one to the next, so that a long line costs no
    more than a short one.
    """
    ids = executions.alias("in_line")
    unfinished = "in_line.state IN ('queued', 'running', 'incomplete')"
    keys = _leap(ids, "order_key", f"in_line.order_key IS NOT NULL AND {unfinished}")
    return select(
        _least(ids.c.id, unfinished, ids.c.order_key == keys.c.key)
    ).select_from(keys)


def _leap(table: FromClause, name: str, condition: str) -> CTE:
    """The different values of a column, found by leaping from one to the next."""
    column = table.c[name]
    first = select(_least(column, condition).label("key"))
    keys = first.cte(f"keys_of_{name}", recursive=True)
    return keys.union_all(
        select(_least(column, condition, column > keys.c.key)).where(
            keys.c.key.is_not(None)
        )
    )


def _least(
    column: ColumnElement[str], condition: str, *more: ColumnElement[bool]
) -> Any:  # noqa: ANN401 - a scalar subquery
    among: ColumnElement[bool] = literal_column(condition)
    return select(func.min(column)).where(among, *more).scalar_subquery()


_QUEUED = executions.c.state == literal_column("'queued'")
_ALONE = executions.c.order_key.is_(None)
_DUE = (
    select(executions, payloads)
    .outerjoin(payloads, payloads.c.delivery_id == executions.c.delivery_id)
    .where(_QUEUED, executions.c.due_at <= bindparam("now"))
    .where(executions.c.attempts >= bindparam("begun"))
    .order_by(executions.c.due_at, executions.c.id)
    .limit(bindparam("most"))
)
_READY = _DUE.where(_ALONE)
_READY_OF_SCENARIO = _READY.where(executions.c.scenario_id == bindparam("scenario"))
_RUNNING = (
    select(executions.c.scenario_id, func.count().label("number"))
    .where(executions.c.state == literal_column("'running'"))
    .group_by(executions.c.scenario_id)
)
_WAITING = select(
    _leap(
        executions.alias("ready"),
        "scenario_id",
        "ready.state = 'queued' AND ready.order_key IS NULL",
    )
)
_HEADS = _DUE.where(executions.c.id.in_(_heads()))
_NEXT = (
    select(func.min(executions.c.due_at))
    .where(_QUEUED)
    .where(executions.c.due_at > bindparam("after"))
)
_NEXT_READY = _NEXT.where(_ALONE)
_NEXT_HEAD = _NEXT.where(executions.c.id.in_(_heads()))
