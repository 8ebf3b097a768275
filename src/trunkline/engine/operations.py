"""The operations of one execution: each is performed, timed and written down."""

import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, NoReturn

from trunkline.engine.bundle import (
    decode,
    encode,
    encode_fields,
    read_fields,
    to_bundle,
)
from trunkline.engine.channels import Channels
from trunkline.engine.compile import CompiledScenario, Step
from trunkline.engine.journal import Journal
from trunkline.errors import ModuleError, TrunklineError, UnexpectedError
from trunkline.mapping import Scope
from trunkline.model.clock import Clock, Millis, as_datetime
from trunkline.model.execution import KeptBundle, Operation
from trunkline.model.states import OperationState
from trunkline.model.steps import keep_step
from trunkline.sdk import Api, Delivery, Input, Module

_SAMPLE = 100
"""Bundles kept of an operation with many, where no effect depends on them."""

_END = object()
"""Stands for the end of a module's bundles, which may hold any value themselves."""

Bundles = Mapping[int, Any]
"""The last bundle of each module upstream, by the module's number."""


class HandBack(Exception):  # noqa: N818 - not an error: the server stops
    """The server is stopping; the execution goes back to the queue."""


class OperationFailed(Exception):  # noqa: N818 - carries an error to the end of the run
    """An operation failed and was recorded; `described` is the error as JSON text."""

    def __init__(self, described: str) -> None:
        super().__init__(described)
        self.described = described


@dataclass(slots=True)
class Stopping:
    """Whether the server is stopping; looked at before anything reaches out."""

    asked: bool = False


@dataclass(slots=True, eq=False)
class Task:
    """One operation under way: a step, the bundles it sees, and what came of it."""

    step: Step
    bundles: Bundles
    path: str
    number: int
    at: Millis
    started: float
    spent: float | None = None
    """Seconds of the module's own, where it shares its time with what follows."""
    bundles_given: int = 0
    fields: Input | None = None
    api: Api | None = None


