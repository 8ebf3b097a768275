"""Where a webhook may have missed answers, as far as the store can tell."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from trunkline.engine.attendance import KEPT_DAYS
from trunkline.engine.engine import Engine
from trunkline.model.clock import HOUR, Millis, as_datetime, as_text
from trunkline.services.rhythm import Period, Rhythm, learn, silences
from trunkline.services.webhooks import Webhooks
from trunkline.store.gaps import (
    Outage,
    Refused,
    count_by_hour,
    list_outages,
    list_refusals,
)
from trunkline.store.store import Store

_DAY = 24 * HOUR

LONGEST_REPORT = KEPT_DAYS
"""Days, at most."""

GapKind: TypeAlias = Literal["silence", "refusals", "outage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which deliveries may be missing.

    Of a `silence` and an `outage` (nobody served the folder), `deliveries` is how many
    usually come in such a time; of `refusals` how many were refused, and `reason` why.
    """

    kind: GapKind
    begins_at: str | None
    ends_at: str | None
    deliveries: float
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapDay:
    """One day, UTC: what came, what usually comes, and what was refused."""

    day: str
    deliveries: int
    expected: float
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """A webhook's gaps, the latest first, and its days.

    `rhythm` says what the usual number is known from: the same hours of other weeks, or
    of other days; while it is unknown no silence is told. `since` is later than asked
    where the webhook is younger.
    """

    webhook: str
    since: str | None
    until: str | None
    rhythm: Period
    usual_per_day: float
    gaps: list[Gap]
    days: list[GapDay]


class Gaps:
    """The use case of the gap report."""

    def __init__(self, store: Store, engine: Engine, webhooks: Webhooks) -> None:
        self._store = store
        self._engine = engine
        self._webhooks = webhooks

    async def report(self, ref: str, days: int) -> GapReport:
        """Where deliveries of a webhook may be missing in the last days.

        Raises:
            NotFoundError: there is no such webhook.
        """
        webhook = self._webhooks.find(ref)
        now = self._engine.clock.millis()
        asked = max(now - days * _DAY, webhook.created_at)
        counts = await self._store.read(count_by_hour, webhook.id, asked)
        refused = dict(await self._store.read(list_refusals, webhook.id, asked))
        for one, number in self._engine.attendance.unwritten(webhook.id).items():
            refused[one] = refused.get(one, 0) + number
        first = min(counts, default=-(-asked // HOUR))
        rhythm = learn(counts, first, now // HOUR)
        outages = await self._store.read(list_outages, asked)
        gaps = [
            *_silences(rhythm),
            *_outages(outages, rhythm, asked),
            *_refusals(refused),
        ]
        return GapReport(
            webhook=webhook.name,
            since=as_text(asked),
            until=as_text(now),
            rhythm=rhythm.period,
            usual_per_day=_round(rhythm.per_day),
            gaps=sorted(gaps, key=lambda one: one.begins_at or "", reverse=True),
            days=_days(refused, rhythm, asked),
        )


def _silences(rhythm: Rhythm) -> Iterator[Gap]:
    for one in silences(rhythm):
        yield Gap(
            kind="silence",
            begins_at=as_text(one.begins * HOUR),
            ends_at=as_text(one.ends * HOUR),
            deliveries=_round(one.expected),
        )


def _outages(outages: list[Outage], rhythm: Rhythm, since: Millis) -> Iterator[Gap]:
    for one in outages:
        began_at = max(one.began_at, since)
        yield Gap(
            kind="outage",
            begins_at=as_text(began_at),
            ends_at=as_text(one.ended_at),
            deliveries=_round(rhythm.expected(began_at / HOUR, one.ended_at / HOUR)),
        )


def _refusals(refused: Mapping[Refused, int]) -> Iterator[Gap]:
    """Hours that follow one another and have the same reason are told as one."""
    ordered = sorted(refused, key=lambda one: (one.reason, one.hour))
    numbered = enumerate(ordered)
    for _, rows in groupby(numbered, lambda at: (at[1].reason, at[1].hour - at[0])):
        hours = [one for _, one in rows]
        yield Gap(
            kind="refusals",
            begins_at=as_text(hours[0].hour * HOUR),
            ends_at=as_text((hours[-1].hour + 1) * HOUR),
            deliveries=sum(refused[one] for one in hours),
            reason=hours[0].reason,
        )


def _days(
    refused: Mapping[Refused, int], rhythm: Rhythm, since: Millis
) -> list[GapDay]:
    """Each day; what usually comes is told from the first delivery on."""
    came, turned_away = Counter[int](), Counter[int]()
    for hour, number in rhythm.counts.items():
        came[hour // 24] += number
    for one, number in refused.items():
        turned_away[one.hour // 24] += number
    return [
        GapDay(
            day=as_datetime(day * _DAY).date().isoformat(),
            deliveries=came[day],
            expected=_round(
                rhythm.expected(
                    max(day * 24, rhythm.first), min(day * 24 + 24, rhythm.last)
                )
            ),
            refused=turned_away[day],
        )
        for day in range(since // _DAY, rhythm.last // 24 + 1)
    ]


def _round(number: float) -> float:
    return round(number, 1)
