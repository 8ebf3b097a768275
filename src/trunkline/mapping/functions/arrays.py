"""Functions over arrays and collections."""

from collections.abc import Iterable, Mapping
from typing import Final

from trunkline.errors import DataError
from trunkline.mapping.functions.registry import Shelf
from trunkline.mapping.numbers import exact, integer, is_number
from trunkline.mapping.paths import nth, steps_of, walk
from trunkline.mapping.scope import Scope
from trunkline.mapping.values import describe, json_text, render_text, weigh

function = Shelf("Array")

_READ_PER_STEP: Final = 20
_ORDERS: Final = ("asc", "desc", "asc ci", "desc ci")


@function("add(array; value1; ...)", scoped=True)
def add(scope: Scope, array: object, *values: object) -> list[object]:
    """The array with more members.

    {{add(1.tags; "new")}} = ["nps","csat","new"]
    """
    members = _array(array)
    scope.budget.hold(len(members) + len(values))
    return [*members, *values]


@function("deduplicate(array)", scoped=True)
def deduplicate(scope: Scope, array: object) -> list[object]:
    """The array without repeated members.

    {{deduplicate(split("a,b,a"; ","))}} = ["a","b"]
    """
    return _distinct(scope, array, None)


@function("distinct(array; [key])", scoped=True)
def distinct(scope: Scope, array: object, key: object = None) -> list[object]:
    """The first member of each value that the key has.

    {{map(distinct(1.people; "city"); "name")}} = ["Ada","Bob"]
    """
    return _distinct(scope, array, key)


@function("first(array)")
def first(array: object) -> object:
    """The first member; null of an empty array.

    {{first(1.tags)}} = "nps"
    """
    members = _array(array)
    return members[0] if members else None


@function("last(array)")
def last(array: object) -> object:
    """The last member; null of an empty array.

    {{last(1.tags)}} = "csat"
    """
    members = _array(array)
    return members[-1] if members else None


@function("flatten(array; [depth])", scoped=True)
def flatten(scope: Scope, array: object, depth: object = 1) -> list[object]:
    """The members of inner arrays moved up, so many levels.

    {{flatten(1.pairs)}} = [1,2,3]
    """
    members = _array(array)
    for _ in range(integer(1 if depth is None else depth)):
        if not any(isinstance(member, list) for member in members):
            break
        scope.budget.hold(sum(_breadth(member) for member in members))
        members = [inner for member in members for inner in _opened(member)]
    return members


@function("join(array; [separator])", scoped=True)
def join(scope: Scope, array: object, separator: object = ",") -> str:
    """The members as one text.

    {{join(1.tags; ", ")}} = "nps, csat"
    """
    sign = "," if separator is None else render_text(separator)
    members = _array(array)
    texts = []
    for member in members:
        text = render_text(member)
        scope.budget.produce(len(text) + len(sign))
        texts.append(text)
    return sign.join(texts)


@function("keys(collection)")
def keys(collection: object) -> list[object]:
    """The names of a collection's fields.

    {{keys(1.people[1])}} = ["name","age","city"]
    """
    return list(_collection(collection))


@function("map(array; key; [filter key]; [values])", scoped=True)
def map_(
    scope: Scope,
    array: object,
    key: object,
    filter_key: object = None,
    values: object = None,
) -> list[object]:
    """The key's value of each member, of those only whose filter key fits.

    {{map(1.people; "name"; "city"; "Prague")}} = ["Ada","Eva"]
    """
    members = _array(array)
    scope.budget.hold(len(members))
    path = steps_of(render_text(key))
    if filter_key is None:
        return [walk(member, path) for member in members]
    allowed = _listed(values)
    condition = steps_of(render_text(filter_key))
    return [
        walk(member, path)
        for member in members
        if _shown(scope, walk(member, condition)) in allowed
    ]


@function("merge(array1; ...)", scoped=True)
def merge(scope: Scope, *arrays: object) -> list[object]:
    """One array of all members.

    {{merge(1.tags; split("x,y"; ","))}} = ["nps","csat","x","y"]
    """
    found = [[] if array is None else _array(array) for array in arrays]
    scope.budget.hold(sum(map(len, found)))
    return [member for members in found for member in members]


@function("remove(array; value1; ...)", scoped=True)
def remove(scope: Scope, array: object, *values: object) -> list[object]:
    """The array without the given values.

    {{remove(1.tags; "nps")}} = ["csat"]
    """
    members = _array(array)
    scope.budget.spend(len(members))
    unwanted = {_identity(scope, value) for value in values}
    return [member for member in members if _identity(scope, member) not in unwanted]


@function("reverse(array)")
def reverse(array: object) -> list[object]:
    """The members from last to first.

    {{reverse(1.tags)}} = ["csat","nps"]
    """
    return _array(array)[::-1]


@function("shuffle(array)", scoped=True)
def shuffle(scope: Scope, array: object) -> list[object]:
    """The members in an order left to chance.

    {{length(shuffle(1.tags))}} = 2
    """
    members = list(_array(array))
    for place in range(len(members) - 1, 0, -1):
        other = min(int(scope.random() * (place + 1)), place)
        members[place], members[other] = members[other], members[place]
    return members


