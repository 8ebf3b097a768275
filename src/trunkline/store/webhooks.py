"""Webhooks in the store; their tokens and secrets are sealed."""

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from trunkline.errors import ConflictError
from trunkline.model.clock import Millis
from trunkline.model.states import DeliveryState, InactivePolicy
from trunkline.model.webhook import StoredWebhook
from trunkline.store.tables import (
    deliveries,
    holds,
    pruned,
    refusals,
    scenarios,
    webhooks,
)
from trunkline.store.vault import Vault


def add_webhook(connection: Connection, vault: Vault, stored: StoredWebhook) -> None:
    """Stores a new webhook.

    Raises:
        ConflictError: the name is taken.
    """
    try:
        connection.execute(
            insert(webhooks).values(
                id=stored.id,
                name=stored.name,
                module=stored.module,
                sealed_token=vault.seal(stored.token, _place("token", stored.id)),
                sealed_secret=_sealed(vault, "secret", stored.id, stored.secret),
                when_inactive=stored.when_inactive,
                created_at=stored.created_at,
            )
        )
    except IntegrityError as error:
        raise ConflictError(
            f"A webhook named {stored.name!r} exists already; choose another name."
        ) from error


def change_webhook(connection: Connection, vault: Vault, stored: StoredWebhook) -> None:
    """Stores other secrets and another policy for a webhook."""
    connection.execute(
        update(webhooks)
        .where(webhooks.c.id == stored.id)
        .values(
            sealed_secret=_sealed(vault, "secret", stored.id, stored.secret),
            sealed_old_secret=_sealed(
                vault, "old_secret", stored.id, stored.old_secret
            ),
            old_secret_until=stored.old_secret_until,
            when_inactive=stored.when_inactive,
        )
    )


def remove_webhook(connection: Connection, id_: str) -> None:
    """Removes a webhook that has received nothing and feeds no scenario.

    Raises:
        ConflictError: it has, or it does.
    """
    received = select(deliveries.c.id).where(deliveries.c.webhook_id == id_).limit(1)
    if connection.scalar(received) is not None:
        raise ConflictError(
            "This webhook has received deliveries, which belong to the history. Remove "
            "it in the service that sends; here it may stay."
        )
    connection.execute(
        update(scenarios).where(scenarios.c.webhook_id == id_).values(webhook_id=None)
    )
    connection.execute(delete(holds).where(holds.c.webhook_id == id_))
    connection.execute(delete(refusals).where(refusals.c.webhook_id == id_))
    connection.execute(delete(webhooks).where(webhooks.c.id == id_))


def hold_webhook(connection: Connection, id_: str, now: Millis) -> None:
    """From now on its deliveries are stored and held."""
    if (
        connection.scalar(select(holds.c.since).where(holds.c.webhook_id == id_))
        is None
    ):
        connection.execute(insert(holds).values(webhook_id=id_, since=now))


def release_webhook(connection: Connection, id_: str) -> int:
    """Lets what was held wait for its turn; returns how many deliveries that are."""
    connection.execute(delete(holds).where(holds.c.webhook_id == id_))
    result = connection.execute(
        update(deliveries)
        .where(deliveries.c.webhook_id == id_)
        .where(deliveries.c.state == DeliveryState.HELD)
        .where(deliveries.c.outcome.is_(None))  # those of incomplete executions stay
        .values(state=DeliveryState.WAITING)
    )
    return result.rowcount


def list_webhooks(connection: Connection, vault: Vault) -> list[StoredWebhook]:
    rows = connection.execute(
        select(webhooks, holds.c.since)
        .outerjoin(holds, holds.c.webhook_id == webhooks.c.id)
        .order_by(webhooks.c.name)
    )
    return [_opened(row, vault) for row in rows]


def count_deliveries(connection: Connection) -> dict[str, dict[str, int]]:
    """For each webhook id, how many deliveries are in each state or outcome.

    `accepted` is the number of all; the states add up to it. Outcomes are given
    beside the states that hold them, as `done:ignored`. What was pruned counts in
    the state in which it ended.
    """
    key = (deliveries.c.webhook_id, deliveries.c.state, deliveries.c.outcome)
    kept = select(*key, func.count().label("number")).group_by(*key)
    counts: dict[str, dict[str, int]] = {}
    for row in [*connection.execute(kept), *connection.execute(select(pruned))]:
        of_webhook = counts.setdefault(row.webhook_id, {})
        names = ["accepted", row.state]
        if row.outcome:
            names.append(f"{row.state}:{row.outcome}")
        for name in names:
            of_webhook[name] = of_webhook.get(name, 0) + row.number
    return counts


def _opened(row: Row[tuple[object, ...]], vault: Vault) -> StoredWebhook:
    return StoredWebhook(
        id=row.id,
        name=row.name,
        module=row.module,
        token=vault.open(row.sealed_token, _place("token", row.id)),
        secret=_unsealed(vault, "secret", row.id, row.sealed_secret),
        when_inactive=InactivePolicy(row.when_inactive),
        created_at=row.created_at,
        held=row.since is not None,
        old_secret=_unsealed(vault, "old_secret", row.id, row.sealed_old_secret),
        old_secret_until=row.old_secret_until,
    )


def _sealed(vault: Vault, column: str, id_: str, secret: str | None) -> str | None:
    return None if secret is None else vault.seal(secret, _place(column, id_))


def _unsealed(vault: Vault, column: str, id_: str, sealed: str | None) -> str | None:
    return None if sealed is None else vault.open(sealed, _place(column, id_))


def _place(column: str, id_: str) -> str:
    return f"webhooks:sealed_{column}:{id_}"
