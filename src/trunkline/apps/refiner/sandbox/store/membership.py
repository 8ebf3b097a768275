"""Who is in which segment, and who enters one (refiner-api 5.4)."""

from collections.abc import Mapping

import msgspec

from .database import Database

ALL_USERS = "All Users"  # every project has it (refiner-api 3.17 [sure])


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a contact is in a data-driven segment; an empty rule takes everybody."""

    trait: str = ""
    operator: str = "is"
    value: str = ""


OPERATORS = ("is", "is_not", "at_least", "at_most", "is_set")


def matches(rule: Rule, attributes: Mapping[str, str]) -> bool:
    if not rule.trait:
        return True
    value = attributes.get(rule.trait)
    if value is None:
        return rule.operator == "is_not"
    if rule.operator in _BOUNDS:
        return _within(rule, value)
    return rule.operator == "is_set" or (value == rule.value) == (rule.operator == "is")


def recheck(database: Database, contact_id: int, attributes: Mapping[str, str]) -> None:
    """Put the contact into, and take it out of, data-driven segments."""
    rows = database.rows(
        "SELECT s.id, s.rule, m.contact_id IS NOT NULL AS inside FROM segments s"
        " LEFT JOIN memberships m ON m.segment_id = s.id AND m.contact_id = ?"
        " WHERE s.rule IS NOT NULL",
        contact_id,
    )
    for row in rows:
        rule = msgspec.json.decode(row["rule"], type=Rule)
        belongs = matches(rule, attributes)
        if belongs and not row["inside"]:
            quiet = not (rule.trait or database.behaviour.all_users_entry_fires)
            enter(database, contact_id, row["id"], quiet=quiet)
        elif row["inside"] and not belongs:
            leave(database, contact_id, row["id"])


def enter(
    database: Database, contact_id: int, segment_id: int, *, quiet: bool = False
) -> None:
    """Entering twice moves `updated_at` alone and tells nobody."""
    now = database.now()
    is_new = database.run(
        "INSERT OR IGNORE INTO memberships VALUES (?, ?, ?, ?)",
        contact_id,
        segment_id,
        now,
        now,
    )
    if is_new and not quiet:
        database.occurred(database.behaviour.segment_event, contact_id)
    elif not is_new:
        database.run(
            "UPDATE memberships SET updated_at = ?"
            " WHERE contact_id = ? AND segment_id = ?",
            now,
            contact_id,
            segment_id,
        )


def leave(database: Database, contact_id: int, segment_id: int) -> None:
    database.run(
        "DELETE FROM memberships WHERE contact_id = ? AND segment_id = ?",
        contact_id,
        segment_id,
    )


def of(database: Database, contact_id: int) -> list[dict[str, str]]:
    """The contact's segments with membership times, as contacts show them."""
    rows = database.rows(
        "SELECT s.uuid, s.name, m.created_at, m.updated_at"
        " FROM memberships m JOIN segments s ON s.id = m.segment_id"
        " WHERE m.contact_id = ? ORDER BY m.created_at, s.id",
        contact_id,
    )
    return [dict(row) for row in rows]


_BOUNDS = frozenset({"at_least", "at_most"})


def _within(rule: Rule, value: str) -> bool:
    try:
        actual, bound = float(value), float(rule.value)
    except ValueError:
        return False
    return actual >= bound if rule.operator == "at_least" else actual <= bound
