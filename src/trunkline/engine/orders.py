"""What people order executions to do: to run, to stop, to go on, to be given up."""

import asyncio
from collections.abc import Collection

from msgspec.structs import replace

from trunkline.engine.course import course_from
from trunkline.engine.dispatch import Dispatch
from trunkline.engine.document import load_document
from trunkline.engine.news import News
from trunkline.engine.roster import Roster
from trunkline.engine.worker import Worker
from trunkline.errors import ConflictError, InReviewError
from trunkline.model.clock import Clock
from trunkline.model.execution import Execution
from trunkline.model.ids import Ids
from trunkline.model.stand_ins import StandIns
from trunkline.model.states import UNDER_WAY, ExecutionState, Origin
from trunkline.store.executions import Claimed, call_off, queue_executions
from trunkline.store.scenarios import find_version
from trunkline.store.stand_ins import find_stand_ins
from trunkline.store.stops import discard_execution, resume_execution
from trunkline.store.store import Store
from trunkline.store.takeovers import queue_with


class Orders:
    """Carries out what is ordered, and knows who waits for an end."""

    def __init__(
        self,
        store: Store,
        dispatch: Dispatch,
        worker: Worker,
        roster: Roster,
        clock: Clock,
        ids: Ids,
        news: News,
    ) -> None:
        self._store = store
        self._dispatch = dispatch
        self._worker = worker
        self._roster = roster
        self._clock = clock
        self._ids = ids
        self._news = news
        self._waiters: dict[str, asyncio.Future[Execution]] = {}

    async def run_now(
        self, execution: Execution, stand_ins: StandIns | None = None
    ) -> Execution:
        """Runs an execution by hand and returns it when it has ended.

        Raises:
            InReviewError: the folder was restored, and is not confirmed yet.
        """
        self._refuse_in_review()
        future: asyncio.Future[Execution] = asyncio.get_running_loop().create_future()
        self._waiters[execution.id] = future
        if stand_ins is None and await self._dispatch.reserve(wait=False):
            owned = execution.claimed_by(self._dispatch.owner, execution.created_at)
            await self._store.write(queue_executions, [owned])
            self._worker.start(Claimed(execution=owned, payload=None))
        else:
            await self.queue(execution, stand_ins)
        return await future

    async def queue(
        self, execution: Execution, stand_ins: StandIns | None = None
    ) -> None:
        """Lets an execution run when its turn comes.

        Raises:
            InReviewError: the folder was restored, and is not confirmed yet.
        """
        self._refuse_in_review()
        await self._queue(execution, stand_ins)

    async def run_again(
        self, execution: Execution, version_id: str, *, in_its_place: bool = False
    ) -> str:
        """Queues an execution of a version on what an earlier one was given.

        Where the new one takes its place, one that is incomplete is given up with it.
        What stood in for modules does so once more.

        Returns:
            The id of the new execution.

        Raises:
            ConflictError: the earlier one is under way, or began at a module that the
                version does not have.
            InReviewError: the folder was restored, and is not confirmed yet.
        """
        if execution.state in UNDER_WAY:
            raise ConflictError("The execution is still under way.")
        self._refuse_in_review()
        again = Execution(
            id=self._ids.new(),
            origin=Origin.PERSON,
            scenario_id=execution.scenario_id,
            version_id=version_id,
            delivery_id=execution.delivery_id,
            created_at=self._clock.millis(),
            input=execution.input,
            order_key=execution.order_key,
        )
        replaces = in_its_place and execution.state is ExecutionState.INCOMPLETE
        stand_ins = await self._same_stand_ins(execution, again)
        await self._queue(
            again, stand_ins, instead_of=execution.id if replaces else None
        )
        return again.id

    async def _queue(
        self,
        execution: Execution,
        stand_ins: StandIns | None,
        *,
        instead_of: str | None = None,
    ) -> None:
        write = self._store.write
        if stand_ins is None:
            await write(queue_executions, [execution], instead_of=instead_of)
        else:
            await write(queue_with, execution, stand_ins, instead_of=instead_of)
        self._dispatch.wake()
        self._news.tell("executions")

    async def _same_stand_ins(
        self, before: Execution, again: Execution
    ) -> StandIns | None:
        """What stood in for modules, for an execution that runs on the same."""
        what = await self._store.read(find_stand_ins, before.id)
        if what is None or what.course is None:
            return None if what is None else replace(what, execution_id=again.id)
        content = await self._store.read(find_version, again.version_id)
        course = course_from(load_document(content), what.course.module)
        if course is None:
            raise ConflictError(
                f"It began at module {what.course.module}, which the scenario does not "
                "have any more."
            )
        return replace(what, execution_id=again.id, source_id=before.id, course=course)

    async def call_off(self, execution_id: str) -> bool:
        """Cancels an execution that waits or runs; false where it has ended."""
        cancelled = await self._store.write(
            call_off, execution_id, self._clock.millis()
        ) or await self._worker.call_off(execution_id)
        self._news.tell("executions")
        return cancelled

    async def resume(
        self,
        execution_id: str,
        *,
        version_id: str | None = None,
        edits: Collection[tuple[int, str, str]] = (),
    ) -> None:
        """Lets an incomplete or failed execution go on; see `resume_execution`."""
        now = self._clock.millis()
        await self._store.write(
            resume_execution, execution_id, now, version_id=version_id, edits=edits
        )
        self._dispatch.wake()
        self._news.tell("executions")

    async def discard(self, execution_id: str) -> None:
        """Gives an incomplete execution up; see `discard_execution`."""
        await self._store.write(discard_execution, execution_id, self._clock.millis())
        self._dispatch.wake()
        self._news.tell("executions")

    def ended(self, execution: Execution) -> None:
        """Tells whoever waits for the end of an execution."""
        future = self._waiters.pop(execution.id, None)
        if future is not None and not future.done():
            future.set_result(execution)

    def _refuse_in_review(self) -> None:
        if self._roster.in_review:
            raise InReviewError(
                "This folder was restored from a backup, and nothing runs until it is "
                "confirmed: `trunkline restore --confirm`."
            )
