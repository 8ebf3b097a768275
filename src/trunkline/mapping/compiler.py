"""From a tree to Python closures; constants are computed once, here."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple, cast

from trunkline.errors import DataError, TemplateError
from trunkline.mapping import numbers
from trunkline.mapping.calls import eager_call, function_of, lazy_call
from trunkline.mapping.functions import FUNCTIONS
from trunkline.mapping.lookups import Step, field, stepwise
from trunkline.mapping.nodes import (
    Call,
    Chain,
    Constant,
    Index,
    Node,
    Path,
    Place,
    Prefix,
    Word,
)
from trunkline.mapping.numbers import settle
from trunkline.mapping.operators import AND, ARITHMETIC, OPERATIONS, OR, Operation
from trunkline.mapping.scope import Run, Scope
from trunkline.mapping.suggestions import nearest
from trunkline.mapping.values import Special, render_text, truthy
from trunkline.mapping.words import CONSTANTS, NAMES, VARIABLES


class Code(NamedTuple):
    """A compiled node; a constant one gives the same value in every scope."""

    run: Run
    constant: bool = False


def constant(value: object) -> Code:
    return Code(lambda _scope: value, constant=True)


def compile_node(node: Node) -> Code:
    """A node whose value leaves the expression or is handed on unseen."""
    code = _compile(node)
    return _mapped(code, _settled) if _calculates(node) else code


def _argument(node: Node) -> Code:
    """A node whose value a function looks at: `ignore` and `erase` are null there."""
    code = compile_node(node)
    return _mapped(code, _plain) if _may_be_special(node) else code


def _operand(node: Node) -> Code:
    """A node inside a calculation, which stays exact between its steps."""
    return _compile(node) if _calculates(node) else _argument(node)


def _compile(node: Node) -> Code:
    match node:
        case Constant():
            return constant(node.value)
        case Word():
            return _word(node)
        case Path():
            return _path(node)
        case Call():
            return _call(node)
        case Prefix():
            return _prefix(node)
        case Chain():
            return _chain(node)


# Words and paths


def _word(node: Word) -> Code:
    if node.name in CONSTANTS:
        return constant(CONSTANTS[node.name])
    if node.name in VARIABLES:
        return Code(VARIABLES[node.name])
    if node.name in FUNCTIONS:
        raise _fault(node, f"The function {node.name} needs brackets: {node.name}(…).")
    hint = nearest(node.name, NAMES) or f'Texts need quotes: "{node.name}".'
    raise _fault(
        node, f"Unknown word '{node.name}' at position {node.position}. {hint}"
    )


def _path(node: Path) -> Code:
    names = tuple(step for step in node.steps if isinstance(step, str))
    if isinstance(node.root, str):
        return Code(stepwise(_root(node, node.root), _steps(node)))
    if len(names) == len(node.steps):
        return Code(field(node.root, names))
    module = node.root
    return Code(stepwise(lambda scope: scope.modules.get(module), _steps(node)))


def _steps(node: Path) -> list[Step]:
    return [step if isinstance(step, str) else _position(step) for step in node.steps]


def _root(node: Path, name: str) -> Run:
    if name in VARIABLES:
        return VARIABLES[name]
    raise _fault(
        node,
        f"Unknown word '{name}' at position {node.position}. A module's field begins "
        f"with the module's number, as in 1.{name}.",
    )


def _position(index: Index) -> Run:
    if index.number is None:
        return lambda _scope: 1
    run = _argument(index.number).run

    def position(scope: Scope) -> object:
        value = run(scope)
        return numbers.number_in(value) if isinstance(value, str) else value

    return position


# Functions


def _call(node: Call) -> Code:
    function = function_of(node)
    compiled = [
        (compile_node if function.lazy else _argument)(argument)
        for argument in node.arguments
    ]
    runs = tuple(code.run for code in compiled)
    if function.lazy:
        return Code(lazy_call(function, runs))
    run = eager_call(function, runs)
    if function.pure and all(code.constant for code in compiled):
        return _folded(run)
    return Code(run)


# Operators


def _prefix(node: Prefix) -> Code:
    inner = _operand(node.operand)
    operators = node.operators[::-1]

    def run(scope: Scope) -> object:
        value = inner.run(scope)
        for operator in operators:
            if operator == "!":
                value = not truthy(value)
            else:
                value = numbers.subtract(0, numbers.operand(value))
        return value

    return _folded(run) if inner.constant else Code(run)


def _chain(node: Chain) -> Code:
    first = node.operators[0]
    if first in AND or first in OR:
        return _logical(
            [compile_node(part) for part in node.operands], wanted=first in OR
        )
    operands = [_operand(part) for part in node.operands]
    if all(operator == "+" for operator in node.operators):
        run = _sum([code.run for code in operands])
    else:
        steps = zip(node.operators, operands[1:], strict=True)
        run = _stepped(
            operands[0].run,
            [(OPERATIONS[operator], code.run) for operator, code in steps],
        )
    return _folded(run) if all(code.constant for code in operands) else Code(run)


def _logical(operands: list[Code], *, wanted: bool) -> Code:
    """The first operand that decides, otherwise the last (5.2 [likely])."""
    *early, last = (code.run for code in operands)

    def run(scope: Scope) -> object:
        for operand in early:
            value = operand(scope)
            if truthy(value) is wanted:
                return value
        return last(scope)

    return _folded(run) if all(code.constant for code in operands) else Code(run)


def _stepped(first: Run, steps: list[tuple[Operation, Run]]) -> Run:
    if len(steps) == 1:
        ((operation, second),) = steps
        return lambda scope: operation(scope, first(scope), second(scope))

    def run(scope: Scope) -> object:
        value = first(scope)
        for operation, operand in steps:
            value = operation(scope, value, operand(scope))
        return value

    return run


def _sum(operands: list[Run]) -> Run:
    """A row of `+`: once a text is met, all that follows is joined in one go."""
    plus = OPERATIONS["+"]

    def run(scope: Scope) -> object:
        values = (operand(scope) for operand in operands)
        total = next(values)
        for value in values:
            total = plus(scope, total, value)
            if isinstance(total, str):
                return joined(scope, [total, *map(render_text, values)])
        return total

    return run


def joined(scope: Scope, pieces: list[str]) -> str:
    scope.budget.produce(sum(map(len, pieces)))
    return "".join(pieces)


# What all share


def _folded(run: Run) -> Code:
    """The value itself, where it is plain and can be computed without a scope."""
    try:
        value = run(nowhere())
    except DataError:
        return Code(run)
    if isinstance(value, list | dict):
        return Code(run)
    return constant(value)


def nowhere() -> Scope:
    """A scope for what is the same in every one."""
    return Scope(
        {},
        clock=lambda: datetime(1970, 1, 1, tzinfo=UTC),
        random=lambda: 0.0,
        uuid=lambda: "",
    )


def _mapped(code: Code, change: Callable[[object], object]) -> Code:
    run = code.run
    if code.constant:
        return _folded(lambda scope: change(run(scope)))
    return Code(lambda scope: change(run(scope)))


def _settled(value: object) -> object:
    kind = value.__class__
    if kind is Decimal or kind is int:
        return settle(cast("int | Decimal", value))
    return value


def _plain(value: object) -> object:
    return None if isinstance(value, Special) else value


def _calculates(node: Node) -> bool:
    if isinstance(node, Prefix):
        return node.operators[0] == "-"
    return isinstance(node, Chain) and node.operators[0] in ARITHMETIC


def _may_be_special(node: Node) -> bool:
    match node:
        case Word():
            return isinstance(CONSTANTS.get(node.name), Special)
        case Call():
            return FUNCTIONS[node.name].lazy
        case Chain():
            return node.operators[0] in AND or node.operators[0] in OR
    return False


def _fault(node: Place, message: str) -> TemplateError:
    return TemplateError(message, position=node.position, length=node.length)
