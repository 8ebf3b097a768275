"""Writes docs/reference from the code; with `--check` it says what is stale."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from trunkline.engine.catalog import Catalog
from trunkline.engine.document import document_schema
from trunkline.mapping import FUNCTIONS, OPERATORS
from trunkline.mapping.date_format import FORMAT_TOKENS, format_date
from trunkline.mapping.date_parse import PARSE_TOKENS
from trunkline.mapping.functions import EXAMPLE_BUNDLE
from trunkline.mapping.operators import PRECEDENCE
from trunkline.mapping.words import HELP
from trunkline.sdk import App, Module

FOLDER = Path("docs/reference")


def main() -> int:
    pages = {
        "apps.md": "\n".join(describe_apps()) + "\n",
        "mapping.md": "\n".join(describe_language()) + "\n",
        "scenario.schema.json": json.dumps(document_schema(), indent=2) + "\n",
    }
    if "--check" not in sys.argv:
        for name, text in pages.items():
            (FOLDER / name).write_text(text)
        return 0
    stale = [name for name, text in pages.items() if read(FOLDER / name) != text]
    for name in stale:
        print(f"docs/reference/{name} is stale: run `make reference`")
    return 1 if stale else 0


def read(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def describe_apps() -> Iterator[str]:
    yield "# Apps\n"
    yield "Made from the code by `make reference`. Mandatory fields are bold."
    for app in Catalog.installed().apps.values():
        yield from describe_app(app)


def describe_app(app: App) -> Iterator[str]:
    yield f"\n## {app.title} (`{app.key}`)\n\n{app.description}"
    if app.connection_class is not None:
        fields = app.connection_class.model_fields
        yield "\nConnection:\n"
        for name, field in fields.items():
            yield describe_field(
                name, field.title, field.description, mandatory=field.is_required()
            )
    for module in app.modules.values():
        yield from describe_module(module)


def describe_module(module: Module) -> Iterator[str]:
    yield f"\n### {module.label} (`{module.name}`, {module.kind})\n"
    yield module.description
    if module.input.model_fields:
        yield ""
    for name, field in module.input.model_fields.items():
        yield describe_field(
            name, field.title, field.description, mandatory=field.is_required()
        )


def describe_field(
    name: str, title: str | None, text: str | None, *, mandatory: bool
) -> str:
    label = title or name
    shown = f"**{label}**" if mandatory else label
    said = f": {text}" if text else ""
    return f"- {shown} (`{name}`){said}"


def describe_language() -> Iterator[str]:
    yield "# The mapping language\n"
    yield "Made from the code by `make reference`; every example is run by the tests."
    yield "Its rules are in [explanation/mapping.md](../explanation/mapping.md).\n"
    yield "Examples refer to this bundle of module 1:\n"
    yield f"```json\n{json.dumps(dict(EXAMPLE_BUNDLE), indent=2)}\n```"
    yield from describe_functions()
    yield "\n## Words\n\n| Word | Stands for |\n|---|---|"
    for name, text in HELP.items():
        yield f"| `{name}` | {text} |"
    yield from describe_operators()
    yield from describe_tokens()


def describe_functions() -> Iterator[str]:
    group = ""
    for function in FUNCTIONS.values():
        if function.group != group:
            group = function.group
            yield f"\n## {group}"
        template, result = function.example
        yield f"\n### {function.name}\n\n`{function.signature}`\n\n{function.help}\n"
        yield f"```\n{template}\n= {result}\n```"


def describe_operators() -> Iterator[str]:
    yield "\n## Operators, the tightest first\n\n| Operator | Meaning |\n|---|---|"
    yield "| `!` `-` | In front of a value: not; the negative. |"
    for signs, meaning in PRECEDENCE:
        shown = " ".join(f"`{sign}`" for sign in signs).replace("|", "\\|")
        yield f"| {shown} | {meaning} |"
    yield "\n## Operators of filters\n\n| Group | Operators |\n|---|---|"
    groups = dict.fromkeys(operator.group for operator in OPERATORS.values())
    for group in groups:
        names = (f"`{one.name}`" for one in OPERATORS.values() if one.group == group)
        yield f"| {group} | {', '.join(names)} |"


def describe_tokens() -> Iterator[str]:
    moment = datetime(2026, 3, 5, 14, 30, 7, 120_000, tzinfo=UTC)
    yield "\n## Tokens of date formats\n"
    yield "Of 5 March 2026, 14:30:07.12 UTC. Text in `[brackets]` stands for itself.\n"
    yield "| Token | Gives | Reads |\n|---|---|---|"
    for token in FORMAT_TOKENS:
        reads = "yes" if token in PARSE_TOKENS else ""
        yield f"| `{token}` | {format_date(moment, token)} | {reads} |"


if __name__ == "__main__":
    sys.exit(main())
