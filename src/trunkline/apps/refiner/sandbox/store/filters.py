"""Conditions that lists and reports are narrowed by (refiner-api 3.5, 3.8, 3.11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .paging import Condition

RECEIVED = "ifnull(t.last_data_reception_at, '')"
SHOWN = "t.last_shown_at"

INCLUDED = {
    "completed": "t.completed_at IS NOT NULL",
    "partials": "t.last_data_reception_at IS NOT NULL",
    "all": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What responses a request asks for; an empty field narrows nothing."""

    include: str = "completed"  # a key of `INCLUDED`
    form_uuids: tuple[str, ...] = ()
    segment_uuids: tuple[str, ...] = ()
    tag_uuids: tuple[str, ...] = ()
    start: str | None = None  # inclusive
    end: str | None = None  # exclusive
    search: str | None = None
    response_data: Mapping[str, str] = field(default_factory=dict)
    contact_data: Mapping[str, str] = field(default_factory=dict)
    account_data: Mapping[str, str] = field(default_factory=dict)


def of_responses(wanted: Wanted) -> tuple[Condition, ...]:
    """The conditions on `responses t`."""
    time = SHOWN if wanted.include == "all" else RECEIVED
    return (
        Condition(INCLUDED[wanted.include]),
        *_among("t.form_id IN (SELECT id FROM forms WHERE uuid", wanted.form_uuids),
        *_among(_IN_SEGMENT.format("t.contact_id"), wanted.segment_uuids),
        *_among(_TAGGED, wanted.tag_uuids),
        *([Condition(f"{time} >= ?", (wanted.start,))] if wanted.start else ()),
        *([Condition(f"{time} < ?", (wanted.end,))] if wanted.end else ()),
        *_of_contact(wanted),
        *(_holds("t.data", key, text) for key, text in wanted.response_data.items()),
    )


def of_contacts(
    form_uuid: str | None, segment_uuid: str | None, search: str | None
) -> tuple[Condition, ...]:
    """The conditions on `contacts t`."""
    segments = (segment_uuid,) if segment_uuid else ()
    forms = (form_uuid,) if form_uuid else ()
    return (
        *_among(_IN_SEGMENT.format("t.id"), segments),
        *_among(_WITH_FORM, forms),
        *([_searching("t", search)] if search else ()),
    )


_IN_SEGMENT = (
    "{} IN (SELECT m.contact_id FROM memberships m"
    " JOIN segments s ON s.id = m.segment_id WHERE s.uuid"
)
_WITH_FORM = (
    "t.id IN (SELECT r.contact_id FROM responses r"
    " JOIN forms f ON f.id = r.form_id WHERE f.uuid"
)
_TAGGED = (
    "t.id IN (SELECT r.response_id FROM response_tags r"
    " JOIN tags g ON g.id = r.tag_id WHERE g.uuid"
)


def _among(opening: str, uuids: tuple[str, ...]) -> Iterable[Condition]:
    if uuids:
        marks = ", ".join("?" * len(uuids))
        yield Condition(f"{opening} IN ({marks}))", uuids)


def _of_contact(wanted: Wanted) -> Iterable[Condition]:
    """Conditions on who answered."""
    contact = [_holds("c.attributes", *pair) for pair in wanted.contact_data.items()]
    account = [_holds("a.attributes", *pair) for pair in wanted.account_data.items()]
    searched = [_searching("c", wanted.search)] if wanted.search else []
    for inner in (*contact, *account, *searched):
        sql = (
            "EXISTS (SELECT 1 FROM contacts c"  # noqa: S608 - own names
            " JOIN accounts a ON a.id = c.account_id"
            f" WHERE c.id = t.contact_id AND {inner.sql})"
        )
        yield Condition(sql, inner.arguments)


def _holds(column: str, key: str, text: str) -> Condition:
    """The JSON object has the key with this value, or a list with it inside."""
    return Condition(
        f"EXISTS (SELECT 1 FROM json_each({column}) j WHERE j.key = ?"  # noqa: S608 - own names
        " AND (CAST(j.value AS TEXT) = ? OR (j.type = 'array' AND EXISTS"
        " (SELECT 1 FROM json_each(j.value) e WHERE CAST(e.value AS TEXT) = ?))))",
        (key, text, text),
    )


def _searching(table: str, text: str) -> Condition:
    fields = ("remote_id", "email", "display_name", "uuid")
    pattern = "%" + text.translate(_LITERAL) + "%"
    likes = " OR ".join(f"{table}.{name} LIKE ? ESCAPE '\\'" for name in fields)
    return Condition(f"({likes})", (pattern,) * len(fields))


_LITERAL = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})
