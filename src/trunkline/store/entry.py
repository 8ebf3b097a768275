"""What the journal writes: entries, applied many at a time, in order of arrival."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from trunkline.model.call import Call
from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution, KeptBundle, Operation, Stop, Tally
from trunkline.model.position import Position
from trunkline.model.states import ExecutionState
from trunkline.store import incoming
from trunkline.store.calls import return_to_caller, write_call
from trunkline.store.incoming import Ending, Row
from trunkline.store.positions import move
from trunkline.store.reversals import let_writes_stand, take_writes_back


class Returned(Struct, frozen=True):
    """What a called execution came to: an output or an error, as JSON text."""

    child_id: str
    output: str | None
    error: str | None


class Entry(Struct, frozen=True, kw_only=True):
    """Changes that belong together: all of them are stored, or none.

    `change` is an execution in its new state, written only if `fence`, the epoch its
    owner holds, is still the stored one. Operations and bundles are fenced alike.
    `stops`, where given, take the place of those that the execution had; `position` is
    how far its trigger has come. `call` says who began `execution`, where another one
    did; `returned` what a called execution came to. With `wipe`, nothing stays of what
    the execution's bundles held. `tallies` take the place of those it had. `standing`
    names the execution whose writes to data stores stand from now on; those of one that
    fails or is cancelled, and do not stand yet, are taken back.
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
    stops: tuple[Stop, ...] | None = None
    position: Position | None = None
    call: Call | None = None
    returned: Returned | None = None
    wipe: bool = False
    tallies: tuple[Tally, ...] = ()
    standing: str | None = None


class Receipt(Struct, frozen=True):
    """What became of an entry; `duplicate_of` names the delivery that came first."""

    duplicate_of: str | None = None


_NEW = Receipt()
_LOST = (ExecutionState.FAILED, ExecutionState.CANCELLED)


def apply_entries(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    """Writes a group of entries, within a transaction.

    Where an execution belongs to somebody else by now, the database refuses the whole
    group with `incoming.LOST_LEASE` and does not say which: try them one by one.
    """
    arriving = [one for one in entries if one.delivery or one.execution]
    made = incoming.ARRIVALS.write(connection, [*map(_arrival, arriving)])
    incoming.BUNDLES.write(
        connection,
        [incoming.kept(one.fence, bundle) for one in entries for bundle in one.bundles],
    )
    incoming.PROGRESS.write(
        connection, [row for entry in entries for row in _progress(entry)]
    )
    for entry in entries:
        _write_rare(connection, entry)
    if made == sum(map(_expected, arriving)):
        return [_NEW] * len(entries)
    return _receipts(connection, entries)


def _write_rare(connection: Connection, entry: Entry) -> None:
    """What few entries have."""
    if entry.stops is not None and entry.change is not None:
        incoming.write_stops(connection, entry.change.id, entry.stops)
    if entry.position is not None:
        move(connection, entry.position)
    if entry.call is not None:
        write_call(connection, entry.call)
    if entry.tallies and entry.change is not None:
        incoming.write_tallies(connection, entry.change.id, entry.tallies)
    if entry.wipe and entry.change is not None:
        incoming.wipe(connection, entry.change)
    if entry.standing is not None:
        let_writes_stand(connection, entry.standing)
    if entry.change is not None and entry.change.state in _LOST:
        take_writes_back(connection, entry.change.id)
    if entry.returned is not None:
        child = entry.returned
        return_to_caller(connection, child.child_id, child.output, child.error)


def _arrival(entry: Entry) -> Row:
    return incoming.arrival(
        entry.dedupe_key, entry.delivery, entry.payload, entry.execution
    )


def _progress(entry: Entry) -> Iterator[Row]:
    """A row for each operation; the end of the execution goes with the last of them."""
    *before, last = entry.operations or (None,)
    for operation in before:
        yield incoming.progress(entry.fence, operation, None, None)
    if last or entry.change or entry.ending:
        yield incoming.progress(entry.fence, last, entry.change, entry.ending)


def _expected(entry: Entry) -> int:
    """How many changes an arrival makes that did not come before."""
    if entry.delivery is None:
        return 1
    return 2 + (entry.dedupe_key is not None) + (entry.execution is not None)


def _receipts(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    """What became of each, where at least one came before."""
    marks = {
        entry.delivery.id: (entry.delivery.webhook_id, entry.dedupe_key)
        for entry in entries
        if entry.delivery is not None and entry.dedupe_key is not None
    }
    firsts = dict(
        zip(marks, incoming.first_seen(connection, marks.values()), strict=True)
    )
    return [_receipt(entry, firsts) for entry in entries]


def _receipt(entry: Entry, firsts: Mapping[str, str]) -> Receipt:
    if entry.delivery is None:
        return _NEW
    first = firsts.get(entry.delivery.id, entry.delivery.id)
    return _NEW if first == entry.delivery.id else Receipt(first)
