"""`trunkline prune`: removes now what is beyond the bounds of the history."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.terminal import complain, patience, print_json, say
from trunkline.errors import TrunklineError
from trunkline.model.size import as_size

_PAUSE = 0.1
_BYTES_PER_SECOND = 50_000_000
"""What an ordinary disk takes while a file is written anew."""

Compact = Annotated[
    bool,
    Parameter(
        negative=(),
        help="Write the file anew afterwards; deliveries wait meanwhile.",
    ),
]


async def prune(
    *, compact: Compact = False, as_json: AsJson = False, place: Place = HERE
) -> None:
    """Remove now what is beyond the bounds of the history, and shrink the file.

    The server does the same by itself every quarter of an hour.
    """
    async with reached(place) as client:
        if compact:
            _say_how_long((await client.storage())["file_bytes"])
        await client.prune(compact=compact)
        async with patience("Pruning", shown=not as_json) as work:
            while (now := await client.pruning())["under_way"]:
                work.done = now["executions"]
                await asyncio.sleep(_PAUSE)
    if now["trouble"]:
        raise TrunklineError(now["trouble"])
    if as_json:
        print_json(now)
    else:
        say(
            f"Pruned: {now['executions']:,} executions, {now['deliveries']:,} "
            f"deliveries, {as_size(now['bytes'])}."
        )


def _say_how_long(size: int) -> None:
    seconds = 1 + size // _BYTES_PER_SECOND
    complain(
        f"The file of {as_size(size)} is written anew, which takes about {seconds} s "
        "on an ordinary disk; deliveries wait meanwhile."
    )
