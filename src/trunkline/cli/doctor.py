"""`trunkline doctor`: is the installation well?"""

from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import Parameter

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, head, show, show_records, table
from trunkline.cli.terminal import print_json, say
from trunkline.model.size import as_size

_COLUMNS: tuple[Column, ...] = (
    ("Check", "name"),
    ("State", lambda check: "well" if check["well"] else "not well"),
    ("Found", "found"),
    ("What to do", "advice"),
)


_SCENARIOS: tuple[Column, ...] = (
    ("Scenario", "scenario"),
    ("Executions", lambda one: f"{one['executions']:,}"),
    ("Operations", lambda one: f"{_about(one)}{one['operations']:,}"),
    ("Size", lambda one: f"{_about(one)}{as_size(one['bytes'])}"),
    ("Oldest", "oldest"),
)
_TABLES: tuple[Column, ...] = (
    ("Table", "name"),
    ("Size", lambda one: as_size(one["bytes"])),
)

Sizes = Annotated[
    bool,
    Parameter(
        negative=(),
        help="Show how large everything is; looks at the whole file.",
    ),
]


async def doctor(
    *, sizes: Sizes = False, as_json: AsJson = False, place: Place = HERE
) -> int:
    """Check everything that can be wrong with an installation; 1 if something is."""
    if sizes:
        return await _show_sizes(as_json=as_json, place=place)
    async with reached(place) as trunkline:
        checks = await trunkline.doctor()
    show_records(checks, _COLUMNS, as_json=as_json, empty="Nothing was checked.")
    wrong = [check["name"] for check in checks if not check["well"]]
    if not as_json:
        say(f"Not well: {', '.join(wrong)}." if wrong else "All is well.")
    return 1 if wrong else 0


async def _show_sizes(*, as_json: bool, place: Place) -> int:
    async with reached(place) as trunkline:
        found = await trunkline.storage(tables=True)
    if as_json:
        print_json(found)
        return 0
    show(head(_facts(found)))
    for columns, records in (
        (_SCENARIOS, found["scenarios"]),
        (_TABLES, found["tables"] or []),
    ):
        if records:
            say()
            show(table(columns, records))
    return 0


def _facts(found: Mapping[str, Any]) -> dict[str, object]:
    keep, last = found["keep"], found["last_pruned"]
    return {
        "Database": as_size(found["file_bytes"]),
        "Free in it": as_size(found["spare_bytes"]),
        "Log": as_size(found["log_bytes"]),
        "Free on the disk": as_size(found["disk_free_bytes"]),
        "Shrinks": "yes" if found["shrinks"] else "no: `trunkline prune --compact`",
        "Kept of a scenario": ", ".join(_bounds(keep)) or "everything",
        "Oldest execution": found["oldest"],
        "Pruned last": last
        and f"{last['at']}: {last['executions']:,} executions, {last['deliveries']:,} "
        f"deliveries, {as_size(last['bytes'])}",
    }


def _bounds(keep: Mapping[str, int]) -> list[str]:
    said = {
        "days": f"{keep['days']} days",
        "executions": f"{keep['executions']:,} executions",
        "bytes": as_size(keep["bytes"]),
    }
    return [text for name, text in said.items() if keep[name]]


def _about(one: Mapping[str, Any]) -> str:
    return "" if one["exact"] else "about "
