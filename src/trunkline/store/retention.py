"""What of the history may go: found by reading alone, a small part at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Table,
    bindparam,
    cast,
    func,
    or_,
    select,
    tuple_,
    union_all,
)

from trunkline.model.clock import Millis
from trunkline.model.retention import Bounds
from trunkline.model.states import DeliveryState, ExecutionState
from trunkline.store.tables import bundles, deliveries, executions, operations, seen

ENDED = (
    ExecutionState.DONE,
    ExecutionState.WARNING,
    ExecutionState.FAILED,
    ExecutionState.CANCELLED,
)
OVER = (
    DeliveryState.DONE,
    DeliveryState.DEAD,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
)

MOST_EXECUTIONS = 50
MOST_ROWS = 500
MOST_BYTES = 2_000_000
"""What one transaction removes at most, but for a single row that is larger."""

_PAGE = 200
_SEEN_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """Of a scenario's ended executions those go that lie before `first_kept`.

    So do those that ended before `since`.
    """

    first_kept: str
    since: Millis


@dataclass(frozen=True, slots=True)
class Batch:
    """Executions that go in one transaction.

    With a `portion` it is one that is too large for that, of which so many operations
    and bundles go before it does itself.
    """

    ids: tuple[str, ...]
    bytes: int
    portion: int = 0


@dataclass(frozen=True, slots=True)
class SeenPage:
    """Marks that are too old, out of a page that ends with `last`."""

    old: tuple[tuple[str, str], ...]
    last: tuple[str, str]


def find_line(
    connection: Connection, scenario_id: str, bounds: Bounds, now: Millis
) -> Line:
    """How far a scenario's history goes back, by its bounds."""
    by_number = ""
    if bounds.executions:
        by_number = _nth_newest(connection, _ids(scenario_id), bounds.executions)
    by_size = _first_within(connection, scenario_id, bounds.bytes)
    return Line(max(by_number, by_size), bounds.since(now))


