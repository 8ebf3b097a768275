"""What a scenario is given when it begins, by the fields that it declares."""

from collections.abc import Mapping, Sequence

from trunkline.errors import BundleValidationError
from trunkline.mapping import coerce
from trunkline.model.scenario import ScenarioField


def filled_inputs(fields: Sequence[ScenarioField], values: object) -> dict[str, object]:
    """The inputs of a scenario: as given, converted, or their defaults.

    Raises:
        BundleValidationError: one is missing, unknown, or does not fit; all are named.
    """
    given = {} if values is None else values
    if not isinstance(given, Mapping):
        raise BundleValidationError("The inputs of a scenario are names and values.")
    faults = [
        f"There is no input {name!r}."
        for name in given
        if name not in {field.name for field in fields}
    ]
    filled: dict[str, object] = {}
    for field in fields:
        value = given.get(field.name)
        value = field.default if value in (None, "") else value
        if value is None and field.required:
            faults.append(f"The input {field.label or field.name!r} is missing.")
        try:
            filled[field.name] = coerce(value, field.type)
        except BundleValidationError as error:
            faults.append(f"The input {field.label or field.name!r}: {error}")
    if faults:
        raise BundleValidationError(" ".join(faults))
    return filled
