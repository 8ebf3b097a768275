"""The values that expressions work on, and how they are named and shown."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final

from trunkline.errors import DataError
from trunkline.mapping.budget import MAX_BYTES, too_deep, too_many_bytes
from trunkline.mapping.numbers import is_number, number_text, settle


class Special(Enum):
    """Words that are instructions to the module rather than values."""

    IGNORE = "ignore"
    ERASE = "erase"


IGNORE: Final = Special.IGNORE
"""Leave the field out, as if it were not mapped."""

ERASE: Final = Special.ERASE
"""Set the field to empty."""


def describe(value: object) -> str:
    """The kind of a value in the words of the interface."""
    if value is None or isinstance(value, Special):
        return "empty"
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    return type(value).__name__


_KINDS: tuple[tuple[type, str], ...] = (
    (str, "text"),
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (Decimal, "number"),
    (datetime, "date"),
    (Mapping, "collection"),
    (list, "array"),
    (tuple, "array"),
    (bytes, "buffer"),
)


def truthy(value: object) -> bool:
    """False for null, false, 0 and empty text (integrator-semantics 5.2 [likely])."""
    if value is None or value is False or value == "" or value is IGNORE:
        return False
    return not (is_number(value) and not value)


def render_text(value: object) -> str:
    """A value as text: dates in ISO 8601, collections as JSON, arrays with commas."""
    if isinstance(value, str):
        return value
    for kind, text_of in _TEXTS:
        if isinstance(value, kind):
            return text_of(value)
    weigh(value)
    return _structure_text(value)


def date_text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as dates travel (5.8 [sure])."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text[:-6] + "Z"


def json_text(value: object) -> str:
    """A value as JSON without blanks; dates as ISO texts, buffers as Base64."""
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), default=_as_json
    )


def weigh(value: object) -> int:
    """About how long a value is as text; refuses what is beyond the budget."""
    size = 0
    waiting = [value]
    while waiting:
        current = waiting.pop()
        size += len(current) + 3 if isinstance(current, str | bytes) else 3
        if size > MAX_BYTES:
            raise too_many_bytes()
        if isinstance(current, Mapping):
            waiting.extend(current)
            waiting.extend(current.values())
        elif isinstance(current, list | tuple):
            waiting.extend(current)
    return size


def _structure_text(value: object) -> str:
    try:
        if isinstance(value, list | tuple):
            return ",".join(_member_text(member) for member in value)
        return json_text(value)
    except RecursionError:
        raise too_deep() from None


def _member_text(member: object) -> str:
    if isinstance(member, list | tuple):
        return _structure_text(member)
    return render_text(member)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise DataError(
            "The binary data is not text in UTF-8; encode it with base64 first."
        ) from None


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return date_text(value)
    if isinstance(value, Decimal):
        return float(settle(value))
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _boolean_text(value: object) -> str:
    return "true" if value else "false"


def _nothing(_value: object) -> str:
    return ""


_TEXTS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, _boolean_text),
    (int, number_text),
    (NoneType, _nothing),
    (float, number_text),
    (datetime, date_text),
    (Decimal, number_text),
    (bytes, _decoded),
    (Special, _nothing),
)
