"""From a scenario document to steps that run; every fault is named with its place."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

from trunkline.engine.catalog import Catalog
from trunkline.engine.dialogs import Declared, Returned
from trunkline.engine.placement import (
    Place,
    check_constant,
    check_further,
    check_placement,
)
from trunkline.engine.reach import Reach, context_of, reaches
from trunkline.engine.steps import CompiledScenario, Grouping, Step, Way
from trunkline.engine.templates import (
    NOTHING,
    compiled_filter,
    compiled_map,
    compiled_value,
    problem,
)
from trunkline.errors import NotFoundError, UsageError
from trunkline.mapping import Filter, Template, compile_template
from trunkline.mapping.language import Context
from trunkline.model.problem import Problem
from trunkline.model.scenario import PlacedModule, Route, ScenarioDocument
from trunkline.model.schedule_faults import schedule_faults
from trunkline.sdk import TRIGGERS, Kind, Module

_LIMIT = 100
"""Bundles that a polling trigger gives in one cycle, unless it is told otherwise."""

_BRANCHING = frozenset(
    {Kind.ROUTER, Kind.IF_ELSE, Kind.AGGREGATOR, Kind.SEARCH, Kind.ITERATOR}
)
_COMPUTING = frozenset(
    {Kind.TRANSFORMER, Kind.ITERATOR, Kind.AGGREGATOR, Kind.IF_ELSE, Kind.ROUTER}
)

_NUMBER, _COUNT = "__IMTINDEX__", "__IMTLENGTH__"


class InvalidScenarioError(UsageError):
    """A scenario cannot be saved; `problems` says why, warnings among them."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        errors = (one.message for one in problems if one.severity == "error")
        listed = "".join(f"\n  - {message}" for message in errors)
        super().__init__(f"The scenario {name!r} cannot be saved:{listed}")
        self.problems = problems


def compile_scenario(
    document: ScenarioDocument,
    catalog: Catalog,
    *,
    connections: Mapping[str, str],
    webhooks: Mapping[str, str],
    declared: Declared = MappingProxyType({}),
    returned: Returned = MappingProxyType({}),
) -> CompiledScenario:
    """Checks and links a scenario.

    `connections` gives the app of each connection's name, `webhooks` the module of
    each webhook's name, `declared` the further fields of collections and `returned` the
    outputs of called scenarios, where they are known.

    Raises:
        InvalidScenarioError: with every problem found, not just the first.
    """
    compiler = _Compiler(document, catalog, connections, webhooks, declared, returned)
    first = compiler.compile()
    if first is None or any(one.severity == "error" for one in compiler.problems):
        raise InvalidScenarioError(document.name, compiler.problems)
    settings = document.settings
    return CompiledScenario(
        name=document.name,
        first=first,
        webhook=document.flow[0].webhook,
        release=document.flow[0].limit,
        responds=compiler.responds,
        inputs=tuple(document.inputs),
        schedule=document.planned(),
        roundtrips=settings.roundtrips,
        sequential=settings.sequential,
        max_running=settings.max_running,
        confidential=settings.confidential,
        keep_exchanges=settings.keep.exchanges,
        dlq=settings.dlq,
        auto_commit=settings.auto_commit,
        max_errors=settings.max_errors,
        max_seconds=settings.max_seconds,
        max_operations=settings.max_operations,
        max_bytes=settings.max_megabytes * 1_000_000,
        timezone=settings.timezone,
        warnings=tuple(compiler.problems),
    )


