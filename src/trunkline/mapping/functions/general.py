"""Functions that choose: by condition, by path, by key."""

from collections.abc import Mapping

from trunkline.errors import DataError
from trunkline.mapping.functions.registry import Shelf
from trunkline.mapping.operators import equals, strictly_equals
from trunkline.mapping.paths import nth, steps_of, walk
from trunkline.mapping.scope import Run, Scope
from trunkline.mapping.values import IGNORE, describe, render_text, truthy

function = Shelf("General")


@function("get(object or array; path)")
def get(source: object, path: object) -> object:
    """The value at a path; array members are counted from 1.

    {{get(1.people; "2.name")}} = "Bob"
    """
    if isinstance(path, int) and not isinstance(path, bool):
        if isinstance(source, Mapping):
            return source.get(str(path))
        return nth(source, path)
    return walk(source, steps_of(render_text(path)))


@function("if(condition; value1; [value2])", lazy=True)
def if_(scope: Scope, condition: Run, value: Run, other: Run | None = None) -> object:
    """The first value if the condition holds, otherwise the second.

    {{if(1.age > 30; "senior"; "junior")}} = "senior"
    """
    if truthy(condition(scope)):
        return value(scope)
    return other(scope) if other else None


@function("ifempty(value; fallback)", lazy=True)
def ifempty(scope: Scope, value: Run, fallback: Run) -> object:
    """The value, or the fallback where it is null or an empty text.

    {{ifempty(1.nickname; "nobody")}} = "nobody"
    """
    found = value(scope)
    return fallback(scope) if found is None or found in ("", IGNORE) else found


@function("switch(expression; value1; result1; ...)", lazy=True)
def switch(scope: Scope, expression: Run, *cases: Run) -> object:
    """The result behind the first equal value; a last single value is the else.

    {{switch(1.country; "CZ"; "Prague"; "DE"; "Berlin"; "elsewhere")}} = "Prague"
    """
    wanted = render_text(expression(scope))
    for value, result in zip(cases[::2], cases[1::2], strict=False):
        if render_text(value(scope)) == wanted:
            return result(scope)
    return cases[-1](scope) if len(cases) % 2 else None


@function("pick(collection; key1; ...)")
def pick(collection: object, *keys: object) -> object:
    """The collection with the named keys only.

    {{pick(1.people[1]; "name")}} = {"name":"Ada"}
    """
    source, kept = _collection(collection), _names(keys)
    return {key: value for key, value in source.items() if key in kept}


@function("omit(collection; key1; ...)")
def omit(collection: object, *keys: object) -> object:
    """The collection without the named keys.

    {{omit(1.people[1]; "name")}} = {"age":36,"city":"Prague"}
    """
    source, dropped = _collection(collection), _names(keys)
    return {key: value for key, value in source.items() if key not in dropped}


@function("equal(value1; value2)", scoped=True)
def equal(scope: Scope, left: object, right: object) -> bool:
    """True if both values are equal, as with the operator =.

    {{equal("5"; 5)}} = true
    """
    return equals(scope, left, right)


@function("isBlank(value)")
def is_blank(value: object) -> bool:
    """True for null, an empty text, array or collection.

    {{isBlank(emptyarray)}} = true
    """
    return value is None or (isinstance(value, str | list | dict) and not value)


@function("in(value; item1; ...)")
def in_(value: object, *items: object) -> bool:
    """True if the value is one of the items, of the same type.

    {{in(1.country; "CZ"; "SK")}} = true
    """
    return any(strictly_equals(value, item) for item in items)


@function("ifin(value; item1; ...; result; else)", lazy=True)
def ifin(scope: Scope, value: Run, *rest: Run) -> object:
    """The result if the value is one of the items, otherwise the else.

    {{ifin(1.country; "CZ"; "SK"; "near"; "far")}} = "near"
    """
    *items, result, otherwise = rest
    wanted = value(scope)
    found = any(strictly_equals(wanted, item(scope)) for item in items)
    return result(scope) if found else otherwise(scope)


@function("case(number; value1; ...)", lazy=True)
def case(scope: Scope, number: Run, *values: Run) -> object:
    """The value at a position counted from 1.

    {{case(2; "low"; "middle"; "high")}} = "middle"
    """
    chosen = number(scope)
    if isinstance(chosen, int) and 0 < chosen <= len(values):
        return values[chosen - 1](scope)
    return None


@function("mergeCollections(collection1; ...)")
def merge_collections(*collections: object) -> object:
    """One collection of all keys; the last value of a key stays.

    {{mergeCollections(1.people[1]; 1.people[2])}}
    = {"name":"Bob","age":25,"city":"Brno"}
    """
    merged: dict[str, object] = {}
    for collection in collections:
        merged.update({} if collection is None else _collection(collection))
    return merged


def _collection(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise DataError(f"A collection is needed, not {describe(value)}.")


def _names(keys: tuple[object, ...]) -> set[str]:
    return {
        render_text(key)
        for group in keys
        for key in (group if isinstance(group, list) else [group])
    }
