"""What is wrong with a template, all of it, with places and ways out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trunkline.errors import TemplateError
from trunkline.mapping.compiler import compile_node
from trunkline.mapping.functions import FUNCTIONS
from trunkline.mapping.language.context import Context, Shape
from trunkline.mapping.nodes import Call, Chain, Index, Node, Path, Place, Prefix, Word
from trunkline.mapping.parser import check_length, parse_as_far
from trunkline.mapping.suggestions import closest
from trunkline.mapping.tokens import scan
from trunkline.mapping.words import NAMES


class Severity(StrEnum):
    """An error fails whenever the template runs; a warning is probably not meant."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault. `position` and `column` count characters, from 0 and from 1.

    `suggestion` is what could stand in the place instead.
    """

    severity: Severity
    message: str
    position: int
    length: int
    line: int
    column: int
    suggestion: str | None = None


def diagnose(source: str, context: Context) -> list[Diagnostic]:
    """Everything that can be said before the template runs, in order of place."""
    try:
        check_length(source)
        found = _Diagnosis(source, context).all()
    except (TemplateError, RecursionError) as error:
        found = [_of(source, _as_fault(error))]
    return sorted(found, key=lambda one: (one.position, one.length))


def _as_fault(error: TemplateError | RecursionError) -> TemplateError:
    if isinstance(error, TemplateError):
        return error
    return TemplateError("The template is nested too deeply.")


class _Diagnosis:
    """Walks the expressions of one template."""

    def __init__(self, source: str, context: Context) -> None:
        self._source = source
        self._context = context

    def all(self) -> list[Diagnostic]:
        nodes, faults = parse_as_far(self._source)
        found = [_of(self._source, fault) for fault in faults]
        for node in nodes:
            found += self._in(node)
        return found

    def _in(self, node: Node) -> Iterator[Diagnostic]:
        yield from self._here(node)
        for part in parts_of(node):
            yield from self._in(part)

    def _here(self, node: Node) -> Iterator[Diagnostic]:
        """What is wrong with a node itself, whatever is in it."""
        if isinstance(node, Path) and isinstance(node.root, int):
            yield from self._reference(node, node.root)
        elif isinstance(node, Call | Word | Path):
            try:
                compile_node(_alone(node))
            except TemplateError as fault:
                yield _of(self._source, fault)
            if isinstance(node, Path) and node.root == "var":
                yield from self._unknown_field(node, self._context.variables)

    def _reference(self, node: Path, module: int) -> Iterator[Diagnostic]:
        shape = self._context.shape(module)
        if shape is None:
            yield self._stranger(node, module)
        else:
            yield from self._unknown_field(node, shape)

    def _stranger(self, node: Path, module: int) -> Diagnostic:
        known = [str(number) for number in self._context.modules]
        listed = f"Before it run: {', '.join(known)}." if known else "None runs before."
        place = Place(position=node.position, length=len(str(module)))
        return _at(
            self._source,
            place,
            f"Module {module} does not run before this one. {listed}",
            suggestion=known[0] if len(known) == 1 else None,
        )

    def _unknown_field(self, node: Path, shape: Shape) -> Iterator[Diagnostic]:
        for step, place in zip(node.steps, places_of(self._source, node), strict=False):
            inner = shape.at(step)
            if inner is None:
                known = closest(str(step), shape.member.fields)
                hint = f" Did you mean {known}?" if known else ""
                yield _at(
                    self._source,
                    place,
                    f"There is no field '{step}' among those that are known.{hint}",
                    severity=Severity.WARNING,
                    suggestion=known,
                )
                return
            shape = inner


def parts_of(node: Node) -> Sequence[Node]:
    """The nodes directly inside a node."""
    match node:
        case Call():
            return node.arguments
        case Chain():
            return node.operands
        case Prefix():
            return (node.operand,)
        case Path():
            indices = (step for step in node.steps if isinstance(step, Index))
            return [one.number for one in indices if one.number is not None]
    return ()


def places_of(source: str, path: Path) -> Iterator[Place]:
    """Where each step of a path stands."""
    token = scan(source, path.position)
    steps = iter(path.steps)
    for step in steps:
        if isinstance(step, Index):
            yield step
            token = token._replace(end=step.position + step.length)
            continue
        dot = scan(source, token.end)
        token = scan(source, dot.end)
        yield Place(position=token.position, length=token.length)


def _alone(node: Call | Word | Path) -> Node:
    """The node with arguments that cannot be wrong, since they are looked at apart."""
    if not isinstance(node, Call):
        return node
    nothing = Word(position=node.position, length=0, name="null")
    return Call(
        position=node.position,
        length=node.length,
        name=node.name,
        arguments=tuple(nothing for _ in node.arguments),
    )


def _of(source: str, fault: TemplateError) -> Diagnostic:
    """A fault that the parser or the compiler named."""
    place = Place(position=fault.position, length=fault.length)
    written = source[fault.position : fault.position + fault.length]
    name = written.partition("(")[0].strip()
    known = name in FUNCTIONS or name in NAMES
    suggestion = None
    if name.isidentifier() and not known:
        suggestion = closest(name, FUNCTIONS if "function" in str(fault) else NAMES)
    return _at(source, place, str(fault), suggestion=suggestion)


def _at(
    source: str,
    place: Place,
    message: str,
    *,
    severity: Severity = Severity.ERROR,
    suggestion: str | None = None,
) -> Diagnostic:
    position = min(place.position, len(source))
    start = source.rfind("\n", 0, position) + 1
    return Diagnostic(
        severity=severity,
        message=message,
        position=position,
        length=max(min(place.length, len(source) - position), 1),
        line=source.count("\n", 0, position) + 1,
        column=position - start + 1,
        suggestion=suggestion,
    )
