"""Few statements for all that a group writes, whatever tables it goes to.

Around each statement the driver lets go of Python's lock, and then waits until the
event loop's thread lets go of it. With a statement for each row of each table, a group
waited four times as long as SQLite worked. So the rows of a group go into views, many
at a time, and the views' triggers put them where they belong. Views and triggers are
the writing connection's own, and no part of the file.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, Final, cast

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Table

from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution, KeptBundle, Operation, Stop, Tally
from trunkline.model.states import (
    DeliveryState,
    ExecutionState,
    OperationState,
    Origin,
    Outcome,
)
from trunkline.store import tables

Row = tuple[Any, ...]

LOST_LEASE: Final = "the execution is in another epoch"
"""What the database says of rows from somebody who lost the lease."""

_LONGEST: Final = 1024
"""Rows of one statement, at most."""


_STATES: Final = (DeliveryState, ExecutionState, OperationState, Origin, Outcome)


def _adapt() -> None:
    """Tells the driver how to bind what is neither a number nor a plain text.

    For a null or a state it would look for someone to convert it and find nobody, by
    errors that are made and dropped, with Python's lock held: an eighth of what a group
    costs, since half of a row's values may be null.
    """
    sqlite3.register_adapter(type(None), lambda none: none)
    for states in _STATES:
        sqlite3.register_adapter(states, str)


_adapt()


class View:
    """Takes rows of its columns, with each of which its trigger does the deeds.

    A deed is a statement in which `new` is the row; a row of nulls has no effect.
    """

    def __init__(self, name: str, columns: Sequence[str], deeds: Sequence[str]) -> None:
        self.name = name
        self._columns = columns
        self._deeds = deeds

    def make(self, connection: sqlite3.Connection) -> None:
        """Makes the view for one connection."""
        nothing = ", ".join(f"NULL AS {column}" for column in self._columns)
        connection.execute(f"CREATE TEMP VIEW {self.name} AS SELECT {nothing}")
        connection.execute(
            f"CREATE TEMP TRIGGER on_{self.name} INSTEAD OF INSERT ON {self.name} "
            f"BEGIN {' '.join(f'{deed};' for deed in self._deeds)} END"
        )

    def write(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Writes rows in their order; returns how many changes that made.

        There is a statement for each power of two; what is missing to the next one is
        filled up with nulls.
        """
        driver, width = driver_of(connection), len(self._columns)
        before = driver.total_changes
        for start in range(0, len(rows), _LONGEST):
            part = rows[start : start + _LONGEST]
            length = 1 << (len(part) - 1).bit_length()
            values = list(chain.from_iterable(part))
            values += (None,) * (width * (length - len(part)))
            driver.execute(_insert(self.name, width, length), values)
        return driver.total_changes - before


def first_seen(connection: Connection, marks: Iterable[Row]) -> list[str]:
    """The delivery that came first with each mark: its webhook and its key."""
    driver = driver_of(connection)
    return [driver.execute(_FIRST, mark).fetchone()[0] for mark in marks]


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's connection, for what has to be quick."""
    driver: Any = connection.connection.dbapi_connection
    return cast("sqlite3.Connection", driver)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A transaction of the driver's, of which SQLAlchemy knows nothing."""
    driver = driver_of(connection)
    driver.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        driver.execute("ROLLBACK")
        raise
    driver.execute("COMMIT")


class Ending(Struct, frozen=True, kw_only=True):
    """The next state of a delivery."""

    delivery_id: str
    state: DeliveryState
    outcome: Outcome | None = None
    reason: str | None = None


def arrival(
    key: str | None,
    delivery: StoredDelivery | None,
    payload: Payload | None,
    execution: Execution | None,
) -> Row:
    """A row of `ARRIVALS`: a delivery, what to know it by, and what it starts."""
    arrived = _NO_DELIVERY + _NO_PAYLOAD
    if delivery is not None and payload is not None:
        arrived = _delivery(delivery) + _payload(delivery.id, payload)
    return (
        key,
        *arrived,
        *(_NO_EXECUTION if execution is None else _execution(execution)),
    )


