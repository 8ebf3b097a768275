"""What the functions say of themselves is true."""

from collections.abc import Callable

import pytest

from trunkline.mapping import FUNCTIONS, Function, Scope, compile_template
from trunkline.mapping.functions import EXAMPLE_BUNDLE
from trunkline.mapping.values import json_text

Scoped = Callable[..., Scope]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda one: one.name)
def test_a_functions_example_gives_what_its_docstring_says(
    function: Function, scope_of: Scoped
) -> None:
    value = compile_template(function.example.template).evaluate(
        scope_of(EXAMPLE_BUNDLE)
    )
    assert json_text(value) == function.example.result
    assert f"{function.name}(" in function.example.template


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda one: one.name)
def test_a_function_is_explained_in_a_sentence(function: Function) -> None:
    assert function.help[0].isupper()
    assert function.help.endswith(".")
