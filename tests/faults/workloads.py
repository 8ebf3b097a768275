"""What runs while a fault is caused: scenarios, and the deliveries they get."""

import copy
import functools
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trunkline.apps.refiner.samples as refiner_samples
from fakes.clock import HastyClock
from trunkline.model.clock import Clock, SystemClock
from trunkline.services.incomplete import Edit

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
    event to the array `seen` of its one record. What the target refuses stops, and is
    resumed once it is mended, or with `edit` instead of what was refused. `whole` is
    what steps behind an aggregator may tell of it. In a `hasty` world time flies, so
    that sleeping costs none.
    """

    flow: tuple[Mapping[str, Any], ...]
    effects: int
    events: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    connection: bool = False
    taken_over: bool = False
    data_store: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    edit: Mapping[str, Any] | None = None
    whole: Mapping[int, Collection[object]] = field(default_factory=dict)
    in_order: bool = False
    hasty: bool = False

    @property
    def all_events(self) -> set[str]:
        return {*self.events, *self.waiting}

    def document(self, ledger: str) -> dict[str, Any]:
        settings = dict(self.settings)
        text = json.dumps({"name": "Fault", "flow": self.flow, "settings": settings})
        document: dict[str, Any] = json.loads(text.replace("LEDGER", ledger))
        return document

    def edited(self, ledger: str) -> Edit:
        """What a person gives to the module that was refused."""
        assert self.edit is not None
        edit = json.loads(json.dumps(self.edit).replace("LEDGER", ledger))
        return Edit(**edit)

    def clock(self, *, life: int) -> Clock:
        """That of the first life, or of a later one, in which it is later."""
        if not self.hasty:
            return SystemClock()
        clock = HastyClock()
        clock.ahead = life * 500_000.0
        return clock


def entry(id_: int, *, number: str | None = None, **more: object) -> dict[str, Any]:
    """A module that has an effect at the ledger; `more` is added to it."""
    body = {"event": "{{1.response.uuid}}", "step": id_}
    if number is not None:
        body["number"] = number
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
_COUNT = {
    "id": 2,
    "module": "tools.increment_function",
    "map": {"reset": "scenario", "name": "answers"},
}
_LIST = {"id": 2, "module": "refiner.list_contacts", "connection": "refiner"}


def _iterator(id_: int, *items: int) -> dict[str, Any]:
    listed = ",".join(map(str, items))
    fields = {"array": "{{split('" + listed + "'; ',')}}"}
    return {"id": id_, "module": "flow.iterator", "map": fields}


def _gathered(id_: int, source: int, value: str, **more: object) -> dict[str, Any]:
    return {
        "id": id_,
        "module": "flow.array_aggregator",
        "aggregate": {"source": source, **more},
        "map": {"n": value},
    }


def _told(id_: int, gathered: str, **more: object) -> dict[str, Any]:
    """An effect that tells what was gathered."""
    body = {"event": "{{1.response.uuid}}", "step": id_, "gathered": gathered}
    fields = {"url": "LEDGER/entries", "method": "POST", "body": body}
    return {"id": id_, "module": "http.make_a_request", "map": fields, **more}


def _refused(id_: int, n: str, modulus: int, **more: object) -> dict[str, Any]:
    """An effect that is refused for numbers that the modulus divides."""
    body = {"event": "{{1.response.uuid}}", "step": id_}
    asked = body | {"n": n, "modulus": modulus, "refused": 0}
    fields = {"url": "LEDGER/entries", "method": "POST", "body": asked}
    return {"id": id_, "module": "http.make_a_request", "map": fields, **more}


def _odd(value: str) -> dict[str, Any]:
    condition = {"a": "{{" + value + " % 2}}", "o": "number:equal", "b": 1}
    return {"conditions": [[condition]]}


def _directive(id_: int, name: str, **fields: object) -> list[dict[str, Any]]:
    return [{"id": id_, "module": f"flow.{name}", "map": fields}]


_VALUE = "{{2.value * 1}}"
_LENGTH_OF_4 = "{{length(4.array)}}"
_ROUTES = {
    "id": 3,
    "module": "flow.router",
    "routes": [
        {
            "flow": [
                _gathered(4, 2, _VALUE) | {"filter": _odd("2.value")},
                _told(5, _LENGTH_OF_4),
            ]
        },
        {"flow": [entry(6)]},
    ],
}
_CHOICE = {
    "id": 3,
    "module": "flow.if_else",
    "routes": [
        {"condition": _odd("2.value"), "flow": [entry(4)]},
        {"flow": [entry(5)]},
    ],
}
_MERGE = {
    "id": 6,
    "module": "flow.merge",
    "map": {"outputs": {"said": "{{ifempty(4.status_code; 5.status_code)}}"}},
}
_SET = {
    "id": 4,
    "module": "tools.set_a_variable",
    "map": {"name": "last", "value": _VALUE},
}
_GET = {"id": 5, "module": "tools.get_a_variable", "map": {"name": "last"}}
_ACROSS = {
    "id": 3,
    "module": "flow.router",
    "routes": [{"flow": [_SET, entry(6)]}, {"flow": [_GET, _told(7, "{{5.value}}")]}],
}
_SLEEP = {"id": 3, "module": "tools.sleep", "map": {"seconds": 60}}
_MENDED_BY_HAND = {
    "module_id": 3,
    "path": "1.2",
    "input": {
        "url": "LEDGER/entries",
        "method": "POST",
        "body": {"event": "e1", "step": 3, "n": 1},
    },
}


def _one(
    *flow: Mapping[str, Any],
    effects: int,
    whole: Mapping[int, Collection[object]] | None = None,
    **more: Any,  # noqa: ANN401 - fields of a workload
) -> Workload:
    """A workload of one event."""
    facts: dict[str, Any] = {"events": ("e1",), "whole": whole or {}} | more
    return Workload(flow=(TRIGGER, *flow), effects=effects, **facts)


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
    "counted": Workload(
        flow=(TRIGGER, _COUNT, entry(3, number="{{2.i}}")),
        effects=1,
        events=("e1", "e2", "e3"),
    ),
    # One of the two stops in between, and its write waits with it.
    "together": Workload(
        flow=(TRIGGER, _SEE, _refused(3, "{{length(1.response.uuid)}}", 2), entry(4)),
        effects=2,
        events=("e1", "ee2"),
        data_store="events",
        settings={"auto_commit": False},
    ),
    "activation": Workload(
        flow=(TRIGGER, entry(2)), effects=1, waiting=("w1", "w2", "w3"), events=("e1",)
    ),
    "taking_over": Workload(
        flow=_FIVE_STEPS, effects=3, events=("e1",), taken_over=True
    ),
    "iterator": _one(_iterator(2, 1, 2, 3), entry(3), effects=3),
    "nested": _one(
        _iterator(2, 1, 2),
        _iterator(3, 1, 2),
        entry(6),
        _gathered(4, 2, "{{3.value}}"),
        _told(5, _LENGTH_OF_4),
        effects=5,
        whole={5: {4}},
    ),
    "grouped": _one(
        _iterator(2, 1, 2, 3),
        entry(3),
        _gathered(4, 2, _VALUE, group_by="{{2.value % 2}}"),
        _told(5, "{{4.__IMTKEY__}}: {{join(map(4.array; 'n'); ',')}}"),
        effects=5,
        whole={5: {"1: 1,3", "0: 2"}},
    ),
    "routes": _one(_iterator(2, 1, 2, 3), _ROUTES, effects=4, whole={5: {2}}),
    "if_else": _one(_iterator(2, 1, 2), _CHOICE, _MERGE, entry(7), effects=4),
    "error_resume": _one(
        _iterator(2, 1, 2),
        _refused(3, _VALUE, 2, on_error=_directive(8, "resume", status_code=0)),
        _gathered(4, 2, "{{3.status_code}}"),
        _told(5, _LENGTH_OF_4),
        effects=2,
        whole={5: {2}},
    ),
    "error_ignore": _one(
        _iterator(2, 1, 2),
        _refused(3, _VALUE, 2, on_error=[entry(9), *_directive(8, "ignore")]),
        _gathered(4, 2, "{{3.status_code}}"),
        _told(5, _LENGTH_OF_4),
        effects=3,
        whole={5: {1}},
    ),
    "error_break": _one(
        _iterator(2, 1, 2),
        _refused(3, _VALUE, 2, on_error=[entry(9), *_directive(8, "break")]),
        _gathered(4, 2, _VALUE),
        _told(5, _LENGTH_OF_4),
        effects=4,
        whole={5: {2}},
    ),
    "resumed": _one(
        _iterator(2, 1, 2),
        _iterator(6, 1, 2),
        _refused(3, "{{2.value * 6.value}}", 4),
        _gathered(4, 2, _VALUE),
        _told(5, _LENGTH_OF_4),
        effects=5,
        whole={5: {4}},
    ),
    "edited": _one(
        _iterator(2, 1, 2), _refused(3, _VALUE, 2), effects=2, edit=_MENDED_BY_HAND
    ),
    "sleeping": _one(
        _iterator(2, 1, 2), _SLEEP, entry(4), entry(5), effects=4, hasty=True
    ),
    "in_line": _one(
        _refused(2, "{{length(1.response.uuid)}}", 2),
        entry(3),
        effects=2,
        events=("e1", "ee2", "ee3"),
        settings={"sequential": True},
        in_order=True,
    ),
    "variables": _one(_iterator(2, 1, 2), _ACROSS, effects=4, whole={7: {1, 2}}),
}
