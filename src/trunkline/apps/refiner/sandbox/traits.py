"""How traits are named, typed and written out (refiner-api 5.2)."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from . import times
from .behaviour import Behaviour

Kind = Literal["string", "number", "date"]

LARGEST_INTEGER = 2_147_483_647  # (refiner-api 5.2 [sure])

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FOREIGN = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """`userCountry` becomes `user_country` (refiner-api 5.2 [likely])."""
    return _FOREIGN.sub("_", _HUMP.sub("_", name).lower()).strip("_")


def flattened(values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Slugs and values, nested objects joined by `_`: `address_city`."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            for inner, deep in flattened(value):
                yield f"{slug(str(name))}_{inner}".strip("_"), deep
        elif slug(str(name)):
            yield slug(str(name)), value


def kind_of(name: str, value: object, behaviour: Behaviour) -> Kind:
    """The type that a trait gets when its first value arrives."""
    if name.endswith(behaviour.date_suffixes):
        return "date"
    number = _number(value)
    if number is None or (isinstance(value, str) and abs(number) > LARGEST_INTEGER):
        return "string"
    return "number"


def written(value: object, kind: Kind, behaviour: Behaviour) -> str | None:
    """The value as Refiner gives it out, a text; none when nothing is kept."""
    plain = text_of(value, behaviour)
    if plain is None:
        return None
    fitting = _FITTING[kind](value, behaviour)
    if fitting is None and behaviour.mismatched_value == "keep":
        return plain[: behaviour.string_limit]
    return fitting or None


def text_of(value: object, behaviour: Behaviour) -> str | None:
    """Any value as a text; empty ones, which erase, as none."""
    if isinstance(value, bool):
        return behaviour.boolean_texts[value]
    if isinstance(value, list):
        parts = (text_of(part, behaviour) for part in value)
        return ", ".join(part for part in parts if part) or None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value) or None


def _as_string(value: object, behaviour: Behaviour) -> str | None:
    text = text_of(value, behaviour)
    return text and text[: behaviour.string_limit]


def _as_date(value: object, _: Behaviour) -> str | None:
    moment = times.read(value)
    return times.iso(moment) if moment else None


def _as_number(value: object, behaviour: Behaviour) -> str | None:
    number = _number(value)
    if number is None:
        return None
    if not number.is_integer():
        return text_of(value, behaviour)
    return _as_integer(int(str(value)) if _is_whole(value) else int(number), behaviour)


def _as_integer(whole: int, behaviour: Behaviour) -> str:
    if abs(whole) <= LARGEST_INTEGER or behaviour.large_integer == "keep":
        return str(whole)
    if behaviour.large_integer == "drop":
        return ""
    return str(LARGEST_INTEGER if whole > 0 else -LARGEST_INTEGER)


_FITTING = {"string": _as_string, "date": _as_date, "number": _as_number}

# Leading zeros belong to codes, not to numbers.
_NUMERAL = re.compile(r"-?(0|[1-9]\d{0,299})(\.\d+)?", re.ASCII)


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 else None  # noqa: PLR2004 - infinity
    return (
        float(value) if isinstance(value, str) and _NUMERAL.fullmatch(value) else None
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and "." not in value)
