"""How a polling trigger knows what is new."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What tells the records of a polling trigger apart, and in which order they come.

    `mark` names the field that grows from record to record: a `date` (ISO 8601 text,
    or seconds or milliseconds since 1970) or an `id` (a number, or texts that sort).
    `unique` names the field by which a record is known again. The function yields the
    newest first (`desc`), the oldest first (`asc`), or anyhow (`unordered`, without a
    mark).
    """

    unique: str
    mark: str | None = None
    kind: Literal["date", "id"] = "date"
    order: Literal["asc", "desc", "unordered"] = "desc"
