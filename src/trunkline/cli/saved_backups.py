"""`trunkline backups`: those that stay on the server's disk."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from trunkline.cli.backup import new_file, write_whole
from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, show_records
from trunkline.cli.terminal import patience, print_json, say
from trunkline.errors import TrunklineError
from trunkline.model.size import as_size

app = App("backups", help="Make and look after backups that stay on the server's disk.")

_PAUSE = 0.1
_COLUMNS: tuple[Column, ...] = (
    ("Name", "name"),
    ("Made", "made_at"),
    ("Size", lambda backup: as_size(backup["bytes"])),
    ("Holds", lambda backup: _held(backup["holds"])),
    ("Trouble", "trouble"),
)


@app.command(name="list")
async def list_backups(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """List the backups on the server's disk, the newest first."""
    async with reached(place) as trunkline:
        found = await trunkline.saved_backups()
    show_records(
        found["backups"],
        _COLUMNS,
        as_json=as_json,
        empty="There are none yet. `trunkline backups add` makes one.",
    )


@app.command
async def add(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """Make a backup that stays on the server's disk, and wait until it is whole."""
    async with reached(place) as trunkline, patience("Saving", shown=not as_json):
        now = await trunkline.save_backup()
        while now["progress"]["under_way"]:
            await asyncio.sleep(_PAUSE)
            now = await trunkline.saved_backups()
    if now["progress"]["trouble"]:
        raise TrunklineError(now["progress"]["trouble"])
    made = now["backups"][0]
    if as_json:
        print_json(made)
    else:
        say(f"Saved {made['name']} ({as_size(made['bytes'])}) in {now['folder']}.")


@app.command
async def get(
    name: str,
    file: Annotated[Path, Parameter(name="FILE")],
    /,
    *,
    place: Place = HERE,
) -> None:
    """Copy a backup from the server's disk to a file.

    Parameters
    ----------
    name
        The name that `trunkline backups list` shows.
    file
        Where to write it; a file that exists is not overwritten.
    """
    new_file(file)
    async with reached(place) as trunkline, patience("Copying"):
        await write_whole(file, trunkline.saved_backup(name))
    say(f"Copied to {file} ({as_size(file.stat().st_size)}).")


@app.command
async def remove(name: str, /, *, place: Place = HERE) -> None:
    """Remove a backup from the server's disk.

    Parameters
    ----------
    name
        The name that `trunkline backups list` shows.
    """
    async with reached(place) as trunkline:
        await trunkline.remove_saved_backup(name)
    say(f"Removed {name}.")


def _held(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counts.items())
