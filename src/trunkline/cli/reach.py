"""The API that every command is a client of, loaded when it is needed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from trunkline.cli.place import Place

if TYPE_CHECKING:
    from trunkline.client.client import Client


@asynccontextmanager
async def reached(place: Place) -> AsyncIterator["Client"]:
    """The API over the folder, served for as long as the block if nobody else does.

    Raises:
        FolderInUseError: another command has the folder, and keeps it.
    """
    from trunkline.cli.access import opened  # noqa: PLC0415 - help comes without it

    async with opened(place) as client:
        yield client
