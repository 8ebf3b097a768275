"""A restored folder waits for a person before anything runs in it again.

What its executions do was perhaps done already, after the backup was made.
"""

from sqlalchemy import Connection, func, select, update

from trunkline.errors import ConflictError
from trunkline.model.clock import Millis
from trunkline.model.states import UNDER_WAY, DeliveryState, ExecutionState
from trunkline.store.facts import find_fact, forget_fact, note_fact
from trunkline.store.tables import deliveries, executions

_REVIEW = "review"
_UNFINISHED = executions.c.state.in_(UNDER_WAY)


def begin_review(connection: Connection, made_at: Millis) -> None:
    """Marks a folder that was restored from a backup made at that time."""
    note_fact(connection, _REVIEW, str(made_at))


def find_review(connection: Connection) -> Millis | None:
    """When the backup was made from which the folder was restored, until confirmed."""
    found = find_fact(connection, _REVIEW)
    return None if found is None else int(found)


def count_unfinished(connection: Connection) -> int:
    """How many executions would go on, were the review over."""
    query = select(func.count()).select_from(executions).where(_UNFINISHED)
    return connection.scalar(query) or 0


def end_review(connection: Connection, *, cancel: bool, now: Millis) -> int:
    """Lets the folder work again; returns how many executions were unfinished.

    Raises:
        ConflictError: there is no review.
    """
    if find_review(connection) is None:
        raise ConflictError(
            "There is nothing to confirm: this folder was not restored from a backup, "
            "or somebody confirmed it already."
        )
    unfinished = count_unfinished(connection)
    if cancel:
        _cancel_unfinished(connection, now)
    forget_fact(connection, _REVIEW)
    return unfinished


def _cancel_unfinished(connection: Connection, now: Millis) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(select(executions.c.delivery_id).where(_UNFINISHED)))
        .where(deliveries.c.state.in_((DeliveryState.WAITING, DeliveryState.RUNNING)))
        .values(state=DeliveryState.CANCELLED)
    )
    connection.execute(
        update(executions)
        .where(_UNFINISHED)
        .values(
            state=ExecutionState.CANCELLED,
            owner=None,
            ended_at=now,
            epoch=executions.c.epoch + 1,
        )
    )
