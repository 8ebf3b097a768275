"""`trunkline execution`: what ran, with what, and how it ended."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from trunkline.cli.place import HERE, AsJson, Limit, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, excerpt, head, show, show_records, table
from trunkline.cli.terminal import print_json, say
from trunkline.client.calls import Record

app = App("execution", help="See what ran, and how it ended.")

app.command("trunkline.cli.rehearsals:save_test", name="save-test")

ENDED_BADLY = frozenset({"failed", "incomplete", "cancelled"})

ALONE = "No server runs on the folder now; what is not done goes on once one does."

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
    operation: int | None = None,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Show one execution with its operations; --json shows their data whole.

    Parameters
    ----------
    id_
        The execution, as `trunkline execution list` lists it.
    operation
        Only the operation of this number, whole, with what it sent and was answered
        where that is kept.
    """
    async with reached(place) as trunkline:
        if operation is not None:
            print_json(await trunkline.operation(id_, operation))
            return
        found = await trunkline.execution(id_)
    if as_json:
        print_json(found)
    else:
        show_execution(found)


@app.command
async def rerun(
    id_: Annotated[str, Parameter(name="ID")],
    /,
    *,
    from_: Annotated[Literal["start", "failed"], Parameter("--from")] = "start",
    current_version: Annotated[bool, Parameter(negative=())] = False,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Run an execution again: anew, or from where it failed.

    Parameters
    ----------
    id_
        The execution, as `trunkline execution list` lists it.
    from_
        All anew from the start, as another execution; or on from the module that
        failed, where nothing that is done is done again.
    current_version
        With the scenario as it is now, not as it was when the execution began.
    """
    version = "current" if current_version else "original"
    async with reached(place) as trunkline:
        begun = await trunkline.resume(id_, {"start": from_, "version": version})
    if as_json:
        print_json(begun)
        return
    say_begun(id_, begun["execution"], lasting=trunkline.lasting)


def say_begun(id_: str, execution: str, *, lasting: bool) -> None:
    """Says which execution goes on, and what of it can be expected."""
    said = "goes on" if execution == id_ else f"runs anew as {execution}"
    say(f"Execution {id_} {said}; `trunkline execution show {execution}` shows how.")
    if not lasting:
        say(ALONE)


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
    for stop in execution["stops"] or []:
        say(stop_text(stop))
    for operation in history:
        for warning in operation["warnings"]:
            say(f"Warning of {operation['label']}: {warning}")


def stop_text(stop: Record) -> str:
    """Where an execution stopped, in a sentence."""
    bundle = f", bundle {stop['path']}" if stop["path"] else ""
    tries = f"after {stop['tries']} tries " if stop["tries"] else ""
    then = f"tried again at {stop['retry_at']}" if stop["retry_at"] else "waits for you"
    return (
        f"Stopped at module {stop['module_id']} {stop['label']}{bundle} {tries}with "
        f"{error_text(stop['error'])} ({then})"
    )


def error_text(error: Mapping[str, Any] | None) -> str:
    if not error:
        return ""
    return f"{error.get('type', 'Error')}: {error.get('message', '')}"
