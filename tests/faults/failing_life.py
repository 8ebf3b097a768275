"""One life of a server on a disk of which a call fails, once or for ever."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.disk import Disk, Kind
from faults.house import House, opened
from faults.lives import Place, Tell
from faults.witnessed import bear_witness
from faults.workloads import WORKLOADS, completed_survey
from trunkline.engine import patience, timer, worker
from trunkline.errors import TrunklineError

WORKLOAD = WORKLOADS["five_steps"]
LATE = "late"
"""The event that comes when the disk has failed."""

EVENTS = (*WORKLOAD.events, LATE)
MENDED = "mended"

_SECONDS = 20.0
_PATIENCE = 0.02
_MANY = 4
"""Calls that failed; no more is to be learnt from a disk that goes on like that."""

_patch = pytest.MonkeyPatch()
"""Never undone: the process dies with what was patched."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Which calls fail, and how; `short` writes half before it fails."""

    kinds: Kind
    error: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class FailingLife:
    """The call `at` fails, and with `ever` all after it, until the disk is mended."""

    disk: Disk
    fault: Fault
    at: int
    ever: bool

    async def live(self, place: Place, log: Path, tell: Tell) -> None:
        """Opens the folder, works while it can, and finishes on the mended disk.

        Tells who was `answered`, with which status others were `refused`, with which
        sentence a start `stopped`, and how many calls were `failing`.
        """
        for waiting in (patience, timer, worker):
            _patch.setattr(waiting, "PATIENCE", _PATIENCE)
        bear_witness(self.disk)
        self.disk.watch(place.folder, log)
        fault = self.fault
        self.disk.fail(
            self.at, fault.kinds, fault.error, ever=self.ever, short=fault.short
        )
        async with asyncio.timeout(_SECONDS):
            try:
                async with opened(place.folder) as house:
                    await self._work(house, place.path, tell)
            except TrunklineError as error:
                tell("stopped", str(error))
                self._mend()
        tell("failing", str(self.disk.failed))

    async def _work(self, house: House, path: str, tell: Tell) -> None:
        refused = await self._deliver(house, path, WORKLOAD.events, tell)
        await self._settle_or_fail(house)
        refused += await self._deliver(house, path, (LATE,), tell)
        await self._settle_or_fail(house)
        if self.disk.failed:
            self._mend()
        else:
            self.disk.mark(MENDED)  # it fails as the folder is closed, if at all
        await self._deliver(house, path, refused, tell)
        await house.settle()

    async def _deliver(
        self, house: House, path: str, events: "tuple[str, ...] | list[str]", tell: Tell
    ) -> list[str]:
        """Makes deliveries one after another; those that were refused."""
        refused: list[str] = []
        for event in events:
            status = await house.deliver(path, completed_survey(event), lambda: None)
            if status == 200:
                tell("answered", event)
            else:
                tell("refused", str(status))
                refused.append(event)
        return refused

    async def _settle_or_fail(self, house: House) -> None:
        settled = asyncio.ensure_future(house.settle())
        while not settled.done() and not (self.ever and self.disk.failed >= _MANY):  # noqa: ASYNC110 - only the shim knows
            await asyncio.sleep(0.001)
        if settled.done():
            await settled
        settled.cancel()

    def _mend(self) -> None:
        self.disk.mark(MENDED)
        self.disk.fail(0, Kind(0), 0, ever=False)
