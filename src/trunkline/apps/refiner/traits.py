"""Traits: what is remembered of a user or an account, under names of one's own."""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any
from unicodedata import normalize

from pydantic import AfterValidator

from trunkline.sdk import Pairs

# Beside the traits, in the same object, stand the fields by which Refiner knows who is
# meant and who is asking (refiner-api 3.3 and 5.2 [likely]). A trait of such a name
# could turn one user into another.
_OF_USERS = {
    "id": "User ID",
    "user_id": "User ID",
    "uuid": "User ID",
    "account": "Account ID and Account Data",
    "account_id": "Account ID",
    "account_uuid": "Account ID",
    "api_key": "the connection",
}
_OF_ACCOUNTS = {
    "id": "Account ID",
    "uuid": "Account ID",
    "account_id": "Account ID",
    "account_uuid": "Account ID",
    "api_key": "the connection",
}
# `account[id]` is how forms write a field of the account (refiner-api 2 [sure]).
_NESTING = re.compile(r"[\[.]")


def _without(places: dict[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Checks that no trait has one of these names, however it is spelled."""
    by_spelling = {_spelling(name): place for name, place in places.items()}

    def check(traits: dict[str, Any]) -> dict[str, Any]:
        for name in traits:
            if not name.strip():
                raise ValueError("A field without a name cannot be sent. Name it.")
            place = _first(by_spelling, _spellings(name))
            if place:
                raise ValueError(
                    f"The name {name!r} is taken: use {place} for it, or give the "
                    "field another name."
                )
        return traits

    return check


def _first(places: dict[str, str], spellings: Iterable[str]) -> str | None:
    return next((places[each] for each in spellings if each in places), None)


def _spellings(name: str) -> list[str]:
    """What a name may be read as: a name, or a field inside of its first part."""
    return [_spelling(name), _spelling(_NESTING.split(name.strip(), maxsplit=1)[0])]


def _spelling(name: str) -> str:
    """`User ID`, `user-id` and `userId` are one name to Refiner (refiner-api 5.2)."""
    plain = normalize("NFKC", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


UserTraits = Annotated[Pairs, AfterValidator(_without(_OF_USERS))]
AccountTraits = Annotated[Pairs, AfterValidator(_without(_OF_ACCOUNTS))]
