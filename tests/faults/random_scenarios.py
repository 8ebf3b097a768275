"""Scenarios made by chance from a seed, of a few forms that a reference understands."""

import random
from dataclasses import dataclass
from typing import Any

Ref = tuple[int, str]
"""A module's number, and the field of its bundle that holds a whole number."""

Placed = dict[str, Any]

_MOST_MODULES = 14
_VARIABLES = ("v", "w")
_DIRECTIVES = (
    *("resume", "resume", "ignore", "ignore", "break", "break", "break"),
    *("commit", "rollback", None),
)


def scenario(seed: int) -> dict[str, Any]:
    """The scenario of a seed; the same seed gives the same one.

    LEDGER stands for the address at which effects are asked for.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    maker = _Maker(chance)
    first = maker.source()
    rest = maker.line(_Scope(((first["id"], _gives(first)),), (first["id"],)), 0)
    settings = {"dlq": chance.random() < 0.7}
    return {"name": f"Seed {seed}", "flow": [first, *rest], "settings": settings}


def total(constant: int, *refs: Ref) -> str:
    """The template of a sum; what is missing counts as nothing."""
    terms = [f"(ifempty({id_}.{name}; 0) * 1)" for id_, name in refs]
    return "{{" + " + ".join([*(terms or "0"), str(constant)]) + "}}"


@dataclass(frozen=True, slots=True)
class _Scope:
    """The numbers that can be mapped, and the modules that can still be gathered."""

    refs: tuple[Ref, ...] = ()
    sources: tuple[int, ...] = ()

    def with_(self, id_: int, *names: str) -> "_Scope":
        refs = tuple((id_, name) for name in names)
        return _Scope((*self.refs, *refs), (*self.sources, id_))

    def gathered(self, source: int, id_: int, *names: str) -> "_Scope":
        """Behind an aggregator: its source and what lies between are gone."""
        ids = [ref[0] for ref in self.refs]
        sources = self.sources[: self.sources.index(source)]
        return _Scope(self.refs[: ids.index(source)], sources).with_(id_, *names)


@dataclass(slots=True)
class _Maker:
    chance: random.Random
    number: int = 0

    def _new(self, module: str, map_: Placed, **more: Any) -> Placed:  # noqa: ANN401 - keys of a module
        self.number += 1
        return {"id": self.number, "module": module, "map": map_, **more}

    def source(self, scope: _Scope | None = None) -> Placed:
        if self.chance.random() < 0.5:
            repeats: object = self.chance.choice((0, 1, 2, 2, 3))
            constant, refs = self.chance.randint(0, 4), self._some(scope)
            start: object = total(constant, *refs) if refs else constant
            return self._new(
                "flow.repeater", {"start": start, "repeats": repeats, "step": 1}
            )
        items = [
            str(self.chance.randint(0, 9))
            for _ in range(self.chance.choice((1, 2, 2, 3)))
        ]
        return self._new(
            "flow.iterator", {"array": "{{split('" + ",".join(items) + "'; ',')}}"}
        )

    def line(self, scope: _Scope, depth: int, *, ends: bool = True) -> list[Placed]:
        """Modules one after another; only one that `ends` may have a router."""
        flow: list[Placed] = []
        while self.number < _MOST_MODULES and self.chance.random() < 0.95:
            kind = self.chance.choices(
                ("effect", "set", "get", "source", "aggregate", "if_else", "router"),
                (9, 2, 2, 5, 5, 2, 2),
            )[0]
            before = scope
            if kind == "aggregate":
                if not scope.sources:
                    continue
                placed, scope = self._aggregator(scope)
            elif kind == "if_else":
                if depth > 2:
                    continue
                made, scope = self._if_else(scope, depth)
                flow += made
                continue
            elif kind == "router":
                if depth > 2 or not ends:
                    continue
                flow.append(self._router(scope, depth))
                return flow
            else:
                placed = self._one(kind, scope, depth)
                scope = scope.with_(placed["id"], _gives(placed))
            if self.chance.random() < 0.12:
                placed["filter"] = self._gate(before)
            flow.append(placed)
        return flow

    def _one(self, kind: str, scope: _Scope, depth: int) -> Placed:
        match kind:
            case "effect":
                return self.effect(scope, depth)
            case "set":
                name = self.chance.choice(_VARIABLES)
                value = total(self.chance.randint(0, 5), *self._some(scope))
                return self._new("tools.set_a_variable", {"name": name, "value": value})
            case "get":
                name = self.chance.choice(_VARIABLES)
                return self._new("tools.get_a_variable", {"name": name})
        return self.source(scope)

    def effect(self, scope: _Scope, depth: int, *, sure: bool = False) -> Placed:
        """An effect; unless it is `sure`, the target refuses some numbers."""
        placed = self._new("http.make_a_request", {})
        body: Placed = {
            "step": placed["id"],
            "n": total(self.chance.randint(0, 3), *self._some(scope)),
        }
        if not sure and self.chance.random() < 0.6:
            modulus = self.chance.randint(1, 5)
            body |= {"modulus": modulus, "refused": self.chance.randrange(modulus)}
            if self.chance.random() < 0.6:
                placed["on_error"] = self._error_route(scope, depth)
        placed["map"] = {"url": "LEDGER/entries", "method": "POST", "body": body}
        return placed

    def _error_route(self, scope: _Scope, depth: int) -> list[Placed]:
        before = [self.effect(scope, depth, sure=True)] * (self.chance.random() < 0.4)
        match self.chance.choice(_DIRECTIVES):
            case None:
                return before or [self.effect(scope, depth, sure=True)]
            case "resume":
                substitute = {"data": {"echo": total(100, *self._some(scope))}}
                return [*before, self._new("flow.resume", substitute)]
            case "break":
                return [*before, self._new("flow.break", {"retry": False})]
            case directive:
                return [*before, self._new(f"flow.{directive}", {})]

    def _aggregator(self, scope: _Scope) -> tuple[Placed, _Scope]:
        source = self.chance.choice(scope.sources)
        gathers: Placed = {"source": source}
        if self.chance.random() < 0.2:
            gathers["stop_if_empty"] = True
        if self.chance.random() < 0.4:
            gathers["group_by"] = self._remainder(scope)
        value = total(0, *self._some(scope))
        if self.chance.random() < 0.5:
            module, fields, name = (
                "flow.array_aggregator",
                {"n": value},
                "__IMTAGGLENGTH__",
            )
        else:
            module, name = "tools.numeric_aggregator", "result"
            fields = {"value": value, "fn": "sum"}
        placed = self._new(module, fields, aggregate=gathers)
        names = (name, "__IMTKEY__") if "group_by" in gathers else (name,)
        return placed, scope.gathered(source, placed["id"], *names)

    def _if_else(self, scope: _Scope, depth: int) -> tuple[list[Placed], _Scope]:
        placed = self._new("flow.if_else", {}, routes=[])
        number = (placed["id"], "number")
        inside = _Scope((*scope.refs, number), scope.sources)
        seen: list[Ref] = []
        for position in range(self.chance.randint(1, 2)):
            # What lies before the parting cannot be gathered on one of the ways.
            flow = self.line(_Scope(inside.refs), depth + 1, ends=False)
            merges = self.chance.random() < 0.8
            route: Placed = {"flow": flow, "merge": merges}
            if position == 0 or self.chance.random() < 0.3:
                route["condition"] = self._gate(scope)
            placed["routes"].append(route)
            if merges:
                seen += [(one["id"], _gives(one)) for one in flow if _gives(one)]
        merge = self._new("flow.merge", {"outputs": {"said": total(1, *seen[:3])}})
        scope = inside.with_(merge["id"], "said")
        return [placed, merge], scope

    def _router(self, scope: _Scope, depth: int) -> Placed:
        placed = self._new("flow.router", {}, routes=[])
        for _ in range(self.chance.randint(1, 3)):
            flow = self.line(scope, depth + 1)
            placed["routes"].append({"flow": flow})
        if self.chance.random() < 0.3:
            placed["routes"][-1]["fallback"] = True
        return placed

    def _gate(self, scope: _Scope) -> Placed:
        rest = {
            "a": self._remainder(scope),
            "o": "number:equal",
            "b": self.chance.randint(0, 1),
        }
        return {"conditions": [[rest]]}

    def _remainder(self, scope: _Scope) -> str:
        inner = total(self.chance.randint(0, 1), *self._some(scope))[2:-2]
        return "{{(" + inner + ") % " + str(self.chance.randint(2, 3)) + "}}"

    def _some(self, scope: _Scope | None) -> tuple[Ref, ...]:
        refs = () if scope is None else scope.refs
        return tuple(
            self.chance.sample(refs, min(len(refs), self.chance.randint(0, 3)))
        )


def _gives(placed: Placed) -> str:
    """The field of a module's bundle that holds a number."""
    match placed["module"]:
        case "tools.set_a_variable":
            name: str = placed["map"]["name"]
            return name
        case "http.make_a_request":
            return "data.echo"
    return _FIELDS.get(placed["module"], "")


_FIELDS = {
    "flow.repeater": "i",
    "flow.iterator": "value",
    "tools.get_a_variable": "value",
    "flow.array_aggregator": "__IMTAGGLENGTH__",
    "tools.numeric_aggregator": "result",
    "flow.if_else": "number",
    "flow.merge": "said",
}
