"""Data store: records that scenarios keep, by a key each."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, JsonValue

from trunkline.sdk import (
    App,
    Dropdown,
    Free,
    Further,
    FurtherField,
    Input,
    Option,
    Output,
    Pairs,
    RecordCondition,
    RecordOrder,
    Records,
)

__all__ = ["app"]

app = App(
    key="datastore",
    title="Data store",
    description="Keeps records between executions, and finds them again.",
)


@app.options
async def data_stores(records: Records) -> AsyncIterator[Option]:
    """The data stores there are."""
    for name in await records.stores():
        yield Option(name, name)


@app.further_fields
async def columns(
    records: Records, fields: Mapping[str, Any]
) -> AsyncIterator[FurtherField]:
    """The fields that the data store declares."""
    for column in await records.columns(str(fields["data_store"])):
        yield column


@app.further_fields
async def changes(
    records: Records, fields: Mapping[str, Any]
) -> AsyncIterator[FurtherField]:
    """The same; none of them has to change."""
    for column in await records.columns(str(fields["data_store"])):
        yield replace(column, mandatory=False)


DataStore = Annotated[str, Dropdown(data_stores)]
Key = Annotated[str, Field(title="Key", description="What the record is found by.")]


class InStore(Input):
    """The data store that is meant."""

    data_store: DataStore = Field(title="Data store")


class OneRecord(InStore):
    """The record that is meant."""

    key: Key


class AddRecord(InStore):
    """A record, and what happens where there is one already."""

    key: str = Field(
        default="",
        title="Key",
        description="What the record is found by. Leave it empty to have one made.",
    )
    overwrite: bool = Field(
        default=False,
        title="Overwrite an existing record",
        description="Otherwise a record with the same key is an error.",
    )
    data: Annotated[Pairs, Further(columns, on=("data_store",))] = Field(
        default_factory=dict,
        title="Record",
        description="The fields of the record and their values.",
    )


class UpdateRecord(OneRecord):
    """The fields that change, and what happens where there is no such record."""

    upsert: bool = Field(
        default=False,
        title="Insert missing record",
        description="Otherwise a missing record is an error.",
    )
    overwrite_arrays: bool = Field(
        default=True,
        title="Overwrite arrays",
        description="Otherwise the members of an array are added to those there are.",
    )
    data: Annotated[Pairs, Further(changes, on=("data_store",))] = Field(
        default_factory=dict,
        title="Record",
        description="The fields that change; all others stay as they are.",
    )


class GetRecord(OneRecord):
    """The record, and the form in which it comes."""

    return_wrapped: bool = Field(
        default=False,
        title="Return wrapped output",
        description="Give the record as key and data, instead of its fields alone.",
    )


_FILTER_EXAMPLE: list[JsonValue] = [[{"a": "score", "o": "number:less", "b": 7}]]
_SORT_EXAMPLE: list[JsonValue] = [{"field": "score", "descending": True}]


class SearchRecords(InStore):
    """Which records, in which order, and how many."""

    filter: list[list[RecordCondition]] = Field(
        default_factory=list,
        title="Filter",
        description="Rows of conditions, of which one row has to hold. A field is "
        "named, or key for the record's own.",
        json_schema_extra={"examples": [_FILTER_EXAMPLE]},
    )
    sort: list[RecordOrder] = Field(
        default_factory=list,
        title="Sort",
        description="Fields to sort by; otherwise records come by their keys.",
        json_schema_extra={"examples": [_SORT_EXAMPLE]},
    )
    limit: int = Field(
        default=10,
        ge=1,
        title="Limit",
        description="How many records at most.",
    )


class Added(Output):
    """Where the record is."""

    key: str = Field(title="Key")
    created: bool = Field(title="Created")


class Updated(Added):
    """The record as it is now."""

    data: dict[str, Any] = Field(title="Data")


class Found(Output):
    """One record."""

    key: str = Field(title="Key")
    data: dict[str, Any] = Field(title="Data")


class Deleted(Output):
    """Whether there was such a record."""

    key: str = Field(title="Key")
    deleted: bool = Field(title="Deleted")


class Existence(Output):
    """Whether there is such a record."""

    exists: bool = Field(title="Exists")


class Count(Output):
    """How many records there are, or were."""

    count: int = Field(title="Count")


@app.action("Add/replace a record")
async def add_replace_a_record(records: Records, fields: AddRecord) -> Added:
    """Adds a record, or puts it in the place of the one with the same key."""
    saved = await records.add(
        fields.data_store, fields.key, fields.data, overwrite=fields.overwrite
    )
    return Added(key=saved.key, created=saved.created)


@app.action("Update a record")
async def update_a_record(records: Records, fields: UpdateRecord) -> Updated:
    """Changes fields of a record, and leaves all others as they are."""
    change = records.upsert if fields.upsert else records.update
    saved = await change(
        fields.data_store,
        fields.key,
        fields.data,
        overwrite_arrays=fields.overwrite_arrays,
    )
    return Updated(key=saved.key, created=saved.created, data=dict(saved.data))


@app.action("Get a record", effect=False)
async def get_a_record(records: Records, fields: GetRecord) -> Free:
    """Gives the record under a key; an empty bundle where there is none."""
    record = await records.get(fields.data_store, fields.key)
    if record is None:
        return Free()
    if fields.return_wrapped:
        return Free.model_validate({"key": record.key, "data": record.data})
    return Free.model_validate(record.data)


@app.search("Search records", unique="key")
async def search_records(
    records: Records, fields: SearchRecords
) -> AsyncIterator[Found]:
    """Gives the records that fulfil a filter, one bundle each."""
    found = records.search(
        fields.data_store,
        conditions=fields.filter,
        order=fields.sort,
        limit=fields.limit,
    )
    async for record in found:
        yield Found(key=record.key, data=dict(record.data))


@app.action("Delete a record")
async def delete_a_record(records: Records, fields: OneRecord) -> Deleted:
    """Removes the record under a key, if there is one."""
    deleted = await records.delete(fields.data_store, fields.key)
    return Deleted(key=fields.key, deleted=deleted)


@app.action("Delete all records")
async def delete_all_records(records: Records, fields: InStore) -> Count:
    """Empties a data store."""
    return Count(count=await records.delete_all(fields.data_store))


@app.action("Check the existence of a record", effect=False)
async def check_the_existence_of_a_record(
    records: Records, fields: OneRecord
) -> Existence:
    """Tells whether there is a record under a key."""
    return Existence(exists=await records.exists(fields.data_store, fields.key))


@app.action("Count records", effect=False)
async def count_records(records: Records, fields: InStore) -> Count:
    """Tells how many records a data store has."""
    return Count(count=await records.count(fields.data_store))
