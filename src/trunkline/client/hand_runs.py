"""The part of the client that is about runs by hand, and what is pinned for them."""

from collections.abc import Sequence
from typing import Any

from trunkline.client.calls import Calls, Record, quoted
from trunkline.client.records import ExecutionView, PinView, RehearsalView, Start


class HandRunCalls(Calls):
    """What a client can do with runs by hand."""

    async def run_scenario(
        self, name: str, input_bundle: object = None, start: Start | None = None
    ) -> ExecutionView:
        """Runs a scenario once and waits for its end; `start` says where it begins."""
        by_hand = {"input": input_bundle, "start": start}
        path = f"scenarios/{quoted(name)}/run"
        found: ExecutionView = await self._call("POST", path, json=by_hand)
        return found

    async def rehearse_scenario(self, name: str, trial: Record) -> RehearsalView:
        path = f"scenarios/{quoted(name)}/rehearse"
        found: RehearsalView = await self._call("POST", path, json=trial)
        return found

    async def pins(self, name: str) -> list[PinView]:
        """The pins of a scenario."""
        found: list[PinView] = await self._records(f"scenarios/{quoted(name)}/pins")
        return found

    async def pin(self, name: str, module: int, bundles: Sequence[Any]) -> PinView:
        """Lets a module give these bundles in runs by hand, and not run."""
        return await self._pin(name, module, {"bundles": [*bundles]})

    async def pin_from(self, name: str, module: int, execution: str) -> PinView:
        """Pins what a module gave in an execution."""
        return await self._pin(name, module, {"execution": execution})

    async def unpin(self, name: str, module: int) -> None:
        """Lets a module run again."""
        await self._call("DELETE", f"scenarios/{quoted(name)}/pins/{module}")

    async def _pin(self, name: str, module: int, what: Record) -> PinView:
        path = f"scenarios/{quoted(name)}/pins/{module}"
        found: PinView = await self._call("PUT", path, json=what)
        return found
