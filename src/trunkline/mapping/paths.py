"""Ways into values: members by name, array members counted from 1."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_REMEMBERED_LENGTH: Final = 256


def member(value: object, name: str) -> object:
    """A field by name; of an array, its first member's (5.2 [likely])."""
    while isinstance(value, list | tuple):
        value = value[0] if value else None
    return value.get(name) if isinstance(value, Mapping) else None


def nth(value: object, position: object) -> object:
    """An array's member counted from 1; beyond its ends null (5.2 [likely])."""
    if not isinstance(value, list | tuple) or not isinstance(position, int):
        return None
    return value[position - 1] if 0 < position <= len(value) else None


def walk(value: object, path: tuple[str, ...]) -> object:
    """A value at a dot path, as `get`, `map` and `sort` take it."""
    for step in path:
        if isinstance(value, list | tuple) and step.isascii() and step.isdigit():
            value = nth(value, int(step[:9]))
        else:
            value = member(value, step)
    return value


def steps_of(path: str) -> tuple[str, ...]:
    """The steps of a dot path; `items[2].sku` and `items.2.sku` are the same."""
    return _remembered(path) if len(path) <= _REMEMBERED_LENGTH else _split(path)


def _split(path: str) -> tuple[str, ...]:
    dotted = path.replace("[]", ".1").replace("[", ".").replace("]", "")
    return tuple(step.strip("`") for step in dotted.strip(".").split("."))


_remembered = lru_cache(maxsize=1024)(_split)
