"""Which modules' bundles a module can map from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trunkline.engine.catalog import Catalog
from trunkline.engine.shapes import bundle_shape
from trunkline.mapping.language import Context, Shape, Upstream
from trunkline.model.scenario import PlacedModule, ScenarioDocument, ScenarioField

_ERROR = Shape(
    kind="collection",
    fields={
        "error": Shape(
            kind="collection",
            title="Error",
            fields={
                name: Shape(kind=kind, title=title)
                for name, kind, title in (
                    ("type", "text", "Type"),
                    ("message", "text", "Message"),
                    ("status", "number", "Status code"),
                    ("detail", "text", "Detail"),
                )
            },
        )
    },
)
"""What an error route sees of the module that failed."""

_SCENARIO = Shape(
    kind="collection",
    fields={
        "id": Shape(kind="text"),
        "name": Shape(kind="text"),
        "executionId": Shape(kind="text"),
        "triggerTimestamp": Shape(kind="date"),
        "operationsConsumed": Shape(kind="number"),
    },
)


@dataclass(frozen=True, slots=True)
class Reach:
    """The modules before one, in their order; of those in `failed`, their errors."""

    before: tuple[int, ...] = ()
    failed: frozenset[int] = frozenset()

    def behind(self, *ids: int) -> "Reach":
        """One module further, or several side by side."""
        return Reach((*self.before, *ids), self.failed)

    def behind_failed(self, id_: int) -> "Reach":
        return Reach((*self.before, id_), self.failed | {id_})

    def behind_aggregator(self, placed: PlacedModule) -> "Reach":
        """Its source and what lies between end there (integrator-semantics F10)."""
        source = placed.aggregate.source if placed.aggregate else None
        if source not in self.before:
            return self.behind(placed.id)
        kept = self.before[: self.before.index(source)]
        return Reach((*kept, placed.id), self.failed)


def reaches(document: ScenarioDocument) -> Mapping[int, Reach]:
    """What each module of a scenario can map from, by its number."""
    return dict(_walk(document.flow, Reach()))


def context_of(
    document: ScenarioDocument,
    catalog: Catalog,
    reach: Reach,
    returned: Mapping[int, Sequence[ScenarioField]],
) -> Context:
    """What is known of the bundles in reach.

    `returned` are the outputs of scenarios, by the number of the module that calls.
    """
    placed = {one.id: one for one in document.modules()}
    upstream = (
        _failed(placed[id_], catalog)
        if id_ in reach.failed
        else _upstream(placed[id_], catalog, returned.get(id_, ()))
        for id_ in reach.before
        if id_ in placed
    )
    return Context(upstream, variables=_variables(document.inputs))


def _walk(flow: list[PlacedModule], reach: Reach) -> Iterator[tuple[int, Reach]]:
    branches: tuple[int, ...] = ()
    for placed in flow:
        here = reach.behind(*branches)
        yield placed.id, here
        for route in placed.routes:
            yield from _walk(route.flow, here.behind(placed.id))
        yield from _walk(placed.on_error, here.behind_failed(placed.id))
        # What the branches of an if-else gave is seen by the merge, and ends there.
        reach = reach.behind_aggregator(placed)
        branches = _branches(placed)


def _branches(placed: PlacedModule) -> tuple[int, ...]:
    """The modules of the routes that come back."""
    return tuple(
        inside.id for route in placed.routes if route.merge for inside in route.flow
    )


def _variables(inputs: Sequence[ScenarioField]) -> Shape:
    """What `var` holds: facts of the scenario, and its inputs as they are declared."""
    declared = Shape(kind="collection", known=True, fields=field_shapes(inputs))
    fields = {"input": declared, "scenario": _SCENARIO}
    return Shape(kind="collection", known=True, fields=fields)


def field_shapes(fields: Sequence[ScenarioField]) -> Mapping[str, Shape]:
    """What is known of the inputs or outputs of a scenario, by their names."""
    return {
        one.name: Shape(
            kind="number" if one.type == "integer" else one.type, title=one.label
        )
        for one in fields
    }


def _upstream(
    placed: PlacedModule, catalog: Catalog, returned: Sequence[ScenarioField]
) -> Upstream:
    module = catalog.modules.get(placed.module)
    shape = bundle_shape(module) if module else Shape()
    if returned:
        data = Shape(kind="collection", fields=field_shapes(returned))
        shape = replace(shape, fields={**shape.fields, "data": data})
    return Upstream(id=placed.id, label=_label(placed, catalog), shape=shape)


def _failed(placed: PlacedModule, catalog: Catalog) -> Upstream:
    return Upstream(id=placed.id, label=_label(placed, catalog), shape=_ERROR)


def _label(placed: PlacedModule, catalog: Catalog) -> str:
    module = catalog.modules.get(placed.module)
    return placed.name or (module.label if module else placed.module)
