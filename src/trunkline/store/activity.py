"""How much arrived and ran, hour by hour."""

from sqlalchemy import Connection, Integer, cast, func, select

from trunkline.model.clock import Millis
from trunkline.store.tables import deliveries, executions


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
