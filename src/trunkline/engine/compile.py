"""From a scenario document to steps that run; every fault is named with its place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from pydantic import ValidationError

from trunkline.engine.bundle import fit
from trunkline.engine.catalog import Catalog
from trunkline.engine.shapes import bundle_shape, field_kinds
from trunkline.engine.templates import (
    NOTHING,
    compiled_filter,
    compiled_map,
    problem,
)
from trunkline.errors import BundleValidationError, NotFoundError, UsageError
from trunkline.mapping import Filter, Template, compile_template
from trunkline.mapping.language import Context, Shape, Upstream
from trunkline.model.problem import Problem
from trunkline.model.scenario import PlacedModule, Route, ScenarioDocument
from trunkline.sdk import App, Kind, Module
from trunkline.sdk.webhook import explain


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One route of a router."""

    first: "Step | None"
    fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One placed module, ready to run, linked to what comes after it.

    `reaches_out` says that running it touches the world outside; `feeds_effects`
    that a module with an effect lies downstream, so that its bundles must be kept.
    """

    id: int
    app: App
    module: Module
    connection: str | None
    template: Template
    filter: Filter | None
    next: "Step | None"
    ways: tuple[Way, ...]
    reaches_out: bool
    feeds_effects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledScenario:
    """A scenario version that can run; `warnings` say what is probably not meant.

    `webhook` names the one its trigger watches.
    """

    name: str
    first: Step
    webhook: str | None
    sequential: bool
    timezone: str
    warnings: tuple[Problem, ...] = ()


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
) -> CompiledScenario:
    """Checks and links a scenario.

    `connections` gives the app of each connection's name, `webhooks` the module of
    each webhook's name.

    Raises:
        InvalidScenarioError: with every problem found, not just the first.
    """
    compiler = _Compiler(document, catalog, connections, webhooks)
    first = compiler.compile()
    if first is None or any(one.severity == "error" for one in compiler.problems):
        raise InvalidScenarioError(document.name, compiler.problems)
    return CompiledScenario(
        name=document.name,
        first=first,
        webhook=document.flow[0].webhook,
        sequential=document.settings.sequential,
        timezone=document.settings.timezone,
        warnings=tuple(compiler.problems),
    )


def context_of(
    document: ScenarioDocument, catalog: Catalog, upstream: Collection[int]
) -> Context:
    """What is known of the modules with these numbers, for templates behind them."""
    placed = {one.id: one for one in document.modules()}
    return Context(_upstream(placed[id_], catalog) for id_ in upstream if id_ in placed)


def upstream_of(document: ScenarioDocument, module: int) -> list[int]:
    """The numbers of the modules that run before a module, in their order."""
    return _way_to(document.flow, module) or []


def _way_to(flow: list[PlacedModule], module: int) -> list[int] | None:
    """The modules before one in a flow or its routes; None where it is not there."""
    before: list[int] = []
    for placed in flow:
        if placed.id == module:
            return before
        before.append(placed.id)
        for route in placed.routes:
            inside = _way_to(route.flow, module)
            if inside is not None:
                return [*before, *inside]
    return None


def _upstream(placed: PlacedModule, catalog: Catalog) -> Upstream:
    module = catalog.modules.get(placed.module)
    label = placed.name or (module.label if module else placed.module)
    shape = bundle_shape(module) if module else Shape()
    return Upstream(id=placed.id, label=label, shape=shape)


class _Compiler:
    """Walks a document once and collects what is wrong with it."""

    def __init__(
        self,
        document: ScenarioDocument,
        catalog: Catalog,
        connections: Mapping[str, str],
        webhooks: Mapping[str, str],
    ) -> None:
        self._document = document
        self._catalog = catalog
        self._connections = connections
        self._webhooks = webhooks
        self.problems: list[Problem] = []

    def compile(self) -> Step | None:
        document = self._document
        if document.settings.timezone not in _timezones():
            self._wrong(
                f"{document.settings.timezone!r} is not a time zone; use a name such "
                "as Europe/Prague."
            )
        self._check_ids()
        if not document.flow:
            self._wrong("The flow is empty; place at least one module in it.")
            return None
        return self._flow(document.flow, (), starts=True)

    def _check_ids(self) -> None:
        ids = [placed.id for placed in self._document.modules()]
        for doubled in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            self._wrong(f"Two modules have the id {doubled}.")

    def _flow(
        self,
        flow: list[PlacedModule],
        upstream: tuple[int, ...],
        *,
        starts: bool = False,
    ) -> Step | None:
        if not flow:
            return None
        placed, *rest = flow
        if placed.routes and rest:
            self._wrong(
                f"Module {placed.id} has routes, so nothing can follow it; "
                f"move module {rest[0].id} into a route."
            )
        after = self._flow(rest, (*upstream, placed.id))
        ways = tuple(self._way(route, upstream, placed) for route in placed.routes)
        return self._step(placed, upstream, after, ways, starts=starts)

    def _way(
        self, route: Route, upstream: tuple[int, ...], router: PlacedModule
    ) -> Way:
        if route.fallback and sum(other.fallback for other in router.routes) > 1:
            self._wrong(f"Router {router.id} has more than one fallback.")
        return Way(
            first=self._flow(route.flow, (*upstream, router.id)),
            fallback=route.fallback,
        )

    def _step(
        self,
        placed: PlacedModule,
        upstream: tuple[int, ...],
        after: Step | None,
        ways: tuple[Way, ...],
        *,
        starts: bool,
    ) -> Step | None:
        try:
            module = self._catalog.module(placed.module)
        except NotFoundError as error:
            self._problem(placed, str(error))
            return None
        self._check_place(placed, module, starts=starts)
        self._check_connection(placed, module)
        self._check_fields(placed, module)
        downstream = [after, *(way.first for way in ways)]
        context = context_of(self._document, self._catalog, upstream)
        return Step(
            id=placed.id,
            app=self._catalog.app(module.app),
            module=module,
            connection=placed.connection,
            template=self._template(placed, module, context),
            filter=self._filter(placed, context),
            next=after,
            ways=ways,
            reaches_out="api" in module.takes,
            feeds_effects=any(
                step.module.effect or step.feeds_effects
                for step in downstream
                if step is not None
            ),
        )

    def _check_place(
        self, placed: PlacedModule, module: Module, *, starts: bool
    ) -> None:
        if module.kind is Kind.INSTANT_TRIGGER:
            if not starts:
                self._problem(placed, "A trigger can only be the first module.")
            self._check_webhook(placed)
        elif placed.webhook is not None:
            self._problem(placed, "Only an instant trigger has a webhook.")
        if placed.routes and module.kind is not Kind.ROUTER:
            self._problem(placed, "Only a router has routes.")
        if module.kind is Kind.ROUTER and not placed.routes:
            self._problem(placed, "A router needs at least one route.")
        if starts and placed.filter is not None:
            self._problem(placed, "The first module cannot have a filter.")

    def _check_webhook(self, placed: PlacedModule) -> None:
        if placed.webhook is None:
            self._problem(placed, "The webhook is missing (webhook: NAME).")
        elif placed.webhook not in self._webhooks:
            self._problem(
                placed,
                f"There is no webhook named {placed.webhook!r}"
                f"{_suggest(placed.webhook, self._webhooks)}; "
                f"`trunkline webhook add NAME --module {placed.module}` makes one.",
            )
        elif self._webhooks[placed.webhook] != placed.module:
            self._problem(
                placed,
                f"The webhook {placed.webhook!r} is for "
                f"{self._webhooks[placed.webhook]}, not for {placed.module}.",
            )

    def _check_connection(self, placed: PlacedModule, module: Module) -> None:
        name = placed.connection
        if name is None:
            if module.needs_connection:
                self._problem(placed, "The connection is missing (connection: NAME).")
        elif name not in self._connections:
            self._problem(
                placed,
                f"There is no connection named {name!r}"
                f"{_suggest(name, self._connections)}; "
                f"`trunkline connection add NAME --app {module.app}` makes one.",
            )
        elif self._connections[name] != module.app:
            self._problem(
                placed,
                f"The connection {name!r} is for the app {self._connections[name]}, "
                f"not for {module.app}.",
            )

    def _check_fields(self, placed: PlacedModule, module: Module) -> None:
        fields = module.input.model_fields
        for name, field in fields.items():
            if field.is_required() and name not in placed.map:
                self._problem(
                    placed,
                    f"{field.title or name} is mandatory (map: {name}).",
                    f"map.{name}",
                )
        for name in placed.map:
            if name not in fields:
                hint = _suggest(name, fields)
                self._problem(
                    placed, f"There is no field {name!r}{hint}.", f"map.{name}"
                )

    def _template(
        self, placed: PlacedModule, module: Module, context: Context
    ) -> Template:
        compiled, problems = compiled_map(placed, context)
        self.problems += problems
        for name, template in compiled.items():
            self._check_constant(placed, module, name, template)
        return (
            compile_template(placed.map)
            if compiled.keys() == placed.map.keys()
            else NOTHING
        )

    def _check_constant(
        self, placed: PlacedModule, module: Module, name: str, template: Template
    ) -> None:
        """A value that no bundle can change is checked when the scenario is saved."""
        if not template.is_constant or name not in module.input.model_fields:
            return
        value = placed.map[name]
        try:
            kind = field_kinds(module.input).get(name)
            fitted = value if kind is None else fit(module, name, kind, value)
            module.input.__pydantic_validator__.validate_assignment(
                module.input.model_construct(), name, fitted
            )
        except BundleValidationError as error:
            self._problem(placed, str(error), f"map.{name}")
        except ValidationError as error:
            faults = [f for f in error.errors() if f["loc"][:1] == (name,)]
            if faults:
                self._problem(placed, f"Field {explain(error)}.", f"map.{name}")

    def _filter(self, placed: PlacedModule, context: Context) -> Filter | None:
        compiled, problems = compiled_filter(placed, context)
        self.problems += problems
        return compiled

    def _problem(
        self, placed: PlacedModule, text: str, place: str | None = None
    ) -> None:
        self.problems.append(problem(placed, text, place))

    def _wrong(self, text: str) -> None:
        """A fault of the scenario as a whole."""
        self.problems.append(Problem(message=text))


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _suggest(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
