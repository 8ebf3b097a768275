"""Parameters of a request, from query, form or JSON alike (refiner-api 2)."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from .errors import WrongInputError

DEEPEST = 8  # levels of brackets looked at

Tree = dict[str, object]


class Parameters:
    """What a request carries, with the kinds of reading that operations need."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    def text(self, name: str) -> str | None:
        """The value as a text; none when it is missing or empty."""
        value = self.values.get(name)
        if isinstance(value, Mapping | list):
            raise WrongInputError(name, f"The {name} field must be a string.")
        return None if value is None else str(value).strip() or None

    def required(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            raise WrongInputError(name, f"The {name} field is required.")
        return text

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        text = self.text(name) or default
        if text not in choices:
            raise WrongInputError(name, f"The selected {name} is invalid.")
        return text

    def flag(self, name: str, *, default: bool) -> bool:
        """`1`/`0` as documented; `true`/`false` as clients send it too."""
        text = (self.text(name) or ("1" if default else "0")).lower()
        if text not in _FLAGS:
            raise WrongInputError(name, f"The {name} field must be true or false.")
        return _FLAGS[text]

    def whole(self, name: str, default: int) -> int:
        text = self.text(name) or str(default)
        if not (text.isascii() and text.isdecimal() and 0 < len(text) < 10):  # noqa: PLR2004 - fits 32 bits
            raise WrongInputError(name, f"The {name} field must be an integer.")
        return int(text)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list; one value or values with commas between them are tolerated."""
        value = self.values.get(name)
        if isinstance(value, list):
            return tuple(str(part) for part in value if part not in (None, ""))
        if isinstance(value, Mapping):
            raise WrongInputError(name, f"The {name} field must be a list.")
        text = "" if value is None else str(value)
        return tuple(part.strip() for part in text.split(",") if part.strip())

    def mapping(self, name: str) -> Tree:
        """Values by key, as of `response_data[nps]=9`; empty when missing."""
        value = self.values.get(name)
        if value is None or value in ("", []):
            return {}
        if isinstance(value, list):
            return {str(index): part for index, part in enumerate(value)}
        if not isinstance(value, Mapping):
            raise WrongInputError(name, f"The {name} field must be an object.")
        return {str(key): part for key, part in value.items()}

    def rest(self, reserved: Iterable[str]) -> Tree:
        """All others: traits on identify, answers on store."""
        left_out = set(reserved)
        return {key: part for key, part in self.values.items() if key not in left_out}


async def read_parameters(request: Request, lists: Iterable[str] = ()) -> Parameters:
    """Query first, the body over it; JSON keys may carry brackets as well.

    A repeated parameter's last value wins, except for the names in `lists`.
    """
    pairs = request.query_params.multi_items()
    values = nested((_listed(name, lists), value) for name, value in pairs)
    return Parameters(values | await _body(request, lists))


def nested(pairs: Iterable[tuple[str, object]]) -> Tree:
    """`a[b]=1` and `c[]=2` as PHP reads them: `{"a": {"b": 1}, "c": [2]}`."""
    tree: Tree = {}
    for name, value in pairs:
        _place(tree, _path(name), value)
    return {name: _with_lists(value) for name, value in tree.items()}


def _listed(name: str, lists: Iterable[str]) -> str:
    return f"{name}[]" if name in lists else name


async def _body(request: Request, lists: Iterable[str]) -> Tree:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.endswith(("/json", "+json")):
        return _json(await request.body())
    if kind == "application/x-www-form-urlencoded":
        text = (await request.body()).decode(errors="replace")
        pairs = parse_qsl(text, keep_blank_values=True)
        return nested((_listed(name, lists), value) for name, value in pairs)
    if kind == "multipart/form-data":
        async with request.form() as form:
            pairs = [(n, v) for n, v in form.multi_items() if isinstance(v, str)]
        return nested((_listed(name, lists), value) for name, value in pairs)
    return {}


def _json(body: bytes) -> Tree:
    try:
        tree = msgspec.json.decode(body or b"{}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WrongInputError("body", "The body is not valid JSON.") from error
    if not isinstance(tree, dict):
        raise WrongInputError("body", "The body must be a JSON object.")
    return nested((_plain(name, value), value) for name, value in tree.items())


def _plain(name: str, value: object) -> str:
    """`tags[]` with a whole list as its value means `tags` (refiner-api 3.10)."""
    return name.removesuffix("[]") if isinstance(value, list) else name


def _path(name: str) -> list[str]:
    first, bracket, rest = name.partition("[")
    if not (first and bracket and rest.endswith("]")):
        return [name]
    return [first, *rest[:-1].split("][")][:DEEPEST]


def _place(tree: Tree, path: list[str], value: object) -> None:
    *parents, last = path
    for part in parents:
        key = part or str(len(tree))
        child = tree.get(key)
        if not isinstance(child, dict):
            child = tree[key] = {}
        tree = child
    tree[last or str(len(tree))] = value


def _with_lists(value: object) -> object:
    """Keys counted from 0 make a list."""
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(part) for key, part in value.items()}
    counted = [str(index) for index in range(len(inner))]
    return list(inner.values()) if inner and list(inner) == counted else inner


_FLAGS = {"1": True, "true": True, "0": False, "false": False}
