"""`trunkline scenario`: saved, switched on and off, run by hand, exported."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from trunkline.cli.beginnings import beginning
from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, excerpt, facts, head, show, show_records, table
from trunkline.cli.terminal import print_json, say
from trunkline.cli.values import read_text
from trunkline.client.calls import Record
from trunkline.model.scenario_text import as_yaml

app = App("scenario", help="Save, switch on, run and export scenarios.")
app.command(beginning)

app.command("trunkline.cli.hand_runs:run", name="run")
app.command("trunkline.cli.hand_runs:pin", name="pin")
app.command("trunkline.cli.hand_runs:unpin", name="unpin")
app.command("trunkline.cli.hand_runs:list_pins", name="pins")
app.command("trunkline.cli.counters:counters", name="counters")
app.command("trunkline.cli.rehearsals:replay_tests", name="test")
app.command("trunkline.cli.rehearsals:rehearse", name="rehearse")
app.command("trunkline.cli.rehearsals:compare", name="compare")

_FACTS: tuple[Column, ...] = (
    ("Name", "name"),
    ("State", lambda scenario: "active" if scenario["active"] else "inactive"),
    ("Version", "version"),
    ("Webhook", "webhook"),
    ("Schedule", "plan"),
    ("Updated", "updated_at"),
)
_COLUMNS: tuple[Column, ...] = (
    *_FACTS,
    ("Next", lambda scenario: next(iter(scenario["next_runs"]), "")),
    ("Modules", lambda scenario: ", ".join(scenario["modules"])),
)
_MODULES: tuple[Column, ...] = (
    ("Id", lambda placed: placed["id"]),
    ("Route", "route"),
    ("Module", "module"),
    ("Name", "name"),
    ("Connection or webhook", lambda one: one.get("connection") or one.get("webhook")),
    ("Filter", lambda placed: _filter(placed.get("filter"))),
    ("Map", lambda placed: excerpt(placed.get("map"))),
)


@app.command
async def add(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Save a scenario file, as a new version where one of that name exists.

    Parameters
    ----------
    file
        The file, in YAML or JSON; - is standard input.
    """
    text = read_text(file)
    async with reached(place) as trunkline:
        saved = await trunkline.save_scenario(text)
    if as_json:
        print_json(saved)
        return
    say(f"The scenario {saved['name']!r} has been saved as version {saved['version']}.")
    for warning in saved["warnings"]:
        say(f"Warning: {warning['message']}")
    if not saved["active"]:
        command = f"trunkline scenario activate {shlex.quote(saved['name'])}"
        say(f"It is not active; switch it on: {command}")


@app.command(name="list")
async def list_scenarios(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """List the scenarios."""
    async with reached(place) as trunkline:
        found = await trunkline.scenarios()
    show_records(
        found,
        _COLUMNS,
        as_json=as_json,
        empty="There are no scenarios yet. `trunkline scenario add FILE` saves one.",
    )


@app.command(name="show")
async def show_scenario(
    name: str, /, *, as_json: AsJson = False, place: Place = HERE
) -> None:
    """Show a scenario with its modules.

    Parameters
    ----------
    name
        The scenario.
    """
    async with reached(place) as trunkline:
        found = await trunkline.scenario(name)
    if as_json:
        print_json(found)
        return
    document = found["document"] or {}
    told = {
        "Next": "\n".join(found["next_runs"]),
        "Description": document.get("description"),
    }
    show(head({**facts(_FACTS, found), **told}))
    say()
    show(table(_MODULES, _placed(document["flow"])))


@app.command
async def activate(name: str, /, *, place: Place = HERE) -> None:
    """Let a scenario hear its webhook.

    Parameters
    ----------
    name
        The scenario.
    """
    async with reached(place) as trunkline:
        scenario = await trunkline.activate(name)
        heard = (
            f" It listens to {scenario['webhook']!r}." if scenario["webhook"] else ""
        )
        served = (
            "" if trunkline.lasting else " It runs once a server does: trunkline serve"
        )
    say(f"The scenario {scenario['name']!r} is active.{heard}{served}")


@app.command
async def deactivate(name: str, /, *, place: Place = HERE) -> None:
    """Let a scenario hear nothing more; what it has accepted still runs.

    Parameters
    ----------
    name
        The scenario.
    """
    async with reached(place) as trunkline:
        scenario = await trunkline.deactivate(name)
    say(f"The scenario {scenario['name']!r} is not active any more.")


@app.command
async def export(
    name: str,
    /,
    *,
    format_: Literal["trunkline"] = "trunkline",  # noqa: ARG001 - one so far
    place: Place = HERE,
) -> None:
    """Print a scenario as a file that `trunkline scenario add` takes.

    Parameters
    ----------
    name
        The scenario.
    format_
        The format of the file: our own, in YAML.
    """
    async with reached(place) as trunkline:
        found = await trunkline.scenario(name)
    say(as_yaml(found["document"] or {}).removesuffix("\n"))


def _placed(flow: list[Record], route: str = "") -> Iterator[Record]:
    """Every module in reading order, with the route it is on."""
    for placed in flow:
        yield {**placed, "route": route}
        for number, way in enumerate(placed.get("routes", ()), 1):
            name = way.get("name") or str(number)
            yield from _placed(way["flow"], f"{route} > {name}" if route else name)


def _filter(spec: Mapping[str, Any] | None) -> str:
    if spec is None:
        return ""
    alternatives = (
        " and ".join(
            f"{one['a']} {one['o']} {one.get('b', '')}".rstrip() for one in conditions
        )
        for conditions in spec.get("conditions", ())
    )
    return f"{spec.get('name', '')}: {' or '.join(alternatives)}"
