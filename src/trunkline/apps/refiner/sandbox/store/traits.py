"""The traits a project knows, and the values it keeps of them (refiner-api 5.2)."""

from collections.abc import Mapping
from typing import Literal

from trunkline.apps.refiner.sandbox import traits as rules

from .database import Database

Owner = Literal["contact", "account"]

# Part of every contact's attributes without being sent as traits (refiner-api 4.4).
COMPUTED = (
    "email",
    "first_seen_at",
    "form_submissions_count",
    "form_views_count",
    "last_form_submission_at",
    "last_form_view_at",
    "last_seen_at",
    "name",
)


def absorbed(
    database: Database, owner: Owner, sent: Mapping[str, object]
) -> dict[str, str | None]:
    """Values by slug, none where one is erased; unknown slugs become traits."""
    changes: dict[str, str | None] = {}
    for slug, value in rules.flattened(sent):
        if owner == "contact" and slug in COMPUTED:
            continue
        kind = _kind(database, owner, slug, value)
        if kind:
            changes[slug] = rules.written(value, kind, database.behaviour)
    return changes


def merged(
    kept: Mapping[str, str], changes: Mapping[str, str | None]
) -> dict[str, str]:
    """The values after the changes, alphabetical, erased ones gone."""
    both = {**kept, **changes}
    return {slug: value for slug, value in sorted(both.items()) if value is not None}


def known(database: Database, owner: Owner) -> list[str]:
    """All slugs of the project, alphabetical."""
    rows = database.rows("SELECT slug FROM traits WHERE owner = ?", owner)
    always = COMPUTED if owner == "contact" else ("name",)
    return sorted({*always, *(row["slug"] for row in rows)})


def register(database: Database, owner: Owner, slug: str, kind: rules.Kind) -> None:
    database.run("INSERT OR IGNORE INTO traits VALUES (?, ?, ?)", owner, slug, kind)


def _kind(
    database: Database, owner: Owner, slug: str, value: object
) -> rules.Kind | None:
    """The trait's type; none when the value would need one trait too many."""
    row = database.row(
        "SELECT kind FROM traits WHERE owner = ? AND slug = ?", owner, slug
    )
    if row:
        known_kind: rules.Kind = row["kind"]
        return known_kind
    if rules.text_of(value, database.behaviour) is None:
        return None
    if database.number("SELECT count(*) FROM traits") >= database.behaviour.trait_limit:
        return None
    kind = rules.kind_of(slug, value, database.behaviour)
    register(database, owner, slug, kind)
    return kind
