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
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any, Final, cast

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Table

from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.states import DeliveryState, Outcome
from trunkline.store import tables

Row = tuple[Any, ...]

LOST_LEASE: Final = "the execution is in another epoch"
"""What the database says of rows from somebody who lost the lease."""

_LONGEST: Final = 1024
"""Rows of one statement, at most."""


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

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Writes rows in their order."""
        _run(connection, partial(_insert, self.name, len(self._columns)), rows)


def mark_seen(connection: Connection, marks: Sequence[Row]) -> int:
    """Notes webhook, key and delivery of what arrives; returns how much is new."""
    return _run(connection, _mark, marks)


def first_seen(connection: Connection, marks: Iterable[Row]) -> list[str]:
    """The delivery that came first with each mark's key."""
    driver = driver_of(connection)
    return [driver.execute(_FIRST, mark[:2]).fetchone()[0] for mark in marks]


def _run(
    connection: Connection, text: Callable[[int], str], rows: Sequence[Row]
) -> int:
    """Runs a statement over rows, and returns how many it touched.

    There is a text for each power of two; what is missing to the next one is filled up
    with nulls, which the statement passes over.
    """
    driver = driver_of(connection)
    touched = 0
    for start in range(0, len(rows), _LONGEST):
        part = rows[start : start + _LONGEST]
        length = 1 << (len(part) - 1).bit_length()
        values = list(chain.from_iterable(part))
        values += (None,) * (len(part[0]) * (length - len(part)))
        touched += driver.execute(text(length), values).rowcount
    return touched


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
    delivery: StoredDelivery | None,
    payload: Payload | None,
    execution: Execution | None,
) -> Row:
    """A row of `ARRIVALS`: a delivery with its payload, and what it starts."""
    return (
        *(_NO_DELIVERY if delivery is None else _delivery(delivery)),
        *(
            _NO_PAYLOAD
            if delivery is None or payload is None
            else _payload(delivery.id, payload)
        ),
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


def done(fence: int, operation: Operation) -> Row:
    """A row of `OPERATIONS`, from who holds the execution in the epoch `fence`."""
    return (fence, *_operation(operation))


def kept(fence: int, bundle: KeptBundle) -> Row:
    """A row of `BUNDLES`, from who holds the execution in the epoch `fence`."""
    return (fence, *_bundle(bundle))


def change(fence: int, execution: Execution | None, ending: Ending | None) -> Row:
    """A row of `CHANGES`: new states of an execution and of its delivery."""
    return (
        fence,
        *(_NO_CHANGE if execution is None else _change(execution)),
        *(_NO_ENDING if ending is None else _ending(ending)),
    )


# What the database does


def _columns(table: Table, names: Sequence[str] = ()) -> list[str]:
    return [f"{table.name}_{name}" for name in names or table.columns.keys()]


def _adding(table: Table) -> str:
    given = [f"new.{column}" for column in _columns(table)]
    return (
        f"INSERT INTO {table.name} ({', '.join(table.columns.keys())}) "
        f"SELECT {', '.join(given)} WHERE {given[0]} IS NOT NULL"
    )


def _setting(table: Table, names: Sequence[str]) -> str:
    new = ", ".join(f"{name} = new.{table.name}_{name}" for name in names)
    return f"UPDATE {table.name} SET {new} WHERE id = new.{table.name}_id"  # noqa: S608 - ours


def _fencing(column: str) -> str:
    """Refuses all rows if an execution is not in the epoch of who writes to it."""
    return (
        f"SELECT RAISE(ABORT, '{LOST_LEASE}') WHERE new.{column} IS NOT NULL "  # noqa: S608 - ours
        f"AND NOT EXISTS (SELECT 1 FROM executions WHERE id = new.{column} "
        "AND epoch = new.fence)"
    )


@cache
def _insert(into: str, width: int, rows: int) -> str:
    return f"INSERT INTO {into} {_placeholders(width, rows)}"


@cache
def _mark(rows: int) -> str:
    given = f"SELECT * FROM ({_placeholders(3, rows)}) WHERE column1 IS NOT NULL"  # noqa: S608 - ours
    return f"INSERT INTO seen {given} ON CONFLICT DO NOTHING"


def _placeholders(width: int, rows: int) -> str:
    row = f"({', '.join('?' * width)})"
    return f"VALUES {', '.join([row] * rows)}"


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

ARRIVALS: Final = View(
    "arrivals",
    [
        *_columns(tables.deliveries),
        *_columns(tables.payloads),
        *_columns(tables.executions),
    ],
    [_adding(tables.deliveries), _adding(tables.payloads), _adding(tables.executions)],
)
OPERATIONS: Final = View(
    "done_operations",
    ["fence", *_columns(tables.operations)],
    [_fencing("operations_execution_id"), _adding(tables.operations)],
)
BUNDLES: Final = View(
    "kept_bundles",
    ["fence", *_columns(tables.bundles)],
    [_fencing("bundles_execution_id"), _adding(tables.bundles)],
)
CHANGES: Final = View(
    "changes",
    [
        "fence",
        *_columns(tables.executions, ("id", *_CHANGING)),
        *_columns(tables.deliveries, ("id", *_ENDING)),
    ],
    [
        _fencing("executions_id"),
        _setting(tables.executions, _CHANGING),
        _setting(tables.deliveries, _ENDING),
    ],
)


def prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Makes the views for the connection that writes."""
    for view in (ARRIVALS, OPERATIONS, BUNDLES, CHANGES):
        view.make(connection)


def _values(*names: str) -> tuple[Callable[[object], Row], Row]:
    """What reads a record's values, and what stands for a record that is not there."""
    return attrgetter(*names), (None,) * len(names)


_delivery, _NO_DELIVERY = _values(*tables.deliveries.columns.keys())
_execution, _NO_EXECUTION = _values(*tables.executions.columns.keys())
_operation, _ = _values(*tables.operations.columns.keys())
_bundle, _ = _values(*tables.bundles.columns.keys())
_change, _NO_CHANGE = _values("id", *_CHANGING)
_ending, _NO_ENDING = _values("delivery_id", *_ENDING)
_NO_PAYLOAD = (None,) * len(tables.payloads.columns)
