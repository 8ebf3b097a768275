"""What all tables have in common, and the facts about a folder."""

from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, text

SCHEMA_VERSION = 6
"""Written into each folder; a folder with a higher number is refused."""

metadata = MetaData()


def only(condition: str) -> dict[str, Any]:
    """Which rows an index holds.

    To say it to PostgreSQL here (`postgresql_where`) would load its dialect, 3 MB, in
    every process; whoever makes the tables there finds the condition in `info`.
    """
    return {"sqlite_where": text(condition), "info": {"where": condition}}


facts = Table(
    "facts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
