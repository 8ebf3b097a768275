"""The operations of one execution, each of its kind."""

from array import array
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from trunkline.engine.bundle import decode, encode, to_bundle
from trunkline.engine.calls import Calls
from trunkline.engine.failures import HandBack, recorded_failure
from trunkline.engine.gathering import Gathering
from trunkline.engine.marks import marked
from trunkline.engine.spool import Spool
from trunkline.engine.steps import Step
from trunkline.engine.tasks import Bundles, Task
from trunkline.errors import ModuleError
from trunkline.mapping import Filter
from trunkline.model.execution import Operation
from trunkline.model.states import OperationState
from trunkline.model.steps import keep_step
from trunkline.sdk import Input, Kind

_SAMPLE = 100
"""Bundles kept of an operation with many, where no effect depends on them."""

_END = object()
"""Stands for the end of a module's bundles, which may hold any value themselves."""

_STRIDE = 64
"""Operations after which other executions get their turn."""


class Operations(Calls):
    """Performs operations for one execution."""

    async def perform(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Runs a module that gives one bundle, unless it ran before a crash.

        Raises:
            OperationFailed: it failed.
            HandBack: the server is stopping, or the execution has to sleep.
        """
        recalled = self._recall(step, path)
        if step.module.kind is Kind.RETURNER and recalled is not None:
            self.returned = recalled.output
        if recalled is not None and "variables" not in step.module.takes:
            return decode(recalled.output or "null")
        if step.reaches_out:
            await self._before_reaching_out()
        task = self._begin(step, bundles, path, anew=recalled is None)
        try:
            await self._prepare(task)
            output = to_bundle(await step.module.run(**self._arguments(task)))
            text = None if self._is_counted_only(step) else encode(output)
            self._hold(step, len(text or ""))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        if recalled is None:
            self._record(task, OperationState.DONE, output=text)
            if step.module.kind is Kind.RETURNER:
                self.returned = text
            if step.module.kind is Kind.RESPONDER:
                await self._journal.flush()
                self._outside.respond(self._execution, output)
            if step.module.kind is Kind.PAUSER:
                raise HandBack(task.at + int(output["seconds"] * 1000))
        return output

    async def many(
        self, step: Step, bundles: Bundles, path: str
    ) -> AsyncGenerator[tuple[int, Any], None]:
        """Runs a module that gives many bundles; yields them numbered from 1.

        Raises:
            OperationFailed: the module failed.
            HandBack: the server is stopping.
        """
        async with aclosing(self._given(step, bundles, path)) as given:
            if not step.counted:
                async for position, output in given:
                    yield position, marked(step, output, position)
                return
            spool = Spool(self._folder)
            try:
                positions = array("Q")
                async for position, output in given:
                    positions.append(position)
                    spool.add(encode(output))
                following = iter(positions)
                async for text in spool.read():
                    position = next(following)
                    yield position, marked(step, decode(text), position, len(spool))
            finally:
                spool.close()

    async def _given(
        self, step: Step, bundles: Bundles, path: str
    ) -> AsyncGenerator[tuple[int, Any], None]:
        """What a module gives, each bundle once.

        After a crash those of a module that reaches out come first as they were kept;
        of what it finds anew, those are left out. Where it had failed, it fails again
        behind those.
        """
        recalled = self._journal.recall(step.id, path)
        task = self._begin(step, bundles, path, anew=recalled is None)
        if recalled is None:
            self._under_way.append(task)
        kept = [
            one
            for one in self._past.bundles
            if (one.module_id, one.path) == (step.id, path)
        ]
        known = set[str]()
        if step.reaches_out:
            for one in kept:
                task.bundles_given = one.position
                output = decode(one.data)
                known.add(_identity(step, output))
                yield one.position, output
        if recalled is not None and _was_all(step, recalled, task.bundles_given):
            return
        if step.reaches_out:
            await self._before_reaching_out()
        results = await self._open(task)
        async with aclosing(results):
            while (output := await self._next(task, results)) is not _END:
                if known and _identity(step, output) in known:
                    continue
                task.bundles_given += 1
                if task.bundles_given > len(kept):
                    self._keep(step, path, task.bundles_given, output)
                yield task.bundles_given, output
        if recalled is None:
            self._under_way.remove(task)
            self._record(task, OperationState.DONE, bundles=task.bundles_given)

    async def aggregate(
        self, step: Step, bundles: Bundles, path: str, gathered: Gathering
    ) -> list[Any]:
        """The bundles that an aggregator makes of what it gathered, one a group.

        Raises:
            OperationFailed: it failed.
        """
        recalled = self._recall(step, path)
        task = self._begin(step, bundles, path, anew=recalled is None)
        try:
            constants = step.template.evaluate(self._scope(step, bundles, path))
            outputs = []
            for key, items in gathered.groups():
                made = await step.module.run(
                    **self._arguments(task, items=items, constants=constants)
                )
                outputs.append(_keyed(step, to_bundle(made), key))
            text = encode(outputs[0]) if len(outputs) == 1 else None
            self._hold(step, len(text or ""))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        if recalled is None:
            self._record(task, OperationState.DONE, output=text, bundles=len(outputs))
            if text is None:
                for position, output in enumerate(outputs, 1):
                    self._keep(step, path, position, output)
        return outputs

    def form(self, step: Step, bundles: Bundles, path: str) -> tuple[Input, object]:
        """What an aggregator takes in of one bundle, and the key of its group.

        Raises:
            OperationFailed: the mapping does not fit.
        """
        self._recall(step, path)
        scope = self._scope(step, bundles, path)
        try:
            fields = self._filled(step, path, scope)
            by = step.grouping.group_by if step.grouping else None
            return fields, None if by is None else by.evaluate(scope)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(self._begin(step, bundles, path), error)

    def passes(self, step: Step, bundles: Bundles, path: str) -> bool:
        """Whether the filter in front of a step lets the bundles pass.

        Raises:
            OperationFailed: the filter could not be evaluated.
        """
        if step.filter is None:
            return True
        recalled = self._journal.recall(step.id, path)
        if recalled is not None:
            return passed_once(recalled)
        verdict = self._verdict(step, step.filter, bundles, path)
        if verdict[0] is False:
            self._record(
                self._begin(step, bundles, path),
                OperationState.FILTERED,
                output=verdict[1],
            )
        return verdict[0]

    def branch(self, step: Step, bundles: Bundles, path: str) -> int | None:
        """Which route of an if-else a bundle takes, if any, counted from 0.

        Raises:
            OperationFailed: a condition could not be evaluated.
        """
        recalled = self._recall(step, path)
        if recalled is not None:
            chosen = decode(recalled.output or "null")
            return None if chosen is None else chosen["number"] - 1
        number = next(
            (
                number
                for number, way in enumerate(step.ways)
                if way.condition is None
                or self._verdict(step, way.condition, bundles, path)[0]
            ),
            None,
        )
        bundle = None if number is None else branch_bundle(step, number)
        task = self._begin(step, bundles, path)
        self._record(task, OperationState.DONE, output=encode(bundle))
        return number

    async def commit(self) -> None:
        """A cycle is over: what it wrote to data stores stands, come what may."""
        await self._journal.commit()
        self._variables.end_cycle()

    async def settle(self) -> None:
        """Keeps what waits to be written bounded, and lets others have their turn."""
        await self._journal.flush_when_large()
        if self.count % _STRIDE == 0:
            await keep_step()

    def _verdict(
        self, step: Step, gate: Filter, bundles: Bundles, path: str
    ) -> tuple[bool, str | None]:
        """Whether a filter passes, and its warnings as JSON text, if there are any."""
        try:
            verdict = gate.passes(self._scope(step, bundles, path))
        except ModuleError as error:
            self._fail(self._begin(step, bundles, path), error, place="filter")
        return verdict.passed, encode(verdict.warnings) if verdict.warnings else None

    async def _next(self, task: Task, results: AsyncGenerator[Any, None]) -> Any:  # noqa: ANN401 - any JSON value
        """The module's next bundle, or the end.

        Only the module is guarded and timed here: what follows is not its doing.
        """
        started = self._clock.monotonic()
        try:
            return to_bundle(await anext(results))
        except StopAsyncIteration:
            return _END
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        finally:
            task.spent = (task.spent or 0.0) + self._clock.monotonic() - started

    def _keep(self, step: Step, path: str, position: int, output: object) -> None:
        """Keeps a bundle of many, if an effect may depend on it, or as a sample."""
        if (step.feeds_effects and step.reaches_out) or position <= _SAMPLE:
            kept = self._as_kept(step, path, position, output)
            self._journal.keep(kept, pure=not step.reaches_out)


def _was_all(step: Step, recalled: Operation, given: int) -> bool:
    """Whether a module had ended, and all that it gave was kept and is given again.

    Raises:
        OperationFailed: it had failed after that.
    """
    if recalled.state is OperationState.FAILED:
        raise recorded_failure(recalled)
    return step.reaches_out and recalled.bundles == given


def branch_bundle(step: Step, number: int) -> dict[str, object]:
    """What an if-else tells of the route that a bundle took."""
    return {"number": number + 1, "name": step.ways[number].name}


def passed_once(recorded: Operation) -> bool:
    """Whether the filter in front of a recorded operation let the bundle pass.

    Raises:
        OperationFailed: it could not be evaluated.
    """
    if recorded.state is OperationState.FAILED:
        failure = recorded_failure(recorded)
        if failure.facts.get("place") == "filter":
            raise failure
    return recorded.state is not OperationState.FILTERED


def _keyed(step: Step, bundle: Any, key: object) -> Any:  # noqa: ANN401 - any JSON value
    """A group's bundle with what the group has in common (F12 [sure])."""
    if step.grouping is None or step.grouping.group_by is None:
        return bundle
    return {"__IMTKEY__": key, **bundle}


def _identity(step: Step, output: Any) -> str:  # noqa: ANN401 - any JSON value
    """What tells one result of a search from another."""
    unique = step.module.unique
    if unique is not None and isinstance(output, Mapping) and unique in output:
        return str(output[unique])
    return encode(output)
