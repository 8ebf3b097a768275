"""Invented accounts and contacts, rendered before they are stored."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from trunkline.apps.refiner.sandbox import times, uuids

from . import stock

HISTORY_DAYS = 365
Choice = TypeVar("Choice")

PER_ACCOUNT = 12
UNGROUPED = 0.15
NAMELESS = 0.04
WITHOUT_EMAIL = 0.03


@dataclass(slots=True, kw_only=True)
class Person:
    """A contact in the making; its answers are added before it is rendered."""

    number: int
    uuid: str
    remote_id: str
    email: str | None
    display_name: str
    first_seen: datetime
    last_seen: datetime
    account: int
    traits: dict[str, str]
    views: int = 0
    submissions: int = 0
    last_view: datetime | None = None
    last_submission: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """An account in the making; without a remote id it is one contact's own."""

    number: int
    uuid: str
    remote_id: str | None = None
    domain: str | None = None
    display_name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    first_seen: datetime
    last_seen: datetime


def companies(
    draw: random.Random, contacts: int, until: datetime, sequence: int
) -> list[Company]:
    """Enough for groups of about a dozen people."""
    start = until - timedelta(days=HISTORY_DAYS)
    return [
        _company(draw, number, start, until, sequence)
        for number in range(1, math.ceil(contacts / PER_ACCOUNT) + 1)
    ]


def people(
    draw: random.Random,
    count: int,
    grouped: list[Company],
    until: datetime,
    sequence: int,
) -> Iterator[Person]:
    """Contacts whose `account` beyond the groups' numbers is one of their own."""
    for number in range(1, count + 1):
        company = pick(draw, grouped) if draw.random() >= UNGROUPED else None
        yield _person(draw, number, company, len(grouped), until, sequence)


def own_company(person: Person, sequence: int) -> Company:
    return Company(
        number=person.account,
        uuid=uuids.invented(person.first_seen, person.account, sequence),
        first_seen=person.first_seen,
        last_seen=person.last_seen,
    )


def _company(
    draw: random.Random, number: int, start: datetime, until: datetime, sequence: int
) -> Company:
    front, back = pick(draw, stock.COMPANY_FRONTS), pick(draw, stock.COMPANY_BACKS)
    return Company(
        number=number,
        uuid=uuids.invented(start, number, sequence),
        remote_id=f"account-{number}",
        domain=f"{front}-{back}-{number}.example".lower(),
        display_name=f"{front} {back}",
        attributes={
            "founded": str(1990 + int(draw.random() * 34)),
            "industry": pick(draw, stock.INDUSTRIES),
            "name": f"{front} {back}",
        },
        first_seen=start,
        last_seen=until,
    )


def _person(
    draw: random.Random,
    number: int,
    company: Company | None,
    groups: int,
    until: datetime,
    sequence: int,
) -> Person:
    first, last = pick(draw, stock.FIRST_NAMES), pick(draw, stock.LAST_NAMES)
    domain = company.domain if company and company.domain else "mail.example"
    email = f"{first}.{last}.{number}@{domain}".lower()
    age = timedelta(seconds=60 + int(draw.random() * (HISTORY_DAYS * 86_400 - 60)))
    first_seen = until - age
    return Person(
        number=number,
        uuid=uuids.invented(first_seen, number, sequence),
        remote_id=f"user-{number}",
        email=email if draw.random() >= WITHOUT_EMAIL else None,
        display_name=f"{first} {last}" if draw.random() >= NAMELESS else "",
        first_seen=first_seen,
        last_seen=first_seen
        + timedelta(seconds=int(draw.random() * age.total_seconds())),
        account=company.number if company else groups + number,
        traits=_traits(draw, first_seen),
    )


def _traits(draw: random.Random, first_seen: datetime) -> dict[str, str]:
    return {
        "country": pick(draw, stock.COUNTRIES),
        "job_title": pick(draw, stock.JOB_TITLES),
        "language": pick(draw, stock.LANGUAGES),
        "plan": pick(draw, stock.PLANS),
        "seats": str(1 + int(draw.random() ** 3 * 250)),
        "signed_up_at": times.iso(first_seen - timedelta(minutes=5)),
    }


def pick(draw: random.Random, choices: Sequence[Choice]) -> Choice:
    return choices[int(draw.random() * len(choices))]
