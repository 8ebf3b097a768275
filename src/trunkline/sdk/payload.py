"""What a call carries, turned into what goes over the wire."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import urlencode

import msgspec
from pydantic import BaseModel

from trunkline.errors import DataError, InvalidConfigurationError
from trunkline.sdk.answer import Json

Fields = Mapping[str, Any] | BaseModel
Payload = tuple[bytes | None, str | None]

_JSON = "application/json"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_OURS = frozenset(
    [
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)


def encode(*, json: Json, form: Fields | None, body: Json) -> Payload:
    """The bytes to send and their content type; at most one of the three is given."""
    if json is not None:
        return _json_bytes(json), _JSON
    if form is not None:
        return urlencode(pairs(form)).encode(), "application/x-www-form-urlencoded"
    if body is None or body == "":
        return None, None
    if isinstance(body, bytes | bytearray):
        return bytes(body), "application/octet-stream"
    if isinstance(body, str):
        return _text(body)
    return _json_bytes(body), _JSON


def pairs(fields: Fields | None) -> list[tuple[str, str]]:
    """Query parameters or form fields.

    `None` is left out, a list repeats its name, a mapping becomes `name[key]`.
    """
    if fields is None:
        return []
    return [
        pair for name, value in plain(fields).items() for pair in _pair(name, value)
    ]


def plain(fields: Fields | None) -> Mapping[str, Any]:
    """Fields as JSON values, under the names that the service knows."""
    if isinstance(fields, BaseModel):
        return fields.model_dump(mode="json", by_alias=True, exclude_none=True)
    return fields or {}


def checked_headers(
    headers: Mapping[str, str] | None, *, reserved: Iterable[str]
) -> dict[str, str]:
    """The user's headers under lower-cased names.

    Raises:
        InvalidConfigurationError: one is not a header, or is not theirs to set.
    """
    checked: dict[str, str] = {}
    for name, value in (headers or {}).items():
        check_header(name, value)
        if name.lower() in _OURS or name.lower() in reserved:
            raise InvalidConfigurationError(
                f"The header {name} cannot be set here: it is added for you. Remove it."
            )
        checked[name.lower()] = value
    return checked


def check_header(name: str, value: str) -> None:
    """Refuses what would end a header early, or begin another one.

    Raises:
        InvalidConfigurationError: it holds such signs.
    """
    if not _TOKEN.fullmatch(name) or _UNSENDABLE.search(value):
        raise InvalidConfigurationError(
            f"The header {name!r} holds signs that headers cannot have, such as a line "
            "break. Remove them."
        )


def _pair(name: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case BaseModel():
            yield from _pair(name, plain(value))
        case Mapping():
            for key, part in value.items():
                yield from _pair(f"{name}[{key}]", part)
        case list() | tuple() | set() | frozenset():
            for part in value:
                yield from _pair(name, part)
        case _:
            yield name, _word(value)


def _word(value: object) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case Enum():
            return str(value.value)
        case datetime() | date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case Decimal():
            return f"{value:f}"
    return str(value)


def _text(body: str) -> Payload:
    data = body.encode("utf-8", "replace")
    try:
        msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return data, "text/plain; charset=utf-8"
    return data, _JSON


def _json_bytes(value: object) -> bytes:
    try:
        if isinstance(value, BaseModel):
            return value.model_dump_json(by_alias=True, exclude_none=True).encode()
        return _encoder.encode(value)
    except (ValueError, TypeError, RecursionError, msgspec.MsgspecError) as error:
        raise DataError(f"The body cannot be written as JSON: {error}.") from error


def _known(value: object) -> object:
    """What msgspec cannot write by itself."""
    if isinstance(value, BaseModel):
        return plain(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")


_encoder = msgspec.json.Encoder(enc_hook=_known, decimal_format="number")
