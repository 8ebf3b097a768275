"""Filters: which bundles may pass to a module."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trunkline.errors import BundleValidationError, TemplateError
from trunkline.mapping.conditions import OPERATORS, Operator
from trunkline.mapping.scope import Scope
from trunkline.mapping.suggestions import nearest
from trunkline.mapping.template import Reference, Template, compile_template
from trunkline.mapping.values import Special


class Verdict(NamedTuple):
    """Whether a bundle passed; `warnings` name conditions that could not be judged."""

    passed: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Two sides and the operator between them."""

    operator: Operator
    left: Template
    right: Template

    def holds(self, scope: Scope) -> bool:
        """Raises BundleValidationError where a side does not fit the operator."""
        return self.operator.test(
            scope, _value(self.left, scope), _value(self.right, scope)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Alternatives, each a row of conditions that must all hold; none lets all pass."""

    name: str
    alternatives: tuple[tuple[Condition, ...], ...]

    @property
    def references(self) -> frozenset[Reference]:
        return frozenset[Reference]().union(
            *(
                side.references
                for row in self.alternatives
                for condition in row
                for side in (condition.left, condition.right)
            )
        )

    def passes(self, scope: Scope) -> Verdict:
        """Judge a bundle; a value of the wrong type fails its condition (O9)."""
        warnings: list[str] = []
        passed = not self.alternatives or any(
            all(_judged(condition, scope, warnings) for condition in row)
            for row in self.alternatives
        )
        return Verdict(passed, tuple(warnings))


def compile_filter(spec: Mapping[str, object] | None) -> Filter:
    """Compile `{name, conditions: [[{a, o, b}, …], …]}`.

    Raises TemplateError for an unknown operator, a shape that is not this one, or a
    fault in a template.
    """
    spec = spec or {}
    rows = _list(spec.get("conditions") or [], "The conditions of a filter")
    return Filter(
        name=str(spec.get("name") or ""),
        alternatives=tuple(row for row in map(_row, rows) if row),
    )


def _row(row: object) -> tuple[Condition, ...]:
    return tuple(_condition(item) for item in _list(row, "An alternative of a filter"))


def _condition(spec: object) -> Condition:
    if not isinstance(spec, Mapping) or "o" not in spec:
        raise TemplateError(
            "A condition has the keys a (left side), o (operator) and b (right side)."
        )
    found = _operator(str(spec["o"]))
    return Condition(
        operator=found,
        left=compile_template(spec.get("a")),
        right=compile_template(None if found.unary else spec.get("b")),
    )


def _operator(name: str) -> Operator:
    if name in OPERATORS:
        return OPERATORS[name]
    raise TemplateError(
        f"Unknown filter operator '{name}'. {nearest(name, OPERATORS)}".rstrip(),
        length=len(name),
    )


def _list(value: object, what: str) -> Sequence[object]:
    if isinstance(value, list | tuple):
        return value
    raise TemplateError(f"{what} must be a list.")


def _judged(condition: Condition, scope: Scope, warnings: list[str]) -> bool:
    try:
        return condition.holds(scope)
    except BundleValidationError as error:
        warnings.append(f"{condition.operator.name}: {error}")
        return False


def _value(side: Template, scope: Scope) -> object:
    value = side.evaluate(scope)
    return None if isinstance(value, Special) else value
