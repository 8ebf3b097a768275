"""Records as tables, heads and excerpts; nothing in them can steer a terminal."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from trunkline.cli.terminal import print_json, say, visible

Column: TypeAlias = tuple[str, str | Callable[[Mapping[str, Any]], object]]
"""A heading, and the key of the record or a function of it."""

_STYLES = {
    "done": "green",
    "active": "green",
    "well": "green",
    "warning": "yellow",
    "filtered": "dim",
    "failed": "red",
    "dead": "red",
    "not well": "red",
    "missing": "red",
    "incomplete": "yellow",
}
_UNBOUNDED = 10_000
"""Columns where nobody looks: programs get whole lines."""

_EXCERPT = 160


def show_records(
    records: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    *,
    as_json: bool,
    empty: str,
) -> None:
    """A table, JSON where that is asked, or a sentence where there is nothing."""
    if as_json:
        print_json(records)
    elif not records:
        say(empty)
    else:
        show(table(columns, records))


def show(what: RenderableType) -> None:
    width = None if sys.stdout.isatty() else _UNBOUNDED
    Console(width=width, highlight=False, markup=False, emoji=False).print(
        what, crop=False
    )


def table(columns: Sequence[Column], records: Iterable[Mapping[str, Any]]) -> Table:
    made = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold"
    )
    for heading, _ in columns:
        made.add_column(heading, overflow="fold")
    for record in records:
        made.add_row(*(cell(_value(record, of)) for _, of in columns))
    return made


def head(facts: Mapping[str, object]) -> Table:
    """Names and values, one pair a line; what is not known is left out."""
    made = Table.grid(padding=(0, 2))
    made.add_column(style="bold")
    made.add_column(overflow="fold")
    for name, value in facts.items():
        if value not in (None, ""):
            made.add_row(name, cell(value))
    return made


def cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    text = "" if value is None else visible(value)
    return Text(text, style=_STYLES.get(text, ""))


def excerpt(value: object) -> str:
    """The beginning of a value as JSON."""
    if value in (None, [], {}):
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"


def facts(columns: Sequence[Column], record: Mapping[str, Any]) -> dict[str, object]:
    """One record's cells by their headings, for `head`."""
    return {heading: _value(record, of) for heading, of in columns}


def _value(
    record: Mapping[str, Any], of: str | Callable[[Mapping[str, Any]], object]
) -> object:
    return record.get(of) if isinstance(of, str) else of(record)
