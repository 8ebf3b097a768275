"""Journal entries: all of one or nothing, whatever travels in the same commit."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from fakes.serving import on_disk
from fakes.storing import Folder, webhook
from trunkline.errors import ConflictError, LeaseLostError
from trunkline.model.execution import KeptBundle
from trunkline.model.states import DeliveryState, ExecutionState
from trunkline.store.entry import Entry, Receipt
from trunkline.store.incoming import Ending
from trunkline.store.webhooks import add_webhook


def _count(folder: Folder, table: str, where: str = "1") -> int:
    (row,) = on_disk(
        folder.store.folder,
        f"SELECT count(*) FROM {table} WHERE {where}",  # noqa: S608 - the test's own text
    )
    return int(row[0])


async def test_entries_of_one_commit_are_all_stored(folder: Folder) -> None:
    receipts = await folder.together(*(folder.delivery() for _ in range(100)))
    assert receipts == [Receipt()] * 100
    for table in ("deliveries", "payloads", "executions"):
        assert _count(folder, table) == 100


async def test_one_bad_entry_takes_no_other_with_it(folder: Folder) -> None:
    good = [folder.delivery() for _ in range(5)]
    orphan = folder.delivery(webhook_id="nobody")
    assert good[0].delivery is not None
    twice = folder.delivery(id=good[0].delivery.id)
    results = await folder.together(*good[:2], orphan, *good[2:4], twice, good[4])
    failed = [isinstance(result, Exception) for result in results]
    assert failed == [False, False, True, False, False, True, False]
    assert _count(folder, "deliveries") == 5
    assert _count(folder, "executions") == 5


async def test_a_bad_entry_leaves_none_of_its_parts(folder: Folder) -> None:
    wrong = folder.delivery("a-key", run={"version_id": "nothing"})
    (result,) = await folder.together(wrong)
    assert isinstance(result, Exception)
    for table in ("deliveries", "payloads", "executions", "seen"):
        assert _count(folder, table) == 0


@pytest.mark.parametrize("event", ["\ud800", "a\x00b", "x" * 100_000])
async def test_no_text_of_a_sender_takes_other_deliveries_with_it(
    folder: Folder, event: str
) -> None:
    results = await folder.together(
        folder.delivery(), folder.delivery(event=event), folder.delivery()
    )
    assert [results[0], results[2]] == [Receipt()] * 2
    assert _count(folder, "deliveries") in (2, 3)


async def test_a_piece_of_writing_that_breaks_takes_no_entry_with_it(
    folder: Folder,
) -> None:
    def refuse(_: Connection) -> None:
        raise ConflictError("as it should")

    def stumble(connection: Connection) -> None:
        connection.execute(text("UPDATE scenarios SET name = 'changed'"))
        raise KeyError("a fault")

    results = await folder.together(
        folder.delivery(), refuse, folder.delivery(), stumble, folder.delivery()
    )
    kinds = [type(result) for result in results]
    assert kinds == [Receipt, ConflictError, Receipt, KeyError, Receipt]
    assert _count(folder, "deliveries") == 3
    assert _count(folder, "scenarios", "name = 'changed'") == 0
    # The thread lives, and takes more.
    assert await folder.store.append(folder.delivery()) == Receipt()


async def test_a_taken_name_is_a_conflict_and_nothing_more(folder: Folder) -> None:
    def again(connection: Connection) -> None:
        add_webhook(connection, folder.store.vault, webhook(id="another"))

    entry, conflict = await folder.together(folder.delivery(), again)
    assert entry == Receipt()
    assert isinstance(conflict, ConflictError)


async def test_of_the_same_happening_one_runs_within_a_commit_and_across(
    folder: Folder,
) -> None:
    first = folder.delivery("a-key")
    others = [folder.delivery("a-key") for _ in range(3)]
    different = folder.delivery("another-key")
    unmarked = [folder.delivery() for _ in range(2)]
    receipts = await folder.together(first, *others, different, *unmarked)
    assert first.delivery is not None
    duplicate = Receipt(first.delivery.id)
    assert receipts == [Receipt(), *[duplicate] * 3, *[Receipt()] * 3]
    assert await folder.store.append(folder.delivery("a-key")) == duplicate
    assert _count(folder, "executions") == 4
    assert _count(folder, "deliveries", "outcome = 'duplicate'") == 4
    assert _count(folder, "deliveries") == 8


async def test_the_same_key_at_two_webhooks_is_two_happenings(folder: Folder) -> None:
    await folder.store.write(
        add_webhook, folder.store.vault, webhook(id="second", name="second")
    )
    receipts = await folder.together(
        folder.delivery("a-key"), folder.delivery("a-key", webhook_id="second")
    )
    assert receipts == [Receipt()] * 2


async def test_a_refused_first_does_not_mark_its_happening_as_seen(
    folder: Folder,
) -> None:
    orphan = folder.delivery("a-key", webhook_id="nobody")
    bad, good = await folder.together(orphan, folder.delivery("a-key"))
    assert isinstance(bad, Exception)
    assert good == Receipt()


async def _running(folder: Folder) -> Any:  # noqa: ANN401 - an execution
    """An execution that somebody owns in epoch 1."""
    owned = {"state": ExecutionState.RUNNING, "owner": "me", "epoch": 1}
    entry = folder.delivery(run=owned)
    await folder.store.append(entry)
    return entry.execution


def _over(folder: Folder, execution: Any) -> Any:  # noqa: ANN401 - an execution
    """The same execution, ended."""
    return folder.execution(id=execution.id, state=ExecutionState.DONE, epoch=1)


async def test_who_lost_the_lease_writes_nothing(folder: Folder) -> None:
    execution = await _running(folder)
    operation = folder.operation(execution)
    kept = KeptBundle(
        execution_id=execution.id, module_id=1, path="", position=1, data="{}"
    )
    over = _over(folder, execution)
    end = Ending(delivery_id=execution.delivery_id, state=DeliveryState.DONE)
    late = [
        Entry(operations=(operation,), fence=0),
        Entry(bundles=(kept,), fence=0),
        Entry(change=over, fence=2),
        Entry(operations=(operation,), change=over, ending=end, fence=0),
    ]
    results = await folder.together(*late, folder.delivery())
    assert [type(result) for result in results] == [LeaseLostError] * 4 + [Receipt]
    assert _count(folder, "operations") + _count(folder, "bundles") == 0
    assert _count(folder, "executions", "state = 'done'") == 0
    assert _count(folder, "deliveries", "state = 'done'") == 0


async def test_who_holds_the_lease_writes_all_of_it_at_once(folder: Folder) -> None:
    execution = await _running(folder)
    over = _over(folder, execution)
    end = Ending(delivery_id=execution.delivery_id, state=DeliveryState.DONE)
    operations = tuple(folder.operation(execution, number) for number in (1, 2, 3))
    entry = Entry(operations=operations, change=over, ending=end, fence=1)
    assert await folder.together(entry) == [Receipt()]
    assert _count(folder, "operations") == 3
    assert _count(folder, "executions", "state = 'done' AND owner IS NULL") == 1
    assert _count(folder, "deliveries", "state = 'done'") == 1