class _Compiler:
    """Walks a document once, from its ends to its beginning."""

    def __init__(
        self,
        document: ScenarioDocument,
        catalog: Catalog,
        connections: Mapping[str, str],
        webhooks: Mapping[str, str],
        declared: Declared,
        returned: Returned,
    ) -> None:
        self._document = document
        self._catalog = catalog
        self._connections = connections
        self._webhooks = webhooks
        self._declared = declared
        self._returned = returned
        self._reaches = reaches(document)
        self._order = {one.id: at for at, one in enumerate(document.modules())}
        self._closers: dict[int, list[Step]] = {}
        self._markers = frozenset(one.id for one in document.modules() if one.routes)
        self._asked = frozenset[tuple[int, str]]()
        self.responds = False
        self.problems: list[Problem] = []

    def compile(self) -> Step | None:
        document = self._document
        self.problems += _of_settings(document)
        self.problems += _doubled_ids(document)
        self.problems += _of_inputs(document)
        if not document.flow:
            self.problems.append(
                Problem(message="The flow is empty; place at least one module in it.")
            )
            return None
        self._asked = frozenset(_asked(document))
        first = self._flow(document.flow, None, starts=True)
        self.problems += _of_schedule(document, first)
        self.problems += _of_beginning(document, first)
        return first

    def _flow(
        self, flow: list[PlacedModule], then: Step | None, *, starts: bool = False
    ) -> Step | None:
        """The first step of a flow at whose end it goes on with `then`."""
        after = then
        for index in reversed(range(len(flow))):
            follower = flow[index + 1] if index + 1 < len(flow) else None
            after = self._step(
                flow[index],
                after,
                follower,
                starts=starts and index == 0,
                after_if_else=index > 0 and self._is_if_else(flow[index - 1]),
            )
        return after

    def _is_if_else(self, placed: PlacedModule) -> bool:
        module = self._catalog.modules.get(placed.module)
        return module is not None and module.kind is Kind.IF_ELSE

    def _step(
        self,
        placed: PlacedModule,
        after: Step | None,
        follower: PlacedModule | None,
        *,
        starts: bool,
        after_if_else: bool,
    ) -> Step | None:
        try:
            module = self._catalog.module(placed.module)
        except NotFoundError as error:
            self.problems.append(problem(placed, str(error)))
            return None
        reach = self._reaches.get(placed.id, Reach())
        place = Place(
            connections=self._connections,
            webhooks=self._webhooks,
            starts=starts,
            ends=follower is None,
            after_if_else=after_if_else,
            reach=reach,
            markers=self._markers,
        )
        if module.kind is Kind.ROUTER and follower is not None:
            self._problem(
                placed,
                "It has routes, so nothing can follow it; move module "
                f"{follower.id} into a route.",
            )
        self.problems += check_placement(placed, module, place)
        self.responds = self.responds or module.kind is Kind.RESPONDER
        return self._linked(placed, module, after, reach)

    def _linked(
        self, placed: PlacedModule, module: Module, after: Step | None, reach: Reach
    ) -> Step:
        context = context_of(self._document, self._catalog, reach, self._returned)
        is_if_else = module.kind is Kind.IF_ELSE
        ways = tuple(
            self._way(placed, number, route, after if is_if_else else None, context)
            for number, route in enumerate(placed.routes)
        )
        on_error = self._flow(placed.on_error, None)
        downstream = [after, on_error, *(way.first for way in ways)]
        step = Step(
            id=placed.id,
            app=self._catalog.app(module.app),
            module=module,
            connection=placed.connection,
            template=self._template(placed, module, context),
            filter=self._filter(placed, context),
            next=after,
            ways=ways,
            on_error=on_error,
            closers=self._closers_of(placed),
            grouping=self._grouping(placed, context),
            limit=placed.limit or _LIMIT,
            continue_if_empty=placed.continue_if_empty,
            numbered=self._asks(placed, _NUMBER),
            counted=self._asks(placed, _COUNT),
            reaches_out=module.reaches_out,
            branches=module.kind in _BRANCHING,
            countable=module.kind in _COMPUTING and not module.reaches_out,
            feeds_effects=any(
                one.module.effect or one.feeds_effects
                for one in downstream
                if one is not None
            ),
        )
        if placed.aggregate is not None:
            self._closers.setdefault(placed.aggregate.source, []).append(step)
        return step

    def _closers_of(self, placed: PlacedModule) -> tuple[Step, ...]:
        found = self._closers.pop(placed.id, [])
        return tuple(sorted(found, key=lambda one: self._order[one.id]))

    def _way(
        self,
        placed: PlacedModule,
        number: int,
        route: Route,
        then: Step | None,
        context: Context,
    ) -> Way:
        condition, problems = compiled_filter(
            placed, route.condition, context, f"routes.{number}.condition"
        )
        self.problems += problems
        return Way(
            first=self._flow(route.flow, then if route.merge else None),
            name=route.name or str(number + 1),
            fallback=route.fallback,
            condition=condition,
        )

    def _grouping(self, placed: PlacedModule, context: Context) -> Grouping | None:
        spec = placed.aggregate
        if spec is None:
            return None
        group_by = None
        if spec.group_by not in (None, ""):
            group_by, problems = compiled_value(
                placed, spec.group_by, context, "aggregate.group_by"
            )
            self.problems += problems
        return Grouping(group_by=group_by, stop_if_empty=spec.stop_if_empty)

    def _template(
        self, placed: PlacedModule, module: Module, context: Context
    ) -> Template:
        compiled, problems = compiled_map(placed, context)
        self.problems += problems
        for name, template in compiled.items():
            self.problems += check_constant(placed, module, name, template)
        for name, fields in self._declared.get(placed.id, {}).items():
            self.problems += check_further(placed, name, fields)
        return (
            compile_template(placed.map)
            if compiled.keys() == placed.map.keys()
            else NOTHING
        )

    def _filter(self, placed: PlacedModule, context: Context) -> Filter | None:
        compiled, problems = compiled_filter(
            placed, placed.filter, context, "filter.conditions"
        )
        self.problems += problems
        return compiled

    def _asks(self, placed: PlacedModule, name: str) -> bool:
        return (placed.id, name) in self._asked

    def _problem(self, placed: PlacedModule, text: str) -> None:
        self.problems.append(problem(placed, text))