class Operations:
    """Performs operations for one execution."""

    def __init__(
        self,
        journal: Journal,
        channels: Channels,
        clock: Clock,
        stopping: Stopping,
        *,
        scenario: CompiledScenario,
        kept: tuple[KeptBundle, ...] = (),
    ) -> None:
        self._journal = journal
        self._channels = channels
        self._clock = clock
        self._stopping = stopping
        self._timezone = scenario.timezone
        self._facts: dict[str, object] = {
            "id": journal.execution.scenario_id,
            "name": scenario.name,
            "executionId": journal.execution.id,
            "triggerTimestamp": as_datetime(journal.execution.created_at),
        }
        self._kept = kept
        self._execution = journal.execution.id
        self._under_way: list[Task] = []
        self.count = 0

    async def perform(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Runs a module that gives one bundle, unless it ran before a crash.

        Raises:
            OperationFailed: it failed.
            HandBack: the server is stopping.
        """
        recalled = self._journal.recall(step.id, path)
        if recalled is not None:
            self.count += 1
            return decode(recalled.output or "null")
        if step.reaches_out:
            await self._before_reaching_out()
        task = self._begin(step, bundles, path)
        try:
            await self._prepare(task)
            output = to_bundle(await step.module.run(**_arguments(task)))
            text = encode(output)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        self._record(task, OperationState.DONE, output=text)
        return output

    async def trigger(self, step: Step, delivery: Delivery | None) -> list[Any]:
        """The bundles of a delivery; being pure, they are the same at each attempt.

        Raises:
            OperationFailed: the delivery is not what the trigger takes.
        """
        recalled = self._journal.recall(step.id, "")
        task = self._begin(step, {}, "")
        try:
            bundles = [to_bundle(one) async for one in step.module.run(delivery)]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        if recalled is None:
            self._record(task, OperationState.DONE, bundles=len(bundles))
        return bundles

    async def search(
        self, step: Step, bundles: Bundles, path: str
    ) -> AsyncGenerator[tuple[int, Any], None]:
        """Runs a module that gives many bundles; yields them numbered from 1.

        After a crash those that were kept come first, as they were; of what the
        module finds anew, those are left out.

        Raises:
            OperationFailed: the module failed.
            HandBack: the server is stopping.
        """
        recalled = self._journal.recall(step.id, path)
        task = self._begin(step, bundles, path)
        if recalled is None:
            self._under_way.append(task)
        known = set[str]()
        for kept in self._kept:
            if (kept.module_id, kept.path) == (step.id, path):
                task.bundles_given = kept.position
                output = decode(kept.data)
                known.add(_identity(step, output))
                yield kept.position, output
        if recalled is not None and recalled.bundles == task.bundles_given:
            return  # it had ended, and all that it gave was kept
        await self._before_reaching_out()
        results = await self._open(task)
        async with aclosing(results):
            while (output := await self._next(task, results)) is not _END:
                if known and _identity(step, output) in known:
                    continue
                task.bundles_given += 1
                self._keep(step, path, task.bundles_given, output)
                yield task.bundles_given, output
        if recalled is None:
            self._close(task)

    def passes(self, step: Step, bundles: Bundles, path: str) -> bool:
        """Whether the filter in front of a step lets the bundles pass.

        Raises:
            OperationFailed: the filter could not be evaluated.
        """
        if step.filter is None:
            return True
        recalled = self._journal.recall(step.id, path)
        if recalled is not None:
            return recalled.state is not OperationState.FILTERED
        try:
            verdict = step.filter.passes(self._scope(step, bundles, path))
        except ModuleError as error:
            self._fail(self._begin(step, bundles, path), error)
        if not verdict.passed:
            self._record(
                self._begin(step, bundles, path),
                OperationState.FILTERED,
                output=encode(verdict.warnings) if verdict.warnings else None,
            )
        return verdict.passed

    async def settle(self) -> None:
        """Keeps what waits to be written bounded."""
        await self._journal.flush_when_large()

    async def _before_reaching_out(self) -> None:
        """Nothing leaves while stopping, or while what came in is not on disk."""
        await self._journal.flush()
        await keep_step()
        if self._stopping.asked:
            raise HandBack

    def _begin(self, step: Step, bundles: Bundles, path: str) -> Task:
        self.count += 1
        return Task(
            step,
            bundles,
            path,
            self.count,
            self._clock.millis(),
            self._clock.monotonic(),
        )

    async def _prepare(self, task: Task) -> None:
        """Fills the form from the mapping, and opens the way out."""
        step = task.step
        scope = self._scope(step, task.bundles, task.path)
        task.fields = read_fields(step.module, step.template.evaluate(scope))
        if step.reaches_out:
            channel = await self._channels.channel(step.app, step.connection)
            key = f"{self._execution}:{step.id}:{task.path}"
            task.api = Api(channel, key=key)

    async def _open(self, task: Task) -> AsyncGenerator[Any, None]:
        try:
            await self._prepare(task)
            results: AsyncGenerator[Any, None] = task.step.module.run(
                **_arguments(task)
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        return results

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
        """Keeps a bundle of a search, if an effect may depend on it, or as a sample."""
        if step.feeds_effects or position <= _SAMPLE:
            self._journal.keep(
                KeptBundle(
                    execution_id=self._execution,
                    module_id=step.id,
                    path=path,
                    position=position,
                    data=encode(output),
                )
            )

    def _scope(self, step: Step, bundles: Bundles, path: str) -> Scope:
        chance = Chance(f"{self._execution}:{step.id}:{path}")
        self._facts["operationsConsumed"] = self.count
        return Scope(
            bundles,
            {"scenario": self._facts},
            clock=self._now,
            random=chance.random,
            uuid=chance.uuid,
            execution_id=self._execution,
            timezone=self._timezone,
        )

    def _now(self) -> datetime:
        return as_datetime(self._clock.millis())

    def _record(
        self,
        task: Task,
        state: OperationState,
        *,
        output: str | None = None,
        bundles: int = 1,
        error: str | None = None,
    ) -> None:
        fields, spent = task.fields, task.spent
        if spent is None:
            spent = self._clock.monotonic() - task.started
        self._journal.record(
            Operation(
                execution_id=self._execution,
                module_id=task.step.id,
                path=task.path,
                number=task.number,
                state=state,
                started_at=task.at,
                duration_us=int(spent * 1_000_000),
                attempts=task.api.tries if task.api is not None else 1,
                bundles=bundles if state is OperationState.DONE else 0,
                input=None if fields is None else encode_fields(fields),
                output=output,
                error=error,
            ),
            pure=not task.step.reaches_out,
        )

    def _close(self, task: Task) -> None:
        """Records a module with many bundles as done, however many it has given."""
        self._under_way.remove(task)
        self._record(task, OperationState.DONE, bundles=task.bundles_given)

    def _fail(self, task: Task, error: Exception) -> NoReturn:
        """Records the failure, and what was under way above it: the run ends here."""
        if task in self._under_way:
            self._under_way.remove(task)
        for above in [*self._under_way]:
            self._close(above)
        described = _describe(task.step, as_module_error(task.step.module, error))
        exchange = task.api.exchange() if task.api is not None else None
        whole = described | ({"exchange": exchange} if exchange else {})
        self._record(task, OperationState.FAILED, error=encode(whole))
        raise OperationFailed(encode(described)) from error


class Chance:
    """Random values that stay the same when an operation has to be repeated."""

    __slots__ = ("_seed", "_source")

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._source: Random | None = None

    def random(self) -> float:
        return self._drawn().random()

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._drawn().getrandbits(128), version=4))

    def _drawn(self) -> Random:
        if self._source is None:
            self._source = Random(self._seed)  # noqa: S311 - not for secrets
        return self._source


def _arguments(task: Task) -> dict[str, Any]:
    offered = {"api": task.api, "fields": task.fields}
    return {name: offered[name] for name in task.step.module.takes}


def _identity(step: Step, output: Any) -> str:  # noqa: ANN401 - any JSON value
    """What tells one result of a search from another."""
    unique = step.module.unique
    if unique is not None and isinstance(output, Mapping) and unique in output:
        return str(output[unique])
    return encode(output)


def as_module_error(module: Module, error: Exception) -> ModuleError:
    """What a module raised, under one of the names that people know."""
    if isinstance(error, ModuleError):
        return error
    if isinstance(error, TrunklineError):
        return UnexpectedError(str(error))
    return UnexpectedError(
        f"{module.label} failed with {type(error).__name__}: {error}. This is a fault "
        f"in the app {module.app}, not in your scenario; please report it."
    )


def _describe(step: Step, error: ModuleError) -> dict[str, object]:
    facts = {
        "type": error.type,
        "message": str(error),
        "module_id": step.id,
        "module": step.module.name,
        "status": error.status,
        "detail": error.detail,
        "retry_after": error.retry_after,
    }
    return {name: value for name, value in facts.items() if value is not None}
