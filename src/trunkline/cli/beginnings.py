"""`trunkline scenario beginning`: where a polling trigger is, and where it goes on."""

import json
from typing import Annotated, Literal

from cyclopts import Parameter

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, excerpt, head, show, show_records
from trunkline.cli.terminal import patience, print_json, say
from trunkline.client.records import Beginning, BeginningView, Expectation
from trunkline.errors import UsageError

_CHOICES: tuple[Column, ...] = (
    ("Key", "key"),
    ("Mark", "mark"),
    ("Record", lambda choice: excerpt(choice["record"])),
)


async def beginning(
    name: str,
    /,
    *,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    at: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    expect: bool = False,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Show or choose where the scenario's polling trigger begins.

    Parameters
    ----------
    name
        The scenario.
    from_
        now, all, a date (ISO 8601), or record; without it, nothing is changed.
    at
        The key of the record to begin with. `--from record` alone lists the latest.
    expect
        Only tell how many records it would take from there.
    """
    if from_ is None and (expect or at is not None):
        raise UsageError("Say where to begin: --from now, all, record or a date.")
    wanted = None if from_ is None else _wanted(from_, at)
    async with reached(place) as trunkline, patience(f"Asking for {name}"):
        if wanted is None:
            where = await trunkline.beginning(name)
        elif wanted == _UNDECIDED:
            choices = await trunkline.beginning_choices(name)
            empty = "The service lists no records."
            show_records(choices, _CHOICES, as_json=as_json, empty=empty)
            return
        elif expect:
            expected = await trunkline.expect_beginning(name, wanted)
            print_json(expected) if as_json else _say_expected(expected)
            return
        else:
            where = await trunkline.choose_beginning(name, wanted)
    print_json(where) if as_json else _say_where(where, chosen=wanted is not None)


_UNDECIDED: Beginning = {"start": "record", "at": None}


def _wanted(from_: str, at: str | None) -> Beginning:
    starts: dict[str, Literal["now", "all", "record"]]
    starts = {one: one for one in ("now", "all", "record")}
    if at is not None and from_ != "record":
        raise UsageError("--at goes with --from record.")
    if from_ in starts:
        return {"start": starts[from_], "at": at}
    return {"start": "date", "at": from_}


def _say_expected(expected: Expectation) -> None:
    count = expected["records"]
    more = "more than " if expected["more"] else ""
    say(f"It would take {more}{count} record{'' if count == 1 else 's'}.")
    if expected["first"]:
        say(f"The first: {json.dumps(expected['first'][0], ensure_ascii=False)[:160]}")


def _say_where(where: BeginningView, *, chosen: bool) -> None:
    if not where["looked"]:
        say("It has not looked yet; it will begin from now on.")
        return
    if where["mark"] is None:
        say("It takes every record that it has not taken before.")
    else:
        say(f"It takes what comes after {where['mark']}.")
    if not chosen:
        show(head({"Moved": where["moved_at"]}))
