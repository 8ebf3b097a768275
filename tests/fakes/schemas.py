"""Databases of other versions, filled, and what of them can be compared."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, insert
from sqlalchemy.types import Boolean, TypeEngine

from trunkline.store.database import stamp, upkeep
from trunkline.store.migrations.revisions import Revision, known
from trunkline.store.tables import SCHEMA_VERSION

NEXT = SCHEMA_VERSION + 1
_ROWS = 3


def build(file: Path, number: int) -> None:
    """Makes a file as the first `number` revisions have it."""
    with upkeep(file).begin() as connection:
        context = MigrationContext.configure(connection)
        for revision in known()[:number]:
            with Operations.context(context):
                revision.upgrade()
        stamp(connection, number)


def fill(file: Path) -> None:
    """Puts rows into every table; the texts of one row are all the same, so they fit.

    What is in the table of facts besides the schema is of no use to a server.
    """
    with upkeep(file).begin() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            rows = [_row(table, number) for number in range(_ROWS)]
            connection.execute(insert(table), rows)


def _row(table: Table, number: int) -> dict[str, Any]:
    return {one.name: _value(one.type, number) for one in table.columns}


def _value(kind: TypeEngine[Any], number: int) -> object:
    match kind:
        case Boolean():
            return number % 2 == 0
        case LargeBinary():
            return b"\x00\xff" * (number + 1)
        case Text():
            return f"text {number}"
    return number


def rows(file: Path) -> Mapping[str, list[Any]]:
    """Every row of every table, without the number of the schema."""
    with closing(sqlite3.connect(file)) as database:
        return {
            name: sorted(
                row
                for row in database.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names of ours
                if row[0] != "schema"
            )
            for name in _tables(database)
        }


def structure(file: Path) -> Mapping[str, object]:
    """Tables with their columns, keys and indexes, in whatever order and words."""
    with closing(sqlite3.connect(file)) as database:
        return {name: _structure(database, name) for name in _tables(database)}


def _structure(database: sqlite3.Connection, table: str) -> Mapping[str, object]:
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    references = database.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    indexes = database.execute(f"PRAGMA index_list({table})").fetchall()
    ((without_rowid,),) = database.execute(
        "SELECT wr FROM pragma_table_list WHERE name = ?", (table,)
    ).fetchall()
    return {
        "columns": {one[1]: (one[2], one[3], one[5]) for one in columns},
        "references": sorted((one[2], one[3], one[4]) for one in references),
        "indexes": sorted(_index(database, one) for one in indexes),
        "without rowid": without_rowid,
    }


def _index(database: sqlite3.Connection, index: tuple[Any, ...]) -> tuple[Any, ...]:
    _, name, unique, origin, _ = index
    columns = database.execute(f"PRAGMA index_info({name})").fetchall()
    found = database.execute(
        "SELECT sql FROM sqlite_master WHERE name = ? AND sql IS NOT NULL", (name,)
    ).fetchone()
    where = re.sub(r"\s+", " ", found[0]).partition(" WHERE ")[2] if found else ""
    named = name if origin == "c" else ""
    return (named, unique, origin, [one[2] for one in columns], where)


def _tables(database: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    found = [name for (name,) in database.execute(query)]
    return [name for name in found if not name.startswith("sqlite_")]


# A step that no version has


def _upgrade() -> None:
    op.add_column("webhooks", Column("note", Text()))
    op.create_table("labels", Column("id", Text(), primary_key=True))
    with op.batch_alter_table("executions", **_WHOLE) as batch:
        batch.add_column(Column("weight", Integer(), nullable=False, default=1))
        batch.alter_column("weight", server_default="1")
    op.create_index("heavy", "executions", ["weight"])


def _downgrade() -> None:
    op.drop_index("heavy")
    with op.batch_alter_table("executions", **_WHOLE) as batch:
        batch.drop_column("weight")
    op.drop_table("labels")
    with op.batch_alter_table("webhooks") as batch:
        batch.drop_column("note")


_WHOLE: Mapping[str, Any] = {
    "recreate": "always",
    "table_kwargs": {"sqlite_with_rowid": False},
}
NEXT_REVISION = Revision(
    number=NEXT, title="Labels", upgrade=_upgrade, downgrade=_downgrade
)
