"""`trunkline backup`: everything in one file, while the server goes on."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

from cyclopts import Parameter

from trunkline.cli.configuration import read_settings
from trunkline.cli.place import HERE, Place
from trunkline.cli.reach import reached
from trunkline.cli.terminal import patience, say
from trunkline.errors import UsageError
from trunkline.store.backup import Manifest, read_manifest
from trunkline.store.copying import storage_error, sync


async def backup(
    file: Annotated[Path, Parameter(name="FILE")], /, *, place: Place = HERE
) -> None:
    """Save the data of this moment to one file; a server goes on meanwhile.

    The key is not in it and must be kept elsewhere; sessions are left out.

    Parameters
    ----------
    file
        Where to write it; a file that exists is not overwritten.
    """
    new_file(file)
    async with reached(place) as client, patience("Saving"):
        await write_whole(file, client.backup())
    _tell(file, read_manifest(file), read_settings(data=place.data).data)


def new_file(file: Path) -> None:
    """Makes sure that there is none of that name.

    Raises:
        UsageError: there is one.
    """
    if file.exists():
        raise UsageError(f"{file} exists already; choose another name.")


async def write_whole(file: Path, pieces: AsyncIterator[bytes]) -> None:
    """Writes a private file, which bears its name once it is whole and on disk."""
    with _drafted(file) as draft:
        async for piece in pieces:
            draft.write(piece)


@contextmanager
def _drafted(file: Path) -> Iterator[IO[bytes]]:
    """A file that bears its name once it is whole and on disk, else is removed."""
    draft = file.with_name(f".{file.name}.part")
    try:
        with open(draft, "wb", opener=_private) as opened:
            yield opened
            opened.flush()
            sync(draft)
        draft.replace(file)
        sync(file.parent)
    except OSError as error:
        raise storage_error(f"The backup {file}", error) from error
    finally:
        draft.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _tell(file: Path, manifest: Manifest, data: Path) -> None:
    counts = manifest.counts
    say(
        f"Saved {counts['scenarios']:,} scenarios, {counts['deliveries']:,} deliveries "
        f"and {counts['executions']:,} executions to {file} "
        f"({file.stat().st_size / 1e6:,.1f} MB)."
    )
    say(
        f"The key is not in it: keep the file {data / 'key'} (or TRUNKLINE_KEY) in "
        "another place, since without it the secrets in the backup cannot be read. "
        "Sessions were left out, so that everybody enters again after a restore."
    )
