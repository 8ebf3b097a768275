"""Claims: who may run what, in which order, and when."""

import asyncio
import threading
from typing import Any

from sqlalchemy import Connection

from fakes.storing import Folder
from trunkline.engine.dispatch import LocalDispatch
from trunkline.model.clock import SystemClock
from trunkline.model.execution import Execution
from trunkline.model.states import ExecutionState
from trunkline.store.entry import Entry
from trunkline.store.executions import (
    claim_executions,
    next_due,
    queue_executions,
    requeue_all,
)
from trunkline.store.scenarios import save_version


async def _queue(folder: Folder, **changes: Any) -> Execution:  # noqa: ANN401 - fields
    execution = folder.execution(**changes)
    await folder.store.write(queue_executions, [execution])
    return execution


async def _claim(folder: Folder, limit: int = 100, now: int = 10) -> list[str]:
    claimed = await folder.store.write(
        claim_executions, owner="me", now=now, limit=limit
    )
    return [one.execution.id for one in claimed]


async def _end(folder: Folder, id_: str) -> None:
    over = folder.execution(id=id_, state=ExecutionState.DONE, epoch=1)
    await folder.store.append(Entry(change=over, fence=1))


async def test_the_oldest_are_claimed_first_and_once(folder: Folder) -> None:
    queued = [(await _queue(folder)).id for _ in range(10)]
    assert await _claim(folder, 3) == queued[:3]
    assert await _claim(folder, 3) == queued[3:6]
    assert await _claim(folder) == queued[6:]
    assert await _claim(folder) == []


async def test_a_claim_brings_owner_epoch_attempt_and_payload(folder: Folder) -> None:
    await folder.store.append(folder.delivery())
    (claimed,) = await folder.store.write(claim_executions, owner="me", now=10, limit=1)
    execution = claimed.execution
    assert (execution.owner, execution.epoch, execution.attempts) == ("me", 1, 1)
    assert execution.state is ExecutionState.RUNNING
    assert claimed.payload is not None
    assert claimed.payload.body == b"{}"


async def test_a_claim_that_is_called_off_in_the_midst_was_no_attempt(
    folder: Folder,
) -> None:
    """As when the server stops: what was claimed then is never begun."""
    await _queue(folder)
    entered, gate = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        entered.set()
        gate.wait(5)

    holding = asyncio.ensure_future(folder.store.write(hold))
    await asyncio.to_thread(entered.wait, 5)
    dispatch = LocalDispatch(folder.store, SystemClock(), owner="me", slots=4)
    claiming = asyncio.create_task(dispatch.claim())
    for _ in range(5):
        await asyncio.sleep(0)
    claiming.cancel()
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(holding, claiming, return_exceptions=True)
    (claimed,) = await folder.store.write(claim_executions, owner="me", now=10, limit=1)
    assert claimed.execution.attempts == 1


async def test_of_each_order_key_one_runs_at_a_time_in_order(folder: Folder) -> None:
    lines: dict[str, list[str]] = {"a": [], "b": []}
    for key in "abaabb":
        lines[key].append((await _queue(folder, order_key=key)).id)
    for place in range(3):
        heads = [lines["a"][place], lines["b"][place]]
        assert sorted(await _claim(folder)) == sorted(heads)
        assert await _claim(folder) == []
        for id_ in heads:
            await _end(folder, id_)
    assert await _claim(folder) == []


async def test_those_in_line_are_not_passed_over_for_younger_ones(
    folder: Folder,
) -> None:
    oldest = await _queue(folder, order_key="a")
    for _ in range(10):
        await _queue(folder)
    assert oldest.id in await _claim(folder, 3)


async def test_what_is_due_later_waits(folder: Folder) -> None:
    later = await _queue(folder, due_at=20)
    soon = await _queue(folder, due_at=15)
    assert await folder.store.read(next_due) == 15
    assert await _claim(folder, now=14) == []
    assert await _claim(folder, now=15) == [soon.id]
    assert await _claim(folder, now=25) == [later.id]
    assert await folder.store.read(next_due) is None


async def test_a_head_of_line_that_is_not_due_holds_the_line(folder: Folder) -> None:
    head = await _queue(folder, order_key="a", due_at=20)
    await _queue(folder, order_key="a")
    assert await _claim(folder, now=10) == []
    assert await _claim(folder, now=20) == [head.id]


async def test_what_a_dead_owner_ran_is_queued_again_in_a_new_epoch(
    folder: Folder,
) -> None:
    queued = [(await _queue(folder)).id for _ in range(4)]
    await _claim(folder, 3)
    await _end(folder, queued[0])
    assert await folder.store.write(requeue_all) == 2
    claimed = await folder.store.write(claim_executions, owner="next", now=10, limit=10)
    facts = {
        one.execution.id: (one.execution.epoch, one.execution.attempts)
        for one in claimed
    }
    assert facts == {queued[1]: (3, 2), queued[2]: (3, 2), queued[3]: (1, 1)}


async def test_what_was_journalled_comes_with_the_next_claim(folder: Folder) -> None:
    queued = await _queue(folder)
    await _claim(folder)
    operation = folder.operation(queued)
    await folder.store.append(Entry(operations=(operation,), fence=1))
    await folder.store.write(requeue_all)
    (claimed,) = await folder.store.write(
        claim_executions, owner="next", now=10, limit=1
    )
    assert claimed.operations == (operation,)


async def _scenarios(folder: Folder, *ids: str) -> None:
    """More scenarios than the folder has, with a version each."""

    def add(connection: Connection) -> None:
        for id_ in ids:
            save_version(
                connection,
                scenario_id=id_,
                version_id=f"version of {id_}",
                name=id_,
                content="{}",
                now=0,
            )

    await folder.store.write(add)


async def _queue_of(folder: Folder, scenario: str) -> str:
    version = f"version of {scenario}"
    queued = await _queue(folder, scenario_id=scenario, version_id=version)
    return queued.id


async def test_scenarios_share_the_slots_however_long_their_queues(
    folder: Folder,
) -> None:
    await _scenarios(folder, "busy", "quiet")
    busy = [await _queue_of(folder, "busy") for _ in range(20)]
    assert await _claim(folder, 4) == busy[:4]
    quiet = [await _queue_of(folder, "quiet") for _ in range(3)]

    assert sorted(await _claim(folder, 2)) == sorted(quiet[:2])
    assert sorted(await _claim(folder, 3)) == sorted([quiet[2], *busy[4:6]])


async def test_no_more_run_side_by_side_than_a_scenario_allows(folder: Folder) -> None:
    await _scenarios(folder, "bound", "free")
    bound = [await _queue_of(folder, "bound") for _ in range(5)]
    free = await _queue_of(folder, "free")

    async def claim() -> list[str]:
        claimed = await folder.store.write(
            claim_executions, owner="me", now=10, limit=9, bounds={"bound": 2}
        )
        return sorted(one.execution.id for one in claimed)

    assert await claim() == sorted([*bound[:2], free])
    assert await claim() == []
    await _end(folder, bound[0])
    assert await claim() == [bound[2]]
