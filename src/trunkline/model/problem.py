"""What is wrong with a scenario, said for people and for an editor."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault, in a whole sentence; an error keeps the scenario from being saved.

    `module` is the number of the module, `place` leads to the text inside it, such as
    `map.additional_data.nps` or `filter.conditions.0.0.a`. `position` and `length`
    count characters of that text, `line` and `column` from 1. `suggestion` is what
    could stand there instead.
    """

    message: str
    severity: Literal["error", "warning"] = "error"
    module: int | None = None
    place: str | None = None
    position: int | None = None
    length: int | None = None
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None
