"""Contacts: found, created, updated, listed and deleted (refiner-api 5.1)."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from trunkline.apps.refiner.sandbox import uuids
from trunkline.apps.refiner.sandbox.errors import NotThereError, WrongInputError

from . import accounts, membership, traits
from .database import Argument, Database, encoded
from .paging import Condition, Listing, Pagination, Paging, page_of

ORDERS = {
    "first_seen_at": "t.first_seen_at",
    "last_seen_at": "t.last_seen_at",
    "last_form_submission_at": "ifnull(t.last_form_submission_at, '')",
    "display_name": "t.display_name",
    "email": "ifnull(t.email, '')",
}
NAMES = {"display_name", "email"}

Columns = Mapping[str, Argument] | sqlite3.Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a request says about who is meant."""

    remote_id: str | None = None
    email: str | None = None
    uuid: str | None = None
    erases_email: bool = False  # an empty e-mail was sent (refiner-api 5.2 [sure])

    @property
    def is_empty(self) -> bool:
        return not (self.remote_id or self.email or self.uuid)


def identify(
    database: Database, who: Identity, sent: Mapping[str, object]
) -> sqlite3.Row:
    """The contact, created or updated with the name, traits and account sent."""
    contact = reached(database, who)
    account = sent.get("account")
    given = {name: value for name, value in sent.items() if name != "account"}
    keep(database, contact, given)
    if isinstance(account, Mapping):
        _group(database, contact, account)
    return settle(database, contact["id"])


def reached(database: Database, who: Identity) -> sqlite3.Row:
    """The contact meant, created when there is none, seen just now."""
    if who.is_empty:
        raise WrongInputError("id", "The id or email field is required.")
    contact = find(database, who) or _joined(database, who)
    if contact is None and who.uuid:
        raise NotThereError("Contact")
    return _touched(database, contact or create(database, who), who)


def found(database: Database, who: Identity) -> sqlite3.Row:
    if who.is_empty:
        raise WrongInputError("id", "The id, email or uuid field is required.")
    contact = find(database, who)
    if contact is None:
        raise NotThereError("Contact")
    return contact


def find(database: Database, who: Identity) -> sqlite3.Row | None:
    """By uuid, else by own id, else by e-mail; an id goes before an e-mail."""
    if who.uuid:
        return database.row("SELECT * FROM contacts WHERE uuid = ?", who.uuid)
    if who.remote_id:
        return database.row("SELECT * FROM contacts WHERE remote_id = ?", who.remote_id)
    newest = database.behaviour.email_picks == "last_seen"
    order = "last_seen_at DESC, id DESC" if newest else "first_seen_at, id"
    sql = f"SELECT * FROM contacts WHERE email = ? ORDER BY {order}"  # noqa: S608 - own
    return database.row(sql, who.email)


def create(
    database: Database, who: Identity, cookie_uuid: str | None = None
) -> sqlite3.Row:
    now = database.now()
    contact_id = database.insert(
        "contacts",
        uuid=uuids.fresh(),
        cookie_uuid=cookie_uuid,
        remote_id=who.remote_id,
        email=who.email,
        first_seen_at=now,
        last_seen_at=now,
        account_id=accounts.create(database, None, _domain(database, who.email)),
    )
    return of(database, contact_id)


def keep(database: Database, contact: sqlite3.Row, sent: Mapping[str, object]) -> None:
    """Store name and traits; the caller settles the contact afterwards."""
    changes = traits.absorbed(database, "contact", sent)
    kept = traits.merged(msgspec.json.decode(contact["traits"]), changes)
    name = str(sent["name"] or "") if "name" in sent else contact["display_name"]
    database.run(
        "UPDATE contacts SET traits = ?, display_name = ? WHERE id = ?",
        encoded(kept),
        name[: database.behaviour.string_limit],
        contact["id"],
    )


def keep_answers(
    database: Database, contact_id: int, answers: Mapping[str, object]
) -> None:
    """Answers are traits too, the latest wins (refiner-api 5.2 [sure])."""
    contact = of(database, contact_id)
    unnamed = {key: value for key, value in answers.items() if key != "name"}
    keep(database, contact, unnamed)


def count_responses(database: Database, contact_id: int) -> None:
    database.run(
        "UPDATE contacts SET (views, submissions, last_form_view_at,"
        " last_form_submission_at) = (SELECT ifnull(sum(show_counter), 0),"
        " count(completed_at), max(last_shown_at), max(completed_at)"
        " FROM responses WHERE contact_id = contacts.id) WHERE id = ?",
        contact_id,
    )


def settle(database: Database, contact_id: int) -> sqlite3.Row:
    """Recompute what follows from a change: attributes, segments, JSON."""
    contact = of(database, contact_id)
    attributes = attributes_of(contact)
    membership.recheck(database, contact_id, attributes)
    written = encoded(attributes)
    database.run(
        "UPDATE contacts SET attributes = ?, head = ? WHERE id = ?",
        written,
        head(contact, written, membership.of(database, contact_id)),
        contact_id,
    )
    return of(database, contact_id)


