"""The part of the client that is about counters."""

from trunkline.client.calls import Calls, quoted
from trunkline.client.records import CounterView


class CounterCalls(Calls):
    """Counters, by the scenario's id or name."""

    async def counters(self, name: str) -> list[CounterView]:
        """The counters of a scenario, and the numbers they gave last."""
        found: list[CounterView] = await self._records(_of(name))
        return found

    async def reset_counter(self, name: str, counter: str = "") -> None:
        """Lets a counter begin anew: its next number is 1."""
        await self._call("DELETE", _of(name), params={"counter": counter})


def _of(name: str) -> str:
    return f"scenarios/{quoted(name)}/counters"
