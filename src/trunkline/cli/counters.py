"""`trunkline scenario counters`: numbers that outlive executions."""

from typing import Annotated

from cyclopts import Parameter

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, show_records
from trunkline.cli.terminal import say

_COLUMNS: tuple[Column, ...] = (
    ("Counter", lambda counter: counter["name"] or "(without a name)"),
    ("Last number", "value"),
)


async def counters(
    name: str,
    /,
    *,
    reset: Annotated[str | None, Parameter(metavar="COUNTER")] = None,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """List the counters of a scenario that are never reset, or let one begin anew.

    Parameters
    ----------
    name
        The scenario.
    reset
        The counter whose next number is to be 1; "" is the one without a name.
    """
    async with reached(place) as trunkline:
        if reset is not None:
            await trunkline.reset_counter(name, reset)
            say("It begins anew: its next number is 1.")
            return
        found = await trunkline.counters(name)
    show_records(
        found,
        _COLUMNS,
        as_json=as_json,
        empty="No counter of this scenario has counted yet.",
    )
