"""Counters: numbers that the executions of a scenario count on together."""

from dataclasses import dataclass

from trunkline.engine.engine import Engine
from trunkline.errors import NotFoundError
from trunkline.store.counters import read_counters, remove_counter
from trunkline.store.scenarios import find_scenario
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True)
class CounterView:
    """A counter, and the number that was given last; its name may be empty."""

    name: str
    value: int


class Counters:
    """The use cases around counters."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    async def all(self, ref: str) -> list[CounterView]:
        """The counters of a scenario, by their names.

        Raises:
            NotFoundError: there is no such scenario.
        """
        scenario = await self._store.read(find_scenario, ref)
        found = await self._store.read(read_counters, scenario.id)
        return [CounterView(name, value) for name, value in found.items()]

    async def reset(self, ref: str, name: str) -> None:
        """Lets a counter begin anew: the next number is 1.

        Raises:
            NotFoundError: there is no such scenario, or it has no such counter.
        """
        scenario = await self._store.read(find_scenario, ref)
        if not await self._store.write(remove_counter, scenario.id, name):
            raise NotFoundError(
                f"The scenario {scenario.name!r} has no counter {name!r} that has "
                "counted yet."
            )
        self._engine.news.tell("scenarios")
