"""`trunkline scenario run | pin | unpin | pins`: runs by hand, and what stands in."""

from typing import Annotated

from cyclopts import Parameter

from trunkline.cli.executions import ENDED_BADLY, show_execution
from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, excerpt, show_records
from trunkline.cli.terminal import patience, print_json, say
from trunkline.cli.values import File, read_json
from trunkline.client.records import Start
from trunkline.errors import UsageError

_COLUMNS: tuple[Column, ...] = (
    ("Module", "module"),
    ("Bundles", lambda pin: len(pin["bundles"])),
    ("First", lambda pin: excerpt(next(iter(pin["bundles"]), ""))),
    ("Pinned", "pinned_at"),
)


async def run(
    name: str,
    /,
    *,
    input_: File = None,
    from_: Annotated[int | None, Parameter(metavar="MODULE")] = None,
    execution: str | None = None,
    as_json: AsJson = False,
    place: Place = HERE,
) -> int:
    """Run a scenario once, wait for its end, and show the execution.

    Parameters
    ----------
    name
        The scenario.
    input_
        A JSON file that stands for the body of a delivery, where the scenario begins
        with a webhook, and else holds its inputs; - is standard input.
    from_
        The number of the module to begin at; those before it give what they gave in
        an execution before.
    execution
        That execution; without it, the latest that has ended.
    """
    if execution is not None and from_ is None:
        raise UsageError("--execution says what --from takes over; give both.")
    bundle = None if input_ is None else read_json(input_)
    start: Start | None = None
    if from_ is not None:
        start = {"module": from_, "execution": execution}
    async with reached(place) as trunkline, patience(f"Running {name}"):
        ended = await trunkline.run_scenario(name, bundle, start)
    if as_json:
        print_json(ended)
    else:
        show_execution(ended)
    return 1 if ended["state"] in ENDED_BADLY else 0


async def pin(
    name: str,
    module: int,
    /,
    *,
    execution: str | None = None,
    file: File = None,
    place: Place = HERE,
) -> None:
    """Pin bundles to a module: runs by hand then use them, and do not run it.

    Parameters
    ----------
    name
        The scenario.
    module
        The number of the module.
    execution
        Pin what the module gave in this execution.
    file
        Pin the bundles in this file, a JSON array; - is standard input.
    """
    if (execution is None) == (file is None):
        raise UsageError("Give either --execution ID or --file FILE.")
    async with reached(place) as trunkline:
        if execution is not None:
            made = await trunkline.pin_from(name, module, execution)
        else:
            bundles = read_json(str(file))
            if not isinstance(bundles, list):
                raise UsageError("The file has to hold an array of bundles.")
            made = await trunkline.pin(name, module, bundles)
    say(
        f"Module {module} gives {len(made['bundles'])} pinned in runs by hand; "
        "live runs are as before."
    )


async def unpin(name: str, module: int, /, *, place: Place = HERE) -> None:
    """Let a pinned module run again.

    Parameters
    ----------
    name
        The scenario.
    module
        The number of the module.
    """
    async with reached(place) as trunkline:
        await trunkline.unpin(name, module)
    say(f"Module {module} runs again.")


async def list_pins(
    name: str, /, *, as_json: AsJson = False, place: Place = HERE
) -> None:
    """List the pinned modules of a scenario.

    Parameters
    ----------
    name
        The scenario.
    """
    async with reached(place) as trunkline:
        found = await trunkline.pins(name)
    show_records(
        found, _COLUMNS, as_json=as_json, empty="No module of this scenario is pinned."
    )
