"""How much arrived and ran, hour by hour."""

from sqlalchemy import Connection, Integer, cast, func, select

from trunkline.model.clock import Millis
from trunkline.model.states import Outcome
from trunkline.store.tables import deliveries, executions, payloads


def count_activity(
    connection: Connection, *, since: Millis, step: Millis
) -> dict[Millis, tuple[int, int, int]]:
    """Deliveries, executions done and executions failed, by the stretch they began in.

    Ids begin with the moment in which they were made, so that a range of ids is a
    range of time and needs no index of its own.
    """
    first = f"{since:012x}"
    counts: dict[Millis, list[int]] = {}
    arrived = cast(deliveries.c.received_at / step, Integer)
    for stretch, number in connection.execute(
        select(arrived, func.count()).where(deliveries.c.id >= first).group_by(arrived)
    ):
        counts.setdefault(stretch * step, [0, 0, 0])[0] += number
    began = cast(executions.c.created_at / step, Integer)
    for stretch, state, number in connection.execute(
        select(began, executions.c.state, func.count())
        .where(executions.c.id >= first)
        .group_by(began, executions.c.state)
    ):
        if state in ("done", "failed"):
            counts.setdefault(stretch * step, [0, 0, 0])[1 + (state == "failed")] += (
                number
            )
    return {begins: (one, two, three) for begins, (one, two, three) in counts.items()}


def read_bodies(
    connection: Connection, webhook_id: str, *, since: Millis, limit: int
) -> list[tuple[Millis, bytes]]:
    """When the newest deliveries of a webhook arrived, and their bodies.

    What was ignored, repeated or no JSON is left out.
    """
    rows = connection.execute(
        select(deliveries.c.received_at, payloads.c.body)
        .join(payloads, payloads.c.delivery_id == deliveries.c.id)
        .where(
            deliveries.c.webhook_id == webhook_id,
            deliveries.c.id >= f"{since:012x}",
            deliveries.c.outcome.is_(None) | (deliveries.c.outcome == Outcome.FAILED),
        )
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    return [(row.received_at, row.body) for row in rows]
