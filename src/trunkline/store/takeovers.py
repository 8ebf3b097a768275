"""Executions that begin with what another one has done."""

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Table, func, insert, literal, select

from trunkline.model.execution import Execution
from trunkline.model.stand_ins import StandIns
from trunkline.store.executions import queue_executions
from trunkline.store.stand_ins import write_stand_ins
from trunkline.store.tables import bundles, operations


def queue_with(
    connection: Connection,
    execution: Execution,
    what: StandIns,
    *,
    instead_of: str | None = None,
) -> None:
    """Adds an execution as `queue_executions` does, and what stands in for modules.

    Operations of another execution become its own: it finds them as one that was
    interrupted finds what it has done, and does not do them again.
    """
    taken = 0
    if what.source_id is not None and what.course is not None:
        # An epoch behind it tells whoever claims it that there is a journal.
        execution = replace(execution, epoch=1)
        queue_executions(connection, [execution], instead_of=instead_of)
        taken = _take_over(connection, execution.id, what.source_id, what.course.before)
    else:
        queue_executions(connection, [execution], instead_of=instead_of)
    write_stand_ins(connection, replace(what, operations=taken))


def _take_over(
    connection: Connection, id_: str, source_id: str, modules: Collection[int]
) -> int:
    """Copies operations and bundles; the operations are numbered anew from 1."""
    number = func.row_number().over(order_by=operations.c.number)
    taken = _copy(connection, operations, id_, source_id, modules, number=number)
    _copy(connection, bundles, id_, source_id, modules)
    return taken


def _copy(
    connection: Connection,
    table: Table,
    id_: str,
    source_id: str,
    modules: Collection[int],
    **changed: ColumnElement[Any],
) -> int:
    columns: dict[str, ColumnElement[Any]] = dict(table.columns)
    values = {**columns, "execution_id": literal(id_), **changed}
    rows = (
        select(*values.values())
        .where(table.c.execution_id == source_id)
        .where(table.c.module_id.in_(modules))
    )
    return connection.execute(insert(table).from_select([*values], rows)).rowcount
