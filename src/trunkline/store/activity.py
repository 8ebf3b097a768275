"""How much arrived and ran, hour by hour."""

from collections.abc import Sequence

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


def list_answers(
    connection: Connection, webhook_id: str, *, since: Millis, limit: int
) -> dict[str, Millis]:
    """The newest deliveries of a webhook whose bodies are kept, and their times.

    What was ignored, repeated or no JSON is left out.
    """
    heard = deliveries.c.outcome.is_(None) | deliveries.c.outcome.not_in(_NO_ANSWERS)
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.received_at)
        .join(payloads, payloads.c.delivery_id == deliveries.c.id)
        .where(
            deliveries.c.webhook_id == webhook_id,
            deliveries.c.id >= f"{since:012x}",
            heard,
            func.length(payloads.c.body) > 0,
        )
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    return {row.id: row.received_at for row in rows}


def read_bodies(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """The bodies of deliveries, as far as they are kept."""
    rows = connection.execute(
        select(payloads.c.delivery_id, payloads.c.body).where(
            payloads.c.delivery_id.in_(ids)
        )
    )
    return {row.delivery_id: row.body for row in rows}


_NO_ANSWERS = (Outcome.IGNORED, Outcome.DUPLICATE, Outcome.UNPARSABLE)
