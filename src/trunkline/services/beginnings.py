"""Where a polling trigger begins: from now on, from a date, from a record, or all."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from msgspec.structs import replace

from trunkline.engine.bundle import read_fields, to_bundle
from trunkline.engine.chance import Chance
from trunkline.engine.document import load_document
from trunkline.engine.engine import Engine
from trunkline.engine.polling import field_of, find_news, first_position, key_of
from trunkline.engine.steps import Step
from trunkline.errors import BundleValidationError, NotFoundError, UsageError
from trunkline.mapping import Scope, coerce
from trunkline.model.clock import as_datetime, as_text
from trunkline.model.position import Position
from trunkline.model.scenario import StoredScenario
from trunkline.sdk import Api, Watch
from trunkline.store.positions import find_position, move
from trunkline.store.scenarios import find_scenario
from trunkline.store.store import Store

_MOST_COUNTED = 1000
_SHOWN = 20

Start: TypeAlias = Literal["now", "date", "all", "record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where a trigger is to begin.

    `at` is a date for `date` (ISO 8601), and for `record` the key of one, which is the
    first to be taken.
    """

    start: Start = "now"
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginningView:
    """Where a trigger is; `looked` is false for one that will begin from now on.

    `mark` is the date or id of the latest record that was taken; `offers` are the
    places where it can begin.
    """

    looked: bool
    mark: Any = None
    moved_at: str | None = None
    offers: list[Start] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """How many records a trigger would take; of very many, that there are `more`."""

    records: int
    more: bool
    first: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A record from which a trigger can begin."""

    key: str
    mark: Any
    record: Any


class Beginnings:
    """The use cases around where polling triggers begin."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    async def show(self, ref: str) -> BeginningView:
        """Where the trigger of a scenario is.

        Raises:
            NotFoundError: there is no such scenario.
            UsageError: it does not begin with a polling trigger.
        """
        scenario, step, watch = await self._trigger(ref)
        position = await self._store.read(find_position, scenario.id, step.id)
        return _view(position, watch)

    async def choose(self, ref: str, beginning: Beginning) -> BeginningView:
        """Sets where the trigger goes on; what was taken already may come again.

        Raises:
            NotFoundError: there is no such scenario or record.
            UsageError: it does not begin with a polling trigger, or `at` is no date.
            ModuleError: the service did not answer.
        """
        scenario, step, watch = await self._trigger(ref)
        position = await self._position(scenario, step, watch, beginning)
        await self._store.write(move, position)
        self._engine.news.tell("scenarios")
        return _view(position, watch)

    async def expect(self, ref: str, beginning: Beginning) -> Expectation:
        """How many records the trigger would take if it began there.

        Raises:
            NotFoundError: there is no such scenario or record.
            UsageError: it does not begin with a polling trigger, or `at` is no date.
            ModuleError: the service did not answer.
        """
        scenario, step, watch = await self._trigger(ref)
        position = await self._position(scenario, step, watch, beginning)
        async with aclosing(await self._results(step, position.mark)) as results:
            news = await find_news(results, watch, position, _MOST_COUNTED)
        return Expectation(
            records=len(news.bundles), more=news.more, first=news.bundles[:3]
        )

    async def choices(self, ref: str) -> list[Choice]:
        """The latest records, to choose one to begin from.

        Raises:
            NotFoundError: there is no such scenario.
            UsageError: it does not begin with a polling trigger.
            ModuleError: the service did not answer.
        """
        _, step, watch = await self._trigger(ref)
        found: list[Choice] = []
        async with aclosing(await self._results(step, None)) as results:
            async for result in results:
                found = [*found, _choice(to_bundle(result), watch)][-_SHOWN:]
                if watch.order != "asc" and len(found) == _SHOWN:
                    break
        return found[::-1] if watch.order == "asc" else found

    async def _position(
        self, scenario: StoredScenario, step: Step, watch: Watch, beginning: Beginning
    ) -> Position:
        now = self._engine.clock.millis()
        nothing = Position(scenario_id=scenario.id, module_id=step.id, moved_at=now)
        match beginning.start:
            case "all":
                return nothing
            case "date":
                return _at(nothing, watch, beginning.at)
            case "record":
                return await self._at_record(nothing, step, watch, beginning.at)
        async with aclosing(await self._results(step, None)) as results:
            return await first_position(results, watch, nothing, now)

    async def _at_record(
        self, position: Position, step: Step, watch: Watch, key: str | None
    ) -> Position:
        if watch.order == "unordered":
            raise UsageError(
                "This trigger's records come in no order; begin from now on, or with "
                "all of them."
            )
        async with aclosing(await self._results(step, None)) as results:
            async for result in results:
                bundle = to_bundle(result)
                if key_of(bundle, watch) == key:
                    return replace(position, mark=field_of(bundle, watch.mark))
        raise NotFoundError(f"The service lists no record {key!r}.")

    async def _trigger(self, ref: str) -> tuple[StoredScenario, Step, Watch]:
        scenario = await self._store.read(find_scenario, ref)
        compiled = await self._engine.compile(load_document(scenario.content))
        if compiled.first.module.watch is None:
            raise UsageError(
                f"The scenario {scenario.name!r} does not begin with a trigger that "
                "looks for news on a schedule."
            )
        return scenario, compiled.first, compiled.first.module.watch

    async def _results(self, step: Step, since: object) -> AsyncGenerator[Any, None]:
        chance = Chance("peek")
        scope = Scope(
            {},
            clock=lambda: as_datetime(self._engine.clock.millis()),
            random=chance.random,
            uuid=chance.uuid,
        )
        fields = read_fields(step.module, step.template.evaluate(scope))
        channel = await self._engine.channels.channel(step.app, step.connection)
        offered = {"api": Api(channel), "fields": fields, "since": since}
        results: AsyncGenerator[Any, None] = step.module.run(
            **{name: offered[name] for name in step.module.takes}
        )
        return results


def _offers(watch: Watch) -> list[Start]:
    if watch.order == "unordered":
        return ["now", "all"]
    if not _has_dates(watch):
        return ["now", "all", "record"]
    return ["now", "date", "all", "record"]


def _has_dates(watch: Watch) -> bool:
    return watch.kind == "date" and watch.order != "unordered"


def _at(position: Position, watch: Watch, text: str | None) -> Position:
    if not _has_dates(watch):
        raise UsageError(
            "This trigger's records have no date; choose a record instead."
        )
    try:
        moment = coerce(text, "date")
    except BundleValidationError as error:
        raise UsageError(f"{text!r} is no date: {error}") from error
    if moment is None:
        raise UsageError("The date is missing (at).")
    return replace(position, mark=text)


def _choice(bundle: Mapping[str, Any], watch: Watch) -> Choice:
    mark = None if watch.mark is None else bundle.get(watch.mark)
    return Choice(key=key_of(bundle, watch), mark=mark, record=bundle)


def _view(position: Position | None, watch: Watch) -> BeginningView:
    offers = _offers(watch)
    if position is None:
        return BeginningView(looked=False, offers=offers)
    return BeginningView(
        looked=True,
        mark=position.mark,
        moved_at=as_text(position.moved_at),
        offers=offers,
    )
