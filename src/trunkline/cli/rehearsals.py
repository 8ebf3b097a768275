"""`trunkline scenario test | rehearse | compare`: what a scenario would do."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from trunkline.cli.executions import ENDED_BADLY, error_text
from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, excerpt, show, table
from trunkline.cli.terminal import patience, print_json, say
from trunkline.cli.values import File, read_json, read_text
from trunkline.errors import UsageError

_OPERATIONS: tuple[Column, ...] = (
    ("#", "number"),
    ("Module", lambda one: f"{one['module_id']} {one['label']}"),
    ("State", "state"),
    ("Input", lambda one: excerpt(one["input"])),
    ("Would send", lambda one: _sent(one["request"])),
    ("Output", lambda one: error_text(one["error"]) or excerpt(one["output"])),
)


async def replay_tests(
    *files: Annotated[Path, Parameter(allow_leading_hyphen=False)],
    update: Annotated[bool, Parameter(negative=())] = False,
    as_json: AsJson = False,
) -> int:
    """Replay scenario tests offline, and show what differs from what they expect.

    Parameters
    ----------
    files
        The test files; the scenario that each names lies beside it.
    update
        Write what the scenarios do now into the files, as what is expected.
    """
    from trunkline.services.scenario_tests import (  # noqa: PLC0415 - help comes without it
        run_test,
        updated_test,
    )

    if not files:
        raise UsageError("Name at least one test file.")
    catalog = _catalog()
    if update:
        for file in files:
            file.write_text(await updated_test(file, catalog), encoding="utf-8")
    verdicts = [await run_test(file, catalog) for file in files]
    if as_json:
        print_json([{"test": v.name, "passed": v.passed} for v in verdicts])
    for verdict in verdicts:
        if not as_json:
            say(f"{'passed' if verdict.passed else 'FAILED'}  {verdict.name}")
            for line in verdict.difference:
                say(f"    {line}")
    return 0 if all(verdict.passed for verdict in verdicts) else 1


async def rehearse(
    name: str,
    /,
    *,
    delivery: str | None = None,
    input_: File = None,
    draft: File = None,
    as_json: AsJson = False,
    place: Place = HERE,
) -> int:
    """Show what a scenario would do: it reads, but changes and sends nothing.

    Parameters
    ----------
    name
        The scenario.
    delivery
        A delivery to begin with, as `trunkline webhook deliveries` lists it.
    input_
        A JSON file that stands for the body of a delivery, or holds the inputs.
    draft
        A scenario file to rehearse instead of the version that is saved.
    """
    trial: dict[str, Any] = {"delivery": delivery}
    trial["input"] = None if input_ is None else read_json(input_)
    trial["document"] = None if draft is None else _document(draft)
    async with reached(place) as trunkline, patience(f"Rehearsing {name}"):
        found = await trunkline.rehearse_scenario(name, trial)
    if as_json:
        print_json(found)
    else:
        show(table(_OPERATIONS, found["operations"]))
        say(f"It would end as {found['state']}. {error_text(found['error'])}".rstrip())
    return 1 if found["state"] in ENDED_BADLY else 0


async def compare(
    name: str,
    draft: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    executions: int = 10,
    as_json: AsJson = False,
    place: Place = HERE,
) -> int:
    """Show what the latest executions would have done on a draft; nothing is asked.

    Ends with 1 where anything would have been different.

    Parameters
    ----------
    name
        The scenario.
    draft
        The scenario file that is not saved yet; - is standard input.
    executions
        How many of the latest executions, 50 at most.
    """
    asked = {"document": _document(draft), "executions": executions}
    async with reached(place) as trunkline, patience(f"Comparing {name}"):
        found = await trunkline.compare_scenario(name, asked)
    if as_json:
        print_json(found)
    else:
        for one in found:
            _show_replayed(one)
    changed = [one for one in found if one["differences"]]
    if not as_json:
        say(f"{len(changed)} of {len(found)} executions would have been different.")
    return 1 if changed else 0


async def save_test(
    id_: Annotated[str, Parameter(name="ID")],
    /,
    *,
    out: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    place: Place = HERE,
) -> None:
    """Save an execution as a test, with personal data and secrets masked.

    Parameters
    ----------
    id_
        The execution.
    out
        The file to write; without it the test is printed. The scenario's file has to
        lie beside it under the name that the test says.
    """
    async with reached(place) as trunkline:
        text = await trunkline.execution_as_test(id_)
    if out is None:
        say(text.removesuffix("\n"))
        return
    out.write_text(text, encoding="utf-8")
    say(f"Saved. `trunkline scenario test {out}` replays it.")


def _show_replayed(one: Any) -> None:  # noqa: ANN401 - a record of the API
    say(f"{one['execution']}: {one['before']} → {one['after']}")
    for difference in one["differences"]:
        path = f" ({difference['path']})" if difference["path"] else ""
        say(f"  {difference['module_id']} {difference['label']}{path}")
        say(f"    before: {excerpt(difference['before'])}")
        say(f"    after:  {excerpt(difference['after'])}")


def _sent(request: Any) -> str:  # noqa: ANN401 - a record of the API
    if not request:
        return ""
    return f"{request.get('method', '')} {request.get('url', '')}".strip()


def _document(file: str) -> Any:  # noqa: ANN401 - a scenario as values
    import json  # noqa: PLC0415

    from trunkline.engine.document import (  # noqa: PLC0415 - help comes without it
        dump_document,
        parse_document,
    )

    return json.loads(dump_document(parse_document(read_text(file))))


def _catalog() -> Any:  # noqa: ANN401 - the catalogue
    from trunkline.engine.catalog import Catalog  # noqa: PLC0415 - help comes without it

    return Catalog.installed()
