"""Ways into a scope, as closures."""

from collections.abc import Sequence
from typing import TypeAlias, cast

from trunkline.mapping.paths import member, nth
from trunkline.mapping.scope import Run, Scope

Step: TypeAlias = str | Run
"""A field's name, or what gives a position in an array."""


def field(module: int, names: tuple[str, ...]) -> Run:
    """A way by names alone; the one most templates take, so it is kept short."""

    def run(scope: Scope) -> object:
        value = scope.modules.get(module)
        for name in names:
            value = (
                cast("dict[str, object]", value).get(name)
                if value.__class__ is dict
                else member(value, name)
            )
        return value

    return run


def stepwise(root: Run, steps: Sequence[Step]) -> Run:
    """A way that counts array members."""

    def run(scope: Scope) -> object:
        value = root(scope)
        for step in steps:
            if isinstance(step, str):
                value = member(value, step)
            else:
                value = nth(value, step(scope))
        return value

    return run
