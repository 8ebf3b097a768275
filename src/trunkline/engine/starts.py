"""How an execution begins: with a delivery, or with what a service has that is new."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from msgspec.structs import replace

from trunkline.engine.bundle import decode, encode, to_bundle
from trunkline.engine.marks import marked
from trunkline.engine.polling import News, find_news, first_position
from trunkline.engine.steps import Step
from trunkline.engine.tasks import Task, Tasks
from trunkline.model.execution import KeptBundle
from trunkline.model.position import Position
from trunkline.model.states import OperationState
from trunkline.sdk import Delivery, Watch


class Starts(Tasks):
    """What the first module of a scenario gives."""

    async def trigger(self, step: Step, delivery: Delivery | None) -> list[Any]:
        """The bundles of a delivery; being pure, they are the same at each attempt.

        Raises:
            OperationFailed: the delivery is not what the trigger takes.
        """
        recalled = self._recall(step, "")
        task = self._begin(step, {}, "", anew=recalled is None)
        try:
            bundles = [to_bundle(one) async for one in step.module.run(delivery)]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        if recalled is None:
            self._record(task, OperationState.DONE, bundles=len(bundles))
        if not (step.numbered or step.counted):
            return bundles
        return [
            marked(step, bundle, position, len(bundles))
            for position, bundle in enumerate(bundles, 1)
        ]

    async def poll(
        self, step: Step, watch: Watch, position: Position | None, path: str
    ) -> News:
        """The next bundles of a polling trigger, on disk with the position behind them.

        A trigger without a position takes nothing, but begins from now on.

        Raises:
            OperationFailed: the module failed.
            HandBack: the server is stopping.
        """
        here = position or self._before_all(step)
        if self._recall(step, path) is not None:
            return News(self._kept(step, path), here, more=True)
        await self._before_reaching_out()
        task = self._begin(step, {}, path)
        results = await self._open(task, since=here.mark)
        try:
            async with aclosing(results):
                if position is None:
                    began = await first_position(results, watch, here, task.at)
                    news = News([], began, more=False)
                else:
                    news = await find_news(results, watch, here, step.limit)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        for number, bundle in enumerate(news.bundles, 1):
            self._journal.keep(self._as_kept(step, path, number, bundle), pure=False)
        self._record(task, OperationState.DONE, bundles=len(news.bundles))
        self._journal.move(replace(news.position, moved_at=task.at))
        await self._journal.flush()
        return news

    def _before_all(self, step: Step) -> Position:
        return Position(
            scenario_id=self._journal.execution.scenario_id, module_id=step.id
        )

    def _kept(self, step: Step, path: str) -> list[Any]:
        return [
            decode(one.data)
            for one in self._past.bundles
            if (one.module_id, one.path) == (step.id, path)
        ]

    async def _open(
        self, task: Task, *, since: object = None
    ) -> AsyncGenerator[Any, None]:
        try:
            await self._prepare(task)
            results: AsyncGenerator[Any, None] = task.step.module.run(
                **self._arguments(task, since=since)
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        return results

    def _as_kept(
        self, step: Step, path: str, position: int, output: object
    ) -> KeptBundle:
        return KeptBundle(
            execution_id=self._execution,
            module_id=step.id,
            path=path,
            position=position,
            data=encode(output),
        )
