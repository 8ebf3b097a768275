"""`trunkline execution`: what ran, with what, and how it ended."""

from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import App, Parameter

from trunkline.cli.place import HERE, AsJson, Limit, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, excerpt, head, show, show_records, table
from trunkline.cli.terminal import print_json, say
from trunkline.client.client import Record

app = App("execution", help="See what ran, and how it ended.")

app.command("trunkline.cli.rehearsals:save_test", name="save-test")

ENDED_BADLY = frozenset({"failed", "incomplete", "cancelled"})

_MOST_SHOWN = 1000
"""Operations that the API tells of one execution."""

COLUMNS: tuple[Column, ...] = (
    ("Execution", "id"),
    ("Scenario", "scenario"),
    ("State", "state"),
    ("Operations", "operations"),
    ("Began", "started_at"),
    ("Ended", "ended_at"),
    ("Error", lambda execution: error_text(execution["error"])),
)
_OPERATIONS: tuple[Column, ...] = (
    ("#", "number"),
    ("Module", lambda one: f"{one['module_id']} {one['label']}"),
    ("State", "state"),
    ("ms", lambda one: f"{one['duration_ms']:.1f}"),
    ("Tries", "attempts"),
    ("Bundles", "bundles"),
    ("Input", lambda one: excerpt(one["input"])),
    ("Output", lambda one: error_text(one["error"]) or excerpt(one["output"])),
)


@app.command(name="list")
async def list_executions(
    *,
    scenario: str | None = None,
    state: str | None = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """List executions, the latest first.

    Parameters
    ----------
    scenario
        Only those of this scenario.
    state
        Only those in this state: queued, running, done, warning, failed, incomplete
        or cancelled.
    """
    async with reached(place) as trunkline:
        found = await trunkline.executions(limit, scenario, state)
    show_records(found, COLUMNS, as_json=as_json, empty="There are no such executions.")


@app.command(name="show")
async def show_one(
    id_: Annotated[str, Parameter(name="ID")],
    /,
    *,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Show one execution with its operations; --json shows their data whole.

    Parameters
    ----------
    id_
        The execution, as `trunkline execution list` lists it.
    """
    async with reached(place) as trunkline:
        found = await trunkline.execution(id_)
    if as_json:
        print_json(found)
    else:
        show_execution(found)


def show_execution(execution: Record) -> None:
    """A head, and a table of the operations."""
    show(
        head(
            {
                "Execution": execution["id"],
                "Scenario": execution["scenario"],
                "State": execution["state"],
                "Delivery": execution["delivery"],
                "Began": execution["started_at"],
                "Ended": execution["ended_at"],
                "Tries": execution["attempts"],
                "Error": error_text(execution["error"]),
            }
        )
    )
    history = execution["history"] or []
    if history:
        say()
        show(table(_OPERATIONS, history))
    if len(history) >= _MOST_SHOWN:
        say(f"These are the first of {execution['operations']} operations.")
    for operation in history:
        for warning in operation["warnings"]:
            say(f"Warning of {operation['label']}: {warning}")


def error_text(error: Mapping[str, Any] | None) -> str:
    if not error:
        return ""
    return f"{error.get('type', 'Error')}: {error.get('message', '')}"
