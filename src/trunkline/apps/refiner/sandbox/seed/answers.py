"""Invented responses in all four states, and what they leave on their contacts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trunkline.apps.refiner.sandbox import uuids

from . import stock
from .people import Person, pick

# Of a hundred responses that are completed: how many more are in other states.
OTHERS = {"partial": 8, "dismissed": 10, "seen": 14}

# The numbers of the published surveys in `surveys.SURVEYS`, as often as answered.
NPS, CSAT, FEATURES = 1, 2, 3
FORMS = (NPS, NPS, NPS, NPS, NPS, NPS, CSAT, CSAT, CSAT, FEATURES)

Data = dict[str, str | int | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response in the making."""

    uuid: str
    form: int
    contact: int
    shown: datetime
    received: datetime | None
    completed: datetime | None
    dismissed: datetime | None
    data: Data


def replies(
    draw: random.Random,
    completed: int,
    people: Sequence[Person],
    until: datetime,
    sequence: int,
) -> list[Reply]:
    """`completed` finished responses and some in the other states, oldest first."""
    states = ["completed"] * completed
    for state, share in OTHERS.items():
        states += [state] * (completed * share // 100)
    made = [
        _reply(draw, state, pick(draw, people), until, uuid_at)
        for state, uuid_at in zip(states, _numbered(sequence, len(states)), strict=True)
    ]
    made.sort(key=lambda reply: (reply.received or reply.shown, reply.uuid))
    for reply in made:
        _leave(reply, people[reply.contact - 1])
    return made


def _numbered(sequence: int, count: int) -> list[tuple[int, int]]:
    return [(number, sequence) for number in range(1, count + 1)]


def _reply(
    draw: random.Random,
    state: str,
    person: Person,
    until: datetime,
    uuid_at: tuple[int, int],
) -> Reply:
    since = (until - person.first_seen).total_seconds()
    shown = person.first_seen + timedelta(seconds=int(draw.random() * (since - 50)))
    finished = shown + timedelta(seconds=5 + int(draw.random() * 40))
    form = pick(draw, FORMS)
    has_data = state in {"completed", "partial"}
    return Reply(
        uuid=uuids.invented(shown, *uuid_at),
        form=form,
        contact=person.number,
        shown=shown,
        received=finished if has_data else None,
        completed=finished if state == "completed" else None,
        dismissed=finished if state == "dismissed" else None,
        data=_data(draw, form, complete=state == "completed") if has_data else {},
    )


def _data(draw: random.Random, form: int, *, complete: bool) -> Data:
    if form == NPS:
        score = pick(draw, stock.NPS_SCORES)
        mood = (score > 6) + (score > 8)  # noqa: PLR2004 - detractor, passive, promoter
        return {"nps": score} | (_text(draw, "reason", mood) if complete else {})
    if form == CSAT:
        score = pick(draw, stock.CSAT_SCORES)
        mood = (score > -1) + (score > 0)
        return {"csat": score} | (_text(draw, "comment", mood) if complete else {})
    return _features(draw) if complete else {"rating": pick(draw, stock.RATINGS)}


def _text(draw: random.Random, identifier: str, mood: int) -> Data:
    return {identifier: pick(draw, stock.COMMENTS[mood])} if draw.random() < 0.8 else {}  # noqa: PLR2004 - four of five write something


def _features(draw: random.Random) -> Data:
    chosen = draw.sample(stock.FEATURES, 1 + int(draw.random() * 3))
    return {"favourite_features": sorted(chosen), "rating": pick(draw, stock.RATINGS)}


def _leave(reply: Reply, person: Person) -> None:
    """The contact's counts, times and answers, after all replies up to this one."""
    person.views += 1
    person.last_view = max(person.last_view or reply.shown, reply.shown)
    person.last_seen = max(person.last_seen, reply.received or reply.shown)
    for identifier, value in reply.data.items():
        text = ", ".join(value) if isinstance(value, list) else str(value)
        person.traits[identifier] = text
    if reply.completed:
        person.submissions += 1
        person.last_submission = reply.completed
