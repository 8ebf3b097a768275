"""What the journal writes: entries, applied many at a time.

The statements of a group run kind by kind, in an order that holds whatever the mix:
what is new before what refers to it, and the end of an execution after its
operations. Within a kind the order of arrival is kept.
"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select, tuple_

from trunkline.errors import LeaseLostError
from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.states import DeliveryState, Outcome
from trunkline.store import statements, tables
from trunkline.store.statements import Row, Statement


class Ending(Struct, frozen=True, kw_only=True):
    """The next state of a delivery."""

    delivery_id: str
    state: DeliveryState
    outcome: Outcome | None = None
    reason: str | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """Changes that belong together: all of them are stored, or none.

    `change` is an execution in its new state, written only if `fence`, the epoch its
    owner holds, is still the stored one. Operations and bundles are fenced alike.
    """

    delivery: StoredDelivery | None = None
    payload: Payload | None = None
    dedupe_key: str | None = None
    execution: Execution | None = None
    operations: tuple[Operation, ...] = ()
    bundles: tuple[KeptBundle, ...] = ()
    change: Execution | None = None
    fence: int = 0
    ending: Ending | None = None


class Receipt(Struct, frozen=True):
    """What became of an entry; `duplicate_of` names the delivery that came first."""

    duplicate_of: str | None = None


_NEW = Receipt()


def apply_entries(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    """Writes a group of entries.

    Raises:
        LeaseLostError: an execution in the group belongs to somebody else now; with
            more than one entry it does not say which, so try them one by one.
    """
    receipts = _mark_seen(connection, entries)
    entries = [
        _as_duplicate(entry, receipt) if receipt.duplicate_of else entry
        for entry, receipt in zip(entries, receipts, strict=True)
    ]
    _insert_new(connection, entries)
    _insert_fenced(connection, entries)
    _change_states(connection, entries)
    return receipts


def _mark_seen(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    marks = [
        (entry.delivery.webhook_id, entry.dedupe_key, entry.delivery.id)
        for entry in entries
        if entry.delivery is not None and entry.dedupe_key is not None
    ]
    if not marks or statements.MARK_SEEN.run(connection, marks) == len(marks):
        return [_NEW] * len(entries)
    firsts = _first_deliveries(connection, {(hook, key) for hook, key, _ in marks})
    return [_receipt(entry, firsts) for entry in entries]


def _first_deliveries(
    connection: Connection, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    seen = tables.seen.c
    rows = connection.execute(
        select(seen.webhook_id, seen.key, seen.delivery_id).where(
            tuple_(seen.webhook_id, seen.key).in_(keys)
        )
    )
    return {(row.webhook_id, row.key): row.delivery_id for row in rows}


def _receipt(entry: Entry, firsts: dict[tuple[str, str], str]) -> Receipt:
    if entry.delivery is None or entry.dedupe_key is None:
        return _NEW
    first = firsts[entry.delivery.webhook_id, entry.dedupe_key]
    return _NEW if first == entry.delivery.id else Receipt(first)


def _as_duplicate(entry: Entry, receipt: Receipt) -> Entry:
    """The same delivery, kept and counted but not run again."""
    assert entry.delivery is not None  # noqa: S101 - only deliveries have receipts
    return replace(
        entry,
        execution=None,
        delivery=replace(
            entry.delivery,
            state=DeliveryState.DONE,
            outcome=Outcome.DUPLICATE,
            reason=f"The same as {receipt.duplicate_of}.",
        ),
    )


def _insert_new(connection: Connection, entries: Sequence[Entry]) -> None:
    arrived = [
        (entry.delivery, entry.payload)
        for entry in entries
        if entry.delivery is not None and entry.payload is not None
    ]
    insert = statements.INSERT_DELIVERY
    insert.run(connection, [insert.row(delivery) for delivery, _ in arrived])
    statements.INSERT_PAYLOAD.run(
        connection, [_payload(delivery.id, payload) for delivery, payload in arrived]
    )
    insert = statements.INSERT_EXECUTION
    insert.run(
        connection,
        [insert.row(entry.execution) for entry in entries if entry.execution],
    )


def _payload(delivery_id: str, payload: Payload) -> Row:
    return (
        delivery_id,
        payload.method,
        _json(payload.query),
        _json(payload.headers),
        payload.body,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _insert_fenced(connection: Connection, entries: Sequence[Entry]) -> None:
    insert = statements.INSERT_OPERATION
    operations = [
        (*insert.row(operation), operation.execution_id, entry.fence)
        for entry in entries
        for operation in entry.operations
    ]
    _run_fenced(connection, insert, operations)
    insert = statements.INSERT_BUNDLE
    bundles = [
        (*insert.row(bundle), bundle.execution_id, entry.fence)
        for entry in entries
        for bundle in entry.bundles
    ]
    _run_fenced(connection, insert, bundles)


def _change_states(connection: Connection, entries: Sequence[Entry]) -> None:
    change = statements.CHANGE_EXECUTION
    changes = [
        (*change.row(entry.change), entry.change.id, entry.fence)
        for entry in entries
        if entry.change is not None
    ]
    _run_fenced(connection, change, changes)
    end = statements.END_DELIVERY
    endings = [
        (*end.row(entry.ending), entry.ending.delivery_id)
        for entry in entries
        if entry.ending is not None
    ]
    end.run(connection, endings)


def _run_fenced(
    connection: Connection, statement: Statement, rows: Sequence[Row]
) -> None:
    if statement.run(connection, rows) != len(rows):
        raise LeaseLostError("The execution belongs to another worker now.")
