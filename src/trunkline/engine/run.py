"""One execution from its first bundle to its last, depth first."""

from collections.abc import (
    AsyncGenerator,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from trunkline.engine.backoff import FATAL, waits_for
from trunkline.engine.failures import OperationFailed
from trunkline.engine.gathering import Gathering
from trunkline.engine.marks import EMPTY
from trunkline.engine.operations import Operations, branch_bundle
from trunkline.engine.steps import CompiledScenario, Step, Way
from trunkline.engine.tasks import Bundles
from trunkline.model.clock import Millis
from trunkline.model.position import Position
from trunkline.model.steps import keep_step
from trunkline.sdk import Delivery, Kind, Watch

_MINUTE = 60_000
_NOTHING = object()
"""Stands for the output of a step at which its bundle's way ends."""


@dataclass(frozen=True, slots=True)
class Halt:
    """A failure at which a bundle stopped; `waits` are those before each new try."""

    failure: OperationFailed
    waits: Sequence[Millis]


class _Stopped(Exception):  # noqa: N818 - not an error: the bundle waits for repair
    """The bundle goes no further; the next one does."""


class _Directed(Exception):  # noqa: N818 - not an error: an order
    """A directive was reached, with the bundle that it was given."""

    def __init__(self, directive: str, output: Any) -> None:  # noqa: ANN401 - any JSON value
        super().__init__(directive)
        self.directive = directive
        self.output = output


class _Committed(Exception):  # noqa: N818 - not an error: an order
    """The run ends here, well."""


class Run:
    """Carries each bundle through the whole flow before the next one starts."""

    def __init__(
        self,
        scenario: CompiledScenario,
        operations: Operations,
        delivery: Delivery | None = None,
        *,
        folder: Path,
        position: Position | None = None,
    ) -> None:
        self._scenario = scenario
        self._operations = operations
        self._delivery = delivery
        self._folder = folder
        self._position = position
        self._gatherings: dict[tuple[int, str], Gathering] = {}
        self.halts: list[Halt] = []
        """Where bundles stopped that are kept to be resumed."""

    async def go(self) -> None:
        """Runs to the end.

        Raises:
            OperationFailed: a module failed, and nothing caught it.
            HandBack: the server is stopping, or the execution has to sleep.
        """
        try:
            await self._begin(self._scenario.first)
        except (_Stopped, _Committed):
            pass
        finally:
            for gathering in self._gatherings.values():
                gathering.close()

    async def _begin(self, first: Step) -> None:
        if first.module.watch is not None:
            await self._poll(first, first.module.watch)
        elif first.module.kind is Kind.INSTANT_TRIGGER:
            bundles = await self._operations.trigger(first, self._take_delivery())
            await keep_step()
            await self._start_with(first, bundles)
        else:
            for cycle in range(1, self._scenario.roundtrips + 1):
                await self._flow(first, {}, _of_cycle(cycle))
                await self._operations.commit()

    def _take_delivery(self) -> Delivery | None:
        """The delivery, which nobody needs once the trigger has made bundles of it."""
        delivery, self._delivery = self._delivery, None
        return delivery

    async def _start_with(self, first: Step, bundles: list[Any]) -> None:
        """Mostly there is one bundle, and nothing waits for it to be the last."""
        if len(bundles) == 1 and not first.closers:
            await self._flow(first.next, {first.id: bundles[0]}, _below("", 1))
        else:
            await self._each(first, {}, "", _listed(bundles))

    async def _poll(self, first: Step, watch: Watch) -> None:
        """Cycles of reading and processing, for as long as there is more."""
        position = self._position
        for cycle in range(1, self._scenario.roundtrips + 1):
            path = _of_cycle(cycle)
            news = await self._operations.poll(first, watch, position, path)
            await self._each(first, {}, path, _listed(news.bundles))
            position = news.position
            await self._operations.commit()
            if not news.more:
                return

    async def _flow(
        self, step: Step | None, bundles: Bundles, path: str, *, passed: bool = False
    ) -> None:
        """Follows a line of modules until it ends, branches or multiplies."""
        while step is not None:
            if not (passed or self._passes(step, bundles, path)):
                return
            passed = False
            if step.branches:
                await self._branch(step, bundles, path)
                return
            output = await self._perform(step, bundles, path)
            if output is _NOTHING:
                return
            if step.closers:
                await self._each(step, bundles, path, _listed([output]))
                return
            bundles = {**bundles, step.id: output}
            step = step.next

    async def _branch(self, step: Step, bundles: Bundles, path: str) -> None:
        """Where a line of modules does not simply go on to the next one."""
        match step.module.kind:
            case Kind.ROUTER:
                await self._route(step, bundles, path)
            case Kind.IF_ELSE:
                await self._choose(step, bundles, path)
            case Kind.AGGREGATOR:
                await self._gather(step, bundles, path)
            case _:
                await self._multiply(step, bundles, path)

    async def _multiply(self, step: Step, bundles: Bundles, path: str) -> None:
        stream = self._operations.many(step, bundles, path)
        await self._each(step, bundles, path, stream)

    def _passes(self, step: Step, bundles: Bundles, path: str) -> bool:
        try:
            return self._operations.passes(step, bundles, path)
        except OperationFailed as failure:
            return self._give_up(failure)

    async def _perform(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        calls = step.module.kind is Kind.CALLER
        perform = self._operations.call if calls else self._operations.perform
        try:
            output = await perform(step, bundles, path)
        except OperationFailed as failure:
            return await self._react(step, bundles, path, failure)
        if step.module.kind is Kind.DIRECTIVE:
            raise _Directed(step.module.key, output)
        return output

    async def _route(self, router: Step, bundles: Bundles, path: str) -> None:
        """Every route that lets the bundle pass, in order; else the fallback."""
        taken = False
        for way in router.ways:
            if not way.fallback:
                taken = await self._take(way, bundles, path) or taken
        for way in router.ways:
            if way.fallback and not taken:
                await self._take(way, bundles, path)

    async def _take(self, way: Way, bundles: Bundles, path: str) -> bool:
        first = way.first
        if first is None:
            return True
        if not self._passes(first, bundles, path):
            return False
        await self._flow(first, bundles, path, passed=True)
        return True

    async def _choose(self, step: Step, bundles: Bundles, path: str) -> None:
        """The first route of an if-else whose condition holds, and no other."""
        try:
            number = self._operations.branch(step, bundles, path)
        except OperationFailed as failure:
            await self._react(step, bundles, path, failure)
            return
        if number is not None:
            chosen = {**bundles, step.id: branch_bundle(step, number)}
            await self._flow(step.ways[number].first, chosen, path)

    async def _each(
        self,
        step: Step,
        bundles: Bundles,
        path: str,
        stream: AsyncGenerator[tuple[int, Any], None],
        *,
        deeper: bool = True,
    ) -> None:
        """One pass through the rest of the flow for each bundle that a module gives.

        A bundle that stops is kept, and the next one goes on. What would come after all
        of them, such as what an aggregator makes of them, waits until each is through.
        """
        for closer in step.closers:
            self._open(closer, path)
        given, stopped = 0, False
        async with aclosing(stream):
            while (item := await self._next(step, bundles, path, stream)) is not None:
                position, output = item
                below = _below(path, position) if deeper else path
                given += 1
                try:
                    await self._flow(step.next, {**bundles, step.id: output}, below)
                except _Stopped:
                    stopped = True
                await self._operations.settle()
        if given == 0 and step.continue_if_empty:
            await self._flow(step.next, {**bundles, step.id: EMPTY}, _below(path, 0))
        if stopped:
            raise _Stopped
        for closer in step.closers:
            await self._close(closer, bundles, path)

    async def _next(
        self,
        step: Step,
        bundles: Bundles,
        path: str,
        stream: AsyncGenerator[tuple[int, Any], None],
    ) -> tuple[int, Any] | None:
        """The module's next bundle; after a failure that which stands for the rest."""
        try:
            return await anext(stream, None)
        except OperationFailed as failure:
            output = await self._react(step, bundles, path, failure)
            return None if output is _NOTHING else (0, output)

    def _open(self, aggregator: Step, path: str) -> None:
        self._gatherings[aggregator.id, path] = Gathering(
            aggregator.module.input, self._folder, grouped=_is_grouped(aggregator)
        )

    async def _gather(self, step: Step, bundles: Bundles, path: str) -> None:
        """Takes a bundle in, for the innermost operation of the source around it."""
        try:
            fields, key = self._operations.form(step, bundles, path)
        except OperationFailed as failure:
            await self._react(step, bundles, path, failure)
            return
        around = path
        while around and (step.id, around) not in self._gatherings:
            around = around.rpartition(".")[0]
        self._gatherings[step.id, around].add(fields, key)

    async def _close(self, step: Step, bundles: Bundles, path: str) -> None:
        """Makes bundles of what was gathered, and lets them go on."""
        gathering = self._gatherings.pop((step.id, path))
        try:
            if step.grouping and step.grouping.stop_if_empty and not len(gathering):
                return
            outputs = await self._operations.aggregate(step, bundles, path, gathering)
        except OperationFailed as failure:
            output = await self._react(step, bundles, path, failure)
            if output is _NOTHING:
                return
            outputs = [output]
        finally:
            gathering.close()
        # What an aggregator gathers is on another path than what it gives.
        stream, deeper = _listed(outputs), _is_grouped(step) or bool(step.closers)
        try:
            await self._each(step, bundles, path, stream, deeper=deeper)
        except _Directed:
            # The operation whose error route this was has long ended.
            return

    async def _react(
        self, step: Step, bundles: Bundles, path: str, failure: OperationFailed
    ) -> Any:  # noqa: ANN401 - any JSON value
        """What becomes of a bundle whose operation failed: a substitute, or nothing.

        Raises:
            OperationFailed: nothing catches it, and the run ends.
        """
        failed = {**bundles, step.id: {"error": failure.facts}}
        route = step.on_error
        if route is None or failure.facts["type"] in FATAL:
            return self._give_up(failure)
        if not self._passes(route, failed, path):
            return self._give_up(failure)
        try:
            await self._flow(route, failed, path, passed=True)
        except _Directed as order:
            return self._obey(order, failure)
        return _NOTHING

    def _obey(self, order: _Directed, failure: OperationFailed) -> Any:  # noqa: ANN401 - any JSON value
        """What the directive at the end of an error route asks for (4.4 [sure])."""
        match order.directive:
            case "resume":
                return order.output
            case "commit":
                raise _Committed
            case "rollback":
                failure.final = True
                raise failure
            case "break":
                patience = order.output
                tries = patience["count"] if patience["retry"] else 0
                self._stop(failure, (patience["interval"] * _MINUTE,) * tries)
        return _NOTHING

    def _give_up(self, failure: OperationFailed) -> NoReturn:
        """Keeps the bundle where that is asked for; else the run ends here.

        Nothing is kept of the first module (4.5 [sure]): its input comes again.
        """
        is_first = failure.module_id == self._scenario.first.id
        if is_first or not self._scenario.dlq or failure.facts["type"] in FATAL:
            raise failure
        self._stop(failure, waits_for(failure.facts, kept=True))

    def _stop(self, failure: OperationFailed, waits: Sequence[Millis]) -> NoReturn:
        self.halts.append(Halt(failure, waits))
        raise _Stopped from failure


async def _listed(outputs: list[Any]) -> AsyncGenerator[tuple[int, Any], None]:
    for numbered in enumerate(outputs, 1):
        yield numbered


def _of_cycle(cycle: int) -> str:
    """The path that all paths of a cycle begin with; a single cycle needs none."""
    return "" if cycle == 1 else str(cycle)


def _below(path: str, position: int) -> str:
    return f"{path}.{position}" if path else str(position)


def _is_grouped(aggregator: Step) -> bool:
    return aggregator.grouping is not None and aggregator.grouping.group_by is not None
