"""`trunkline incomplete`: what an error stopped, let go on or given up."""

import asyncio
import sys
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from cyclopts import App, Parameter

from trunkline.cli.executions import ALONE, error_text, say_begun
from trunkline.cli.place import HERE, AsJson, Limit, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, show_records
from trunkline.cli.terminal import complain, patience, print_json, say
from trunkline.cli.values import read_json
from trunkline.client.calls import Record
from trunkline.client.client import Client
from trunkline.errors import TrunklineError, UsageError

app = App("incomplete", help="See what an error stopped, and let it go on.")

Start: TypeAlias = Literal["failed", "start"]
Id: TypeAlias = Annotated[str, Parameter(name="ID", show_default=False)]
All: TypeAlias = Annotated[bool, Parameter("--all", negative=())]
CurrentVersion: TypeAlias = Annotated[bool, Parameter(negative=())]

_MOST_COUNTED = 1000
"""Executions that the API lists at once."""

COLUMNS: tuple[Column, ...] = (
    ("Execution", "execution"),
    ("Scenario", "scenario"),
    ("Module", lambda stop: f"{stop['module_id']} {stop['label']}"),
    ("Bundle", "path"),
    ("Error", lambda stop: error_text(stop["error"])),
    ("Tries", "tries"),
    ("Next try", lambda stop: stop["retry_at"] or "by hand"),
    ("Since", "stopped_at"),
)


@app.command(name="list")
async def list_incomplete(
    *,
    scenario: str | None = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """List where incomplete executions stopped, the latest first.

    Parameters
    ----------
    scenario
        Only those of this scenario.
    """
    async with reached(place) as trunkline:
        found = await trunkline.executions(limit, scenario, "incomplete")
        async with patience("Looking", shown=not as_json) as work:
            stops: list[Record] = []
            for one in found:
                stops += _stops(await trunkline.execution(one["id"], history=False))
                work.done += 1
    show_records(
        stops, COLUMNS, as_json=as_json, empty="There are no incomplete executions."
    )


@app.command
async def resolve(  # noqa: PLR0913 - what can be said of how it goes on
    *ids: Id,
    all_: All = False,
    scenario: str | None = None,
    current_version: CurrentVersion = False,
    from_: Annotated[Start, Parameter("--from")] = "failed",
    input_: Annotated[
        str | None, Parameter("--input", metavar="FILE", allow_leading_hyphen=True)
    ] = None,
    module: Annotated[int | None, Parameter(metavar="N")] = None,
    path: Annotated[str, Parameter(metavar="P", show_default=False)] = "",
    as_json: AsJson = False,
    place: Place = HERE,
) -> int:
    """Let incomplete executions go on; what is done is not done again.

    Parameters
    ----------
    ids
        The executions, as `trunkline incomplete list` lists them.
    all_
        All that are incomplete.
    scenario
        All that are incomplete of this scenario.
    current_version
        Go on with the scenario as it is now, not as it was when they began.
    from_
        From the module that failed, or all anew from the start.
    input_
        A file with the JSON that the module is to be given instead, - being standard
        input; for one execution, with --module.
    module
        The number of the module that --input is for.
    path
        The bundle that --input is for, where the module stopped at several.
    """
    how: dict[str, object] = {
        "start": from_,
        "version": "current" if current_version else "original",
        "edits": _edits(
            input_, module, path, alone=len(ids) == 1 and from_ == "failed"
        ),
    }
    chosen = choice(ids, all_=all_, scenario=scenario)
    async with reached(place) as trunkline:
        if len(ids) == 1:
            begun = await trunkline.resume(ids[0], how)
            if as_json:
                print_json(begun)
            else:
                say_begun(ids[0], begun["execution"], lasting=trunkline.lasting)
            return 0
        async with patience("Resuming", shown=not as_json):
            done = await trunkline.resume_many(chosen, how)
        return _tell(done, "resumed", trunkline, as_json=as_json)


@app.command
async def discard(
    *ids: Id,
    all_: All = False,
    scenario: str | None = None,
    yes: Annotated[bool, Parameter(negative=())] = False,
    as_json: AsJson = False,
    place: Place = HERE,
) -> int:
    """Give incomplete executions up; what they did stays in history.

    Parameters
    ----------
    ids
        The executions, as `trunkline incomplete list` lists them.
    all_
        All that are incomplete.
    scenario
        All that are incomplete of this scenario.
    yes
        Do not ask before many are discarded.
    """
    chosen = choice(ids, all_=all_, scenario=scenario)
    async with reached(place) as trunkline:
        if len(ids) == 1:
            found = await trunkline.discard(ids[0])
            if as_json:
                print_json(found)
            else:
                say(f"Execution {ids[0]} has been discarded.")
            return 0
        if not (yes or await _agreed(trunkline, ids, scenario)):
            raise TrunklineError("Nothing was discarded.")
        async with patience("Discarding", shown=not as_json):
            done = await trunkline.discard_many(chosen)
        return _tell(done, "discarded", trunkline, as_json=as_json)


def choice(ids: tuple[str, ...], *, all_: bool, scenario: str | None) -> Record:
    """Which executions are meant, as the API takes it.

    Raises:
        UsageError: nothing was chosen, or ids and all.
    """
    is_all = all_ or scenario is not None
    if bool(ids) == is_all:
        raise UsageError("Give either the ids of executions, or --all or --scenario.")
    return {"executions": list(ids)} if ids else {"scenario": scenario}


def _stops(execution: Record) -> list[Record]:
    known = {"execution": execution["id"], "scenario": execution["scenario"]}
    return [{**known, **stop} for stop in execution["stops"] or []]


def _edits(
    file: str | None, module: int | None, path: str, *, alone: bool
) -> list[Mapping[str, Any]]:
    if file is None and module is None and not path:
        return []
    if file is None or module is None or not alone:
        raise UsageError(
            "--input and --module go together, for one execution that goes on from "
            "where it failed."
        )
    fields = read_json(file)
    if not isinstance(fields, dict):
        raise UsageError(f"{file} does not hold a JSON object with the fields.")
    return [{"module_id": module, "path": path, "input": fields}]


async def _agreed(
    trunkline: Client, ids: tuple[str, ...], scenario: str | None
) -> bool:
    """Whether a person wants to discard as many as that."""
    count = len(ids)
    if not ids:
        found = await trunkline.executions(_MOST_COUNTED, scenario, "incomplete")
        count = len(found)
    if count == 0:
        return True
    if not sys.stdin.isatty():
        raise UsageError(
            "Many would be discarded; say --yes where nobody can be asked."
        )
    many = f"{count:,}" if count < _MOST_COUNTED else f"{count:,} or more"
    say(f"Discard {many} incomplete execution{'s' * (count > 1)}, for good? [y/N]")
    answer = await asyncio.to_thread(sys.stdin.readline)
    return answer.strip().lower() in {"y", "yes"}


def _tell(done: Record, word: str, trunkline: Client, *, as_json: bool) -> int:
    """Says what became of many; 1 where some could not."""
    if as_json:
        print_json(done)
    else:
        say(f"{done['done']:,} {word}, {len(done['refused']):,} could not be.")
        for one in done["refused"]:
            complain(f"{one['execution']}: {one['reason']}")
        if word == "resumed" and done["done"] and not trunkline.lasting:
            say(ALONE)
    return 1 if done["refused"] else 0
