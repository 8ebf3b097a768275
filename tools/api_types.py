"""Writes the types of the API for the front end and for programs in Python.

They come from the OpenAPI document; `--check` only compares.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trunkline.server import serving
from trunkline.settings import Settings

MADE = "Made by `make reference` from the API; do not change it by hand."
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How a language writes types; `{}` stands for what is inside."""

    anything: str
    array: str
    mapping: str
    literal: Callable[[list[Any]], str]
    primitives: Mapping[str, str]


TYPESCRIPT = Language(
    anything="unknown",
    array="Array<{}>",
    mapping="Record<string, {}>",
    literal=lambda values: " | ".join(map(json.dumps, values)),
    primitives={
        "string": "string",
        "integer": "number",
        "number": "number",
        "boolean": "boolean",
        "null": "null",
    },
)
PYTHON = Language(
    anything="Any",
    array="list[{}]",
    mapping="dict[str, {}]",
    literal=lambda values: f"Literal[{', '.join(map(repr, values))}]",
    primitives={
        "string": "str",
        "integer": "int",
        "number": "float",
        "boolean": "bool",
        "null": "None",
    },
)


def main() -> int:
    found = asyncio.run(schemas())
    written = {
        Path("ui/src/api/schema.ts"): as_typescript(found),
        Path("src/trunkline/client/records.py"): as_python(found),
    }
    stale = [file for file, text in written.items() if not _says(file, text)]
    if "--check" in sys.argv:
        for file in stale:
            print(f"{file} is not what the API says; run `make reference`.")
        return 1 if stale else 0
    for file in stale:
        file.write_text(written[file])
    return 0


def _says(file: Path, text: str) -> bool:
    return file.exists() and file.read_text() == text


async def schemas() -> Schema:
    """Every schema of the API and of scenario files, by name.

    They come from a server in a folder that is thrown away.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Settings(data=Path(folder) / "data")) as running:
            url = f"{running.address}/api/openapi.json"
            document = await asyncio.to_thread(_fetched, url)
            scenario = running.services.scenarios.schema()
    return {**_answers_whole(document), **_parts(scenario)}


def _fetched(url: str) -> Schema:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - loopback
        document: Schema = json.load(answer)
        return document


def _answers_whole(document: Schema) -> Schema:
    """The API's schemas; what only answers hold always has all its members."""
    known = document["components"]["schemas"]
    routes = [route for path in document["paths"].values() for route in path.values()]
    asked = _reached([route.get("requestBody", {}) for route in routes], known)
    return {
        name: one
        if name in asked
        else {**one, "required": [*one.get("properties", ())]}
        for name, one in known.items()
    }


def _reached(value: Any, known: Schema) -> set[str]:  # noqa: ANN401 - any JSON value
    """The names of the schemas that something refers to, however far away."""
    found, left = set[str](), [value]
    while left:
        match left.pop():
            case {"$ref": str(target)}:
                name = target.rpartition("/")[2]
                if name not in found:
                    found.add(name)
                    left.append(known[name])
            case dict() as members:
                left += members.values()
            case list() as members:
                left += members
    return found


def _parts(scenario: Schema) -> Schema:
    """The classes that a scenario file consists of."""
    whole = {name: one for name, one in scenario.items() if name != "$defs"}
    return {**scenario["$defs"], whole["title"]: whole}


def as_typescript(schemas: Schema) -> str:
    declared = "\n".join(_declared(name, schemas[name]) for name in sorted(schemas))
    return f"// {MADE}\n\n{declared}"


def _declared(name: str, schema: Schema) -> str:
    comment = _comment(schema, "")
    if schema.get("type") == "object" and "properties" in schema:
        members = "".join(
            _member(key, one, optional=key not in schema.get("required", ()))
            for key, one in schema["properties"].items()
        )
        return f"{comment}export interface {_name(name)} {{\n{members}}}\n"
    return f"{comment}export type {_name(name)} = {_type(schema)};\n"


def _member(key: str, schema: Schema, *, optional: bool) -> str:
    name = key if key.isidentifier() else json.dumps(key)
    mark = "?" if optional else ""
    return f"{_comment(schema, '  ')}  {name}{mark}: {_type(schema)};\n"


def _comment(schema: Schema, indent: str) -> str:
    text = schema.get("description", "").strip().replace("*/", "*")
    if not text:
        return ""
    lines = text.splitlines()
    if len(lines) == 1:
        return f"{indent}/** {text} */\n"
    body = "".join(f"{indent} *{' ' + line if line else ''}\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


# Python


def as_python(schemas: Schema) -> str:
    """One dictionary type for each schema, laid out as everything else."""
    records = "\n\n".join(_record(name, schemas[name]) for name in sorted(schemas))
    text = (
        f'"""The records of the REST API.\n\n{MADE}\n"""\n\n'
        "from __future__ import annotations\n\n"
        "from typing import Any, Literal, NotRequired, TypedDict\n\n"
        f"{records}\n"
    )
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--stdin-filename",
        "records.py",
        "-",
    ]
    laid_out = subprocess.run(  # noqa: S603 - a tool of ours
        command, input=text, capture_output=True, text=True, check=True
    )
    return laid_out.stdout


def _record(name: str, schema: Schema) -> str:
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{_name(name)} = {_python(schema)}\n"
    known = schema["properties"]
    required = schema.get("required", ())
    members = "".join(
        f"    {key}: {_python(one)}\n"
        if key in required
        else f"    {key}: NotRequired[{_python(one)}]\n"
        for key, one in known.items()
    )
    about = schema.get("description", "").strip().splitlines()
    first = about[0] if about else f"What {_name(name)} holds."
    rest = "".join(f"    {line}\n" if line else "\n" for line in about[1:])
    doc = f'    """{first}\n{rest}    """\n' if rest else f'    """{first}"""\n'
    return f"class {_name(name)}(TypedDict):\n{doc}\n{members}"


# Both


def _type(schema: Schema) -> str:
    return _written(schema, TYPESCRIPT)


def _python(schema: Schema) -> str:
    return _written(schema, PYTHON)


def _written(schema: Schema, language: Language) -> str:
    """A schema as a type of a language."""
    written = language.anything
    match schema:
        case {"$ref": str(target)}:
            written = _name(target.rpartition("/")[2])
        case {"const": value}:
            written = language.literal([value])
        case {"enum": list(values)}:
            written = language.literal(values)
        case {"anyOf": list(several)} | {"oneOf": list(several)}:
            written = " | ".join(_written(one, language) for one in several)
        case {"type": "array"}:
            written = language.array.format(_written(schema.get("items", {}), language))
        case {"type": "object"}:
            more = schema.get("additionalProperties", {})
            inner = _written(more if isinstance(more, Mapping) else {}, language)
            written = language.mapping.format(inner)
        case {"type": str(kind)} if kind in language.primitives:
            written = language.primitives[kind]
    return written


def _name(name: str) -> str:
    return name.replace("-", "")


if __name__ == "__main__":
    sys.exit(main())
