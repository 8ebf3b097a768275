"""Types, style, sizes and translations of the front end."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.build_hook import npm

UI = Path("ui")
SOURCES = UI / "src"
CATALOGUES = ("cs",)
MOST_FILE_LINES = 400
_SAID = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
_COUNTED = "{{count}}"


def main() -> int:
    if os.environ.get("TRUNKLINE_SKIP_UI"):
        print("The front end is not checked, since TRUNKLINE_SKIP_UI is set.")
        return 0
    command, environment = npm()
    checked = subprocess.run(  # noqa: S603 - a command of ours
        [*command, "run", "--silent", "check"],
        cwd=UI,
        env=dict(environment),
        check=False,
    )
    faults = [*sizes(), *translations()]
    for fault in faults:
        print(fault)
    return 1 if faults or checked.returncode else 0


def sizes() -> Iterator[str]:
    for file in sorted(SOURCES.rglob("*.ts*")):
        lines = file.read_text().count("\n")
        if lines > MOST_FILE_LINES and file.name != "schema.ts":
            yield f"{file} has {lines} lines; the limit is {MOST_FILE_LINES}"


def translations() -> Iterator[str]:
    """What is said and not translated, or translated with other placeholders."""
    said = {key for file in SOURCES.rglob("*.ts*") for key in keys(file.read_text())}
    for language in CATALOGUES:
        known = json.loads((SOURCES / "i18n" / f"{language}.json").read_text())
        for key in sorted(said):
            if not any(form in known for form in forms(key)):
                yield f"{language}.json does not translate {key!r}"
        for key, text in known.items():
            if placeholders(key) != placeholders(text):
                yield f"{language}.json: {key!r} has other placeholders"


def keys(source: str) -> Iterator[str]:
    for found in _SAID.finditer(source):
        yield json.loads(f'"{found[1]}"')


def forms(key: str) -> tuple[str, ...]:
    return (key, f"{key}_other") if _COUNTED in key else (key,)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\{.*?\}\}", text))


if __name__ == "__main__":
    sys.exit(main())
