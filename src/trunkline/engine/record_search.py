"""Which records are looked for, and in which order."""

import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trunkline.errors import BundleValidationError, DataError
from trunkline.mapping import OPERATORS, Operator, Scope
from trunkline.mapping.paths import steps_of, walk
from trunkline.mapping.suggestions import nearest
from trunkline.sdk import Record, RecordCondition, RecordOrder

_KEY = "key"
_DATA = "data"


@dataclass(frozen=True, slots=True)
class _Test:
    operator: Operator
    path: tuple[str, ...]
    value: object


class RecordFilter:
    """Rows of conditions, of which one has to hold."""

    def __init__(self, rows: Sequence[Sequence[RecordCondition]]) -> None:
        """Raises DataError where an operator is unknown."""
        self._rows = [[_test(one) for one in row] for row in rows if row]
        self._scope = Scope(
            {},
            clock=lambda: datetime.now(UTC),
            random=random.SystemRandom().random,
            uuid=lambda: str(uuid.uuid4()),
        )

    def matches(self, record: Record) -> bool:
        """Whether a record fulfils it; a value of the wrong type does not."""
        self._scope.begin()
        return not self._rows or any(
            all(self._holds(test, record) for test in row) for row in self._rows
        )

    def _holds(self, test: _Test, record: Record) -> bool:
        try:
            value = field_of(record, test.path)
            return test.operator.test(self._scope, value, test.value)
        except BundleValidationError:
            return False


def field_of(record: Record, path: tuple[str, ...]) -> object:
    """A field by its path; `key` is the key, and `data.key` a field of that name."""
    if path == (_KEY,):
        return record.key
    if path[0] == _DATA and len(path) > 1 and _DATA not in record.data:
        return walk(record.data, path[1:])
    return walk(record.data, path)


def sort_records(
    found: list[tuple[str, tuple[object, ...]]], order: Sequence[RecordOrder]
) -> Iterable[str]:
    """Keys in order, each given with its values; what is empty comes last."""
    for number, one in reversed([*enumerate(order)]):
        some = [each for each in found if each[1][number] is not None]
        empty = [each for each in found if each[1][number] is None]
        some.sort(key=lambda each: _rank(each[1][number]), reverse=one.descending)
        found = some + empty
    return [key for key, _ in found]


def _rank(value: object) -> tuple[int, Any]:
    """Numbers before texts before all else."""
    match value:
        case bool():
            return (2, value)
        case int() | float():
            return (0, value)
        case str():
            return (1, value)
    return (3, 0)


def _test(condition: RecordCondition) -> _Test:
    if condition.o not in OPERATORS:
        raise DataError(
            f"Unknown filter operator {condition.o!r}. "
            f"{nearest(condition.o, OPERATORS)}".rstrip()
        )
    return _Test(OPERATORS[condition.o], steps_of(condition.a), condition.b)
