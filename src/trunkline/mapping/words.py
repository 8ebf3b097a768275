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
