"""Fills a new store: the same seed gives the same rows, uuids included."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from trunkline.apps.refiner.sandbox import times
from trunkline.apps.refiner.sandbox.settings import SandboxSettings
from trunkline.apps.refiner.sandbox.store import accounts, contacts, membership, traits
from trunkline.apps.refiner.sandbox.store.database import Argument, Database, encoded
from trunkline.apps.refiner.sandbox.traits import Kind

from . import answers, people, surveys

# Each kind of row has its own clock sequence, so that no two uuids are the same.
KINDS = ("base", "account", "own account", "contact", "response")

NUMBER_TRAITS = ("csat", "founded", "nps", "rating", "seats")
MANUAL_SHARES = {"Beta testers": 0.05, "Newsletter readers": 0.2}


def plant(database: Database, settings: SandboxSettings) -> None:
    """Surveys and segments, then the contacts and responses asked for."""
    sequences = {
        kind: (settings.seed * len(KINDS) + number) & 0x3FFF
        for number, kind in enumerate(KINDS)
    }
    with database.transaction():
        surveys.plant_surveys(database, settings.until, sequences["base"])
        # Responses need somebody to give them.
        count = settings.contacts or (settings.responses + 1) // 2
        if count:
            with database.unindexed():
                _plant_people(database, settings, count, sequences)


def _plant_people(
    database: Database,
    settings: SandboxSettings,
    count: int,
    sequences: dict[str, int],
) -> None:
    draw = random.Random(settings.seed)  # noqa: S311 - repeatable on purpose
    until = settings.until
    groups = people.companies(draw, count, until, sequences["account"])
    persons = list(people.people(draw, count, groups, until, sequences["contact"]))
    made = answers.replies(
        draw, settings.responses, persons, until, sequences["response"]
    )
    _store_accounts(database, groups, persons, sequences["own account"])
    _store_contacts(database, persons, draw)
    _store_replies(database, made)
    _store_traits(database)


def _store_accounts(
    database: Database,
    groups: Sequence[people.Company],
    persons: Sequence[people.Person],
    sequence: int,
) -> None:
    own = (
        people.own_company(person, sequence)
        for person in persons
        if person.account > len(groups)
    )
    database.fill(
        "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_account_row(company) for company in (*groups, *own)),
    )


def _account_row(company: people.Company) -> tuple[Argument, ...]:
    columns: dict[str, str | None] = {
        "uuid": company.uuid,
        "remote_id": company.remote_id,
        "domain": company.domain,
        "display_name": company.display_name,
        "first_seen_at": times.iso(company.first_seen),
        "last_seen_at": times.iso(company.last_seen),
        "attributes": encoded(company.attributes),
    }
    return (company.number, *columns.values(), encoded(accounts.shown(columns)))


def _store_contacts(
    database: Database, persons: Sequence[people.Person], draw: random.Random
) -> None:
    segments = _segments(database)
    members: list[tuple[Argument, ...]] = []
    database.fill(
        "INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_contact_row(person, segments, members, draw) for person in persons),
    )
    database.fill("INSERT INTO memberships VALUES (?, ?, ?, ?)", iter(members))


def _contact_row(
    person: people.Person,
    segments: Sequence["Planted"],
    members: list[tuple[Argument, ...]],
    draw: random.Random,
) -> tuple[Argument, ...]:
    """The row with its JSON; the memberships behind it are added to `members`."""
    columns = _contact_columns(person)
    attributes = contacts.attributes_of(columns)
    joined = [each for each in segments if each.takes(attributes, draw)]
    entered = times.iso(person.first_seen)
    members += [(person.number, each.id, entered, entered) for each in joined]
    shown = [
        {
            "uuid": each.uuid,
            "name": each.name,
            "created_at": entered,
            "updated_at": entered,
        }
        for each in joined
    ]
    written = encoded(attributes)
    head = contacts.head(columns, written, shown)
    return (person.number, *columns.values(), written, head)


def _contact_columns(person: people.Person) -> dict[str, Argument]:
    """The columns of `contacts` between `id` and `attributes`, in their order."""
    return {
        "uuid": person.uuid,
        "cookie_uuid": None,
        "remote_id": person.remote_id,
        "email": person.email,
        "display_name": person.display_name,
        "first_seen_at": times.iso(person.first_seen),
        "last_seen_at": times.iso(person.last_seen),
        "account_id": person.account,
        "views": person.views,
        "submissions": person.submissions,
        "last_form_view_at": _written(person.last_view),
        "last_form_submission_at": _written(person.last_submission),
        "traits": encoded(dict(sorted(person.traits.items()))),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A segment and who is put into it."""

    id: int
    uuid: str
    name: str
    rule: membership.Rule | None

    def takes(self, attributes: dict[str, str], draw: random.Random) -> bool:
        if self.rule is None:
            return draw.random() < MANUAL_SHARES.get(self.name, 0)
        return membership.matches(self.rule, attributes)


def _segments(database: Database) -> list[Planted]:
    return [
        Planted(
            id=row["id"],
            uuid=row["uuid"],
            name=row["name"],
            rule=msgspec.json.decode(
                row["rule"] or "null", type=membership.Rule | None
            ),
        )
        for row in database.rows("SELECT * FROM segments ORDER BY id")
    ]


def _store_replies(database: Database, made: Sequence[answers.Reply]) -> None:
    database.fill(
        "INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)",
        (
            (
                number,
                reply.uuid,
                reply.form,
                reply.contact,
                times.iso(reply.shown),
                times.iso(reply.shown),
                _written(reply.received),
                _written(reply.received),
                _written(reply.completed),
                _written(reply.dismissed),
                encoded(reply.data),
            )
            for number, reply in enumerate(made, 1)
        ),
    )


def _store_traits(database: Database) -> None:
    """Make known what the rows carry."""
    for owner, table in _OWNERS.items():
        column = "traits" if owner == "contact" else "attributes"
        for row in database.rows(
            f"SELECT DISTINCT j.key FROM {table}, json_each({column}) j"  # noqa: S608 - own names
        ):
            traits.register(database, owner, row["key"], _kind(row["key"]))


_OWNERS: dict[traits.Owner, str] = {"contact": "contacts", "account": "accounts"}


def _kind(slug: str) -> Kind:
    if slug.endswith("_at"):
        return "date"
    return "number" if slug in NUMBER_TRAITS else "string"


def _written(moment: datetime | None) -> str | None:
    return times.iso(moment) if moment else None
