"""Templates: any JSON tree whose texts may hold `{{expressions}}`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trunkline.errors import DataError, TemplateError
from trunkline.mapping.budget import MAX_NESTING, too_deep
from trunkline.mapping.compiler import Code, compile_node, constant, joined, nowhere
from trunkline.mapping.nodes import Call, Chain, Constant, Index, Node, Path, Prefix
from trunkline.mapping.parser import OPEN, parse
from trunkline.mapping.scope import Run, Scope
from trunkline.mapping.values import IGNORE, render_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A module's field that a template reads.

    `path` holds names and, counted from 1, array positions as far as they are known
    before the template runs; `position` is where in its text it stands.
    """

    module: int
    path: tuple[str | int, ...]
    position: int


class Template:
    """A compiled template: evaluated as often as there are bundles."""

    __slots__ = ("_run", "is_constant", "references")

    def __init__(
        self, run: Run, references: frozenset[Reference], *, is_constant: bool
    ) -> None:
        self._run = run
        self.references = references
        self.is_constant = is_constant

    @property
    def value(self) -> object:
        """What a constant template gives in every scope; see `evaluate`."""
        return self.evaluate(nowhere())

    def evaluate(self, scope: Scope) -> object:
        """The value in a scope.

        A text that is one expression keeps the type of its value. A field or member
        that evaluates to `ignore` is left out; a whole template that does gives
        `IGNORE`. Raises DataError where a function or an operator cannot use a value,
        BudgetError where the work would be too much.
        """
        scope.begin()
        try:
            return self._run(scope)
        except DataError as error:
            if not scope.trail:
                raise
            place = ".".join(scope.trail)
            raise type(error)(f"Failed to map '{place}': {error}") from None
        except RecursionError:
            raise too_deep() from None


def compile_template(source: object) -> Template:
    """Compile a JSON tree; its keys are taken as they are.

    Raises TemplateError with the place of the fault inside the text it is in.
    """
    found: set[Reference] = set()
    try:
        code = _Tree(found).compile(source, ())
    except RecursionError:
        raise _nested_too_deeply() from None
    return Template(code.run, frozenset(found), is_constant=code.constant)


def references_in(node: Node) -> Iterator[Reference]:
    """The modules' fields that an expression reads."""
    match node:
        case Path():
            yield from _referred(node)
            parts = [step.number for step in node.steps if isinstance(step, Index)]
        case Call():
            parts = [*node.arguments]
        case Chain():
            parts = [*node.operands]
        case Prefix():
            parts = [node.operand]
        case _:
            return
    for part in parts:
        if part is not None:
            yield from references_in(part)


def _referred(node: Path) -> Iterator[Reference]:
    if not isinstance(node.root, int):
        return
    path: list[str | int] = []
    for step in node.steps:
        known = step if isinstance(step, str) else _known_position(step)
        if known is None:
            break
        path.append(known)
    yield Reference(module=node.root, path=tuple(path), position=node.position)


def _known_position(index: Index) -> int | None:
    if index.number is None:
        return 1
    value = index.number.value if isinstance(index.number, Constant) else None
    return value if isinstance(value, int) else None


class _Tree:
    """Compiles a tree and notes the references met on the way."""

    def __init__(self, references: set[Reference]) -> None:
        self._references = references

    def compile(self, source: object, trail: tuple[str, ...]) -> Code:
        if len(trail) > MAX_NESTING:
            raise _nested_too_deeply()
        if isinstance(source, str):
            return self._text(source, trail)
        if isinstance(source, Mapping):
            fields = [
                (str(key), self.compile(value, (*trail, str(key))))
                for key, value in source.items()
            ]
            constant_tree = all(code.constant for _, code in fields)
            return Code(_collection(fields), constant_tree)
        if isinstance(source, list | tuple):
            members = [
                (str(number), self.compile(member, (*trail, str(number))))
                for number, member in enumerate(source, 1)
            ]
            return Code(_array(members), all(code.constant for _, code in members))
        return constant(source)

    def _text(self, source: str, trail: tuple[str, ...]) -> Code:
        if OPEN not in source:
            return constant(source)
        try:
            return self._expressions(source)
        except TemplateError as error:
            if not trail:
                raise
            raise TemplateError(
                f"Field '{'.'.join(trail)}': {error}",
                position=error.position,
                length=error.length,
            ) from None

    def _expressions(self, source: str) -> Code:
        parts = parse(source)
        compiled = [
            constant(part) if isinstance(part, str) else self._expression(part)
            for part in parts
        ]
        return compiled[0] if len(compiled) == 1 else _text(compiled)

    def _expression(self, node: Node) -> Code:
        self._references.update(references_in(node))
        return compile_node(node)


def _text(parts: list[Code]) -> Code:
    """Every part as text, in a row."""
    runs = [part.run for part in parts]

    def run(scope: Scope) -> str:
        return joined(scope, [render_text(part(scope)) for part in runs])

    return Code(run, all(part.constant for part in parts))


def _collection(fields: list[tuple[str, Code]]) -> Run:
    runs = [(key, code.run) for key, code in fields]
    return lambda scope: _filled(runs, scope)


def _array(members: list[tuple[str, Code]]) -> Run:
    runs = [(key, code.run) for key, code in members]
    return lambda scope: list(_filled(runs, scope).values())


def _filled(fields: list[tuple[str, Run]], scope: Scope) -> dict[str, object]:
    """The fields that are not ignored; a failing one is noted for the message."""
    filled = {}
    key = ""
    try:
        for key, run in fields:
            value = run(scope)
            if value is not IGNORE:
                filled[key] = value
    except DataError:
        scope.trail = (key, *scope.trail)
        raise
    return filled


def _nested_too_deeply() -> TemplateError:
    return TemplateError(f"The template is nested more than {MAX_NESTING} levels deep.")
