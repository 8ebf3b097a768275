"""What the journal writes: entries, applied many at a time, in order of arrival."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.states import DeliveryState, Outcome
from trunkline.store import incoming
from trunkline.store.incoming import Ending


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

    Where an execution belongs to somebody else by now, the database refuses the whole
    group with `incoming.LOST_LEASE` and does not say which: try them one by one.
    """
    receipts = _mark_seen(connection, entries)
    entries = [
        _as_duplicate(entry, receipt) if receipt.duplicate_of else entry
        for entry, receipt in zip(entries, receipts, strict=True)
    ]
    _write(connection, entries)
    return receipts


def _write(connection: Connection, entries: Sequence[Entry]) -> None:
    """What is new before what refers to it, and the end after all else."""
    incoming.ARRIVALS.write(
        connection,
        [
            incoming.arrival(one.delivery, one.payload, one.execution)
            for one in entries
            if one.delivery or one.execution
        ],
    )
    incoming.OPERATIONS.write(
        connection,
        [
            incoming.done(one.fence, operation)
            for one in entries
            for operation in one.operations
        ],
    )
    incoming.BUNDLES.write(
        connection,
        [incoming.kept(one.fence, bundle) for one in entries for bundle in one.bundles],
    )
    incoming.CHANGES.write(
        connection,
        [
            incoming.change(one.fence, one.change, one.ending)
            for one in entries
            if one.change or one.ending
        ],
    )


def _mark_seen(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    marks = [
        (entry.delivery.webhook_id, entry.dedupe_key, entry.delivery.id)
        for entry in entries
        if entry.delivery is not None and entry.dedupe_key is not None
    ]
    if incoming.mark_seen(connection, marks) == len(marks):
        return [_NEW] * len(entries)
    firsts = zip(marks, incoming.first_seen(connection, marks), strict=True)
    repeated = {id_: first for (_, _, id_), first in firsts if first != id_}
    return [_receipt(entry, repeated) for entry in entries]


def _receipt(entry: Entry, repeated: Mapping[str, str]) -> Receipt:
    first = repeated.get(entry.delivery.id) if entry.delivery is not None else None
    return _NEW if first is None else Receipt(first)


def _as_duplicate(entry: Entry, receipt: Receipt) -> Entry:
    """A delivery that came before is kept and counted, but not run again."""
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
