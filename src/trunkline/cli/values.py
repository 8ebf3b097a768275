"""`FIELD=VALUE` on the command line, read by what the field is."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from cyclopts import Parameter

from trunkline.errors import UsageError

Assignments: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(
        "--set",
        metavar="FIELD=VALUE",
        negative=(),
        show_default=False,
        help="Fill in a field; may be repeated. FIELD=@FILE reads the value from a "
        "file and FIELD=@- from standard input, which keeps secrets off the command "
        "line (a value that begins with @ is written @@). A.B=VALUE fills in a part. "
        "Where the field is not a text, JSON is understood: numbers, lists, "
        "collections, true, false, null, and texts in quotes.",
    ),
]

File: TypeAlias = Annotated[
    str | None, Parameter(metavar="FILE", allow_leading_hyphen=True)
]
"""A file, or - for standard input."""


def read_assignments(
    assignments: Iterable[str], schemas: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The fields filled in; `schemas` says what each of them is.

    Raises:
        UsageError: one is not FIELD=VALUE, is given twice, or its file is unreadable.
    """
    fields: dict[str, Any] = {}
    for assignment in assignments:
        place, equals, raw = assignment.partition("=")
        path = place.split(".")
        if not equals or not all(path):
            raise UsageError(f"--set {assignment} is not of the form FIELD=VALUE.")
        text = read_value(raw)
        is_text = len(path) == 1 and _is_text(schemas.get(path[0], {}))
        _put(fields, path, text if is_text else _understood(text))
    return fields


def read_value(raw: str) -> str:
    """A value, or with `@` in front what its file or standard input holds.

    Raises:
        UsageError: the file cannot be read.
    """
    if raw.startswith("@@") or not raw.startswith("@"):
        return raw.removeprefix("@")
    return read_text(raw[1:]).removesuffix("\n").removesuffix("\r")


def read_text(file: str) -> str:
    """The whole of a file, `-` being standard input.

    Raises:
        UsageError: it cannot be read, or is no text.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"Cannot read {file}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not a text in UTF-8.") from error


def read_json(file: str) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON in a file.

    Raises:
        UsageError: it cannot be read, or is no JSON; the text says where.
    """
    try:
        return json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{file} is not JSON: {error.msg} in line {error.lineno}, column "
            f"{error.colno}."
        ) from error
    except RecursionError as error:
        raise UsageError(f"The JSON in {file} is nested too deeply.") from error


def _put(fields: dict[str, Any], path: list[str], value: object) -> None:
    *parents, last = path
    within = fields
    for name in parents:
        within = within.setdefault(name, {})
        if not isinstance(within, dict):
            break
    if not isinstance(within, dict) or last in within:
        raise UsageError(f"--set fills in {'.'.join(path)} twice.")
    within[last] = value


def _is_text(schema: Mapping[str, Any]) -> bool:
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if choices:
        return all(_is_text(one) for one in choices)
    return schema.get("type") == "string"


def _understood(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
