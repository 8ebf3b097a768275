"""What people answered, day by day: net promoter scores and averages."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from trunkline.engine.bundle import decode
from trunkline.engine.catalog import Catalog
from trunkline.model.clock import HOUR, Clock, Millis
from trunkline.sdk import Delivery, Webhook
from trunkline.store.activity import list_answers, read_bodies
from trunkline.store.store import Store
from trunkline.store.webhooks import list_webhooks

_DAY = 24 * HOUR
_MOST = 5_000
"""Deliveries of a webhook that count, the newest ones."""

_AT_ONCE = 250
"""Bodies that are read before others have their turn."""

_PROMOTER = 9
_DETRACTOR = 6

ScoreKind = Literal["nps", "csat", "average"]


@dataclass(frozen=True, slots=True)
class ScoreOfDay:
    """One day's answers: how many, and what they come to."""

    day: str
    count: int
    value: float


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One question: its score over all, and day by day.

    `nps` is the promoters less the detractors, from -100 to 100; `csat` the satisfied
    ones of a hundred; all others are averages.
    """

    name: str
    kind: ScoreKind
    count: int
    value: float
    days: list[ScoreOfDay]


class Scores:
    """The use case of a chart of scores.

    What a delivery says is remembered while it is among those that count, so that a
    body is read once; what is pruned or wiped is forgotten.
    """

    def __init__(self, store: Store, catalog: Catalog, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._known: dict[str, dict[str, Mapping[str, float]]] = {}

    async def latest(self, days: int) -> list[ScoreView]:
        """The scores of the last days, those with most answers first."""
        since = self._clock.millis() - days * _DAY
        found: dict[str, dict[str, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for webhook in await self._store.read(list_webhooks, self._store.vault):
            module = self._catalog.modules.get(webhook.module)
            if module is None or module.webhook is None:
                continue
            answers = await self._store.read(
                list_answers, webhook.id, since=since, limit=_MOST
            )
            known = await self._scored(webhook.id, module.webhook, answers)
            for id_, scores in known.items():
                for name, score in scores.items():
                    found[name][_day(answers[id_])].append(score)
        views = [_view(name, by_day) for name, by_day in found.items()]
        return sorted(views, key=lambda one: -one.count)

    async def _scored(
        self, webhook_id: str, kind: type[Webhook], answers: Mapping[str, Millis]
    ) -> Mapping[str, Mapping[str, float]]:
        """The scores in each of the answers; only bodies of new ones are read."""
        before = self._known.get(webhook_id, {})
        known = {id_: before[id_] for id_ in answers if id_ in before}
        new = [id_ for id_ in answers if id_ not in before]
        for start in range(0, len(new), _AT_ONCE):
            ids = new[start : start + _AT_ONCE]
            bodies = await self._store.read(read_bodies, ids)
            for id_, body in bodies.items():
                known[id_] = kind.scores(_delivery(body))
        self._known[webhook_id] = known
        return known


def _view(name: str, by_day: dict[str, list[float]]) -> ScoreView:
    kind = _kind(name)
    everything = [score for scores in by_day.values() for score in scores]
    return ScoreView(
        name=name,
        kind=kind,
        count=len(everything),
        value=_value(kind, everything),
        days=[
            ScoreOfDay(day, len(scores), _value(kind, scores))
            for day, scores in sorted(by_day.items())
        ],
    )


def _kind(name: str) -> ScoreKind:
    if name.startswith("nps"):
        return "nps"
    return "csat" if name.startswith("csat") else "average"


def _value(kind: ScoreKind, scores: list[float]) -> float:
    match kind:
        case "nps":
            promoters = sum(score >= _PROMOTER for score in scores)
            detractors = sum(score <= _DETRACTOR for score in scores)
            return round(100 * (promoters - detractors) / len(scores), 1)
        case "csat":
            return round(100 * sum(score > 0 for score in scores) / len(scores), 1)
        case "average":
            return round(sum(scores) / len(scores), 2)


def _delivery(body: bytes) -> Delivery:
    try:
        return Delivery(body=body, payload=decode(body))
    except ValueError:
        return Delivery(body=body)


def _day(moment: Millis) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()
