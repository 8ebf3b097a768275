"""What the scenarios should have done, looked for where they should have done it."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from trunkline.cli.demo.cast import CAST, TESTERS, Person
from trunkline.cli.demo.refiner import ALL_USERS
from trunkline.cli.demo.report import Finding
from trunkline.cli.demo.stage import Stage
from trunkline.client.calls import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What Refiner, the listener and Trunkline each know at the end.

    `events`, `traits` and `segments` are by the person's name, as Refiner's pages and
    API tell.
    """

    events: Mapping[str, list[str]]
    traits: Mapping[str, Record]
    segments: Mapping[str, list[str]]
    sends: Sequence[Record]
    posts: list[Record]
    balance: Record
    executions: list[Record]
    contacts: list[Record]
    matches: list[Record]

    def as_record(self) -> dict[str, Any]:
        detractors = [asdict(person) for person in CAST if person.is_detractor]
        return {"detractors": detractors, **asdict(self)}

    def findings(self) -> Iterator[Finding]:
        yield self._events_of_detractors()
        yield self._events_of_entries()
        yield self._traits()
        yield self._posts()
        yield self._deliveries()
        yield self._executions()
        yield self._listed()
        yield self._called()

    def _events_of_detractors(self) -> Finding:
        marked = {name for name, events in self.events.items() if "Detractor" in events}
        expected = {person.name for person in _detractors()}
        once = all(events.count("Detractor") <= 1 for events in self.events.values())
        return Finding(
            name="Track an Event: 'Detractor' of every detractor, once, of nobody else",
            well=marked == expected and once,
            found=f"{len(marked)} of {len(expected)}: {', '.join(sorted(marked))}",
        )

    def _events_of_entries(self) -> Finding:
        noted = {
            name for name, events in self.events.items() if "Entered segment" in events
        }
        entered = {
            name
            for name, segments in self.segments.items()
            if set(segments) - {ALL_USERS}
        }
        return Finding(
            name="Track an Event: 'Entered segment' of whoever entered one",
            well=noted == entered >= set(TESTERS),
            found=", ".join(sorted(noted)),
        )

    def _traits(self) -> Finding:
        told = [
            person.name
            for person in _detractors()
            if str(self.traits[person.name].get("nps")) == str(person.nps)
            and self.traits[person.name].get("last_comment") == person.comment
        ]
        others = [
            person.name
            for person in CAST
            if not person.is_detractor and "last_comment" in self.traits[person.name]
        ]
        return Finding(
            name="Identify a User: the traits nps and last_comment of every detractor",
            well=len(told) == len(_detractors()) and not others,
            found=f"{len(told)} of {len(_detractors())}: {', '.join(told)}",
        )

    def _posts(self) -> Finding:
        heard = Counter(
            (post["user_id"], post["nps"], post["comment"]) for post in self.posts
        )
        expected = Counter(
            (person.user_id, person.nps, person.comment) for person in _detractors()
        )
        return Finding(
            name="HTTP: one POST at the listener for every detractor",
            well=heard == expected,
            found=f"{heard.total()} posts",
        )

    def _deliveries(self) -> Finding:
        states = self.balance["states"]
        accepted, total = self.balance["accepted"], sum(states.values())
        sent = [send for send in self.sends if send["status"] == 200]  # noqa: PLR2004 - OK
        shown = " + ".join(f"{number} {state}" for state, number in states.items())
        return Finding(
            name="Balance: all that Refiner sent was accepted, and is in one state",
            well=accepted == total == len(sent) == len(self.sends),
            found=f"{len(self.sends)} sent, {accepted} accepted = {shown}",
        )

    def _executions(self) -> Finding:
        states = Counter(execution["state"] for execution in self.executions)
        return Finding(
            name="Executions: one for every delivery, all done",
            well=states == Counter(done=self.balance["accepted"]),
            found=", ".join(f"{number} {state}" for state, number in states.items()),
        )

    def _listed(self) -> Finding:
        comments = {
            contact["remote_id"]: contact["attributes"].get("last_comment")
            for contact in self.contacts
        }
        return Finding(
            name="List Contacts: every contact, the detractors with their comment",
            well=comments
            == {
                person.user_id: person.comment if person.is_detractor else None
                for person in CAST
            },
            found=f"{len(comments)} contacts",
        )

    def _called(self) -> Finding:
        found = {match["remote_id"] for match in self.matches}
        return Finding(
            name="Make an API Call: the matches under Body > items",
            well=found == {person.user_id for person in CAST},
            found=f"{len(self.matches)} matches",
        )


async def gather(
    stage: Stage, uuids: Mapping[str, str], seen: Mapping[str, list[Record]]
) -> Evidence:
    """Asks everybody; `seen` is what Trunkline's own modules gave."""
    events = await asyncio.gather(*map(stage.refiner.events, uuids.values()))
    known = await asyncio.gather(*map(stage.refiner.contact, uuids.values()))
    return Evidence(
        events=dict(zip(uuids, events, strict=True)),
        traits={
            name: contact["attributes"]
            for name, contact in zip(uuids, known, strict=True)
        },
        segments={
            name: [segment["name"] for segment in contact["segments"]]
            for name, contact in zip(uuids, known, strict=True)
        },
        sends=await stage.refiner.sends(),
        posts=list(stage.listener.heard),
        balance=await stage.trunkline.balance(),
        **seen,
    )


def _detractors() -> list[Person]:
    return [person for person in CAST if person.is_detractor]
