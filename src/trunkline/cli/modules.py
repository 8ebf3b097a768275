"""`trunkline app` and `trunkline run`: what is installed, and one module by itself."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.text import Text

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, head, show, show_records, table
from trunkline.cli.terminal import patience, print_json, print_json_lines, say, visible
from trunkline.cli.values import Assignments, read_assignments
from trunkline.client.client import Client
from trunkline.errors import UsageError

app = App("app", help="See the installed apps and their modules.")

_APPS: tuple[Column, ...] = (
    ("App", "key"),
    ("Title", "title"),
    ("Modules", lambda app: len(app["modules"])),
    ("Description", "description"),
)
_FIELDS: tuple[Column, ...] = (
    ("  Field", lambda field: _marked(field, f"  {field['name']}")),
    ("Label", lambda field: _marked(field, field["label"])),
    ("", lambda field: "mandatory" if field["mandatory"] else ""),
    ("Help", "help"),
)


async def run(
    module: str,
    /,
    *,
    connection: str | None = None,
    assignments: Assignments = (),
    limit: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    place: Place = HERE,
) -> None:
    """Run one module by itself; its bundles come as JSON, one a line, when found.

    Parameters
    ----------
    module
        The module, such as refiner.list_contacts; `trunkline app show APP` lists them.
    connection
        The connection to use.
    limit
        How many bundles at most; fills in the module's own limit where it has one.
    """
    async with reached(place) as trunkline:
        schemas = await _schemas(trunkline, module)
        fields = read_assignments(assignments, schemas)
        if limit is not None and "limit" in schemas:
            fields["limit"] = limit
        bundles = trunkline.run_module(module, connection, fields)
        # On a terminal the bundles themselves show that work goes on.
        unseen = not sys.stdout.isatty()
        async with (
            aclosing(bundles),
            patience(f"Bundles of {module}", shown=unseen) as work,
        ):
            async for lines in _first(bundles, limit):
                print_json_lines(lines)
                work.done += len(lines)


async def _first(
    bundles: AsyncIterator[list[bytes]], limit: int | None
) -> AsyncIterator[list[bytes]]:
    """The bundles, as many as asked for."""
    left = limit
    async for lines in bundles:
        yield lines[:left]
        if left is not None:
            left -= len(lines)
            if left <= 0:
                return


@app.command(name="list")
async def list_apps(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """List the installed apps."""
    async with reached(place) as trunkline:
        found = await trunkline.apps()
    show_records(found, _APPS, as_json=as_json, empty="No apps are installed.")


@app.command(name="show")
async def show_app(
    key: Annotated[str, Parameter(name="APP")],
    /,
    *,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Show an app: its connection, its modules and their fields, mandatory ones bold.

    Parameters
    ----------
    key
        The app, as `trunkline app list` lists it.
    """
    async with reached(place) as trunkline:
        found = await trunkline.app(key)
    if as_json:
        print_json(found)
        return
    say(f"{found['title']}\n{found['description']}")
    if found["connection_fields"]:
        say(f"\nConnection\n{found['connection_help']}")
        show(table(_FIELDS, found["connection_fields"]))
    for module in found["modules"]:
        _show_module(module)


def _show_module(module: Mapping[str, Any]) -> None:
    say()
    show(head({module["label"]: f"{module['name']} ({module['kind']})"}))
    say(module["description"])
    if module["fields"]:
        show(table(_FIELDS, module["fields"]))


async def _schemas(trunkline: Client, module: str) -> dict[str, Mapping[str, Any]]:
    """What each field of a module is; none where there is no such module."""
    key, dot, verb = module.partition(".")
    if not (key and dot and verb):
        raise UsageError(
            f"{module!r} is not of the form APP.MODULE, such as refiner.list_contacts."
        )
    modules = (await trunkline.app(key))["modules"]
    found = next((one for one in modules if one["name"] == module), None)
    return (
        {field["name"]: field["schema"] for field in found["fields"]} if found else {}
    )


def _marked(field: Mapping[str, Any], text: str) -> Text:
    return Text(visible(text), style="bold" if field["mandatory"] else "")