@function("slice(array; start; [end])")
def slice_(array: object, start: object, end: object = None) -> list[object]:
    """The members from start, counted from 0, up to but without end.

    {{slice(1.tags; 1)}} = ["csat"]
    """
    members = _array(array)
    last = None if end is None or end == "" else integer(end)
    return members[integer(start) : last]


@function("sort(array; [order]; [key])", scoped=True)
def sort(
    scope: Scope, array: object, order: object = "asc", key: object = None
) -> list[object]:
    """The members in order: asc, desc, asc ci or desc ci, by a key if given.

    {{map(sort(1.people; "desc"; "age"); "name")}} = ["Eva","Ada","Bob"]
    """
    direction = "asc" if order is None else render_text(order)
    if direction not in _ORDERS:
        direction, key = "asc", direction if key is None else key
    members = _array(array)
    scope.budget.spend(len(members) * max(len(members).bit_length(), 1))
    folded = direction.endswith("ci")
    return sorted(
        members,
        key=lambda member: _rank(scope, _at(member, key), folded=folded),
        reverse=direction.startswith("desc"),
    )


@function("toArray(collection)")
def to_array(collection: object) -> list[object]:
    """An array with a key and a value for each field.

    {{toArray(pick(1.people[1]; "name"))}} = [{"key":"name","value":"Ada"}]
    """
    return [
        {"key": key, "value": value} for key, value in _collection(collection).items()
    ]


@function("toCollection(array; key; value)", scoped=True)
def to_collection(scope: Scope, array: object, key: object, value: object) -> object:
    """A collection with, for each member, one field; the last of a name stays.

    {{toCollection(1.people; "name"; "age")}} = {"Ada":36,"Bob":25,"Eva":51}
    """
    name, content = steps_of(render_text(key)), steps_of(render_text(value))
    return {
        _shown(scope, walk(member, name)): walk(member, content)
        for member in _array(array)
    }


@function("arraydiff(array1; array2)", scoped=True)
def array_difference(scope: Scope, left: object, right: object) -> list[object]:
    """The members of the first array that the second lacks.

    {{arraydiff(1.tags; split("nps,churn"; ","))}} = ["csat"]
    """
    return remove(scope, left, *_array(right))  # type: ignore[no-any-return]


@function("arrayintersect(array1; array2)", scoped=True)
def array_intersection(scope: Scope, left: object, right: object) -> list[object]:
    """The members that both arrays have.

    {{arrayintersect(1.tags; split("nps,churn"; ","))}} = ["nps"]
    """
    members, others = _array(left), _array(right)
    scope.budget.spend(len(members) + len(others))
    shared = {_identity(scope, value) for value in others}
    return [member for member in members if _identity(scope, member) in shared]


@function("arrayDifference(array1; array2; [mode])", scoped=True)
def difference_by_mode(
    scope: Scope, left: object, right: object, mode: object = "classic"
) -> list[object]:
    """The members that the second lacks; with `symmetric` also the other way.

    {{arrayDifference(1.tags; split("nps,beta"; ","); "symmetric")}} = ["csat","beta"]
    """
    only_left = array_difference(scope, left, right)
    if mode in ("classic", None):
        return list(only_left)
    if mode == "symmetric":
        return [*only_left, *array_difference(scope, right, left)]
    raise DataError("The mode is classic or symmetric.")


@function("arrayElement(array; number)")
def array_element(array: object, number: object) -> object:
    """A member counted from 1; null beyond the ends.

    {{arrayElement(1.tags; 2)}} = "csat"
    """
    return nth(_array(array), integer(number))


def _distinct(scope: Scope, array: object, key: object) -> list[object]:
    members, seen = _array(array), set()
    kept = []
    for member in members:
        scope.budget.spend(1)
        identity = _identity(scope, _at(member, key))
        if identity not in seen:
            seen.add(identity)
            kept.append(member)
    return kept


def _array(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if value is None:
        return []
    raise DataError(f"{describe(value).capitalize()} is not a valid array.")


def _collection(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise DataError(f"A collection is needed, not {describe(value)}.")


def _at(member: object, key: object) -> object:
    return member if key is None else walk(member, steps_of(render_text(key)))


def _identity(scope: Scope, value: object) -> object:
    """What equal values of the same type share, fit for a set."""
    if is_number(value):
        return "number", exact(value)
    if isinstance(value, list | Mapping):
        scope.budget.spend(weigh(value) // _READ_PER_STEP)
        return describe(value), json_text(value)
    return describe(value), value


def _rank(scope: Scope, value: object, *, folded: bool) -> tuple[int, object]:
    """Numbers before texts, empty values last; inside a kind by size."""
    if is_number(value):
        return 0, exact(value)
    if value is None:
        return 2, ""
    text = _shown(scope, value)
    return 1, text.lower() if folded else text


def _shown(scope: Scope, value: object) -> str:
    """A member's value as text; long ones cost more steps."""
    if isinstance(value, list | Mapping):
        scope.budget.spend(weigh(value) // _READ_PER_STEP)
    return render_text(value)


def _listed(values: object) -> frozenset[str]:
    if isinstance(values, list):
        return frozenset(render_text(value) for value in values)
    return frozenset(part.strip() for part in render_text(values).split(","))


def _opened(member: object) -> Iterable[object]:
    return member if isinstance(member, list) else [member]


def _breadth(member: object) -> int:
    return len(member) if isinstance(member, list) else 1
