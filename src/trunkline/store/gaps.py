"""Where deliveries may be missing: refusals, and times in which nobody listened."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    Connection,
    Integer,
    cast,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from trunkline.model.clock import HOUR, Millis
from trunkline.store.facts import find_fact, note_fact
from trunkline.store.tables import deliveries, outages, refusals, webhooks

_ALIVE = "alive_at"


@dataclass(frozen=True, slots=True)
class Refused:
    """Requests that were refused in one hour, counted since 1970, for one reason."""

    webhook_id: str
    hour: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which the folder was not served."""

    began_at: Millis
    ended_at: Millis


def note_alive(connection: Connection, now: Millis, *, tolerated: Millis) -> None:
    """Notes that the folder is served; if it was not for longer, that it was not."""
    known = find_fact(connection, _ALIVE)
    if known is not None and now - int(known) > tolerated:
        seen = int(known)
        connection.execute(delete(outages).where(outages.c.began_at == seen))
        connection.execute(insert(outages).values(began_at=seen, ended_at=now))
    note_fact(connection, _ALIVE, str(now))


def add_refusals(connection: Connection, counts: Mapping[Refused, int]) -> None:
    """Adds to what was refused before; of webhooks that are gone nothing is kept."""
    for one, number in counts.items():
        same = (
            refusals.c.webhook_id == one.webhook_id,
            refusals.c.hour == one.hour,
            refusals.c.reason == one.reason,
        )
        more = update(refusals).where(*same)
        added = connection.execute(more.values(number=refusals.c.number + number))
        is_there = select(exists().where(webhooks.c.id == one.webhook_id))
        if added.rowcount == 0 and connection.scalar(is_there):
            connection.execute(
                insert(refusals).values((one.webhook_id, one.hour, one.reason, number))
            )


def forget_gaps(connection: Connection, before: Millis) -> None:
    """Removes what ended before a moment."""
    connection.execute(delete(refusals).where(refusals.c.hour < before // HOUR))
    connection.execute(delete(outages).where(outages.c.ended_at < before))


def list_refusals(
    connection: Connection, webhook_id: str, since: Millis
) -> dict[Refused, int]:
    """How many requests to a webhook were refused, by hour and reason."""
    rows = connection.execute(
        select(refusals).where(
            refusals.c.webhook_id == webhook_id, refusals.c.hour >= since // HOUR
        )
    )
    return {Refused(row.webhook_id, row.hour, row.reason): row.number for row in rows}


def list_outages(connection: Connection, since: Millis) -> list[Outage]:
    """Times without a server that ended after a moment, the earliest first."""
    rows = connection.execute(
        select(outages).where(outages.c.ended_at > since).order_by(outages.c.began_at)
    )
    return [Outage(row.began_at, row.ended_at) for row in rows]


def count_by_hour(
    connection: Connection, webhook_id: str, since: Millis
) -> dict[int, int]:
    """How many deliveries of a webhook are kept, by the hour since 1970.

    Ids begin with the moment in which they were made.
    """
    hour = cast(deliveries.c.received_at / HOUR, Integer)
    rows = connection.execute(
        select(hour.label("hour"), func.count().label("number"))
        .where(deliveries.c.webhook_id == webhook_id)
        .where(deliveries.c.id >= f"{since:012x}")
        .group_by(hour)
    )
    return {row.hour: row.number for row in rows}