def _payload(delivery_id: str, payload: Payload) -> Row:
    return (
        delivery_id,
        payload.method,
        _json(payload.query),
        _json(payload.headers),
        payload.body,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def kept(fence: int, bundle: KeptBundle) -> Row:
    """A row of `BUNDLES`, from who holds the execution in the epoch `fence`."""
    return (fence, *_bundle(bundle))


def progress(
    fence: int,
    operation: Operation | None,
    change: Execution | None,
    ending: Ending | None,
) -> Row:
    """A row of `PROGRESS`, from who holds the execution in the epoch `fence`.

    `change` is the execution in its new state, `ending` that of its delivery.
    """
    return (
        fence,
        *(_NO_OPERATION if operation is None else _operation(operation)),
        *(_NO_CHANGE if change is None else _change(change)),
        *(_NO_ENDING if ending is None else _ending(ending)),
    )


def write_stops(
    connection: Connection, execution_id: str, stops: Sequence[Stop]
) -> None:
    """Puts stops in the place of those that the execution had."""
    driver = driver_of(connection)
    driver.execute("DELETE FROM stops WHERE execution_id = ?", (execution_id,))
    row = _placeholders(len(tables.stops.columns), 1)
    for stop in stops:
        driver.execute(f"INSERT INTO stops {row}", _stop(stop))


def write_tallies(
    connection: Connection, execution_id: str, tallies_: Sequence[Tally]
) -> None:
    """Puts tallies in the place of those that the execution had."""
    driver = driver_of(connection)
    driver.execute("DELETE FROM tallies WHERE execution_id = ?", (execution_id,))
    driver.executemany(
        "INSERT INTO tallies VALUES (?, ?, ?, ?, ?, ?)",
        [(execution_id, *_tally(one)) for one in tallies_],
    )


def wipe(connection: Connection, execution: Execution) -> None:
    """Removes what an execution's bundles held; that it ran, and how, stays."""
    driver = driver_of(connection)
    driver.execute("DELETE FROM bundles WHERE execution_id = ?", (execution.id,))
    driver.execute(_WIPE_OPERATIONS, (execution.id,))
    driver.execute(_WIPE_EXECUTION, (execution.id,))
    driver.execute(
        "UPDATE stand_ins SET samples = '{}' WHERE execution_id = ?", (execution.id,)
    )
    driver.execute(
        "UPDATE payloads SET body = x'', headers = '{}', query = '{}' "
        "WHERE delivery_id = ?",
        (execution.delivery_id,),
    )


# What the database does


def _columns(table: Table, names: Sequence[str] = ()) -> list[str]:
    return [f"{table.name}_{name}" for name in names or table.columns.keys()]


def _adding(table: Table, *, more: str = "", **sources: str) -> str:
    """Adds the row's part of a table, if it has one; `more` are more conditions."""
    names = table.columns.keys()
    given = [sources.get(name, f"new.{table.name}_{name}") for name in names]
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(given)} "
        f"WHERE new.{table.name}_{names[0]} IS NOT NULL {more}"
    )


def _setting(table: Table, names: Sequence[str]) -> str:
    new = ", ".join(f"{name} = new.{table.name}_{name}" for name in names)
    return f"UPDATE {table.name} SET {new} WHERE id = new.{table.name}_id"  # noqa: S608 - names of ours


def _fencing(column: str) -> str:
    """Refuses all rows if an execution is not in the epoch of who writes to it."""
    return (
        f"SELECT RAISE(ABORT, '{LOST_LEASE}') WHERE {column} IS NOT NULL "  # noqa: S608 - names of ours
        f"AND NOT EXISTS (SELECT 1 FROM executions WHERE id = {column} "
        "AND epoch = new.fence)"
    )


@cache
def _insert(into: str, width: int, rows: int) -> str:
    return f"INSERT INTO {into} {_placeholders(width, rows)}"


def _placeholders(width: int, rows: int) -> str:
    row = f"({', '.join('?' * width)})"
    return f"VALUES {', '.join([row] * rows)}"


