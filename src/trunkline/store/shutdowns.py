"""Scenarios that were switched off because they failed."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from trunkline.model.clock import Millis
from trunkline.model.states import ExecutionState
from trunkline.store.tables import executions, scenarios, shutdowns


@dataclass(frozen=True, slots=True)
class Shutdown:
    """When and why a scenario was switched off; `webhook_id` is what it listened to."""

    scenario_id: str
    at: Millis
    reason: str
    execution_id: str | None
    webhook_id: str | None


def shut_down(
    connection: Connection, scenario_id: str, execution_id: str, reason: str, at: Millis
) -> None:
    """Switches a scenario off, and says why."""
    connection.execute(
        update(scenarios)
        .where(scenarios.c.id == scenario_id)
        .values(active=False, updated_at=at)
    )
    forget_shutdown(connection, scenario_id)
    connection.execute(
        insert(shutdowns).values(
            scenario_id=scenario_id, at=at, reason=reason, execution_id=execution_id
        )
    )


def forget_shutdown(connection: Connection, scenario_id: str) -> None:
    connection.execute(delete(shutdowns).where(shutdowns.c.scenario_id == scenario_id))


def list_shutdowns(connection: Connection) -> list[Shutdown]:
    """Those that nobody has looked after yet."""
    rows = connection.execute(
        select(shutdowns, scenarios.c.webhook_id).join(
            scenarios, scenarios.c.id == shutdowns.c.scenario_id
        )
    )
    return [Shutdown(**row._mapping) for row in rows]  # noqa: SLF001 - public API of SQLAlchemy


def failed_in_a_row(connection: Connection, scenario_id: str, most: int) -> int:
    """How many of the latest ended executions failed, up to `most`."""
    states = connection.scalars(
        select(executions.c.state)
        .where(executions.c.scenario_id == scenario_id)
        .where(executions.c.ended_at.is_not(None))
        .order_by(executions.c.id.desc())
        .limit(most)
    )
    number = 0
    for state in states:
        if state != ExecutionState.FAILED:
            break
        number += 1
    return number
