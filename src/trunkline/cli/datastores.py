"""`trunkline datastore`: records that scenarios keep, seen and changed by hand."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from cyclopts import App, Parameter
from cyclopts.validators import Number

from trunkline.cli.place import HERE, AsJson, Limit, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, excerpt, show_records
from trunkline.cli.terminal import patience, print_json, print_json_lines, say
from trunkline.cli.values import Assignments, read_assignments, read_json, read_text
from trunkline.errors import UsageError
from trunkline.model.size import as_size

app = App("datastore", help="Keep records for scenarios, and look after them.")

_TYPES = ("any", "text", "number", "boolean", "date", "array", "collection")
_MEGABYTE = 1_000_000
_PART_BYTES = 8_000_000
"""How much of an import goes in one request."""

_COLUMNS: tuple[Column, ...] = (
    ("Name", "name"),
    ("Records", "records"),
    ("Size", lambda store: as_size(store["bytes"])),
    ("Limit", lambda store: as_size(store["limit_bytes"])),
    ("Structure", lambda store: _structure(store["structure"])),
    ("Used by", lambda store: ", ".join(store["used_by"])),
)
_RECORDS: tuple[Column, ...] = (
    ("Key", "key"),
    ("Data", lambda record: excerpt(record["data"])),
    ("Changed", "updated_at"),
)


@app.command(name="list")
async def list_data_stores(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """List the data stores, with how many records they have and what these take."""
    async with reached(place) as trunkline:
        found = await trunkline.data_stores()
    show_records(
        found,
        _COLUMNS,
        as_json=as_json,
        empty="There are no data stores yet. `trunkline datastore add` makes one.",
    )


@app.command
async def add(
    name: str,
    /,
    *,
    fields: Annotated[
        tuple[str, ...],
        Parameter("--field", metavar="NAME[:TYPE][!]", negative=()),
    ] = (),
    megabytes: Annotated[float | None, Parameter(validator=Number(gt=0))] = None,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Make an empty data store.

    Parameters
    ----------
    name
        How scenarios will call the data store.
    fields
        A field of its records, such as email:text! where it is mandatory; may be
        repeated. Types are any, text, number, boolean, date, array and collection.
        Without fields, records may have any.
    megabytes
        How much it may hold; 100 where nothing is said.
    """
    structure = [_read_field(one) for one in fields] or None
    limit = None if megabytes is None else round(megabytes * _MEGABYTE)
    async with reached(place) as trunkline:
        made = await trunkline.add_data_store(
            name, structure=structure, limit_bytes=limit
        )
    if as_json:
        print_json(made)
        return
    say(f"The data store {name!r} has been made.")


@app.command
async def remove(name: str, /, *, place: Place = HERE) -> None:
    """Remove a data store with its records; refused while an active scenario uses it.

    Parameters
    ----------
    name
        The data store.
    """
    async with reached(place) as trunkline:
        await trunkline.remove_data_store(name)
    say(f"The data store {name!r} has been removed.")


@app.command
async def records(
    name: str,
    /,
    *,
    text: str | None = None,
    after: str = "",
    limit: Limit = 50,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """List records in the order of their keys.

    Parameters
    ----------
    name
        The data store.
    text
        Only those that have this in their key or data.
    after
        The last key already seen; what comes behind it is listed.
    """
    async with reached(place) as trunkline:
        found = await trunkline.records(name, limit=limit, after=after, text=text)
    show_records(found, _RECORDS, as_json=as_json, empty="There are no such records.")


@app.command
async def get(name: str, key: str, /, *, place: Place = HERE) -> None:
    """Print the data of one record as JSON.

    Parameters
    ----------
    name
        The data store.
    key
        The key of the record.
    """
    async with reached(place) as trunkline:
        found = await trunkline.record(name, key)
    print_json(found["data"])


@app.command(name="set")
async def put(
    name: str,
    key: str = "",
    /,
    *,
    assignments: Assignments = (),
    file: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    place: Place = HERE,
) -> None:
    """Add a record, or put it in the place of the one with the same key.

    Parameters
    ----------
    name
        The data store.
    key
        The key of the record; left out, one is made and shown.
    file
        A file with the data as a JSON object, - for standard input, instead of --set.
    """
    async with reached(place) as trunkline:
        made = await trunkline.put_record(name, key, _read_data(file, assignments))
    say(f"The record {made['key']!r} has been saved.")


@app.command
async def delete(name: str, key: str, /, *, place: Place = HERE) -> None:
    """Delete one record.

    Parameters
    ----------
    name
        The data store.
    key
        The key of the record.
    """
    async with reached(place) as trunkline:
        await trunkline.delete_record(name, key)
    say(f"The record {key!r} has been deleted.")


@app.command
async def export(name: str, /, *, place: Place = HERE) -> None:
    """Print all records as JSON, one a line, as `import` takes them.

    Parameters
    ----------
    name
        The data store.
    """
    async with reached(place) as trunkline:
        async for record in trunkline.all_records(name):
            line = {"key": record["key"], "data": record["data"]}
            print_json_lines([json.dumps(line, ensure_ascii=False).encode()])


@app.command(name="import")
async def take_in(
    name: str,
    file: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    place: Place = HERE,
) -> None:
    """Add or replace records from a file, one a line as `export` prints them.

    Parameters
    ----------
    name
        The data store.
    file
        The file, - for standard input.
    """
    parts = [*_parts(read_text(file))]
    imported = 0
    async with reached(place) as trunkline, patience("Records") as work:
        for part in parts:
            imported += (await trunkline.import_records(name, part))["imported"]
            work.done = imported
    say(f"{imported} records have been imported.")


def _parts(text: str) -> Iterator[bytes]:
    """Lines together, as many as one request takes."""
    gathered: list[bytes] = []
    size = 0
    for line in text.encode().split(b"\n"):
        if size + len(line) > _PART_BYTES and gathered:
            yield b"\n".join(gathered)
            gathered, size = [], 0
        gathered.append(line)
        size += len(line) + 1
    yield b"\n".join(gathered)


def _read_data(file: str | None, assignments: Assignments) -> Mapping[str, Any]:
    if file is None:
        return read_assignments(assignments, {})
    if assignments:
        raise UsageError("The data is given by --file or by --set, not by both.")
    data = read_json(file)
    if not isinstance(data, Mapping):
        raise UsageError(f"{file} does not hold a JSON object, as a record's data is.")
    return data


def _read_field(text: str) -> Any:  # noqa: ANN401 - a field as the API takes it
    found = re.fullmatch(r"([^:!]+)(?::([a-z]+))?(!?)", text)
    if found is None or (found[2] or "any") not in _TYPES:
        raise UsageError(
            f"--field {text} is not of the form NAME, NAME:TYPE or NAME:TYPE!, with a "
            f"TYPE out of {', '.join(_TYPES)}."
        )
    return {"name": found[1], "type": found[2] or "any", "required": bool(found[3])}


def _structure(fields: list[Mapping[str, Any]] | None) -> str:
    return ", ".join(
        f"{one['name']}:{one['type']}{'!' if one['required'] else ''}"
        for one in fields or ()
    )