def find_batch(
    connection: Connection, scenario_id: str, line: Line, after: str
) -> Batch | None:
    """The oldest executions behind `after` that are beyond the line."""
    found = connection.execute(_beyond(scenario_id, line, after)).all()
    ids: list[str] = []
    rows, total = 0, 0
    for row in found:
        number, size = connection.execute(_EXTENT, {"id": row.id}).one()
        size += row.size
        if ids and (rows + number > MOST_ROWS or total + size > MOST_BYTES):
            break
        ids.append(row.id)
        rows, total = rows + number, total + size
    if rows > MOST_ROWS or (total > MOST_BYTES and rows > 1):
        portion = max(1, min(MOST_ROWS, rows * MOST_BYTES // max(1, total)))
        return Batch(tuple(ids), total * portion // rows, portion)
    return Batch(tuple(ids), total) if ids else None


def find_deliveries(
    connection: Connection, webhook_id: str, bounds: Bounds, now: Millis, after: str
) -> list[tuple[str, int]]:
    """The oldest deliveries behind `after` that ended and belong to no execution.

    They go by age, and by number where their webhook has more of them; given are
    their ids and sizes.
    """
    of_webhook = select(deliveries.c.id).where(deliveries.c.webhook_id == webhook_id)
    first_kept = f"{bounds.since(now):012x}"
    if bounds.executions:
        by_number = _nth_newest(connection, of_webhook, bounds.executions)
        first_kept = max(first_kept, by_number)
    has_run = select(executions.c.id).where(executions.c.delivery_id == deliveries.c.id)
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.size)
        .where(deliveries.c.webhook_id == webhook_id)
        .where(deliveries.c.id > after, deliveries.c.id < first_kept)
        .where(deliveries.c.state.in_(OVER), ~has_run.exists())
        .order_by(deliveries.c.id)
        .limit(_PAGE)
    )
    return [(row.id, row.size) for row in _within(rows.all())]


def find_seen(
    connection: Connection, after: tuple[str, str], since: Millis
) -> SeenPage | None:
    """The marks of deliveries that arrived before `since`, in the page behind `after`.

    Ids begin with the moment in which they were made.
    """
    place = tuple_(seen.c.webhook_id, seen.c.key)
    rows = connection.execute(
        select(seen).where(place > after).order_by(*place.clauses).limit(_SEEN_PAGE)
    ).all()
    if not rows:
        return None
    old = [(r.webhook_id, r.key) for r in rows if r.delivery_id < f"{since:012x}"]
    return SeenPage(tuple(old), (rows[-1].webhook_id, rows[-1].key))


def _ids(scenario_id: str) -> Select[tuple[str]]:
    return select(executions.c.id).where(executions.c.scenario_id == scenario_id)


def _nth_newest(connection: Connection, ids: Select[tuple[str]], number: int) -> str:
    """The oldest of so many that are kept; none where there are not so many."""
    (column,) = ids.selected_columns
    query = ids.order_by(column.desc()).limit(1).offset(number - 1)
    return connection.scalar(query) or ""


def _first_within(connection: Connection, scenario_id: str, most: int) -> str:
    """The oldest execution that is kept so that all of them have at most `most` bytes.

    Reads from the newest backwards, and so no more than is kept, and a page.
    """
    if not most:
        return ""
    query = (
        select(executions.c.id, BYTES.label("bytes"))
        .outerjoin(deliveries, deliveries.c.id == executions.c.delivery_id)
        .where(executions.c.scenario_id == scenario_id)
        .order_by(executions.c.id.desc())
        .limit(_PAGE)
    )
    kept, total = "~", 0  # behind every id
    while rows := connection.execute(query.where(executions.c.id < kept)).all():
        for row in rows:
            total += row.bytes
            if total > most:
                return kept
            kept = row.id
    return ""


def _beyond(scenario_id: str, line: Line, after: str) -> Select[Any]:
    ended_at = func.coalesce(executions.c.ended_at, executions.c.created_at)
    too_old = f"{line.since:012x}"
    size = func.coalesce(deliveries.c.size, 0) + size_of(executions.c.input)
    return (
        select(executions.c.id, size.label("size"))
        .outerjoin(deliveries, deliveries.c.id == executions.c.delivery_id)
        .where(executions.c.scenario_id == scenario_id)
        .where(executions.c.id > after)
        .where(executions.c.id < max(line.first_kept, too_old))
        .where(executions.c.state.in_(ENDED))
        .where(or_(executions.c.id < line.first_kept, ended_at < line.since))
        .order_by(executions.c.id)
        .limit(MOST_EXECUTIONS)
    )


def _within(rows: Sequence[Any]) -> Iterator[Any]:
    """The first rows that together are small enough for one transaction."""
    total = 0
    for number, row in enumerate(rows):
        total += row.size
        if number and total > MOST_BYTES:
            return
        yield row


def size_of(column: Column[Any]) -> ColumnElement[int]:
    """The bytes of a text."""
    return func.coalesce(func.length(cast(column, LargeBinary)), 0)


def _size_of_row(table: Table) -> ColumnElement[int]:
    first, *more = (size_of(table.c[name]) for name in _CONTENT[table.name])
    for size in more:
        first = first + size
    return first


def _size_of_parts(table: Table) -> ColumnElement[int]:
    parts = select(func.sum(_size_of_row(table)))
    parts = parts.where(table.c.execution_id == executions.c.id)
    return func.coalesce(parts.scalar_subquery(), 0)


_CONTENT = {
    operations.name: ("input", "output", "error", "exchanges"),
    bundles.name: ("data",),
}

BYTES = (
    size_of(executions.c.input)
    + size_of(executions.c.error)
    + func.coalesce(deliveries.c.size, 0)
    + _size_of_parts(operations)
    + _size_of_parts(bundles)
)
"""What an execution holds: its operations, its bundles, and its delivery's body."""

_parts = (
    union_all(
        *(
            select(_size_of_row(table).label("bytes")).where(
                table.c.execution_id == bindparam("id")
            )
            for table in (bundles, operations)
        )
    )
    .limit(MOST_ROWS + 1)
    .subquery()
)
_EXTENT = select(func.count(), func.coalesce(func.sum(_parts.c.bytes), 0))
