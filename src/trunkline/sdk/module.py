"""One thing an app can do."""

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from trunkline.sdk.bundle import Bundle, plain
from trunkline.sdk.fields import Dropdown, Free, Further, Input, OptionSource, Output
from trunkline.sdk.watch import Watch
from trunkline.sdk.webhook import Webhook


class Kind(StrEnum):
    """What sort of module it is; the words are Make's."""

    INSTANT_TRIGGER = "instant trigger"
    TRIGGER = "trigger"
    ACTION = "action"
    SEARCH = "search"
    UNIVERSAL = "universal"
    TRANSFORMER = "transformer"
    ITERATOR = "iterator"
    AGGREGATOR = "aggregator"
    ROUTER = "router"
    IF_ELSE = "if-else"
    DIRECTIVE = "directive"
    PAUSER = "pauser"
    RESPONDER = "responder"
    CALLER = "caller"
    RETURNER = "returner"


MARKERS = frozenset({Kind.ROUTER, Kind.IF_ELSE, Kind.CALLER})
"""Kinds whose work the engine does; their functions are never called."""

TRIGGERS = frozenset({Kind.INSTANT_TRIGGER, Kind.TRIGGER})
"""Kinds that can only begin a scenario."""

_MANY = frozenset({Kind.SEARCH, Kind.ITERATOR})


class NoInput(Input):
    """A dialog without fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What the platform knows of a module, read from one decorated function.

    `takes` names the arguments the function asks for, out of `api`, `counters`,
    `delivery`, `fields`, `items`, `records`, `since` and `variables`. `effect` says
    that running it changes something outside, `unique` names the field that tells one
    result of a search from another, `watch` how a polling trigger knows what is new.
    """

    app: str
    key: str
    label: str
    kind: Kind
    description: str
    run: Callable[..., Any]
    takes: frozenset[str]
    input: type[Input] = NoInput
    output: type[Output] = Free
    webhook: type[Webhook] | None = None
    events: frozenset[str] | None = None
    effect: bool = False
    unique: str | None = None
    watch: Watch | None = None
    needs_connection: bool = False
    sample: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The module's name in scenarios and on the command line: `APP.MODULE`."""
        return f"{self.app}.{self.key}"

    @property
    def reaches_out(self) -> bool:
        """Whether running it touches anything outside of the scenario."""
        return not self.takes.isdisjoint({"api", "records"})

    @property
    def many(self) -> bool:
        """Whether it gives its bundles one by one, however many there are."""
        return self.kind in _MANY

    @property
    def from_outside(self) -> bool:
        """Whether its bundles depend on more than its fields."""
        return self.reaches_out or self.kind is Kind.CALLER

    @property
    def dropdowns(self) -> Mapping[str, OptionSource]:
        """The fields whose choices come from the service."""
        return {
            name: mark.source
            for name, field in self.input.model_fields.items()
            for mark in (*field.metadata, *_marks(field.annotation))
            if isinstance(mark, Dropdown)
        }

    @property
    def further(self) -> Mapping[str, Further]:
        """The collections whose fields depend on what was filled in before."""
        return {
            name: mark
            for name, field in self.input.model_fields.items()
            for mark in (*field.metadata, *_marks(field.annotation))
            if isinstance(mark, Further)
        }


def _marks(annotation: object) -> Iterator[object]:
    """What is annotated inside, as in `Annotated[str, Dropdown(f)] | None`."""
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _marks(part)


@dataclass(frozen=True, slots=True)
class Signature:
    """The parts of a decorated function that the platform reads."""

    takes: frozenset[str]
    input: type[Input]
    output: type[Output]
    description: str


_ARGUMENTS = frozenset(
    {
        "api",
        "counters",
        "delivery",
        "fields",
        "items",
        "records",
        "since",
        "variables",
    }
)


def read_signature(function: Callable[..., Any]) -> Signature:
    """Reads a module's form and output from its annotations.

    Raises:
        TypeError: it has an argument the platform cannot give, or no docstring, or its
            form cannot be a `Bundle`.
    """
    hints = get_type_hints(function)
    if "items" in hints:
        (hints["fields"],) = get_args(hints["items"])
    takes = frozenset(inspect.signature(function).parameters)
    if unknown := takes - _ARGUMENTS:
        raise TypeError(f"{function.__name__} asks for {sorted(unknown)}")
    if not function.__doc__:
        raise TypeError(f"{function.__name__} needs a docstring: its description")
    return Signature(
        takes=takes,
        input=hints.get("fields", NoInput),
        output=_output(hints.get("return", Free)),
        description=inspect.cleandoc(function.__doc__),
    )


def _output(annotation: Any) -> type[Output]:  # noqa: ANN401 - any annotation can stand there
    """The form in `Form`, `Bundle[Form]` or an `AsyncIterator` of these."""
    if get_origin(annotation) is AsyncIterator:
        (annotation,) = get_args(annotation)
    if get_origin(annotation) is Bundle:
        (annotation,) = get_args(annotation)
        plain(annotation)  # a form that cannot be given so is told of at once
    if isinstance(annotation, type) and issubclass(annotation, Output):
        return annotation
    return Free
