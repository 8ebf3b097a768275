"""The journal's statements as text, for the one place where each microsecond counts.

They are written by SQLAlchemy from the schema, once for each dialect, and run by the
driver over many rows at a time, without SQLAlchemy looking at each of them.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Table,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import ClauseElement

from trunkline.store import tables

Row = tuple[Any, ...]
Build = Callable[[Dialect], ClauseElement]


class Statement:
    """One statement, run over many rows of positional values.

    `row` reads the values of the columns `names` from a record.
    """

    def __init__(self, build: Build, names: Sequence[str]) -> None:
        self._build = build
        self._texts: dict[str, str] = {}
        self.row: Callable[[object], Row] = attrgetter(*names)

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Runs it for each row; returns how many rows of the table it touched."""
        if not rows:
            return 0
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self._text(connection), rows)
            return cursor.rowcount
        finally:
            cursor.close()

    def _text(self, connection: Connection) -> str:
        dialect = connection.dialect
        if dialect.name not in self._texts:
            compiled = self._build(dialect).compile(dialect=dialect)
            self._texts[dialect.name] = str(compiled)
        return self._texts[dialect.name]


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _insert(table: Table) -> Statement:
    return Statement(lambda _: insert(table), _columns(table))


def _fenced_insert(table: Table) -> Statement:
    """An insert that happens only while the execution is in the given epoch.

    After the values come the execution's id and the epoch.
    """
    values = [bindparam(column.name, type_=column.type) for column in table.columns]
    owned = (
        select(literal_column("1"))
        .where(tables.executions.c.id == bindparam("fenced_id"))
        .where(tables.executions.c.epoch == bindparam("fence"))
        .exists()
    )
    statement = insert(table).from_select(_columns(table), select(*values).where(owned))
    return Statement(lambda _: statement, _columns(table))


def _mark_seen(dialect: Dialect) -> ClauseElement:
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - large

        return postgresql.insert(tables.seen).on_conflict_do_nothing()
    return sqlite.insert(tables.seen).on_conflict_do_nothing()


_CHANGING = [
    "state",
    "due_at",
    "owner",
    "epoch",
    "attempts",
    "started_at",
    "ended_at",
    "operations",
    "error",
]
_ENDING = ["state", "outcome", "reason"]


def _assigned(names: Sequence[str]) -> list[tuple[str, Any]]:
    return [(name, bindparam(f"new_{name}")) for name in names]


INSERT_DELIVERY = _insert(tables.deliveries)
INSERT_PAYLOAD = _insert(tables.payloads)
INSERT_EXECUTION = _insert(tables.executions)
INSERT_OPERATION = _fenced_insert(tables.operations)
INSERT_BUNDLE = _fenced_insert(tables.bundles)
MARK_SEEN = Statement(_mark_seen, _columns(tables.seen))

CHANGE_EXECUTION = Statement(
    lambda _: (
        update(tables.executions)
        .where(tables.executions.c.id == bindparam("changed_id"))
        .where(tables.executions.c.epoch == bindparam("fence"))
        .ordered_values(*_assigned(_CHANGING))
    ),
    _CHANGING,
)
"""Sets an execution's state; after the values come its id and the epoch."""

END_DELIVERY = Statement(
    lambda _: (
        update(tables.deliveries)
        .where(tables.deliveries.c.id == bindparam("ending_id"))
        .ordered_values(*_assigned(_ENDING))
    ),
    _ENDING,
)
"""Sets a delivery's state; after the values comes its id."""
