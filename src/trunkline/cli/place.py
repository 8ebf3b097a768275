"""Where a command works: the data folder, and who serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from trunkline.cli.client import Client

AsJson = Annotated[
    bool, Parameter("--json", negative=(), help="Print JSON instead of text.")
]
Limit = Annotated[int, Parameter(help="How many to show, at most 1000.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folder that a command works on, and what it may reach from there."""

    data: Annotated[
        Path | None,
        Parameter(
            metavar="DIR",
            help="The data folder; otherwise TRUNKLINE_DATA or ./trunkline-data.",
        ),
    ] = None
    allow_host: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="H",
            negative=(),
            help="A private host that modules may call, such as 127.0.0.1, where no "
            "server runs on the folder; may be repeated.",
        ),
    ] = ()


HERE = Place()


@asynccontextmanager
async def reached(place: Place) -> AsyncIterator["Client"]:
    """The API over the folder, served for as long as the block if nobody else does.

    Raises:
        FolderInUseError: another command has the folder, and keeps it.
    """
    from trunkline.cli.access import opened  # noqa: PLC0415 - help comes without it

    async with opened(place) as client:
        yield client
