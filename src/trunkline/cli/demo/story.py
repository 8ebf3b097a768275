"""The story: connect, watch, answer, and look what came of it."""

import asyncio
import json
import time
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from trunkline.cli.demo.cast import CAST, TESTERS
from trunkline.cli.demo.evidence import Evidence, gather
from trunkline.cli.demo.refiner import KEY
from trunkline.cli.demo.report import Finding, Teller
from trunkline.cli.demo.stage import Stage
from trunkline.cli.executions import COLUMNS
from trunkline.cli.tables import Column
from trunkline.client.calls import Record
from trunkline.errors import TrunklineError

CONNECTION = "My Refiner"
WEBHOOKS = {
    # name: (module, the trigger event's name in Refiner)
    "Completed surveys": ("refiner.watch_completed_survey", "Completed Survey"),
    "Entered segment": ("refiner.watch_user_entered_segment", "User entered segment"),
}
SCENARIOS = ("detractors.yaml", "entered-segment.yaml")
EXAMPLE_LISTENER = "http://127.0.0.1:8790"
"""Where the scenario file sends its posts, until that is replaced."""

_DEADLINE = 20.0
_PAUSE = 0.02
_UNFINISHED = ("queued", "running")
_CONTACTS: tuple[Column, ...] = (
    ("User ID", "remote_id"),
    ("Name", "display_name"),
    ("nps", lambda contact: contact["attributes"].get("nps")),
    ("last_comment", lambda contact: contact["attributes"].get("last_comment")),
)
_MATCHES: tuple[Column, ...] = (("UUID", "uuid"), ("E-mail", "email"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened, and what was found of it."""

    steps: list[str]
    evidence: Evidence
    findings: list[Finding]

    @property
    def well(self) -> bool:
        return all(finding.well for finding in self.findings)

    def as_record(self) -> dict[str, Any]:
        return {
            "well": self.well,
            "steps": self.steps,
            "findings": [finding.as_record() for finding in self.findings],
            **self.evidence.as_record(),
        }


async def play(stage: Stage, teller: Teller) -> Story:
    """Plays the whole story on a stage that is set up."""
    teller.step(
        f"A Refiner of our own, the sandbox, runs at {stage.refiner.address}, and "
        f"Trunkline at {stage.trunkline.address} with an empty folder."
    )
    await _connect(stage, teller)
    await _watch(stage, teller)
    uuids = await _answer(stage, teller)
    await _wait(stage, teller)
    evidence = await gather(stage, uuids, await _look(stage, teller))
    return Story(
        steps=teller.steps, evidence=evidence, findings=list(evidence.findings())
    )


async def _connect(stage: Stage, teller: Teller) -> None:
    made = await stage.trunkline.add_connection(
        CONNECTION, "refiner", {"api_key": KEY}, stage.refiner.address
    )
    teller.step(
        f"The connection {CONNECTION!r} is made with the API key from Integrations > "
        f"Get API Key. The connection has been established: {made['label']}."
    )


async def _watch(stage: Stage, teller: Teller) -> None:
    for name, (module, event) in WEBHOOKS.items():
        made = await stage.trunkline.add_webhook({"name": name, "module": module})
        secret = made["secret"] or ""
        await stage.refiner.save_webhook(name, event, made["address"], secret)
        teller.step(
            f"The webhook {name!r} is made. In Refiner, under Integrations > Webhook, "
            "its address goes into Destination URL, its secret into Secret Auth-Token; "
            f"the Trigger Event is {event!r}; Save Webhook."
        )
    for file in SCENARIOS:
        text = files("trunkline.cli.demo").joinpath(file).read_text("utf-8")
        text = text.replace(EXAMPLE_LISTENER, stage.listener.address)
        saved = await stage.trunkline.save_scenario(text)
        await stage.trunkline.activate(saved["name"])
        modules = " -> ".join(saved["modules"])
        teller.step(f"The scenario {saved['name']!r} is active: {modules}.")


async def _answer(stage: Stage, teller: Teller) -> dict[str, str]:
    """Lets everybody answer, and some enter a segment; gives their uuids by name."""
    survey = await stage.refiner.survey("Quarterly NPS")
    answered = await asyncio.gather(
        *(stage.refiner.answer(survey, person.fields()) for person in CAST)
    )
    uuids = dict(zip((person.name for person in CAST), answered, strict=True))
    scores = ", ".join(str(person.nps) for person in CAST)
    teller.step(f"{len(CAST)} contacts answer the survey 'Quarterly NPS': {scores}.")
    segment = await stage.refiner.segment("Beta testers")
    for name in TESTERS:
        await stage.refiner.enter(segment, uuids[name])
    teller.step(
        f"{' and '.join(TESTERS)} enter the manual segment 'Beta testers'; Refiner "
        "itself puts those who answered into 'Promoters' and 'Detractors'."
    )
    return uuids


async def _wait(stage: Stage, teller: Teller) -> None:
    """Waits until all that Refiner sent was received, and all of it has run.

    Raises:
        TrunklineError: that takes too long.
    """
    deadline = time.monotonic() + _DEADLINE
    while not await _is_settled(stage):
        if time.monotonic() > deadline:
            balance = json.dumps(await stage.trunkline.balance())
            raise TrunklineError(
                f"After {_DEADLINE:.0f} s not everything has run: {balance}."
            )
        await asyncio.sleep(_PAUSE)
    teller.step("Every delivery was stored, answered and run. What they did:")


async def _is_settled(stage: Stage) -> bool:
    expected = len(CAST) + await stage.refiner.entries()
    sent = len(await stage.refiner.sends())
    balance = await stage.trunkline.balance()
    running = sum(balance["executions"].get(state, 0) for state in _UNFINISHED)
    ended = sum(balance["executions"].values()) - running
    return bool(expected == sent == balance["accepted"] == ended)


async def _look(stage: Stage, teller: Teller) -> dict[str, list[Record]]:
    """Executions, and the contacts as two modules of the app see them."""
    executions = await stage.trunkline.executions(1000)
    teller.table([one for one in COLUMNS if one[0] != "Error"], executions)
    listed = await _bundles(stage, "refiner.list_contacts", {})
    teller.step("List Contacts gives the contacts with their new traits:")
    teller.table(_CONTACTS, listed)
    call = {"url": "/v1/contacts", "method": "GET"}
    [answer] = await _bundles(stage, "refiner.make_an_api_call", call)
    matches = answer["body"]["items"]
    teller.step(
        "Make an API Call, URL /v1/contacts, Method GET: the matches are under "
        f"Bundle > Body > items, {len(matches)} of them:"
    )
    teller.table(_MATCHES, matches)
    return {"executions": executions, "contacts": listed, "matches": matches}


async def _bundles(stage: Stage, module: str, fields: Record) -> list[Record]:
    found = stage.trunkline.run_module(module, CONNECTION, fields)
    return [json.loads(line) async for lines in found for line in lines]
