"""The way of a run that begins in the midst of a flow."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from trunkline.model.scenario import PlacedModule, ScenarioDocument
from trunkline.model.stand_ins import Course


@dataclass(slots=True)
class _Found:
    """What is known of the way while it is followed back from the module."""

    before: set[int] = field(default_factory=set)
    behind: set[int] = field(default_factory=set)
    ways: dict[int, int] = field(default_factory=dict)
    rivals: frozenset[int] = frozenset()


def course_from(document: ScenarioDocument, module: int) -> Course | None:
    """How a run goes that begins at a module; None where there is no such module."""
    found = _Found()
    if _follow(document.flow, module, found) is None:
        return None
    return Course(
        module=module,
        before=frozenset(found.before),
        behind=frozenset(found.behind),
        ways=found.ways,
        rivals=found.rivals,
    )


def _follow(flow: list[PlacedModule], module: int, found: _Found) -> bool | None:
    """Whether a bundle reaches the end of a flow; None if the module is not in it."""
    for place, placed in enumerate(flow):
        if placed.id == module:
            found.before |= _ids(flow[:place])
            found.behind |= _ids(flow[place:])
            return True
        comes_back = _within(placed, module, found)
        if comes_back is not None:
            found.before |= {placed.id, *_ids(flow[:place])}
            if comes_back:
                found.behind |= _ids(flow[place + 1 :])
            return comes_back
    return None


def _within(placed: PlacedModule, module: int, found: _Found) -> bool | None:
    """Whether a bundle goes on behind a module in one of whose flows the other is."""
    for number, route in enumerate(placed.routes):
        ends = _follow(route.flow, module, found)
        if ends is None:
            continue
        found.ways[placed.id] = number
        if route.fallback and route.flow[0].id == module:
            others = [one for one in placed.routes if one is not route and one.flow]
            found.rivals = frozenset(one.flow[0].id for one in others)
        # Nothing follows a router, and what is behind an if-else is its merge.
        return ends and route.merge
    return _follow(placed.on_error, module, found)


def _ids(flow: list[PlacedModule]) -> set[int]:
    return set(_all(flow))


def _all(flow: list[PlacedModule]) -> Iterator[int]:
    for placed in flow:
        yield placed.id
        for inside in placed.flows():
            yield from _all(inside)
