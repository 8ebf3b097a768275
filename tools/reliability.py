"""Writes docs/reliability.md from what the fault harnesses recorded.

They append to docs/reliability.jsonl when `TRUNKLINE_FIGURES` names it. Of each test
the latest line counts; `--check` says whether the page is what the lines say.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

PAGE = Path("docs/reliability.md")
LINES = Path("docs/reliability.jsonl")

_INTRODUCTION = """\
# Reliability, measured

Made by `make test-faults` from what its harnesses recorded as they passed; nothing here
is typed by hand. A harness that never fails proves nothing, so each is also run against
defects that are put into the server on purpose, and has to catch them. Which tests hold
which promise is told in [explanation/promises.md](explanation/promises.md).
"""


class Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What a test recorded as it passed; `command` repeats it."""

    harness: str
    test: str
    command: str
    seconds: float
    date: str
    commit: str
    machine: str


class Figure(Line, frozen=True, kw_only=True, tag="figure"):
    """A promise, what was done to break it, and what was found."""

    promise: str
    done: str
    found: str
    seeds: str = ""


class Catch(Line, frozen=True, kw_only=True, tag="catch"):
    """A defect put in on purpose, which the harness saw."""

    defect: str


def main() -> int:
    lines = latest(read(LINES))
    page = "\n".join(write(lines)) + "\n"
    if "--check" in sys.argv:
        if PAGE.read_text() == page:
            return 0
        print(f"{PAGE} is not what {LINES} says: run `make reference`")
        return 1
    LINES.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    PAGE.write_text(page)
    print(f"{PAGE} tells of {len(lines)} tests.")
    return 0


def read(file: Path) -> list[Figure | Catch]:
    decode = msgspec.json.Decoder(Figure | Catch).decode
    return [decode(line) for line in file.read_bytes().splitlines()]


def latest(lines: Iterable[Figure | Catch]) -> list[Figure | Catch]:
    """The last line of each test, in the order of their names."""
    known = {(line.harness, line.test): line for line in lines}
    return [known[name] for name in sorted(known)]


def write(lines: list[Figure | Catch]) -> Iterator[str]:
    harnesses = defaultdict[str, list[Figure | Catch]](list)
    for line in lines:
        harnesses[line.harness].append(line)
    yield _INTRODUCTION
    yield "| Harness | Figure | Seeded defects caught |\n|---|---|---|"
    for name, those in harnesses.items():
        found = "; ".join(line.found for line in those if isinstance(line, Figure))
        caught = len(_defects(those))
        yield f"| [{name}](#{_anchor(name)}) | {found} | {caught} |"
    for name, those in harnesses.items():
        yield f"\n## {name}"
        for line in those:
            if isinstance(line, Figure):
                yield from _describe(line)
        yield from _describe_catches(those)


def _describe(figure: Figure) -> Iterator[str]:
    yield f"\n**Promise**: {figure.promise}\n"
    yield f"- Done: {figure.done}"
    yield f"- Found: **{figure.found}**"
    if figure.seeds:
        yield f"- Seeds: {figure.seeds}"
    yield f"- {figure.date}, commit {figure.commit}, {figure.seconds:.0f} s"
    yield f"- Machine: {figure.machine}"
    yield f"\n```\n{figure.command}\n```"


def _describe_catches(lines: Iterable[Figure | Catch]) -> Iterator[str]:
    defects = _defects(lines)
    if not defects:
        yield "\nNo seeded defect belongs to this harness."
        return
    yield "\nSeeded defects that it caught:\n"
    for catch in defects:
        yield f"- {catch.defect} ({catch.date}, commit {catch.commit})"


def _defects(lines: Iterable[Figure | Catch]) -> list[Catch]:
    return [line for line in lines if isinstance(line, Catch)]


def _anchor(name: str) -> str:
    kept = "".join(sign for sign in name.lower() if sign.isalnum() or sign in " -")
    return kept.replace(" ", "-")


if __name__ == "__main__":
    sys.exit(main())
