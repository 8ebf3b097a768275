"""The words that stand for values (integrator-semantics 5.3)."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Final

from trunkline.mapping.paths import member
from trunkline.mapping.scope import Scope
from trunkline.mapping.values import ERASE, IGNORE

CONSTANTS: Final[Mapping[str, object]] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
    "ignore": IGNORE,
    "erase": ERASE,
    "emptystring": "",
    "space": " ",
    "nbsp": "\u00a0",
    "tab": "\t",
    "newline": "\n",
    "carriagereturn": "\r",
    "pi": 3.141592653589793,
}


def _of_scenario(name: str) -> Callable[[Scope], object]:
    return lambda scope: member(scope.variables.get("scenario"), name)


VARIABLES: Final[Mapping[str, Callable[[Scope], object]]] = {
    "var": lambda scope: scope.variables,
    "emptyarray": lambda _scope: [],
    "now": lambda scope: scope.clock().astimezone(UTC),
    "timestamp": lambda scope: int(scope.clock().timestamp()),
    "random": lambda scope: scope.random(),
    "uuid": lambda scope: scope.uuid(),
    "executionId": lambda scope: scope.execution_id,
    "executionID": lambda scope: scope.execution_id,
    "scenarioID": _of_scenario("id"),
    "scenarioName": _of_scenario("name"),
    "triggerTimestamp": _of_scenario("triggerTimestamp"),
    "operationsConsumed": _of_scenario("operationsConsumed"),
}

NAMES: Final = (*CONSTANTS, *VARIABLES)

HELP: Final[Mapping[str, str]] = {
    "true": "The boolean true.",
    "false": "The boolean false.",
    "null": "No value.",
    "undefined": "No value, as null.",
    "ignore": "Leaves the field out, as if it were not mapped.",
    "erase": "Sets the field to empty.",
    "emptystring": "A text without characters.",
    "space": "A blank.",
    "nbsp": "A blank at which lines are not broken.",
    "tab": "A tabulator.",
    "newline": "A line break.",
    "carriagereturn": "A carriage return.",
    "pi": "The number pi.",
    "var": "Variables of the scenario and its inputs, as in var.input.email.",
    "emptyarray": "An array without members.",
    "now": "The present moment, a date.",
    "timestamp": "The present moment in seconds since 1970.",
    "random": "A number from 0 up to, but without, 1.",
    "uuid": "A new identifier, a UUID of version 4.",
    "executionId": "The identifier of this execution.",
    "executionID": "The identifier of this execution.",
    "scenarioID": "The identifier of the scenario.",
    "scenarioName": "The name of the scenario.",
    "triggerTimestamp": "When the scenario was triggered.",
    "operationsConsumed": "How many operations have run so far.",
}
"""What each word stands for, in a sentence (integrator-semantics 5.3)."""