_ONLY_TYPE: Final = (
    "CASE WHEN error IS NULL THEN NULL ELSE json_object("
    "'type', json_extract(error, '$.type'), "
    "'message', 'What it said is not kept, since the scenario is confidential.') END"
)
_WIPE_OPERATIONS: Final = (
    f"UPDATE operations SET exchanges = NULL, input = NULL, output = NULL, "  # noqa: S608 - constants
    f"error = {_ONLY_TYPE} WHERE execution_id = ?"
)
_WIPE_EXECUTION: Final = (
    f"UPDATE executions SET input = NULL, error = {_ONLY_TYPE} WHERE id = ?"  # noqa: S608 - the same
)
_CHANGING: Final = (
    "state",
    "due_at",
    "owner",
    "epoch",
    "attempts",
    "started_at",
    "ended_at",
    "operations",
    "error",
)
_FIRST: Final = "SELECT delivery_id FROM seen WHERE webhook_id = ? AND key = ?"
_ENDING: Final = ("state", "outcome", "reason")

_BEFORE: Final = (
    "(SELECT delivery_id FROM seen WHERE webhook_id = new.deliveries_webhook_id "
    "AND key = new.seen_key AND delivery_id <> new.deliveries_id)"
)
"""The delivery that came before a repeated one."""

_SEEING: Final = (
    "INSERT INTO seen SELECT new.deliveries_webhook_id, new.seen_key, "
    "new.deliveries_id WHERE new.seen_key IS NOT NULL ON CONFLICT DO NOTHING"
)
_AS_DUPLICATE: Final = {
    "state": f"iif({_BEFORE} IS NULL, new.deliveries_state, '{DeliveryState.DONE}')",
    "outcome": f"iif({_BEFORE} IS NULL, new.deliveries_outcome, '{Outcome.DUPLICATE}')",
    "reason": (
        f"iif({_BEFORE} IS NULL, new.deliveries_reason, "
        f"'The same as ' || {_BEFORE} || '.')"
    ),
}
"""A repeated delivery is kept and counted, but not run again."""

ARRIVALS: Final = View(
    "arrivals",
    [
        "seen_key",
        *_columns(tables.deliveries),
        *_columns(tables.payloads),
        *_columns(tables.executions),
    ],
    [
        _SEEING,
        _adding(tables.deliveries, **_AS_DUPLICATE),
        _adding(tables.payloads),
        _adding(tables.executions, more=f"AND {_BEFORE} IS NULL"),
    ],
)
BUNDLES: Final = View(
    "kept_bundles",
    ["fence", *_columns(tables.bundles)],
    [_fencing("new.bundles_execution_id"), _adding(tables.bundles)],
)
PROGRESS: Final = View(
    "progress",
    [
        "fence",
        *_columns(tables.operations),
        *_columns(tables.executions, ("id", *_CHANGING)),
        *_columns(tables.deliveries, ("id", *_ENDING)),
    ],
    [
        _fencing("coalesce(new.operations_execution_id, new.executions_id)"),
        _adding(tables.operations),
        _setting(tables.executions, _CHANGING),
        _setting(tables.deliveries, _ENDING),
    ],
)


def prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Makes the views for the connection that writes."""
    for view in (ARRIVALS, BUNDLES, PROGRESS):
        view.make(connection)


def _values(*names: str) -> tuple[Callable[[object], Row], Row]:
    """What reads a record's values, and what stands for a record that is not there."""
    return attrgetter(*names), (None,) * len(names)


_delivery, _NO_DELIVERY = _values(*tables.deliveries.columns.keys())
_execution, _NO_EXECUTION = _values(*tables.executions.columns.keys())
_operation, _NO_OPERATION = _values(*tables.operations.columns.keys())
_bundle, _ = _values(*tables.bundles.columns.keys())
_tally, _ = _values("module_id", "state", "operations", "bundles", "duration_us")
_stop, _ = _values(*tables.stops.columns.keys())
_change, _NO_CHANGE = _values("id", *_CHANGING)
_ending, _NO_ENDING = _values("delivery_id", *_ENDING)
_NO_PAYLOAD = (None,) * len(tables.payloads.columns)
