"""Calls of scenarios: who waits for whom."""

import sqlite3

from sqlalchemy import Connection, select

from trunkline.model.call import Call
from trunkline.store.incoming import driver_of
from trunkline.store.tables import calls


def read_calls(connection: Connection, parent_id: str) -> list[Call]:
    """The calls that an execution has made."""
    rows = connection.execute(select(calls).where(calls.c.parent_id == parent_id))
    return [Call(**row._mapping) for row in rows]  # noqa: SLF001 - public API of SQLAlchemy


def depth_of(connection: Connection, execution_id: str) -> int:
    """How many calls lie above an execution."""
    depth: int | None = connection.scalar(
        select(calls.c.depth).where(calls.c.child_id == execution_id)
    )
    return depth or 0


def write_call(connection: Connection, call: Call) -> None:
    """Notes a call, by the driver, since the journal's entries do so too."""
    driver_of(connection).execute(
        "INSERT INTO calls (child_id, parent_id, module_id, path, depth, ended) "
        "VALUES (?, ?, ?, ?, ?, 0)",
        (call.child_id, call.parent_id, call.module_id, call.path, call.depth),
    )


def return_to_caller(
    connection: Connection, child_id: str, output: str | None, error: str | None
) -> None:
    """Notes what a called execution came to, and lets its caller go on."""
    driver: sqlite3.Connection = driver_of(connection)
    driver.execute(
        "UPDATE calls SET ended = 1, output = ?, error = ? WHERE child_id = ?",
        (output, error, child_id),
    )
    driver.execute(
        "UPDATE executions SET due_at = 0 WHERE state = 'queued' "
        "AND id = (SELECT parent_id FROM calls WHERE child_id = ?)",
        (child_id,),
    )
