"""What runs while a fault is caused: scenarios, and the deliveries they get."""

import copy
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trunkline.apps.refiner.samples as refiner_samples

WEBHOOK = "survey"
SECRET = "canary-webhook-secret-77af3c"
API_KEY = "canary-refiner-key-0123456789abcdef"
TRIGGER: Mapping[str, Any] = {
    "id": 1,
    "module": "refiner.watch_completed_survey",
    "webhook": WEBHOOK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A scenario and the events that are delivered to it, one after another.

    `effects` is how many effects one event has. `waiting` events arrived before the
    scenario was switched on, which then happens under fault. With `taken_over` the
    first life has been cut short already, and the points begin with the opening of
    the folder. With `data_store` there is one of that name, and the scenario adds each
    event to the array `seen` of its one record.
    """

    flow: tuple[Mapping[str, Any], ...]
    effects: int
    events: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    connection: bool = False
    taken_over: bool = False
    data_store: str | None = None

    @property
    def all_events(self) -> set[str]:
        return {*self.events, *self.waiting}

    def document(self, ledger: str) -> dict[str, Any]:
        text = json.dumps({"name": "Fault", "flow": self.flow})
        document: dict[str, Any] = json.loads(text.replace("LEDGER", ledger))
        return document


def entry(id_: int, **more: object) -> dict[str, Any]:
    """A module that has an effect at the ledger; `more` is added to it."""
    body = {"event": "{{1.response.uuid}}", "step": id_}
    return {
        "id": id_,
        "module": "http.make_a_request",
        "map": {"url": "LEDGER/entries", "method": "POST", "body": body},
        **more,
    }


def completed_survey(event: str) -> bytes:
    """A delivery of Refiner's that differs from others by its response."""
    payload = copy.deepcopy(_sample())
    payload["response"]["uuid"] = event
    return json.dumps(payload).encode()


@functools.cache
def _sample() -> dict[str, Any]:
    folder = Path(str(refiner_samples.__file__)).parent
    sample: dict[str, Any] = json.loads((folder / "completed_survey.json").read_text())
    return sample


def _score(operator: str) -> dict[str, Any]:
    condition = {"a": "{{1.response.data.nps}}", "o": f"number:{operator}", "b": 9}
    return {"conditions": [[condition]]}


_VARIABLE = {
    "id": 2,
    "module": "tools.set_a_variable",
    "map": {"name": "who", "value": "{{upper(1.display_name)}}"},
}
_FORK = {
    "id": 5,
    "module": "flow.router",
    "routes": [
        {"flow": [entry(6, filter=_score("greaterorequal"))]},
        {"flow": [entry(7, filter=_score("less"))]},
    ],
}
_FIVE_STEPS = (
    TRIGGER,
    _VARIABLE,
    entry(3),
    entry(4, filter=_score("greaterorequal")),
    _FORK,
)
_SEE = {
    "id": 2,
    "module": "datastore.update_a_record",
    "map": {
        "data_store": "events",
        "key": "all",
        "upsert": True,
        "overwrite_arrays": False,
        "data": {"seen": ["{{1.response.uuid}}"]},
    },
}
_LIST = {"id": 2, "module": "refiner.list_contacts", "connection": "refiner"}

WORKLOADS = {
    # The second sending of an event is a duplicate, and must be taken for one.
    "five_steps": Workload(flow=_FIVE_STEPS, effects=3, events=("e1", "e2", "e1")),
    "search": Workload(
        flow=(TRIGGER, _LIST, entry(3)), effects=5, events=("e1",), connection=True
    ),
    "data_store": Workload(
        flow=(TRIGGER, _SEE, entry(3)),
        effects=1,
        events=("e1", "e2", "e3"),
        data_store="events",
    ),
    "activation": Workload(
        flow=(TRIGGER, entry(2)), effects=1, waiting=("w1", "w2", "w3"), events=("e1",)
    ),
    "taking_over": Workload(
        flow=_FIVE_STEPS, effects=3, events=("e1",), taken_over=True
    ),
}
