"""`trunkline doctor`: is the installation well?"""

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, show_records
from trunkline.cli.terminal import say

_COLUMNS: tuple[Column, ...] = (
    ("Check", "name"),
    ("State", lambda check: "well" if check["well"] else "not well"),
    ("Found", "found"),
    ("What to do", "advice"),
)


async def doctor(*, as_json: AsJson = False, place: Place = HERE) -> int:
    """Check everything that can be wrong with an installation; 1 if something is."""
    async with reached(place) as trunkline:
        checks = await trunkline.doctor()
    show_records(checks, _COLUMNS, as_json=as_json, empty="Nothing was checked.")
    wrong = [check["name"] for check in checks if not check["well"]]
    if not as_json:
        say(f"Not well: {', '.join(wrong)}." if wrong else "All is well.")
    return 1 if wrong else 0