def attributes_of(contact: Columns) -> dict[str, str]:
    """Traits, answers and computed fields in one (refiner-api 3.6, 4.4)."""
    computed = {
        "email": contact["email"],
        "first_seen_at": contact["first_seen_at"],
        "form_submissions_count": contact["submissions"] or None,
        "form_views_count": contact["views"] or None,
        "last_form_submission_at": contact["last_form_submission_at"],
        "last_form_view_at": contact["last_form_view_at"],
        "last_seen_at": contact["last_seen_at"],
        "name": contact["display_name"] or None,
    }
    texts = {slug: str(value) for slug, value in computed.items() if value is not None}
    return traits.merged(msgspec.json.decode(str(contact["traits"])), texts)


def head(
    contact: Columns,
    attributes: str,
    segments: list[dict[str, str]],
) -> str:
    """The contact as JSON (refiner-api 3.6) up to where its account follows."""
    front = {name: contact[name] for name in _FRONT}
    rest = {"attributes": msgspec.Raw(attributes.encode()), "segments": segments}
    return encoded(front | rest)[:-1] + ',"account":'


def shown(database: Database, contact: sqlite3.Row) -> bytes:
    """The contact as JSON, as `GET /contact` answers."""
    account = accounts.of(database, contact["account_id"])["body"]
    body = f"{contact['head']}{account}}}".encode()
    return with_unset(database, body) if database.behaviour.unset_traits else body


def with_unset(database: Database, body: bytes) -> bytes:
    """The contact's JSON with all traits of the project, null where unset."""
    whole: dict[str, object] = msgspec.json.decode(body)
    whole["attributes"] = complete(database, whole["attributes"])
    return msgspec.json.encode(whole)


def complete(database: Database, attributes: object) -> dict[str, object]:
    kept = msgspec.convert(attributes, dict[str, object])
    return {slug: kept.get(slug) for slug in traits.known(database, "contact")}


def page(
    database: Database,
    paging: Paging,
    order_by: str,
    conditions: tuple[Condition, ...],
) -> tuple[list[bytes], Pagination]:
    """Contacts as JSON, spliced from what was rendered when they changed."""
    choices = database.behaviour
    order = choices.name_order if order_by in NAMES else choices.date_order
    listing = Listing(
        table="contacts",
        columns="CAST(t.head || a.body || '}' AS BLOB) AS body",
        joins="JOIN accounts a ON a.id = t.account_id",
        order=order_by,
        key=ORDERS[order_by],
        descending=order == "descending",
        conditions=conditions,
    )
    rows, pagination = page_of(database, listing, paging)
    bodies = [row["body"] for row in rows]
    if choices.unset_traits:
        bodies = [with_unset(database, body) for body in bodies]
    return bodies, pagination


def delete(database: Database, contact: sqlite3.Row) -> None:
    """Delete the contact with its responses (refiner-api 3.7)."""
    database.run("DELETE FROM contacts WHERE id = ?", contact["id"])
    accounts.drop_if_empty(database, contact["account_id"])


def of(database: Database, contact_id: int) -> sqlite3.Row:
    row = database.row("SELECT * FROM contacts WHERE id = ?", contact_id)
    if row is None:
        raise NotThereError("Contact")
    return row


_FRONT = (
    "uuid",
    "remote_id",
    "email",
    "display_name",
    "first_seen_at",
    "last_seen_at",
)


def _joined(database: Database, who: Identity) -> sqlite3.Row | None:
    """A contact known by the e-mail alone, which the id sent now belongs to."""
    if not (who.remote_id and who.email and database.behaviour.adopt_email_contact):
        return None
    return database.row(
        "SELECT * FROM contacts WHERE email = ? AND remote_id IS NULL", who.email
    )


def _touched(database: Database, contact: sqlite3.Row, who: Identity) -> sqlite3.Row:
    database.run(
        "UPDATE contacts SET last_seen_at = ?, remote_id = ifnull(remote_id, ?),"
        " email = CASE WHEN ? THEN NULL ELSE ifnull(?, email) END WHERE id = ?",
        database.now(),
        who.remote_id,
        who.erases_email,
        who.email,
        contact["id"],
    )
    accounts.seen(database, contact["account_id"])
    return of(database, contact["id"])


def _group(
    database: Database, contact: sqlite3.Row, sent: Mapping[str, object]
) -> None:
    own_id = contact["account_id"]
    account_id = accounts.grouped(database, own_id, sent)
    database.run(
        "UPDATE contacts SET account_id = ? WHERE id = ?", account_id, contact["id"]
    )
    accounts.seen(database, account_id)
    if account_id != own_id:
        accounts.drop_if_empty(database, own_id)


def _domain(database: Database, email: str | None) -> str | None:
    if not (email and database.behaviour.domain_from_email):
        return None
    return email.rpartition("@")[2] or None
