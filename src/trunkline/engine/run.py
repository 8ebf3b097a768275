"""One execution from its first bundle to its last, depth first."""

from contextlib import aclosing

from trunkline.engine.compile import CompiledScenario, Step, Way
from trunkline.engine.operations import Bundles, Operations
from trunkline.model.steps import keep_step
from trunkline.sdk import Delivery, Kind


class Run:
    """Carries each bundle through the whole flow before the next one starts."""

    def __init__(
        self,
        scenario: CompiledScenario,
        operations: Operations,
        delivery: Delivery | None = None,
    ) -> None:
        self._scenario = scenario
        self._operations = operations
        self._delivery = delivery

    async def go(self) -> None:
        """Runs to the end.

        Raises:
            OperationFailed: a module failed; what it was given is recorded.
            HandBack: the server is stopping.
        """
        first = self._scenario.first
        if first.module.kind is not Kind.INSTANT_TRIGGER:
            await self._flow(first, {}, "")
            return
        bundles = await self._operations.trigger(first, self._delivery)
        await keep_step()
        for position, bundle in enumerate(bundles, 1):
            await self._flow(first.next, {first.id: bundle}, str(position))
            await self._operations.settle()

    async def _flow(
        self, step: Step | None, bundles: Bundles, path: str, *, passed: bool = False
    ) -> None:
        """Follows a line of modules until it ends, branches or multiplies."""
        while step is not None:
            if not (passed or self._operations.passes(step, bundles, path)):
                return
            if step.module.kind is Kind.ROUTER:
                await self._route(step, bundles, path)
                return
            if step.module.many:
                await self._multiply(step, bundles, path)
                return
            output = await self._operations.perform(step, bundles, path)
            bundles = {**bundles, step.id: output}
            step = step.next
            passed = False

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
        if not self._operations.passes(first, bundles, path):
            return False
        await self._flow(first, bundles, path, passed=True)
        return True

    async def _multiply(self, step: Step, bundles: Bundles, path: str) -> None:
        """One pass through the rest of the flow for each bundle the module gives."""
        stream = self._operations.search(step, bundles, path)
        async with aclosing(stream):
            async for position, output in stream:
                below = f"{path}.{position}" if path else str(position)
                await self._flow(step.next, {**bundles, step.id: output}, below)
                await self._operations.settle()
