"""Deliveries and their payloads."""

import json

from sqlalchemy import Connection, Row, Select, Text, cast, func, select

from trunkline.errors import NotFoundError
from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.states import DeliveryState, Outcome
from trunkline.store.tables import deliveries, executions, payloads

_SEARCHED = 10_000
"""How many of the newest bodies a search reads."""


def list_deliveries(
    connection: Connection,
    webhook_id: str,
    *,
    limit: int,
    before: str | None = None,
    state: str | None = None,
    text: str | None = None,
) -> list[StoredDelivery]:
    """Newest first; `before` is the id of the last one already seen.

    `text` is the id of a delivery, or part of its body; bodies are read of the newest
    deliveries alone, so that a search ends.
    """
    query = (
        select(deliveries)
        .where(deliveries.c.webhook_id == webhook_id)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(deliveries.c.id < before)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    if text:
        query = query.where(deliveries.c.id.in_(_mentioning(webhook_id, text, before)))
    return [_delivery(row) for row in connection.execute(query)]


def latest_id(connection: Connection) -> str | None:
    """The greatest id of a delivery or an execution; None in a new folder."""
    greatest = (func.max(table.c.id) for table in (deliveries, executions))
    found = [connection.scalar(select(one)) for one in greatest]
    return max((one for one in found if one is not None), default=None)


def _mentioning(webhook_id: str, text: str, before: str | None) -> Select[tuple[str]]:
    newest = (
        select(deliveries.c.id)
        .where(deliveries.c.webhook_id == webhook_id)
        .order_by(deliveries.c.id.desc())
        .limit(_SEARCHED)
    )
    if before is not None:
        newest = newest.where(deliveries.c.id < before)
    body = cast(payloads.c.body, Text)
    return select(payloads.c.delivery_id).where(
        payloads.c.delivery_id.in_(newest),
        body.contains(text, autoescape=True) | (payloads.c.delivery_id == text),
    )


def find_delivery(connection: Connection, id_: str) -> tuple[StoredDelivery, Payload]:
    """One delivery with its request.

    Raises:
        NotFoundError: there is none, or its payload was pruned.
    """
    row = connection.execute(
        select(deliveries, payloads)
        .join(payloads, payloads.c.delivery_id == deliveries.c.id)
        .where(deliveries.c.id == id_)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no delivery {id_}.")
    return _delivery(row), read_payload(row)


def read_payload(row: Row[tuple[object, ...]]) -> Payload:
    return Payload(
        body=row.body,
        method=row.method,
        query=json.loads(row.query),
        headers=json.loads(row.headers),
    )


def _delivery(row: Row[tuple[object, ...]]) -> StoredDelivery:
    return StoredDelivery(
        id=row.id,
        webhook_id=row.webhook_id,
        received_at=row.received_at,
        size=row.size,
        state=DeliveryState(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=row.reason,
        event=row.event,
    )
