"""What may stand in a record: its key, its fields, and how they are changed."""

from collections.abc import Mapping
from typing import Any, Final
from unicodedata import category

from trunkline.errors import BundleValidationError, DataError
from trunkline.mapping import coerce
from trunkline.model.data_store import FieldSpec, StoredDataStore

LONGEST_KEY: Final = 512
_UNUSABLE: Final = frozenset({"Cc", "Cs"})
"""Control characters, and halves of surrogate pairs."""


def check_key(key: str) -> str:
    """The key, if a record can be kept under it.

    Raises:
        DataError: it is empty, too long, or has signs that nobody could type.
    """
    if not key:
        raise DataError("The key is empty; a record needs one.")
    if len(key) > LONGEST_KEY or any(category(sign) in _UNUSABLE for sign in key):
        raise DataError(
            f"The key of a record has at most {LONGEST_KEY} characters, and no line "
            "breaks or control characters."
        )
    return key


def fitted(
    data: Mapping[str, Any], structure: tuple[FieldSpec, ...] | None
) -> dict[str, Any]:
    """The fields as the structure asks for them; what it does not know stays.

    Raises:
        DataError: a value does not fit its field.
    """
    whole = dict(data)
    for field in structure or ():
        if field.name in whole:
            try:
                whole[field.name] = coerce(whole[field.name], field.type)
            except BundleValidationError as error:
                raise DataError(f"Field {field.name}: {error}") from None
    return whole


def missing_field(data: Mapping[str, Any], store: StoredDataStore) -> DataError | None:
    """What to say of a record that lacks a field."""
    for field in store.structure or ():
        if field.required and data.get(field.name) in (None, ""):
            return DataError(
                f"The field {field.name} is mandatory in the data store "
                f"{store.name!r}; give it a value."
            )
    return None


def merged(
    known: Mapping[str, Any], given: Mapping[str, Any], *, overwrite_arrays: bool
) -> dict[str, Any]:
    """A record with the given fields changed, within collections too."""
    whole = dict(known)
    for name, value in given.items():
        before = whole.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            whole[name] = merged(before, value, overwrite_arrays=overwrite_arrays)
        elif isinstance(before, list) and isinstance(value, list):
            whole[name] = value if overwrite_arrays else [*before, *value]
        else:
            whole[name] = value
    return whole
