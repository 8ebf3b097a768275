"""Aggregates over responses (refiner-api 3.11, 5.6)."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import msgspec

from trunkline.apps.refiner.sandbox.behaviour import Behaviour
from trunkline.apps.refiner.sandbox.errors import WrongInputError

from . import forms
from .database import Argument, Database
from .filters import Wanted, of_responses

CSAT = {
    -2: "very_unsatisfied",
    -1: "unsatisfied",
    0: "neutral",
    1: "satisfied",
    2: "very_satisfied",
}
HIGHEST_DETRACTOR, LOWEST_PROMOTER = 6, 9  # (refiner-api 5.6 [sure])


@dataclass(frozen=True, slots=True)
class Answers:
    """The values given to the questions reported on, and by how many responses."""

    values: list[object]
    responses: int


def report(
    database: Database, kind: str, wanted: Wanted, identifiers: tuple[str, ...]
) -> dict[str, object]:
    """The aggregate, ended by the echo of the date range."""
    if kind == "count":
        body = _count(database, wanted)
    elif kind in _KINDS:
        question, aggregate = _KINDS[kind]
        answers = _answers(database, wanted, question, identifiers)
        body = aggregate(answers, database.behaviour)
    else:
        raise WrongInputError("type", "The selected type is invalid.")
    return body | {"date_range_start": wanted.start, "date_range_end": wanted.end}


def _count(database: Database, wanted: Wanted) -> dict[str, object]:
    shown = replace(wanted, include="all")
    return {
        "views": database.number(*_query("sum(show_counter)", shown)),
        "responses": database.number(*_query("count(*)", _received(database, wanted))),
    }


def _nps(answers: Answers, behaviour: Behaviour) -> dict[str, object]:
    scores = _numbers(answers)
    detractors = sum(score <= HIGHEST_DETRACTOR for score in scores)
    promoters = sum(score >= LOWEST_PROMOTER for score in scores)
    passives = len(scores) - detractors - promoters
    return {
        "data": {
            "detractors": detractors,
            "passives": passives,
            "promoters": promoters,
        },
        "count": len(scores),
        "nps": _percent(promoters - detractors, len(scores), behaviour),
    }


def _csat(answers: Answers, behaviour: Behaviour) -> dict[str, object]:
    counts = Counter(score for score in _numbers(answers) if score in CSAT)
    total = counts.total()
    return {
        "data": {name: counts[score] for score, name in CSAT.items()},
        "count": total,
        "csat": _percent(counts[1] + counts[2], total, behaviour),
    }


def _ratings(answers: Answers, behaviour: Behaviour) -> dict[str, object]:
    scores = _numbers(answers)
    counts = Counter(scores)
    average = round(sum(scores) / len(scores), 2) if scores else behaviour.empty_score
    scale = sorted({*forms.SCALES["rating"], *counts})
    return {
        "data": {str(score): counts[score] for score in scale},
        "count": len(scores),
        "sum": sum(scores),
        "average": average,
    }


def _distribution(answers: Answers, _: Behaviour) -> dict[str, object]:
    counts = Counter(str(value) for value in answers.values)
    return {
        "data": dict(sorted(counts.items())),
        "datapoints": counts.total(),
        "responses": answers.responses,
    }


Aggregate = Callable[[Answers, Behaviour], dict[str, object]]

_KINDS: dict[str, tuple[tuple[str, ...], Aggregate]] = {
    "nps": (("nps",), _nps),
    "csat": (("csat",), _csat),
    "ratings": (("rating",), _ratings),
    "distribution": (forms.CHOICES, _distribution),
}


def _answers(
    database: Database,
    wanted: Wanted,
    types: tuple[str, ...],
    identifiers: tuple[str, ...],
) -> Answers:
    """Answers to the named questions, or to all of the matching types."""
    asked = {
        form["id"]: set(identifiers) or _identifiers(forms.config_of(form), types)
        for form in database.rows("SELECT id, config FROM forms")
    }
    values: list[object] = []
    responses = 0
    sql, *arguments = _query("t.form_id, t.data", _received(database, wanted))
    for row in database.rows(sql, *arguments):
        data = msgspec.json.decode(row["data"])
        given = list(_given(data, asked[row["form_id"]]))
        values += given
        responses += bool(given)
    return Answers(values, responses)


def _given(data: dict[str, object], identifiers: set[str]) -> Iterator[object]:
    for key in identifiers & data.keys():
        value = data[key]
        yield from value if isinstance(value, list) else [value]


def _identifiers(config: forms.Config, types: tuple[str, ...]) -> set[str]:
    return {q.identifier for q in config.form_elements if q.type in types}


def _received(database: Database, wanted: Wanted) -> Wanted:
    partials = database.behaviour.partials_count
    return replace(wanted, include="partials" if partials else "completed")


def _query(columns: str, wanted: Wanted) -> tuple[str, *tuple[Argument, ...]]:
    conditions = of_responses(wanted)
    where = " AND ".join(condition.sql for condition in conditions)
    arguments = [value for condition in conditions for value in condition.arguments]
    sql = f"SELECT {columns} FROM responses t WHERE {where}"  # noqa: S608 - own names
    return sql, *arguments


def _numbers(answers: Answers) -> list[int]:
    """Whole numbers among the answers; whatever else was sent is no score."""
    texts = [str(value).removesuffix(".0") for value in answers.values]
    return [int(text) for text in texts if text.removeprefix("-").isdecimal()]


def _percent(part: int, total: int, behaviour: Behaviour) -> int | None:
    if not total:
        return behaviour.empty_score
    exact = part / total * 100
    return math.floor(exact) if behaviour.score_rounding == "floor" else round(exact)
