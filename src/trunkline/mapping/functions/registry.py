"""How a plain Python function becomes a function of the mapping language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Implementation: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of the language.

    `signature` is how people read it: `[x]` may be left out, `...` repeats. `most` is
    None where the number of arguments has no end. A `lazy` function gets the scope and
    its arguments as closures over the scope, a `scoped` one the scope and the values;
    all others get the values only and are folded when these are constant.
    """

    name: str
    group: str
    signature: str
    help: str
    least: int
    most: int | None
    call: Implementation
    lazy: bool = False
    scoped: bool = False
    pure: bool = True


class Shelf:
    """Where the functions of one group are registered."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.functions: dict[str, Function] = {}

    def __call__(
        self,
        signature: str,
        *,
        lazy: bool = False,
        scoped: bool = False,
    ) -> Callable[[Implementation], Implementation]:
        """Register the decorated function under the name its signature begins with."""

        def register(call: Implementation) -> Implementation:
            name, least, most = _read(signature)
            self.functions[name] = Function(
                name=name,
                group=self.group,
                signature=signature,
                help=(call.__doc__ or "").strip(),
                least=least,
                most=most,
                call=call,
                lazy=lazy,
                scoped=scoped,
                pure=not (lazy or scoped),
            )
            return call

        return register


def _read(signature: str) -> tuple[str, int, int | None]:
    name, _, rest = signature.removesuffix(")").partition("(")
    arguments = [argument.strip() for argument in rest.split(";") if argument.strip()]
    endless = "..." in arguments
    named = [argument for argument in arguments if argument != "..."]
    least = sum(not argument.startswith("[") for argument in named)
    return name, least, None if endless else len(named)
