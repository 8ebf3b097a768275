"""Writes the front end's types from the OpenAPI document; `--check` only compares."""

import asyncio
import json
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trunkline.server import serving
from trunkline.settings import Settings

TARGET = Path("ui/src/api/schema.ts")
HEAD = "// Made by `make reference` from the API; do not change it by hand.\n\n"
Schema = Mapping[str, Any]
PRIMITIVES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def main() -> int:
    written = HEAD + as_typescript(asyncio.run(schemas()))
    if "--check" in sys.argv:
        known = TARGET.read_text() if TARGET.exists() else ""
        if known != written:
            print(f"{TARGET} is not what the API says; run `make reference`.")
            return 1
    else:
        TARGET.write_text(written)
    return 0


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
    return "\n".join(_declared(name, schemas[name]) for name in sorted(schemas))


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


def _type(schema: Schema) -> str:
    written = "unknown"
    match schema:
        case {"$ref": str(target)}:
            written = _name(target.rpartition("/")[2])
        case {"const": value}:
            written = json.dumps(value)
        case {"enum": list(values)}:
            written = " | ".join(json.dumps(value) for value in values)
        case {"anyOf": list(several)} | {"oneOf": list(several)}:
            written = " | ".join(_type(one) for one in several)
        case {"type": "array"}:
            written = f"Array<{_type(schema.get('items', {}))}>"
        case {"type": "object"}:
            more = schema.get("additionalProperties", {})
            inner = _type(more if isinstance(more, Mapping) else {})
            written = f"Record<string, {inner}>"
        case {"type": str(kind)} if kind in PRIMITIVES:
            written = PRIMITIVES[kind]
    return written


def _name(name: str) -> str:
    return name.replace("-", "")


if __name__ == "__main__":
    sys.exit(main())
