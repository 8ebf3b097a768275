"""How the demo tells what it does: steps in plain words, tables, and the findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trunkline.cli.tables import Column, show, table
from trunkline.cli.terminal import complain, say

_FINDINGS: tuple[Column, ...] = (
    ("Effect", "name"),
    ("State", lambda one: "well" if one["well"] else "missing"),
    ("Found", "found"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One effect that was looked for at the other end."""

    name: str
    well: bool
    found: str

    def as_record(self) -> dict[str, Any]:
        return {"name": self.name, "well": self.well, "found": self.found}


class Teller:
    """Says step by step what happens; silent where JSON is asked."""

    def __init__(self, *, aloud: bool) -> None:
        self._aloud = aloud
        self.steps: list[str] = []

    def step(self, sentence: str) -> None:
        self.steps.append(sentence)
        if self._aloud:
            say(f"{len(self.steps):2}. {sentence}")

    def table(
        self, columns: Sequence[Column], records: Sequence[Mapping[str, Any]]
    ) -> None:
        if self._aloud:
            show(table(columns, records))
            say()

    def conclude(self, findings: Sequence[Finding], seconds: float) -> None:
        """The findings as a table; what is missing also on stderr."""
        say("\nWhat was looked for at the other end")
        show(table(_FINDINGS, [one.as_record() for one in findings]))
        missing = [one.name for one in findings if not one.well]
        if missing:
            complain(f"Missing: {'; '.join(missing)}.")
        else:
            say(f"Everything is there, {seconds:.1f} s after the start.")
