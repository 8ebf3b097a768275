"""`trunkline restore`: a folder from a backup, which waits until a person confirms."""

import sys
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from cyclopts import Parameter

from trunkline.cli.configuration import read_settings
from trunkline.cli.place import HERE, Place
from trunkline.cli.reach import reached
from trunkline.cli.terminal import say
from trunkline.client.records import ReviewView
from trunkline.errors import UsageError
from trunkline.model.clock import as_text
from trunkline.store.restore import restore as restore_folder

Choice: TypeAlias = Literal["run", "cancel"]


async def restore(
    file: Annotated[Path | None, Parameter(name="FILE")] = None,
    /,
    *,
    confirm: Annotated[bool, Parameter(negative=())] = False,
    unfinished: Choice | None = None,
    key_file: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    replace: Annotated[bool, Parameter(negative=())] = False,
    place: Place = HERE,
) -> None:
    """Make a folder from a backup; nothing runs in it until you confirm it.

    What was done after the backup was made would otherwise be done again. Until then
    deliveries are stored and wait.

    Parameters
    ----------
    file
        What `trunkline backup` made.
    confirm
        Let a restored folder work again, when you have looked at it.
    unfinished
        With --confirm: whether executions that the backup found unfinished run, and
        perhaps repeat what they did, or are cancelled.
    key_file
        The key that belongs to the backup; otherwise TRUNKLINE_KEY, or the key that
        is in the folder already.
    replace
        Restore into a folder that holds something, which is kept aside.
    """
    if confirm and file is None:
        await _confirm(unfinished, place)
    elif file is None or confirm:
        raise UsageError("Give either the file of a backup, or --confirm.")
    else:
        _restore(file, key_file, place, replace=replace)


def _restore(file: Path, key_file: Path | None, place: Place, *, replace: bool) -> None:
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    settings = read_settings(data=place.data)
    restored = restore_folder(
        file,
        settings.data,
        key=settings.key.get_secret_value() if settings.key else None,
        key_file=key_file,
        replace=replace,
    )
    say(f"Restored {settings.data} as it was at {as_text(restored.manifest.made_at)}.")
    if restored.replaced is not None:
        say(f"What was there before is kept in {restored.replaced}.")
    say(
        f"Nothing runs yet: {restored.unfinished:,} unfinished executions wait, and so "
        "do new deliveries. Start the server, look around, then run `trunkline restore "
        "--confirm`."
    )


async def _confirm(unfinished: Choice | None, place: Place) -> None:
    async with reached(place) as client:
        review = await client.review()
        if review["pending"] and unfinished is None:
            unfinished = _asked(review)
        done = await client.confirm_review(unfinished or "run")
    say(
        f"Confirmed. {done['run']:,} executions go on, {done['cancelled']:,} were "
        "cancelled."
    )


def _asked(review: ReviewView) -> Choice:
    """What a person decides where there is something to decide.

    Raises:
        UsageError: nobody can be asked.
    """
    if not review["unfinished"]:
        return "run"
    situation = (
        f"{review['unfinished']:,} executions were unfinished when the backup was made "
        f"({review['backup_made_at']}); if they run, they may repeat what they did "
        "since then."
    )
    if not sys.stdin.isatty():
        raise UsageError(f"{situation} Say --unfinished run, or --unfinished cancel.")
    say(situation)
    while True:
        match input("run or cancel? ").strip().lower():
            case "run":
                return "run"
            case "cancel":
                return "cancel"
