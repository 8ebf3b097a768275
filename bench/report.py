"""Figures, and how they are shown."""

from collections.abc import Sequence

import msgspec

from bench.machine import Machine


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One thing measured, and the same of what stands beside it."""

    name: str
    unit: str
    ours: float
    beside: float | None = None
    paired: float | None = None
    """The median ratio of neighbours, where all was measured in pairs: whatever slows
    the machine for a while slows both of a pair."""

    @property
    def ratio(self) -> float | None:
        if self.paired is not None:
            return self.paired
        return self.ours / self.beside if self.beside else None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What one measurement found; `beside` names what Trunkline is compared with."""

    name: str
    title: str
    figures: list[Figure]
    beside: str = ""
    notes: list[str] = []


def as_json(machine: Machine, results: Sequence[Result]) -> str:
    measured = {
        result.name: {
            "title": result.title,
            "beside": result.beside,
            "notes": result.notes,
            "figures": {
                figure.name: {
                    "unit": figure.unit,
                    "ours": figure.ours,
                    "beside": figure.beside,
                    "ratio": figure.ratio,
                }
                for figure in result.figures
            },
        }
        for result in results
    }
    content = msgspec.json.encode({"machine": machine, "results": measured})
    return msgspec.json.format(content, indent=2).decode()


def as_text(machine: Machine, results: Sequence[Result]) -> str:
    return "\n\n".join([str(machine), *map(_block, results)])


def _block(result: Result) -> str:
    heading = f"{result.title} ({result.name})"
    if result.beside:
        heading += f", beside {result.beside}"
    lines = [_line(figure) for figure in result.figures]
    return "\n".join([heading, *lines, *(f"  {note}" for note in result.notes)])


def _line(figure: Figure) -> str:
    line = f"  {figure.name:<34}{_number(figure.ours):>10} {figure.unit:<13}"
    if figure.beside is None or figure.ratio is None:
        return line.rstrip()
    return f"{line}{_number(figure.beside):>10}   ratio {figure.ratio:.2f}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"  # noqa: PLR2004 - three digits tell enough
