"""The tree of an expression; every node knows its place in the template."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a node stands: 0-based offset and number of characters."""

    position: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Place):
    """A number or a quoted text; an argument left empty is the constant null."""

    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Place):
    """A word that stands for a value, such as `now` or `emptyarray`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Place):
    """`[n]` behind an array, counted from 1; without a number the first member."""

    number: "Node | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Place):
    """A way into a bundle (`root` is the module's number) or into `var`."""

    root: int | str
    steps: tuple[str | Index, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Place):
    """A function with its arguments."""

    name: str
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Place):
    """Operands of one precedence, worked off from the left without nesting."""

    operands: "tuple[Node, ...]"
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix(Place):
    """`!` and `-` in front of an operand, outermost first."""

    operators: tuple[str, ...]
    operand: "Node"


Node: TypeAlias = Constant | Word | Path | Call | Chain | Prefix
