"""Data stores, as a module reads and writes them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Protocol

from pydantic import Field

from trunkline.sdk.fields import FurtherField, Operator

_STRICT: Mapping[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a data store."""

    key: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SavedRecord(Record):
    """A record as a write left it; `created` says that there was none before."""

    created: bool


@dataclass(frozen=True, slots=True)
class RecordCondition:
    """What a record has to fulfil: the field `a`, an operator `o`, and a value `b`.

    The operators are those of filters, such as `text:equal`. A field within another is
    reached with dots; `key` is the record's key.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    a: Annotated[str, Field(title="Field")]
    o: Annotated[Operator, Field(title="Operator")]
    b: Annotated[Any, Field(title="Value")] = None


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """A field to sort by."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    field: Annotated[str, Field(title="Field")]
    descending: Annotated[bool, Field(title="Descending")] = False


class Records(Protocol):
    """Reads and writes data stores, which are named by their names or ids.

    Each write is atomic for its record and on disk when it returns. In a scenario a
    write that is repeated after a crash is known again, and not made twice.

    Every method raises InvalidConfigurationError where there is no such data store, and
    DataError where a key cannot be used or the values do not fit the store's structure.
    Writes raise OutOfSpaceError where there is no room.
    """

    async def stores(self) -> Sequence[str]:
        """The names of all data stores."""

    async def columns(self, store: str) -> Sequence[FurtherField]:
        """The fields that the structure of a store declares."""

    async def get(self, store: str, key: str) -> Record | None:
        """The record under a key."""

    async def add(
        self, store: str, key: str, data: Mapping[str, Any], *, overwrite: bool = False
    ) -> SavedRecord:
        """Adds a record; with an empty key, under one that is made for it.

        Raises:
            DuplicateDataError: there is one under that key, and `overwrite` is false.
        """

    async def update(
        self,
        store: str,
        key: str,
        data: Mapping[str, Any],
        *,
        overwrite_arrays: bool = True,
    ) -> SavedRecord:
        """Changes the given fields of a record, within collections too.

        With `overwrite_arrays` false, the members of a given array are added to those
        that are there.

        Raises:
            DataError: there is no such record.
        """

    async def upsert(
        self,
        store: str,
        key: str,
        data: Mapping[str, Any],
        *,
        overwrite_arrays: bool = True,
    ) -> SavedRecord:
        """Changes a record as `update` does, or adds it where there is none."""

    async def delete(self, store: str, key: str) -> bool:
        """Removes a record; false where there was none."""

    async def delete_all(self, store: str) -> int:
        """Removes all records, and says how many there were."""

    def search(
        self,
        store: str,
        *,
        conditions: Sequence[Sequence[RecordCondition]] = (),
        order: Sequence[RecordOrder] = (),
        limit: int | None = None,
    ) -> AsyncIterator[Record]:
        """Records that fulfil all conditions of one of the rows; all, if there is none.

        They come in the order of their keys, unless another one is given.
        """

    async def exists(self, store: str, key: str) -> bool:
        """Whether there is a record under a key."""

    async def count(self, store: str) -> int:
        """How many records there are."""
