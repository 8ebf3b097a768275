"""What is known before a template runs: the modules upstream and their fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from trunkline.mapping.nodes import Index
from trunkline.mapping.values import describe

Kind: TypeAlias = Literal[
    "any", "text", "number", "boolean", "date", "collection", "array", "buffer", "empty"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is known of a value.

    `fields` are those of a collection, `items` what an array holds. A collection that
    is not `known` may have any field, and nothing is said of those it seems to lack.
    """

    kind: str = "any"
    title: str = ""
    fields: "Mapping[str, Shape]" = field(default_factory=dict)
    items: "Shape | None" = None
    known: bool = False
    sample: object = None

    @property
    def member(self) -> "Shape":
        """The shape itself, or of an array that of its members."""
        return (self.items or ANY).member if self.kind == "array" else self

    def at(self, step: str | Index) -> "Shape | None":
        """What a step leads to; None if it is known to lead nowhere.

        A name goes through an array to its first member (integrator-semantics 5.2
        [likely]).
        """
        if isinstance(step, Index):
            return (self.items or ANY) if self.kind == "array" else ANY
        member = self.member
        if step in member.fields:
            return member.fields[step]
        return None if member.known and not _is_extra(step) else ANY


ANY = Shape()


def _is_extra(name: str) -> bool:
    """`__IMTLENGTH__` and its like belong to every bundle (5.3 [sure])."""
    return name.startswith("__") and name.endswith("__")


def shape_of(value: object, title: str = "") -> Shape:
    """The shape of a value that was seen; others may have more fields."""
    kind = describe(value)
    if isinstance(value, Mapping):
        fields = {str(name): shape_of(member) for name, member in value.items()}
        return Shape(kind=kind, title=title, fields=fields, sample=value)
    if isinstance(value, list):
        items = shape_of(value[0]) if value else None
        return Shape(kind=kind, title=title, items=items, sample=value)
    return Shape(kind=kind, title=title, sample=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A module that runs before: its number, its name for people, its bundles."""

    id: int
    label: str
    shape: Shape = ANY


class Context:
    """The modules upstream, in the order in which they run.

    `variables` is what is known of `var`.
    """

    def __init__(
        self,
        modules: Iterable[Upstream] = (),
        *,
        variables: Shape = ANY,
        open_: bool = False,
    ) -> None:
        self.modules: Mapping[int, Upstream] = {one.id: one for one in modules}
        self.variables = variables
        self.is_open = open_
        """Whether modules that are not listed may run before as well."""

    def shape(self, module: int) -> Shape | None:
        """The bundles of a module; None if none of that number runs before."""
        found = self.modules.get(module)
        if found is not None:
            return found.shape
        return ANY if self.is_open else None