def _asked(document: ScenarioDocument) -> Iterator[tuple[int, str]]:
    """Which bundles are asked for their position, and for how many there are."""
    written = [
        (placed.map, placed.filter, placed.aggregate, placed.routes)
        for placed in document.modules()
    ]
    text = repr(written)
    for placed in document.modules():
        for name in (_NUMBER, _COUNT):
            if f"{placed.id}.{name}" in text or f"{placed.id}.`{name}`" in text:
                yield placed.id, name


def _of_settings(document: ScenarioDocument) -> Iterator[Problem]:
    settings = document.settings
    if settings.timezone not in _timezones():
        yield Problem(
            message=f"{settings.timezone!r} is not a time zone; use a name such as "
            "Europe/Prague."
        )
    for name in ("roundtrips", "max_errors", "max_seconds"):
        if getattr(settings, name) < 1:
            yield Problem(message=f"The setting {name} has to be 1 or more.")
    for name in ("max_operations", "max_megabytes", "max_running"):
        if getattr(settings, name) < 0:
            yield Problem(message=f"The setting {name} has to be 0 (none) or more.")


def _of_schedule(document: ScenarioDocument, first: Step | None) -> Iterator[Problem]:
    schedule = document.schedule
    if schedule is None:
        return
    for fault in schedule_faults(schedule, _timezones()):
        yield Problem(message=fault.message, place=f"schedule.{fault.key}")
    instant = first is not None and first.module.kind is Kind.INSTANT_TRIGGER
    if schedule.type == "immediately" and not instant:
        yield Problem(
            message="Only a scenario that begins with a webhook can run immediately; "
            "choose another schedule.",
            place="schedule.type",
        )


def _of_inputs(document: ScenarioDocument) -> Iterator[Problem]:
    for part in ("inputs", "outputs"):
        names = [one.name for one in getattr(document, part)]
        for name in sorted({one for one in names if names.count(one) > 1}):
            yield Problem(message=f"Two {part} are named {name!r}.", place=part)
        if any(not name.strip() for name in names):
            yield Problem(message=f"One of the {part} has no name.", place=part)


def _of_beginning(document: ScenarioDocument, first: Step | None) -> Iterator[Problem]:
    if document.inputs and first is not None and first.module.kind in TRIGGERS:
        yield Problem(
            message="The scenario begins with a trigger, so that nobody gives it its "
            "inputs: they are empty. Only a scenario that runs on demand has inputs.",
            severity="warning",
            place="inputs",
        )


def _doubled_ids(document: ScenarioDocument) -> Iterator[Problem]:
    ids = [placed.id for placed in document.modules()]
    for doubled in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield Problem(message=f"Two modules have the id {doubled}.")


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())
