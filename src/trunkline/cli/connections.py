"""`trunkline connection`: credentials of services, tested and stored."""

import getpass
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from cyclopts import App

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, show_records
from trunkline.cli.terminal import patience, print_json, say
from trunkline.cli.values import Assignments, read_assignments
from trunkline.client.calls import Record
from trunkline.errors import UsageError

app = App("connection", help="Create, test, list and remove connections.")

_COLUMNS: tuple[Column, ...] = (
    ("Name", "name"),
    ("App", "app"),
    ("Account", "label"),
    ("Address", "base_url"),
    ("Tested", "tested_at"),
)


@app.command
async def add(
    name: str,
    /,
    *,
    app: str,
    assignments: Assignments = (),
    base_url: str | None = None,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Create a connection, after the service has accepted it.

    Mandatory fields that are left out are asked for on a terminal, secrets without
    showing them. `trunkline app show APP` lists the fields.

    Parameters
    ----------
    name
        How scenarios will call the connection.
    app
        The app it is for, such as refiner.
    base_url
        Another address of the service, such as that of the sandbox.
    """
    async with reached(place) as trunkline:
        form = (await trunkline.app(app))["connection_fields"]
        schemas = {field["name"]: field["schema"] for field in form}
        fields = _completed(read_assignments(assignments, schemas), form)
        async with patience(f"Testing {name}"):
            made = await trunkline.add_connection(name, app, fields, base_url)
    _tell(made, "The connection has been established.", as_json=as_json)


@app.command(name="test")
async def ask_again(
    name: str, /, *, as_json: AsJson = False, place: Place = HERE
) -> None:
    """Ask the service whether it still accepts a connection.

    Parameters
    ----------
    name
        The connection.
    """
    async with reached(place) as trunkline, patience(f"Testing {name}"):
        tested = await trunkline.test_connection(name)
    _tell(tested, "The connection works.", as_json=as_json)


@app.command(name="list")
async def list_connections(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """List the connections, without their secrets."""
    async with reached(place) as trunkline:
        found = await trunkline.connections()
    show_records(
        found,
        _COLUMNS,
        as_json=as_json,
        empty="There are no connections yet. `trunkline connection add` makes one.",
    )


@app.command
async def remove(name: str, /, *, place: Place = HERE) -> None:
    """Remove a connection that no scenario uses.

    Parameters
    ----------
    name
        The connection.
    """
    async with reached(place) as trunkline:
        await trunkline.remove_connection(name)
    say(f"The connection {name!r} has been removed.")


def _tell(connection: Record, sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(connection)
        return
    label = connection["label"]
    say(f"{sentence} {label}" if label else sentence)


def _completed(
    fields: Mapping[str, Any], form: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The fields, with the mandatory ones that are missing asked for."""
    missing = [
        field for field in form if field["mandatory"] and field["name"] not in fields
    ]
    if missing and not sys.stdin.isatty():
        names = " and ".join(f"{one['name']} ({one['label']})" for one in missing)
        first = missing[0]["name"]
        raise UsageError(
            f"The connection needs {names}: give --set {first}=VALUE, or --set "
            f"{first}=@FILE to keep it off the command line."
        )
    return {**fields, **{field["name"]: _asked(field) for field in missing}}


def _asked(field: Mapping[str, Any]) -> str:
    question = f"{field['label']}: "
    try:
        if field["schema"].get("format") == "password":
            return getpass.getpass(question, stream=sys.stderr)
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline().rstrip("\n")
    except EOFError:
        raise UsageError(f"{field['label']} is mandatory.") from None
