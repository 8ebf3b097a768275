"""How large everything is, told without reading much of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError

from trunkline.model.clock import Millis
from trunkline.store.retention import BYTES
from trunkline.store.tables import deliveries, executions, scenarios

_SAMPLE = 100
"""How many of a scenario's newest and of its oldest executions are measured."""


@dataclass(frozen=True, slots=True)
class FileSize:
    """The database file in pages; `shrinks` if free ones can be taken out of it."""

    pages: int
    free_pages: int
    page_bytes: int
    shrinks: bool


@dataclass(frozen=True, slots=True)
class ScenarioSize:
    """A scenario's history: `executions` are counted.

    Operations and bytes are estimated by the newest and the oldest executions; `exact`
    says that these are all.
    """

    scenario: str
    executions: int
    operations: int
    bytes: int
    exact: bool
    oldest: Millis


@dataclass(frozen=True, slots=True)
class TableSize:
    """A table with its indexes."""

    name: str
    bytes: int


def measure_file(connection: Connection) -> FileSize:
    pages, free, size, kind = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("page_count", "freelist_count", "page_size", "auto_vacuum")
    )
    return FileSize(pages, free, size, kind == _INCREMENTAL)


def measure_scenarios(connection: Connection) -> list[ScenarioSize]:
    """The history of each scenario that has one."""
    rows = connection.execute(
        select(
            scenarios.c.id,
            scenarios.c.name,
            func.count(executions.c.id).label("number"),
            func.min(executions.c.id).label("oldest"),
        )
        .join(executions, executions.c.scenario_id == scenarios.c.id)
        .group_by(scenarios.c.id, scenarios.c.name)
        .order_by(scenarios.c.name)
    ).all()
    return [
        _estimate(connection, row.id, row.name, row.number, row.oldest) for row in rows
    ]


def measure_tables(connection: Connection) -> list[TableSize] | None:
    """Each table, the largest first; none where SQLite cannot tell.

    Looks at every page of the file.
    """
    try:
        rows = connection.execute(_TABLES).all()
    except OperationalError:  # built without dbstat
        return None
    return [TableSize(row.name, row.bytes) for row in rows]


_INCREMENTAL = 2
_TABLES = text(
    "SELECT m.tbl_name AS name, sum(s.pgsize) AS bytes FROM dbstat AS s "
    "JOIN sqlite_master AS m ON m.name = s.name WHERE s.aggregate = TRUE "
    "GROUP BY m.tbl_name ORDER BY bytes DESC, name"
)


def _estimate(
    connection: Connection, id_: str, name: str, number: int, oldest: str
) -> ScenarioSize:
    ids = _sample(connection, id_)
    measured = connection.execute(
        select(func.sum(executions.c.operations), func.sum(BYTES))
        .outerjoin(deliveries, deliveries.c.id == executions.c.delivery_id)
        .where(executions.c.id.in_(ids))
    ).one()
    many = max(1, len(ids))
    operations, size = (int(total or 0) * number // many for total in measured)
    created_at = select(executions.c.created_at).where(executions.c.id == oldest)
    moment = connection.scalar(created_at) or 0
    return ScenarioSize(name, number, operations, size, number <= len(ids), moment)


def _sample(connection: Connection, scenario_id: str) -> Sequence[str]:
    ids = select(executions.c.id).where(executions.c.scenario_id == scenario_id)
    ends = (executions.c.id, executions.c.id.desc())
    found = [connection.scalars(ids.order_by(end).limit(_SAMPLE)).all() for end in ends]
    return [*{*found[0], *found[1]}]
