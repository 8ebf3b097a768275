"""Deliveries that arrived while nobody listened, taken up by a scenario."""

from sqlalchemy import Connection, select

from trunkline.model.clock import Millis
from trunkline.model.execution import Execution
from trunkline.model.scenario import StoredScenario
from trunkline.model.states import DeliveryState
from trunkline.store.executions import queue_executions
from trunkline.store.tables import deliveries, executions


def take_up_waiting(
    connection: Connection,
    scenario: StoredScenario,
    *,
    sequential: bool,
    now: Millis,
    most: int | None = None,
) -> int:
    """Queues an execution for each waiting delivery that has none, oldest first.

    Returns:
        How many those are, `most` at most.
    """
    untaken = connection.scalars(
        select(deliveries.c.id)
        .where(deliveries.c.webhook_id == scenario.webhook_id)
        .where(deliveries.c.state == DeliveryState.WAITING)
        .where(
            ~select(executions.c.id).where(executions.c.id == deliveries.c.id).exists()
        )
        .order_by(deliveries.c.id)
        .limit(most)
    ).all()
    queue_executions(
        connection,
        [
            Execution(
                id=delivery_id,
                scenario_id=scenario.id,
                version_id=scenario.version_id,
                delivery_id=delivery_id,
                created_at=now,
                order_key=scenario.id if sequential else None,
            )
            for delivery_id in untaken
        ],
    )
    return len(untaken)
