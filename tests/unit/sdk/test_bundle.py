"""Bundles that stay plain are what objects of their form would be taken apart to."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, field_validator, model_validator

from trunkline.apps.refiner.samples import sample
from trunkline.apps.refiner.triggers import CompletedSurvey, EnteredSegment
from trunkline.engine.bundle import to_bundle
from trunkline.sdk import Bundle, Delivery, Output
from trunkline.sdk.module import read_signature

_ODD: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    "9",
    9,
    9.5,
    True,
    ["a"],
    {"uuid": 1},
    [{"uuid": "s"}, []],
)


def _changed(value: Any, chance: random.Random) -> Any:  # noqa: ANN401 - any JSON value
    """The value with here and there something else in it, something less or more."""
    if chance.random() < 0.05:
        return chance.choice(_ODD)
    if isinstance(value, list):
        times = chance.choice((1, 1, 2))
        return [_changed(one, chance) for one in value * times]
    if isinstance(value, dict):
        kept = {
            name: _changed(one, chance)
            for name, one in value.items()
            if chance.random() > 0.05
        }
        return kept | ({"more": chance.choice(_ODD)} if chance.random() < 0.2 else {})
    return value


def _or_faults(make: Any) -> Any:  # noqa: ANN401 - what is made, or where it cannot be
    try:
        return make()
    except ValidationError as error:
        return [one["loc"] for one in error.errors(include_url=False)]


_FORMS = (("completed_survey", CompletedSurvey), ("entered_segment", EnteredSegment))


@given(st.sampled_from(_FORMS), st.integers())
def test_a_plain_bundle_is_what_an_object_of_the_form_gives(
    told: tuple[str, type[Output]], seed: int
) -> None:
    name, form = told
    values = _changed(sample(name), random.Random(seed))  # noqa: S311 - repeatable
    plain = _or_faults(lambda: Bundle.of(form, values).values)
    assert plain == _or_faults(lambda: to_bundle(form.model_validate(values)))


class Inner(Output):
    count: int = Field(alias="__COUNT__")


class Outer(Output):
    inner: list[Inner] | None = None
    named: dict[str, Any]


def test_fields_have_the_names_of_the_wire_and_values_are_converted() -> None:
    told = {"named": {}, "inner": [{"__COUNT__": "3"}], "more": 1}
    assert Bundle.of(Outer, told).values == told | {"inner": [{"__COUNT__": 3}]}


def test_a_form_that_stays_plain_is_read_from_the_annotation() -> None:
    async def watch(delivery: Delivery) -> AsyncIterator[Bundle[Outer]]:
        """Watches."""
        yield delivery.bundle(Outer)

    assert read_signature(watch).output is Outer


class CheckedField(Output):
    name: str

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        return name[:1]


class CheckedWhole(Output):
    name: str

    @model_validator(mode="after")
    def _itself(self) -> "CheckedWhole":
        return self


class Around(Output):
    checked: list[CheckedWhole]


@pytest.mark.parametrize("form", [CheckedField, CheckedWhole, Around])
def test_a_form_with_validators_of_its_own_is_refused_where_a_module_is_declared(
    form: type[Output],
) -> None:
    async def watch(delivery: Delivery) -> AsyncIterator[Any]:
        """Watches."""
        yield delivery.bundle(form)

    watch.__annotations__["return"] = AsyncIterator[Bundle[form]]  # type: ignore[valid-type]
    with pytest.raises(TypeError, match="has validators; give an object of it"):
        read_signature(watch)
