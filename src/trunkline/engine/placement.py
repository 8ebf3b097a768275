"""Whether a module may stand where it does, with what it was given there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pydantic import ValidationError

from trunkline.engine.bundle import fit
from trunkline.engine.reach import Reach
from trunkline.engine.shapes import field_kinds
from trunkline.engine.templates import problem
from trunkline.errors import ModuleError, TemplateError
from trunkline.mapping import IGNORE, Template, coerce, compile_template
from trunkline.model.problem import Problem
from trunkline.model.scenario import PlacedModule, Route
from trunkline.sdk import TRIGGERS, FurtherField, Kind, Module
from trunkline.sdk.webhook import explain

_BRANCHING = frozenset({Kind.ROUTER, Kind.IF_ELSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a module stands, and what exists that it could name.

    `connections` gives the app of each connection's name, `webhooks` the module of
    each webhook's name. `markers` are the routers and if-elses of the scenario.
    """

    connections: Mapping[str, str]
    webhooks: Mapping[str, str]
    starts: bool
    ends: bool
    after_if_else: bool
    reach: Reach
    markers: frozenset[int]


def check_placement(
    placed: PlacedModule, module: Module, place: Place
) -> Iterator[Problem]:
    """Everything that is wrong with a placed module, but for its templates."""
    for text in (
        *_of_position(placed, module, place),
        *_of_limit(placed, module),
        *_of_webhook(placed, module, place),
        *_of_routes(placed, module),
        *_of_gathering(placed, module, place),
        *_of_connection(placed, module, place),
    ):
        yield problem(placed, text)
    yield from _of_fields(placed, module)


def check_constant(
    placed: PlacedModule, module: Module, name: str, template: Template
) -> Iterator[Problem]:
    """A value that no bundle can change is checked when the scenario is saved."""
    if not template.is_constant or name not in module.input.model_fields:
        return
    try:
        value = template.value
        if value is IGNORE:
            return
        kind = field_kinds(module.input).get(name)
        fitted = value if kind is None else fit(module, name, kind, value)
        module.input.__pydantic_validator__.validate_assignment(
            module.input.model_construct(), name, fitted
        )
    except ModuleError as error:
        yield problem(placed, str(error), f"map.{name}")
    except ValidationError as error:
        if any(fault["loc"][:1] == (name,) for fault in error.errors()):
            yield problem(placed, f"Field {explain(error)}.", f"map.{name}")


def check_further(
    placed: PlacedModule, name: str, fields: Sequence[FurtherField]
) -> Iterator[Problem]:
    """A collection against the fields that are declared for it.

    Others may be given all the same: a service may know more than it tells.
    """
    given = placed.map.get(name, {})
    if not fields or not isinstance(given, Mapping):
        return
    known = {one.name: one for one in fields}
    for field in fields:
        if field.mandatory and given.get(field.name) in (None, ""):
            text = f"{field.title or field.name} is mandatory (map: {name})."
            yield problem(placed, text, f"map.{name}.{field.name}")
    for key, value in given.items():
        place = f"map.{name}.{key}"
        if key in known:
            yield from _of_type(placed, known[key], value, place)
        else:
            text = f"There is no field {key!r} in {name}{suggestion(key, known)}."
            yield replace(problem(placed, text, place), severity="warning")


def _of_type(
    placed: PlacedModule, field: FurtherField, value: object, place: str
) -> Iterator[Problem]:
    try:
        template = compile_template(value)
        if template.is_constant and template.value is not IGNORE:
            coerce(template.value, field.type)
    except TemplateError:
        return  # it is told where all templates are
    except ModuleError as error:
        yield problem(placed, f"{field.title or field.name}: {error}", place)


def _of_position(placed: PlacedModule, module: Module, place: Place) -> Iterator[str]:
    if place.starts:
        if placed.filter is not None:
            yield "The first module cannot have a filter."
        if module.kind in (Kind.AGGREGATOR, Kind.DIRECTIVE):
            yield f"A scenario cannot begin with {module.label}."
    elif module.kind in TRIGGERS:
        yield "A trigger can only be the first module."
    if module.kind is Kind.DIRECTIVE:
        yield from _of_directive(place)
    if module.name == "flow.merge" and not place.after_if_else:
        yield "A merge follows an if-else."
    if place.after_if_else and module.name != "flow.merge":
        yield "What follows an if-else begins with a merge (flow.merge)."


