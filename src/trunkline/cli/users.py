"""`trunkline user`: who may enter the web interface."""

import getpass
import sys

from cyclopts import App

from trunkline.cli.place import HERE, AsJson, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, show_records
from trunkline.cli.terminal import say
from trunkline.errors import UsageError

app = App("user", help="Add, list and remove those who may enter.")

_COLUMNS: tuple[Column, ...] = (("Name", "name"), ("Since", "created_at"))


@app.command
async def add(name: str, /, *, place: Place = HERE) -> None:
    """Add a user; the password is asked for, or read from what is piped in.

    Parameters
    ----------
    name
        The name to enter with.
    """
    password = _asked_password()
    async with reached(place) as client:
        added = await client.add_user(name, password)
    say(f"{added['name']} may enter.")


@app.command
async def password(name: str, /, *, place: Place = HERE) -> None:
    """Give a user another password; their sessions end.

    Parameters
    ----------
    name
        The user's name.
    """
    chosen = _asked_password()
    async with reached(place) as client:
        await client.set_password(name, chosen)
    say(f"{name} has another password.")


@app.command(name="list")
async def list_(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """List those who may enter."""
    async with reached(place) as client:
        users = await client.users()
    show_records(users, _COLUMNS, as_json=as_json, empty="Nobody may enter yet.")


@app.command
async def remove(name: str, /, *, place: Place = HERE) -> None:
    """Remove a user, with their sessions and tokens.

    Parameters
    ----------
    name
        The user's name.
    """
    async with reached(place) as client:
        await client.remove_user(name)
    say(f"{name} may not enter any more.")


def _asked_password() -> str:
    """A password, typed twice without being shown, or the first line piped in.

    Raises:
        UsageError: the two are not the same.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    chosen = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != chosen:
        raise UsageError("The two passwords are not the same.")
    return chosen
