"""Writes docs/reference from the code; with `--check` it says what is stale."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from trunkline.engine.catalog import Catalog
from trunkline.engine.document import document_schema
from trunkline.sdk import App, Module

FOLDER = Path("docs/reference")


def main() -> int:
    pages = {
        "apps.md": "\n".join(describe_apps()) + "\n",
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


if __name__ == "__main__":
    sys.exit(main())
