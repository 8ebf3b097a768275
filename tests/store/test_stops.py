"""Incomplete executions in the store."""

import pytest
from msgspec.structs import replace

from fakes.storing import Folder
from trunkline.model.execution import Stop
from trunkline.model.states import ExecutionState, OperationState
from trunkline.store.entry import Entry
from trunkline.store.executions import claim_executions, queue_executions
from trunkline.store.stops import resume_execution


@pytest.mark.parametrize(
    ("state", "kept"), [(OperationState.DONE, True), (OperationState.FAILED, False)]
)
async def test_what_came_through_after_it_had_stopped_is_not_begun_anew(
    folder: Folder,
    state: OperationState,
    kept: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    execution = folder.execution(state=ExecutionState.RUNNING, epoch=1)
    await folder.store.write(queue_executions, [execution])
    stop = Stop(
        execution_id=execution.id, module_id=1, path="", stopped_at=1, error="{}"
    )
    over = replace(execution, state=ExecutionState.FAILED)
    done = replace(folder.operation(execution), state=state)
    await folder.store.append(
        Entry(operations=(done,), change=over, fence=1, stops=(stop,))
    )

    await folder.store.write(resume_execution, execution.id, 2)

    (claimed,) = await folder.store.write(claim_executions, owner="me", now=3, limit=1)
    assert [one.module_id for one in claimed.operations] == [1] * kept
