"""Accounts: every contact has one, grouped with others or not (refiner-api 5.3)."""

import sqlite3
from collections.abc import Mapping

import msgspec

from trunkline.apps.refiner.sandbox import uuids
from trunkline.apps.refiner.sandbox.errors import WrongInputError

from . import traits
from .database import Database, encoded

NOT_TRAITS = frozenset({"id", "uuid"})


def create(database: Database, remote_id: str | None, domain: str | None) -> int:
    now = database.now()
    account_id = database.insert(
        "accounts",
        uuid=uuids.fresh(),
        remote_id=remote_id,
        domain=domain,
        first_seen_at=now,
        last_seen_at=now,
    )
    render(database, account_id)
    return account_id


def grouped(database: Database, own_id: int, sent: Mapping[str, object]) -> int:
    """The account that a contact with account `own_id` belongs to from now on."""
    remote_id = str(sent.get("id") or "")
    if not remote_id:
        raise WrongInputError("account.id", "The account.id field is required.")
    account_id = _with_remote_id(database, own_id, remote_id)
    _describe(database, account_id, sent)
    return account_id


def render(database: Database, account_id: int) -> None:
    """Write the account's JSON anew, for contacts to be given out with."""
    row = of(database, account_id)
    database.run(
        "UPDATE accounts SET body = ? WHERE id = ?", encoded(shown(row)), account_id
    )


def shown(row: Mapping[str, str | None] | sqlite3.Row) -> dict[str, object]:
    """The account as the API shows it (refiner-api 3.6)."""
    return {
        "uuid": row["uuid"],
        "remote_id": row["remote_id"],
        "domain": row["domain"],
        "display_name": row["display_name"],
        "first_seen_at": row["first_seen_at"],
        "last_seen_at": row["last_seen_at"],
        "attributes": msgspec.Raw(str(row["attributes"]).encode()),
    }


def of(database: Database, account_id: int) -> sqlite3.Row:
    row = database.row("SELECT * FROM accounts WHERE id = ?", account_id)
    if row is None:
        raise LookupError(account_id)
    return row


def seen(database: Database, account_id: int) -> None:
    database.run(
        "UPDATE accounts SET last_seen_at = ? WHERE id = ?", database.now(), account_id
    )
    render(database, account_id)


def drop_if_empty(database: Database, account_id: int) -> None:
    """Forget an ungrouped account whose contact has gone."""
    database.run(
        "DELETE FROM accounts WHERE id = ? AND remote_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM contacts WHERE account_id = accounts.id)",
        account_id,
    )


def _with_remote_id(database: Database, own_id: int, remote_id: str) -> int:
    known = database.row("SELECT id FROM accounts WHERE remote_id = ?", remote_id)
    if known:
        return int(known["id"])
    if of(database, own_id)["remote_id"] is None:
        database.run(
            "UPDATE accounts SET remote_id = ? WHERE id = ?", remote_id, own_id
        )
        return own_id
    return create(database, remote_id, None)


def _describe(database: Database, account_id: int, sent: Mapping[str, object]) -> None:
    row = of(database, account_id)
    given = {name: sent[name] for name in sent if name not in NOT_TRAITS}
    changes = traits.absorbed(database, "account", given)
    kept = traits.merged(msgspec.json.decode(row["attributes"]), changes)
    name = kept.get("name", "") if "name" in changes else row["display_name"]
    database.run(
        "UPDATE accounts SET display_name = ?, domain = ?, attributes = ? WHERE id = ?",
        name,
        kept.get("domain") or row["domain"],
        encoded(kept),
        account_id,
    )
