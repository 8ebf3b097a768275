"""What was accepted, counted by the requests kept and by where they are."""

from collections import Counter

from sqlalchemy import Connection, func, select

from trunkline.model.balance import Balance
from trunkline.model.states import DeliveryState
from trunkline.store.executions import count_executions
from trunkline.store.tables import payloads, pruned
from trunkline.store.webhooks import count_deliveries

_STATES = frozenset(DeliveryState)


def count_balance(connection: Connection) -> Balance:
    """The whole balance, of one moment."""
    states, outcomes = Counter[str](), Counter[str]()
    for of_webhook in count_deliveries(connection).values():
        for name, number in of_webhook.items():
            state, _, outcome = name.partition(":")
            if outcome:
                outcomes[outcome] += number
            elif state in _STATES:
                states[state] += number
    gone = count_pruned(connection)
    return Balance(
        accepted=_count_kept(connection) + gone,
        states=states,
        outcomes=outcomes,
        executions=count_executions(connection),
        pruned=gone,
    )


def count_pruned(connection: Connection) -> int:
    """How many deliveries ended and are no longer kept."""
    return int(connection.scalar(select(func.sum(pruned.c.number))) or 0)


def _count_kept(connection: Connection) -> int:
    """How many requests are kept, whatever became of them."""
    return connection.scalar(select(func.count()).select_from(payloads)) or 0
