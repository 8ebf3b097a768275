"""Counters as modules see them."""

from collections.abc import Callable
from itertools import count

from trunkline.engine.patience import patiently
from trunkline.model.data_store import Author
from trunkline.sdk import Counters, PassingCounters
from trunkline.store.counters import count_up, read_counters
from trunkline.store.receipts import find_receipt
from trunkline.store.store import Store


class StoredCounters:
    """The `Counters` of the SDK over the store, for one operation of a scenario."""

    def __init__(self, store: Store, scenario_id: str, operation: Author) -> None:
        self._store = store
        self._scenario_id = scenario_id
        self._operation = operation
        self._asked = count(1)

    async def next(self, name: str) -> int:
        """Counts by one; it waits out a full or absent disk, as the journal does."""
        author = self._operation.numbered(next(self._asked))
        return await patiently(
            lambda: self._store.write(count_up, self._scenario_id, name, author),
            "counter waits",
            author.execution_id,
        )


class RecalledCounters:
    """Numbers as an operation got them before; where it got none, passing ones."""

    def __init__(self, store: Store, passing: Counters, operation: Author) -> None:
        self._store = store
        self._passing = passing
        self._operation = operation
        self._asked = count(1)

    async def next(self, name: str) -> int:
        author = self._operation.numbered(next(self._asked))
        given = await self._store.read(find_receipt, author)
        return await self._passing.next(name) if given is None else given


async def rehearsed_counters(
    store: Store, scenario_id: str
) -> Callable[[str, Author], Counters]:
    """Counters for a run without effects: they go on from the stored numbers."""
    passing = PassingCounters(await store.read(read_counters, scenario_id))
    return lambda _scenario, operation: RecalledCounters(store, passing, operation)
