"""Data stores: keyed tables of records that scenarios read and write."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from trunkline.model.clock import Millis

FieldType: TypeAlias = Literal[
    "any", "text", "number", "boolean", "date", "array", "collection"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """A field that the records of a data store have."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid"}

    name: str
    type: FieldType = "any"
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDataStore:
    """A data store; `number` records take `bytes`, and may take `limit_bytes`.

    Without a structure its records have whatever fields they are given.
    """

    id: str
    name: str
    structure: tuple[FieldSpec, ...] | None
    limit_bytes: int
    number: int
    bytes: int
    created_at: Millis


class StoredRecord(Struct, frozen=True, kw_only=True):
    """One record; `data` is JSON text, `size` the bytes of it and of the key.

    `written_by` names the operation that wrote it last, if it was one.
    """

    store_id: str
    key: str
    data: str
    size: int
    created_at: Millis
    updated_at: Millis
    written_by: str | None = None


class Author(Struct, frozen=True):
    """One write of one operation; `write` stays the same when it is tried again.

    What is `revocable` is taken back if the execution fails.
    """

    execution_id: str
    write: str
    revocable: bool = False

    def numbered(self, number: int) -> "Author":
        """Of the next writes of the same operation; the first bears its own name."""
        if number == 1:
            return self
        return replace(self, write=f"{self.write}#{number}")

    def __str__(self) -> str:
        return f"{self.execution_id}:{self.write}"
