"""How a plain Python function becomes a function of the mapping language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

Implementation: TypeAlias = Callable[..., Any]


_EXAMPLE: Final = re.compile(r"\n\s*(\{\{.*\}\})\s*= (.*)$")


class Example(NamedTuple):
    """A template over `EXAMPLE_BUNDLE`, and the JSON text of what it gives."""

    template: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of the language.

    `signature` is how people read it: `[x]` may be left out, `...` repeats. `most` is
    None where the number of arguments has no end. `help` and `example` are what the
    docstring of its implementation says. A `lazy` function gets the scope and
    its arguments as closures over the scope, a `scoped` one the scope and the values;
    all others get the values only and are folded when these are constant.
    """

    name: str
    group: str
    signature: str
    help: str
    example: Example
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
        """Register the decorated function under the name its signature begins with.

        Its docstring says what it gives, and ends with an example that is run in the
        tests: `{{upper("Ada")}} = "ADA"`.
        """

        def register(call: Implementation) -> Implementation:
            name, least, most = _read(signature)
            help_, example = _explained(call)
            self.functions[name] = Function(
                name=name,
                group=self.group,
                signature=signature,
                help=help_,
                example=example,
                least=least,
                most=most,
                call=call,
                lazy=lazy,
                scoped=scoped,
                pure=not (lazy or scoped),
            )
            return call

        return register


def _explained(call: Implementation) -> tuple[str, Example]:
    """The help and the example that a docstring ends with.

    Raises:
        TypeError: there is no example.
    """
    text = (call.__doc__ or "").strip()
    found = _EXAMPLE.search(text)
    if found is None:
        raise TypeError(f"{call.__name__} needs an example: {{{{template}}}} = value")
    return text[: found.start()].strip(), Example(found[1], found[2])


def _read(signature: str) -> tuple[str, int, int | None]:
    name, _, rest = signature.removesuffix(")").partition("(")
    arguments = [argument.strip() for argument in rest.split(";") if argument.strip()]
    endless = "..." in arguments
    named = [argument for argument in arguments if argument != "..."]
    least = sum(not argument.startswith("[") for argument in named)
    return name, least, None if endless else len(named)
