"""Removes what may go from the history; each function is one short transaction.

What was found to be over is looked at again, in the transaction that removes it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Table,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from trunkline.errors import ConflictError
from trunkline.model.clock import Millis
from trunkline.model.retention import Pruned
from trunkline.model.states import UNDER_WAY
from trunkline.store.facts import find_fact, note_fact
from trunkline.store.retention import ENDED, OVER
from trunkline.store.reversals import take_writes_back
from trunkline.store.tables import (
    bundles,
    deliveries,
    executions,
    metadata,
    operations,
    payloads,
    pruned,
    receipts,
    reversals,
    seen,
)

_LAST = "pruned"
_STEADY = "steady_at"


def _references(to: Table) -> list[Column[Any]]:
    """The columns of other tables that refer to rows of one."""
    keys = [key for table in metadata.tables.values() for key in table.foreign_keys]
    return [key.parent for key in keys if key.column.table is to]


_OF_EXECUTIONS = _references(executions)
_OF_DELIVERIES = [one for one in _references(deliveries) if one.table is not executions]


@dataclass(frozen=True, slots=True)
class LastPruned:
    """When something was pruned last, and what."""

    at: Millis
    pruned: Pruned


def remove_executions(connection: Connection, ids: Sequence[str]) -> Pruned:
    """Removes ended executions with what they did.

    A delivery goes with the last of its executions.
    """
    rows = connection.execute(
        select(executions.c.id, executions.c.delivery_id)
        .where(executions.c.id.in_(ids))
        .where(executions.c.state.in_(ENDED))
    ).all()
    gone = [row.id for row in rows]
    _remove(connection, gone)
    received = [row.delivery_id for row in rows if row.delivery_id is not None]
    return Pruned(len(gone), remove_deliveries(connection, received).deliveries)


def remove_some_executions(
    connection: Connection, scenario_id: str, *, most: int = 500
) -> int:
    """Removes some of a scenario's executions with what they did; returns how many.

    Raises:
        ConflictError: one of them is under way.
    """
    rows = connection.execute(
        select(executions.c.id, executions.c.state)
        .where(executions.c.scenario_id == scenario_id)
        .limit(most)
    ).all()
    if any(row.state in UNDER_WAY for row in rows):
        raise ConflictError(
            "An execution of this scenario is still under way; cancel it, or wait."
        )
    for row in rows:
        take_writes_back(connection, row.id)  # of what was kept to be resumed
    _remove(connection, [row.id for row in rows])
    return len(rows)


def thin_execution(connection: Connection, id_: str, most: int) -> int:
    """Removes some of what a large execution did that has ended; returns how much."""
    over = select(executions.c.id).where(
        executions.c.id == id_, executions.c.state.in_(ENDED)
    )
    if connection.scalar(over) is None:
        return 0
    for table in (receipts, reversals):  # no more than there are operations
        _remove_some(connection, table, id_, most)
    removed = _remove_some(connection, bundles, id_, most)
    return removed + _remove_some(connection, operations, id_, most - removed)


def remove_deliveries(connection: Connection, ids: Sequence[str]) -> Pruned:
    """Removes deliveries that ended and have no execution, and counts them.

    One that has lost its payload stays, since the balance must tell of it.
    """
    has_run = select(executions.c.id).where(executions.c.delivery_id == deliveries.c.id)
    rows = connection.execute(
        select(deliveries)
        .join(payloads, payloads.c.delivery_id == deliveries.c.id)
        .where(deliveries.c.id.in_(ids), deliveries.c.state.in_(OVER))
        .where(~has_run.exists())
    ).all()
    counts = Counter((row.webhook_id, row.state, row.outcome or "") for row in rows)
    for key, number in counts.items():
        _count(connection, key, number)
    gone = [row.id for row in rows]
    for column in _OF_DELIVERIES:
        connection.execute(delete(column.table).where(column.in_(gone)))
    connection.execute(delete(deliveries).where(deliveries.c.id.in_(gone)))
    return Pruned(deliveries=len(gone))


def remove_seen(connection: Connection, marks: Sequence[tuple[str, str]]) -> int:
    """Removes marks whose deliveries are gone; returns how many."""
    kept = select(deliveries.c.id).where(deliveries.c.id == seen.c.delivery_id)
    result = connection.execute(
        delete(seen)
        .where(tuple_(seen.c.webhook_id, seen.c.key).in_(marks))
        .where(~kept.exists())
    )
    return result.rowcount


def note_pruned(connection: Connection, at: Millis, what: Pruned) -> None:
    """Remembers what was pruned last."""
    note_fact(connection, _LAST, json.dumps({"at": at, "pruned": asdict(what)}))


def note_steady(connection: Connection, now: Millis) -> None:
    """Remembers the time by which ages were counted last."""
    note_fact(connection, _STEADY, str(now))


def read_steady(connection: Connection) -> Millis | None:
    value = find_fact(connection, _STEADY)
    return None if value is None else int(value)


def read_last_pruned(connection: Connection) -> LastPruned | None:
    value = find_fact(connection, _LAST)
    if value is None:
        return None
    known = json.loads(value)
    return LastPruned(known["at"], Pruned(**known["pruned"]))


def _remove(connection: Connection, ids: Sequence[str]) -> None:
    """Removes executions with everything that refers to them."""
    for column in _OF_EXECUTIONS:
        connection.execute(delete(column.table).where(column.in_(ids)))
    connection.execute(delete(executions).where(executions.c.id.in_(ids)))


def _remove_some(connection: Connection, table: Table, id_: str, most: int) -> int:
    key = table.primary_key.columns.values()
    some = select(*key).where(table.c.execution_id == id_).order_by(*key).limit(most)
    return connection.execute(delete(table).where(tuple_(*key).in_(some))).rowcount


def _count(connection: Connection, key: tuple[str, str, str], number: int) -> None:
    names = (pruned.c.webhook_id, pruned.c.state, pruned.c.outcome)
    same = [name == value for name, value in zip(names, key, strict=True)]
    known = connection.execute(
        update(pruned).where(*same).values(number=pruned.c.number + number)
    )
    if known.rowcount == 0:
        connection.execute(insert(pruned).values((*key, number)))
