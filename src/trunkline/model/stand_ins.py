"""What stands in for modules in a run by hand, so that they are not run."""

from collections.abc import Mapping

from msgspec import Struct

from trunkline.model.clock import Millis


class Pin(Struct, frozen=True, kw_only=True):
    """Bundles that a person has pinned to a module of a scenario, as JSON text."""

    scenario_id: str
    module_id: int
    bundles: str
    pinned_at: Millis


class Course(Struct, frozen=True, kw_only=True):
    """How a run that begins at `module` goes through the flow.

    Modules in `before` gave their bundles in another execution, those in `behind` run,
    `module` among them; others are not on the way. `ways` are the routes that lead to
    the module, by the if-else they leave. Where the module begins a fallback route,
    `rivals` begin the others of its router.
    """

    module: int
    before: frozenset[int] = frozenset()
    behind: frozenset[int] = frozenset()
    ways: Mapping[int, int] = {}
    rivals: frozenset[int] = frozenset()


class StandIns(Struct, frozen=True, kw_only=True):
    """What an execution was given when it was begun by hand.

    `samples` are the bundles of pinned modules, by their numbers. Where it began at a
    module, `source_id` is the execution that had run what lies before, `course` the way
    it takes, and `operations` how many operations were taken over: those with the
    lowest numbers.
    """

    execution_id: str
    samples: Mapping[int, list[object]] = {}
    source_id: str | None = None
    course: Course | None = None
    operations: int = 0
