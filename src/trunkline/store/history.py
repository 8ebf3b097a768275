"""What was done in an execution: operations, and the bundles kept one by one."""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row, func, select

from trunkline.errors import NotFoundError
from trunkline.model.execution import KeptBundle, Operation
from trunkline.model.states import OperationState
from trunkline.store.tables import bundles, operations, tallies


@dataclass(frozen=True, slots=True)
class ModuleCount:
    """What one module of an execution has done so far, in one state."""

    module_id: int
    state: str
    operations: int
    bundles: int
    duration_us: int


def read_operations(
    connection: Connection, execution_id: str, *, limit: int | None = None
) -> list[Operation]:
    """The operations of an execution in the order in which they ran.

    Their exchanges are read with one operation alone, being large.
    """
    columns = [one for one in operations.columns if one.name != "exchanges"]
    rows = connection.execute(
        select(*columns)
        .where(operations.c.execution_id == execution_id)
        .order_by(operations.c.number)
        .limit(limit)
    )
    return [_operation(row) for row in rows]


def read_bundles(connection: Connection, execution_id: str) -> list[KeptBundle]:
    """The bundles kept one by one, in their order."""
    rows = connection.execute(
        select(bundles)
        .where(bundles.c.execution_id == execution_id)
        .order_by(bundles.c.module_id, bundles.c.path, bundles.c.position)
    )
    return [KeptBundle(**row._mapping) for row in rows]  # noqa: SLF001 - public API of SQLAlchemy


def list_operations(
    connection: Connection,
    execution_id: str,
    *,
    after: int,
    limit: int,
    module: int | None = None,
) -> list[Operation]:
    """Operations without what went in and came out, in the order in which they ran.

    `after` is the number of the last one already seen.
    """
    columns = [one for one in operations.columns if one.name not in _LARGE]
    query = (
        select(*columns)
        .where(operations.c.execution_id == execution_id, operations.c.number > after)
        .order_by(operations.c.number)
        .limit(limit)
    )
    if module is not None:
        query = query.where(operations.c.module_id == module)
    return [_operation(row) for row in connection.execute(query)]


def find_operation(
    connection: Connection, execution_id: str, number: int
) -> tuple[Operation, list[KeptBundle]]:
    """One operation, and the bundles of it that are kept one by one.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(
        select(operations).where(
            operations.c.execution_id == execution_id, operations.c.number == number
        )
    ).first()
    if row is None:
        raise NotFoundError(f"The execution has no operation {number}.")
    return _with_bundles(connection, row)


def last_operation_of(
    connection: Connection, execution_id: str, module_id: int, state: OperationState
) -> tuple[Operation, list[KeptBundle]] | None:
    """The last operation of a module that ended so and gave a bundle, as above."""
    row = connection.execute(
        select(operations)
        .where(operations.c.execution_id == execution_id)
        .where(operations.c.module_id == module_id, operations.c.state == state)
        .where(operations.c.bundles > 0)
        .order_by(operations.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else _with_bundles(connection, row)


def _with_bundles(
    connection: Connection, row: Row[Any]
) -> tuple[Operation, list[KeptBundle]]:
    kept = connection.execute(
        select(bundles)
        .where(
            bundles.c.execution_id == row.execution_id,
            bundles.c.module_id == row.module_id,
            bundles.c.path == row.path,
        )
        .order_by(bundles.c.position)
        .limit(_MOST_BUNDLES)
    )
    found = [KeptBundle(**one._mapping) for one in kept]  # noqa: SLF001 - public API of SQLAlchemy
    return _operation(row), found


def count_by_module(connection: Connection, execution_id: str) -> list[ModuleCount]:
    """What each module has done so far."""
    written = (
        select(
            operations.c.module_id,
            operations.c.state,
            func.count(),
            func.sum(operations.c.bundles),
            func.sum(operations.c.duration_us),
        )
        .where(operations.c.execution_id == execution_id)
        .group_by(operations.c.module_id, operations.c.state)
        .order_by(operations.c.module_id, operations.c.state)
    )
    counted = select(
        tallies.c.module_id,
        tallies.c.state,
        tallies.c.operations,
        tallies.c.bundles,
        tallies.c.duration_us,
    ).where(tallies.c.execution_id == execution_id)
    rows = [*connection.execute(written), *connection.execute(counted)]
    return [ModuleCount(*row) for row in rows]


_LARGE = frozenset({"input", "output", "error", "exchanges"})
_MOST_BUNDLES = 1000
"""Bundles of one operation that are shown."""


def _operation(row: Row[Any]) -> Operation:
    return replace(Operation(**row._mapping), state=OperationState(row.state))  # noqa: SLF001 - public API of SQLAlchemy
