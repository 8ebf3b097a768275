"""When scenarios run next; a due time and what it starts are written together."""

from sqlalchemy import Connection, delete, insert, select, update

from trunkline.model.clock import Millis
from trunkline.model.execution import Execution
from trunkline.model.states import UNDER_WAY
from trunkline.store.executions import queue_executions
from trunkline.store.tables import executions, schedules


def planned(connection: Connection) -> dict[str, tuple[Millis, Millis | None]]:
    """The anchor and the next due time of each scenario that has a schedule."""
    return {
        row.scenario_id: (row.anchor, row.next_at)
        for row in connection.execute(select(schedules))
    }


def plan(
    connection: Connection, scenario_id: str, anchor: Millis, next_at: Millis | None
) -> None:
    """Sets when a scenario runs next."""
    unplan(connection, scenario_id)
    connection.execute(
        insert(schedules).values(
            scenario_id=scenario_id, anchor=anchor, next_at=next_at
        )
    )


def unplan(connection: Connection, scenario_id: str) -> None:
    """The scenario has no due times any more."""
    connection.execute(delete(schedules).where(schedules.c.scenario_id == scenario_id))


def advance(
    connection: Connection, scenario_id: str, due: Millis, next_at: Millis | None
) -> bool:
    """From one due time to the next; false where somebody did that already."""
    result = connection.execute(
        update(schedules)
        .where(schedules.c.scenario_id == scenario_id, schedules.c.next_at == due)
        .values(next_at=next_at)
    )
    return bool(result.rowcount)


def fire(
    connection: Connection, execution: Execution, due: Millis, next_at: Millis | None
) -> bool:
    """Starts what is due, once; false where that was done already."""
    if not advance(connection, execution.scenario_id, due, next_at):
        return False
    queue_executions(connection, [execution])
    return True


def is_under_way(connection: Connection, scenario_id: str) -> bool:
    """Whether an execution of the scenario that no webhook began has not ended."""
    found = connection.scalar(
        select(executions.c.id)
        .where(executions.c.scenario_id == scenario_id)
        .where(executions.c.delivery_id.is_(None))
        .where(executions.c.state.in_(UNDER_WAY))
        .limit(1)
    )
    return found is not None
