"""What a scenario of `random_scenarios` does, told by a recursion without an engine.

It keeps, as the engine's journal does, what became of each operation, and goes by it
when it goes on: that is what the contract promises of an interrupted run.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Place = tuple[int, str]
Bundles = Mapping[int, Mapping[str, Any]]
Placed = Mapping[str, Any]
Line = list[Placed]

_SUM = re.compile(r"\(ifempty\((\d+)\.([\w.]+); 0\) \* 1\)|(\d+)")
_SPLIT = re.compile(r"split\('([\d,]*)'")


class Stopped(Exception):  # noqa: N818 - not an error
    """A bundle waits for a repair."""


class Ended(Exception):  # noqa: N818 - not an error
    """The run is over, in a state."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class Effect:
    """What the target is to see: which operation, and the number it was sent."""

    module: int
    path: str
    n: int


@dataclass(slots=True)
class _Gathered:
    """What came to an aggregator for one operation of its source."""

    rest: Line
    source: Bundles
    items: list[tuple[int | None, int]] = field(default_factory=list)


@dataclass(slots=True)
class Reference:
    """One execution; `effects` are in their order, `aggregates` by operation."""

    document: Placed
    mended: bool = False
    effects: list[Effect] = field(default_factory=list)
    aggregates: dict[Place, list[int | None]] = field(default_factory=dict)
    _known: dict[Place, Any] = field(default_factory=dict)
    _stops: list[Place] = field(default_factory=list)
    _variables: dict[str, int] = field(default_factory=dict)
    _open: dict[Place, _Gathered] = field(default_factory=dict)
    _closers: dict[int, list[tuple[Placed, Line]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._find_closers(self.document["flow"], [])

    def run(self) -> str:
        """Runs, or goes on after a stop; returns the state it ends in."""
        for place in self._stops:
            self._known.pop(place, None)
        self._stops, self._variables, self._open = [], {}, {}
        try:
            self._line(self.document["flow"], {}, "")
        except Stopped:
            pass
        except Ended as end:
            if end.state == "failed":
                return "failed"
        return "incomplete" if self._stops else "done"

    def _find_closers(self, flow: Line, then: Line) -> None:
        for at, placed in enumerate(flow):
            rest = [*flow[at + 1 :], *then]
            if "aggregate" in placed:
                source = placed["aggregate"]["source"]
                self._closers.setdefault(source, []).append((placed, rest))
            for route in placed.get("routes", ()):
                self._find_closers(route["flow"], rest if route.get("merge") else [])

    def _line(self, line: Line, bundles: Bundles, path: str) -> None:
        if not line:
            return
        placed, rest = line[0], line[1:]
        if not self._passes(placed, bundles, path):
            return
        module = placed["module"]
        if module == "flow.router":
            self._router(placed, bundles, path)
        elif module == "flow.if_else":
            self._if_else(placed, rest, bundles, path)
        elif "aggregate" in placed:
            self._gather(placed, bundles, path)
        elif module in ("flow.repeater", "flow.iterator"):
            self._each(placed, rest, bundles, path, self._many(placed, bundles))
        else:
            given = self._single(placed, bundles, path)
            if given is None:
                return
            if placed["id"] in self._closers:
                self._each(placed, rest, bundles, path, [given])
            else:
                self._line(rest, {**bundles, placed["id"]: given}, path)

    def _passes(self, placed: Placed, bundles: Bundles, path: str) -> bool:
        if "filter" not in placed:
            return True
        place = placed["id"], path
        if place in self._known:
            return bool(self._known[place] != "filtered")
        passed = _holds(placed["filter"], bundles)
        if not passed:
            self._known[place] = "filtered"
        return passed

    def _router(self, placed: Placed, bundles: Bundles, path: str) -> None:
        taken = False
        for fallback in (False, True):
            for route in placed["routes"]:
                if route.get("fallback", False) is not fallback or (fallback and taken):
                    continue
                line = route["flow"]
                if line and not self._passes(line[0], bundles, path):
                    continue
                taken = True
                self._line(line, bundles, path)

    def _if_else(self, placed: Placed, rest: Line, bundles: Bundles, path: str) -> None:
        place = placed["id"], path
        if place not in self._known:
            self._known[place] = next(
                (
                    number
                    for number, route in enumerate(placed["routes"], 1)
                    if "condition" not in route or _holds(route["condition"], bundles)
                ),
                None,
            )
        number = self._known[place]
        if number is None:
            return
        route = placed["routes"][number - 1]
        line = [*route["flow"], *(rest if route["merge"] else ())]
        self._line(line, {**bundles, placed["id"]: {"number": number}}, path)

    def _many(self, placed: Placed, bundles: Bundles) -> list[Mapping[str, Any]]:
        fields = placed["map"]
        if placed["module"] == "flow.iterator":
            found = _SPLIT.search(fields["array"])
            assert found
            return [{"value": int(one)} for one in found[1].split(",")]
        start = _sum(fields["start"], bundles)
        return [{"i": start + at} for at in range(fields["repeats"])]

    def _each(
        self,
        placed: Placed,
        rest: Line,
        bundles: Bundles,
        path: str,
        given: Sequence[Mapping[str, Any]],
        *,
        deeper: bool = True,
    ) -> None:
        closers = self._closers.get(placed["id"], [])
        for closer, behind in closers:
            self._open[closer["id"], path] = _Gathered(behind, bundles)
        stopped = False
        for position, one in enumerate(given, 1):
            below = ".".join(filter(None, (path, str(position)))) if deeper else path
            try:
                self._line(rest, {**bundles, placed["id"]: one}, below)
            except Stopped:
                stopped = True
        if stopped:
            raise Stopped
        for closer, _ in closers:
            self._close(closer, path)

    def _gather(self, placed: Placed, bundles: Bundles, path: str) -> None:
        fields, by = placed["map"], placed["aggregate"].get("group_by")
        value = _sum(fields.get("n", fields.get("value")), bundles)
        around = path
        while (placed["id"], around) not in self._open:
            around = around.rpartition(".")[0]
        key = None if by is None else _remainder(by, bundles)
        self._open[placed["id"], around].items.append((key, value))

    def _close(self, placed: Placed, path: str) -> None:
        gathered = self._open.pop((placed["id"], path))
        gathers = placed["aggregate"]
        if gathers.get("stop_if_empty") and not gathered.items:
            return
        groups: dict[int | None, list[int]] = {}
        for key, value in gathered.items:
            groups.setdefault(key, []).append(value)
        outputs = []
        for key, values in (groups or {None: []}).items():
            made = {"__IMTKEY__": key} if "group_by" in gathers else {}
            if placed["module"] == "flow.array_aggregator":
                made["__IMTAGGLENGTH__"] = len(values)
            else:
                made["result"] = sum(values)
            outputs.append(made)
        numbers = [one.get("result", one.get("__IMTAGGLENGTH__")) for one in outputs]
        self.aggregates.setdefault((placed["id"], path), numbers)
        deeper = "group_by" in gathers or placed["id"] in self._closers
        self._each(placed, gathered.rest, gathered.source, path, outputs, deeper=deeper)

    def _single(
        self, placed: Placed, bundles: Bundles, path: str
    ) -> Mapping[str, Any] | None:
        """The bundle that a module gives; none where its way ends."""
        fields, module = placed["map"], placed["module"]
        match module:
            case "tools.set_a_variable":
                value = _sum(fields["value"], bundles)
                self._variables[fields["name"]] = value
                self._known.setdefault((placed["id"], path), "done")
                return {fields["name"]: value}
            case "tools.get_a_variable":
                self._known.setdefault((placed["id"], path), "done")
                return {"value": self._variables.get(fields["name"])}
            case "flow.merge":
                said = _sum(fields["outputs"]["said"], bundles)
                return {"said": self._once(placed, path, said)}
        return self._effect(placed, bundles, path)

    def _effect(
        self, placed: Placed, bundles: Bundles, path: str
    ) -> Mapping[str, Any] | None:
        place = placed["id"], path
        body = placed["map"]["body"]
        if place not in self._known:
            n = _sum(body["n"], bundles)
            modulus = body.get("modulus")
            refused = modulus and n % modulus == body["refused"] and not self.mended
            self._known[place] = None if refused else n
            if not refused:
                self.effects.append(Effect(*place, n))
        echo = self._known[place]
        if echo is not None:
            return {"data": {"echo": echo}}
        return self._error_route(placed, bundles, path)

    def _error_route(
        self, placed: Placed, bundles: Bundles, path: str
    ) -> Mapping[str, Any] | None:
        route = placed.get("on_error")
        if not route:
            if self.document["settings"]["dlq"]:
                self._stop(placed, path)
            self._stops.append((placed["id"], path))
            raise Ended("failed")
        for one in route:
            match one["module"]:
                case "http.make_a_request":
                    self._effect(one, bundles, path)
                case "flow.resume":
                    echo = one["map"]["data"]["echo"]
                    echo = self._once(one, path, _sum(echo, bundles))
                    return {"data": {"echo": echo}}
                case "flow.break":
                    self._stop(placed, path)
                case "flow.commit":
                    raise Ended("done")
                case "flow.rollback":
                    self._stops.append((placed["id"], path))
                    raise Ended("failed")
        return None

    def _once(self, placed: Placed, path: str, value: int) -> int:
        """What a module gave the first time, which it gives ever after."""
        known: int = self._known.setdefault((placed["id"], path), value)
        return known

    def _stop(self, placed: Placed, path: str) -> None:
        self._stops.append((placed["id"], path))
        raise Stopped


def _sum(template: str | int, bundles: Bundles) -> int:
    """`{{(ifempty(1.i; 0) * 1) + 3}}`: all that is added up."""
    if isinstance(template, int):
        return template
    result = 0
    for id_, name, number in _SUM.findall(template):
        result += int(number) if number else _read(bundles, int(id_), name)
    return result


def _read(bundles: Bundles, id_: int, name: str) -> int:
    value: Any = bundles.get(id_, {})
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value or 0


def _remainder(template: str, bundles: Bundles) -> int:
    """`{{(…) % 3}}`."""
    inner, _, modulus = template[3:-2].rpartition(") % ")
    return _sum(inner, bundles) % int(modulus)


def _holds(gate: Placed, bundles: Bundles) -> bool:
    ((condition,),) = gate["conditions"]
    return bool(_remainder(condition["a"], bundles) == condition["b"])
