"""Calls: which function is meant, and how it is run."""

from typing import Final, cast

from trunkline.errors import DataError, TemplateError
from trunkline.mapping.functions import FUNCTIONS
from trunkline.mapping.functions.registry import Function
from trunkline.mapping.nodes import Call
from trunkline.mapping.scope import Run, Scope
from trunkline.mapping.suggestions import nearest
from trunkline.mapping.words import NAMES


def function_of(node: Call) -> Function:
    """The function that a call names, which takes as many arguments as are given."""
    if node.name not in FUNCTIONS:
        raise _unknown(node)
    function = FUNCTIONS[node.name]
    _check_arguments(node, function)
    return function


def lazy_call(function: Function, arguments: tuple[Run, ...]) -> Run:
    call = function.call
    return lambda scope: call(scope, *arguments)


def eager_call(function: Function, arguments: tuple[Run, ...]) -> Run:
    call, scoped = function.call, function.scoped

    def run(scope: Scope) -> object:
        values = [argument(scope) for argument in arguments]
        try:
            result = call(scope, *values) if scoped else call(*values)
        except DataError as error:
            raise type(error)(_finished(function, error)) from None
        except (ArithmeticError, ValueError):
            reason = "The result is beyond what can be worked on."
            raise DataError(_finished(function, reason)) from None
        kind = result.__class__
        if kind is str or kind is bytes:
            scope.budget.produce(len(result))
        elif kind is list:
            scope.budget.hold(len(result))
        return cast("object", result)

    return run


def _finished(function: Function, error: DataError | str) -> str:
    return f"Function '{function.name}' finished with an error: {error}"


def _check_arguments(node: Call, function: Function) -> None:
    given, least, most = len(node.arguments), function.least, function.most
    if given >= least and (most is None or given <= most):
        return
    if most is None:
        wanted = f"at least {least}"
    else:
        wanted = str(least) if least == most else f"{least} to {most}"
    raise TemplateError(
        f"The function {node.name} takes {wanted} argument"
        f"{'' if wanted == '1' else 's'}, not {given}: {function.signature}",
        position=node.position,
        length=node.length,
    )


def _unknown(node: Call) -> TemplateError:
    if node.name in NAMES:
        hint = f"{node.name} is a word: write it without brackets."
    elif node.name in _ELSEWHERE:
        hint = f"{_ELSEWHERE[node.name]}."
    else:
        hint = nearest(node.name, FUNCTIONS)
    message = f"Unknown function '{node.name}' at position {node.position}. {hint}"
    return TemplateError(
        message.rstrip(), position=node.position, length=len(node.name)
    )


_ELSEWHERE: Final = {
    "filter": "To choose members of an array, use map with its third and fourth "
    "argument",
    "toNumber": "Use parseNumber",
    "toJSON": "Use toString, or the module Create JSON",
    "stringify": "Use toString, or the module Create JSON",
    "urlEncode": "Use encodeURL",
    "replaceAll": "Use replace, which replaces every occurrence",
    "substr": "Use substring(text; start; end)",
    "multiply": "Use the operator *",
    "divide": "Use the operator /",
    "subtract": "Use the operator -",
}
"""Functions that do not exist but are often written (integrator-semantics 5.4)."""
