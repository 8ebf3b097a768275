"""Operations of a run by hand, for some of which something stands in."""

from collections.abc import AsyncGenerator, Mapping
from functools import cached_property
from typing import Any

from trunkline.engine.bundle import decode, encode
from trunkline.engine.gathering import Gathering
from trunkline.engine.marks import marked
from trunkline.engine.operations import Operations
from trunkline.engine.polling import News
from trunkline.engine.steps import Step
from trunkline.engine.tasks import Bundles
from trunkline.model.position import Position
from trunkline.model.stand_ins import Course, StandIns
from trunkline.model.states import OperationState
from trunkline.sdk import Delivery, Kind, Watch


def operations_kind(stand_ins: StandIns | None) -> type[Operations]:
    """How the operations of an execution are performed."""
    if stand_ins is None:
        return Operations
    return Sampled if stand_ins.course is None else Continued


class Sampled(Operations):
    """Performs operations; a module with samples gives these, and is not run."""

    @cached_property
    def samples(self) -> Mapping[int, list[Any]]:
        """Bundles that a module gives instead of running, by its number."""
        return {} if self._past.stand_ins is None else self._past.stand_ins.samples

    async def perform(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        if step.id not in self.samples:
            return await super().perform(step, bundles, path)
        (output,) = self._stand_in(step, bundles, path)[:1] or [{}]
        return output

    async def call(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        if step.id not in self.samples:
            return await super().call(step, bundles, path)
        return await self.perform(step, bundles, path)

    async def trigger(self, step: Step, delivery: Delivery | None) -> list[Any]:
        if step.id not in self.samples:
            return await super().trigger(step, delivery)
        given = self._stand_in(step, {}, "")
        if not (step.numbered or step.counted):
            return given
        return [marked(step, one, at, len(given)) for at, one in enumerate(given, 1)]

    async def poll(
        self, step: Step, watch: Watch, position: Position | None, path: str
    ) -> News:
        if step.id not in self.samples:
            return await super().poll(step, watch, position, path)
        given = self._stand_in(step, {}, path)
        return News(given, position or self._before_all(step), more=False)

    async def aggregate(
        self, step: Step, bundles: Bundles, path: str, gathered: Gathering
    ) -> list[Any]:
        if step.id not in self.samples:
            return await super().aggregate(step, bundles, path, gathered)
        return self._stand_in(step, bundles, path)

    async def _given(
        self, step: Step, bundles: Bundles, path: str
    ) -> AsyncGenerator[tuple[int, Any], None]:
        if step.id not in self.samples:
            async for given in super()._given(step, bundles, path):
                yield given
            return
        for given in enumerate(self._stand_in(step, bundles, path), 1):
            yield given

    def _stand_in(self, step: Step, bundles: Bundles, path: str) -> list[Any]:
        """The samples of a module, recorded as its output."""
        given = [*self.samples[step.id]]
        if self._recall(step, path) is None:
            task = self._begin(step, bundles, path)
            text = encode(given[0]) if len(given) == 1 else None
            self._record(task, OperationState.DONE, output=text, bundles=len(given))
            if text is None:
                for position, output in enumerate(given, 1):
                    self._keep(step, path, position, output)
        return given


class Continued(Sampled):
    """Begins at a module: what lies before it has been done by another execution.

    Its operations are recalled; a bundle that had not come through stays where it was.
    """

    @cached_property
    def course(self) -> Course:
        """The way through the flow."""
        found = self._past.stand_ins and self._past.stand_ins.course
        return found or Course(module=0)

    @cached_property
    def _outdone(self) -> set[str]:
        """Paths of bundles that another route than the fallback has taken."""
        return set()

    def passes(self, step: Step, bundles: Bundles, path: str) -> bool:
        course = self.course
        if step.id in course.behind:
            is_outdone = step.id == course.module and path in self._outdone
            return not is_outdone and super().passes(step, bundles, path)
        if step.id in course.before:
            return self._has_come_through(step, path) and super().passes(
                step, bundles, path
            )
        if step.id in course.rivals and super().passes(step, bundles, path):
            self._outdone.add(path)
        return False

    def _has_come_through(self, step: Step, path: str) -> bool:
        # What an aggregator has taken in is not written down one by one.
        if step.module.kind in (Kind.AGGREGATOR, Kind.ROUTER):
            return True
        recalled = self._journal.recall(step.id, path)
        if recalled is None:
            return False
        return recalled.state is not OperationState.FAILED or step.on_error is not None

    def branch(self, step: Step, bundles: Bundles, path: str) -> int | None:
        number = super().branch(step, bundles, path)
        return number if self.course.ways.get(step.id, number) == number else None

    async def poll(
        self, step: Step, watch: Watch, position: Position | None, path: str
    ) -> News:
        if step.id in self.samples or self._recall(step, path) is not None:
            return await super().poll(step, watch, position, path)
        return News([], position or self._before_all(step), more=False)

    async def aggregate(
        self, step: Step, bundles: Bundles, path: str, gathered: Gathering
    ) -> list[Any]:
        if step.id not in self.course.before:
            return await super().aggregate(step, bundles, path, gathered)
        recalled = self._recall(step, path)
        if recalled is None or recalled.output is None:
            return self._kept(step, path)
        return [decode(recalled.output)]

    async def _given(
        self, step: Step, bundles: Bundles, path: str
    ) -> AsyncGenerator[tuple[int, Any], None]:
        if step.id not in self.course.before or not step.reaches_out:
            async for given in super()._given(step, bundles, path):
                yield given
            return
        for given in enumerate(self._kept(step, path), 1):
            yield given
