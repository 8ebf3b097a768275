"""How Refiner's webhooks are recognised and told apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from trunkline.apps.refiner.service import app
from trunkline.sdk import Delivery, Webhook

COMPLETED_SURVEY = frozenset({"Completed Survey", "Survey Completed"})
"""What `triggered_event` may say of a completed survey.

The first was captured on the wire; the second is one client's belief
(refiner-api 4.2 [sure], [likely] wrong).
"""

ENTERED_SEGMENT = frozenset(
    {
        "Entered Segment",
        "User Entered Segment",
        "User entered segment",
        "User Enters Segment",
        "User enters segment",
        "Segment Match",
    }
)
"""What `triggered_event` may say of an entered segment.

Nobody recorded the value: these are the dashboard's label, one client's belief, and
the spelling of the other events (refiner-api 4.2 [guess]). No other event is known
that any of them could be mistaken for, so all are taken.
"""

_TIMES = {
    **dict.fromkeys(
        COMPLETED_SURVEY,
        ("last_data_reception_at", "completed_at", "received_at", "last_shown_at"),
    ),
    "Saw Survey": ("last_shown_at",),
    "Dismissed Survey": ("dismissed_at", "last_shown_at"),
}
"""The times of a response, best first, that tell one interaction from the next."""

_SCALES = {"nps": (0, 10), "csat": (-2, 2), "ces": (1, 7)}
"""What a question's identifier begins with, and the least and the most it can say.

CSAT is stored as -2 to 2 (refiner-api, knowledge base [sure]). That questions bear
these names is usual and no rule: whoever makes the survey chooses them [guess].
"""

_LONGEST_NAME = 100


@app.webhook
class RefinerWebhook(Webhook):
    """Setting up Refiner webhooks.

    1. Open any Watch module, enter a name for the webhook, click Save, and copy the
       URL address to your clipboard.
    2. Click OK and save the trigger.
    3. Log in to your Refiner account. Click Integrations > Webhook.
    4. Enter the details as follows and click Save Webhook:

       Webhook Name: Enter a name for the webhook.

       Trigger Event: Select the events for which you want to receive the triggers.

       Destination URL: Enter the URL address copied in step 1.

       Secret Auth-Token: The Refiner can add a secret Auth-Token to secure your
       webhooks if you like. Your token will be added as a Bearer Token in the HTTP
       Auth Header. Enter the secret that is shown with the URL address.
    """

    @classmethod
    def event(cls, delivery: Delivery) -> str | None:
        """The payload's `triggered_event` (refiner-api 4.4 [sure])."""
        return _text(_record(delivery.payload).get("triggered_event"))

    @classmethod
    def dedupe_key(cls, delivery: Delivery) -> str | None:
        """Names the interaction with a survey, or the entry into a segment.

        An interaction is a response, an event and the time of its last data: who
        corrects an answer completes it anew. The time counts, not its spelling, so
        that a response read from the API gets the same key (refiner-api 2.3).
        """
        payload = _record(delivery.payload)
        event = cls.event(delivery)
        if event in _TIMES:
            return _interaction(event, _record(payload.get("response")))
        if event in ENTERED_SEGMENT:
            return _entry(payload)
        return None

    @classmethod
    def scores(cls, delivery: Delivery) -> Mapping[str, float]:
        """Answers to questions named after NPS, CSAT or CES, as numbers.

        The payload has the question's identifier and no type, and numbers mostly come
        as texts (refiner-api 4.4 [sure]); so the identifier decides, and a number out
        of its scale is none.
        """
        payload = _record(delivery.payload)
        if cls.event(delivery) not in COMPLETED_SURVEY:
            return {}
        answers = _record(_record(payload.get("response")).get("data"))
        return {
            name: score
            for name, answer in answers.items()
            if (score := _score(name, answer)) is not None
        }


def _score(name: str, answer: object) -> float | None:
    scale = next((s for kind, s in _SCALES.items() if name.startswith(kind)), None)
    if scale is None or not isinstance(answer, str | int | float):
        return None
    try:
        score = float(answer)
    except ValueError:
        return None
    return score if scale[0] <= score <= scale[1] else None


def _interaction(event: str, response: Mapping[str, Any]) -> str | None:
    uuid = _text(response.get("uuid"))
    moments = (_moment(response.get(name)) for name in _TIMES[event])
    moment = next(filter(None, moments), None)
    return _key(event, uuid, moment) if uuid and moment else None


def _entry(payload: Mapping[str, Any]) -> str | None:
    """The contact and the newest of its memberships.

    The payload does not mark which segment was entered (refiner-api 4.4 [guess]).
    Of several entered at the same moment all are named, so that a delivery which knows
    of one more is not taken for a repetition. Where two entries are told in the same
    words they are one: nothing could tell the second from a repetition of the first.
    """
    uuid = _text(payload.get("uuid"))
    entries = list(_memberships(payload.get("segments")))
    if not uuid or not entries:
        return None
    newest = max(moment for moment, _ in entries)
    segments = sorted({segment for moment, segment in entries if moment == newest})
    return _key("Entered Segment", uuid, *segments, newest)


def _memberships(segments: object) -> list[tuple[str, str]]:
    """Time and segment of each membership that has both."""
    found = []
    for segment in segments if isinstance(segments, list) else []:
        record = _record(segment)
        moment, uuid = _moment(record.get("created_at")), _text(record.get("uuid"))
        if moment and uuid:
            found.append((moment, uuid))
    return found


def _key(*parts: str) -> str:
    """The parts as one text; as JSON, so that no two lists of parts share one."""
    return msgspec.json.encode(parts).decode()


def _record(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    """A name or identifier: a text, not empty, of sensible length."""
    if isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME:
        return value
    return None


def _moment(value: object) -> str | None:
    """A time in one spelling, whichever of Refiner's it came in (refiner-api 2.3)."""
    text = _text(value)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        elif moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
        return moment.isoformat()
    except (ValueError, OverflowError):
        return None
