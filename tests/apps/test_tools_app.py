"""The tools: variables and texts. And the router, which is only a name."""

from typing import Any

import pytest
from pydantic import ValidationError

from trunkline.apps.flow import app as flow
from trunkline.apps.tools import app
from trunkline.apps.tools.text import ComposeAString, compose_a_string
from trunkline.apps.tools.variables import (
    SetAVariable,
    SetMultipleVariables,
    set_a_variable,
    set_multiple_variables,
)
from trunkline.sdk import Kind, Variables


async def test_variables_are_the_fields_of_one_bundle() -> None:
    variables = {
        "score": 9,
        "first name": "Ada",
        "who": {"id": None},
        "model_dump": "x",
    }

    bundle = await set_multiple_variables(
        SetMultipleVariables(variables=variables), Variables()
    )

    assert bundle.model_dump(exclude_unset=True) == variables


async def test_variables_may_come_as_makes_records() -> None:
    fields = SetMultipleVariables.model_validate(
        {"variables": [{"name": "a", "value": 1}, {"name": "b", "value": [2]}]}
    )

    bundle = await set_multiple_variables(fields, Variables())

    assert bundle.model_dump(exclude_unset=True) == {"a": 1, "b": [2]}


async def test_one_variable_is_a_bundle_of_one_field() -> None:
    bundle = await set_a_variable(SetAVariable(name="score", value=None), Variables())

    assert bundle.model_dump(exclude_unset=True) == {"score": None}


@pytest.mark.parametrize(
    "name", ["", " ", " a", "a ", "a`b", "{{a}}", "a\nb", "x" * 129, "__IMTINDEX__"]
)
def test_a_name_that_could_not_be_mapped_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        SetAVariable(name=name)
    with pytest.raises(ValidationError):
        SetMultipleVariables(variables={name: 1})


@pytest.mark.parametrize(
    "variables",
    [
        {},
        [],
        [{"name": "a", "value": 1}, {"name": "a", "value": 2}],
        [{"value": 1}],
        ["a"],
        "a",
    ],
)
def test_variables_that_are_none_or_ambiguous_are_refused(variables: object) -> None:
    with pytest.raises(ValidationError, match="variables"):
        SetMultipleVariables.model_validate({"variables": variables})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ada", "Ada"),
        (9, "9"),
        (0.5, "0.5"),
        (True, "true"),
        (None, ""),
        (["ä", 1], '["ä", 1]'),
        ({"a": None}, '{"a": null}'),
    ],
)
async def test_any_value_becomes_a_text(value: Any, text: str) -> None:  # noqa: ANN401 - any JSON value
    fields = ComposeAString.model_validate({"value": value})

    assert (await compose_a_string(fields)).value == text


def test_the_tools_have_no_effect_outside() -> None:
    assert not any(module.effect for module in app.modules.values())


def test_the_router_is_declared_for_the_engine_to_find() -> None:
    router = flow.modules["router"]

    assert (router.name, router.label, router.kind) == (
        "flow.router",
        "Router",
        Kind.ROUTER,
    )