def _of_directive(place: Place) -> Iterator[str]:
    if not place.reach.failed:
        yield "A directive ends an error route, and has no place elsewhere."
    if not place.ends:
        yield "Nothing can follow a directive."


def _of_limit(placed: PlacedModule, module: Module) -> Iterator[str]:
    if placed.limit is not None:
        if module.kind not in TRIGGERS:
            yield "Only a trigger has a limit."
        if placed.limit < 1:
            yield "The limit has to be 1 or more."


def _of_webhook(placed: PlacedModule, module: Module, place: Place) -> Iterator[str]:
    if module.kind is not Kind.INSTANT_TRIGGER:
        if placed.webhook is not None:
            yield "Only an instant trigger has a webhook."
    elif placed.webhook is None:
        yield "The webhook is missing (webhook: NAME)."
    elif placed.webhook not in place.webhooks:
        yield (
            f"There is no webhook named {placed.webhook!r}"
            f"{suggestion(placed.webhook, place.webhooks)}; "
            f"`trunkline webhook add NAME --module {placed.module}` makes one."
        )
    elif place.webhooks[placed.webhook] != placed.module:
        yield (
            f"The webhook {placed.webhook!r} is for "
            f"{place.webhooks[placed.webhook]}, not for {placed.module}."
        )


def _of_routes(placed: PlacedModule, module: Module) -> Iterator[str]:
    if module.kind not in _BRANCHING:
        if placed.routes:
            yield "Only a router has routes."
        return
    if not placed.routes:
        yield "A router needs at least one route."
    if placed.on_error:
        yield "It cannot fail, so it has no error route."
    if module.kind is Kind.ROUTER:
        yield from _of_router(placed.routes)
    else:
        yield from _of_if_else(placed.routes)


def _of_router(routes: list[Route]) -> Iterator[str]:
    if sum(route.fallback for route in routes) > 1:
        yield "It has more than one fallback."
    if any(route.condition is not None for route in routes):
        yield (
            "A router's routes have no conditions of their own; put a filter on the "
            "first module of the route."
        )


def _of_if_else(routes: list[Route]) -> Iterator[str]:
    if any(route.fallback for route in routes):
        yield "The last route without a condition is its else; it has no fallback."
    for number, route in enumerate(routes[:-1], 1):
        if route.condition is None:
            yield f"Route {number} has no condition; only the last may be without."


def _of_gathering(placed: PlacedModule, module: Module, place: Place) -> Iterator[str]:
    if placed.continue_if_empty and not module.many:
        yield "It gives one bundle always, so there is nothing to go on without."
    if module.kind is not Kind.AGGREGATOR:
        if placed.aggregate is not None:
            yield "Only an aggregator has a source."
    elif placed.aggregate is None:
        yield "Its source module is missing (aggregate: {source: NUMBER})."
    elif placed.aggregate.source in place.markers:
        yield (
            f"Its source, module {placed.aggregate.source}, gives no bundles; choose "
            "the module whose bundles go that way."
        )
    elif placed.aggregate.source not in place.reach.before:
        yield (
            f"Its source, module {placed.aggregate.source}, does not run before it, "
            "or another aggregator has gathered its bundles already."
        )


def _of_connection(placed: PlacedModule, module: Module, place: Place) -> Iterator[str]:
    name = placed.connection
    if name is None:
        if module.needs_connection:
            yield "The connection is missing (connection: NAME)."
    elif name not in place.connections:
        yield (
            f"There is no connection named {name!r}"
            f"{suggestion(name, place.connections)}; "
            f"`trunkline connection add NAME --app {module.app}` makes one."
        )
    elif place.connections[name] != module.app:
        yield (
            f"The connection {name!r} is for the app {place.connections[name]}, "
            f"not for {module.app}."
        )


def _of_fields(placed: PlacedModule, module: Module) -> Iterator[Problem]:
    fields = module.input.model_fields
    for name, field in fields.items():
        if field.is_required() and name not in placed.map:
            text = f"{field.title or name} is mandatory (map: {name})."
            yield problem(placed, text, f"map.{name}")
    if module.input.model_config.get("extra") == "allow":
        return
    for name in placed.map:
        if name not in fields:
            text = f"There is no field {name!r}{suggestion(name, fields)}."
            yield problem(placed, text, f"map.{name}")


def suggestion(name: str, known: Collection[str]) -> str:
    """What was probably meant, to be put behind what was said."""
    close = get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
