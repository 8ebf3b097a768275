"""What a power failure leaves: a state of the disk, and what the world knew by then."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fakes.ledger import Arrival
from faults.disk import Record
from faults.disk_states import State
from faults.invariants import Evidence, Violation
from faults.witnessed import ANSWERED, CALLING
from faults.workloads import API_KEY, SECRET, Workload
from trunkline.errors import TrunklineError
from trunkline.store.owner import OwnerNote
from trunkline.store.store import Store


@dataclass(slots=True)
class World:
    """What had happened outside, up to a moment of the log."""

    answered: set[str] = field(default_factory=set)
    called: list[str] = field(default_factory=list)

    def follow(self, mark: Record) -> None:
        word, _, meaning = mark.name.partition(" ")
        if word == ANSWERED:
            self.answered.add(meaning)
        elif word == CALLING:
            self.called.append(meaning)

    def arrivals(self, known: Mapping[str, Arrival]) -> list[Arrival]:
        """Effects that a ledger had seen; one that was just asked for may be none."""
        return [known[key] for key in self.called if key in known]


@dataclass(frozen=True, slots=True)
class Remains:
    """A folder as a state of the disk has it; removed when it was looked at."""

    folder: Path
    workload: Workload
    crashes: int

    @classmethod
    def lay_out(
        cls, state: State, folder: Path, workload: Workload, *, crashes: int
    ) -> "Remains":
        folder.mkdir()
        for name, content in state.items():
            if counts(name):
                (folder / name).write_bytes(content)
        return cls(folder, workload, crashes)

    def opened(self, answered: set[str], arrivals: list[Arrival]) -> list[Violation]:
        """What the store, and then the invariants, say of them."""
        store = Store(self.folder)
        try:
            store.open(OwnerNote(pid=1))
        except TrunklineError as error:
            return [Violation("closed", str(error))]
        store.close()
        return self.evidence(answered, arrivals).violations_so_far()

    def evidence(self, answered: set[str], arrivals: list[Arrival]) -> Evidence:
        return Evidence(
            folder=self.folder,
            answered=answered,
            arrivals=arrivals,
            crashes=self.crashes,
            floor=len(answered),
            effects=self.workload.effects,
            canaries=(SECRET, API_KEY),
        )

    def remove(self) -> None:
        shutil.rmtree(self.folder)


def counts(name: str) -> bool:
    """Shared memory is made anew after a power failure, and no owner is left."""
    return not name.endswith("-shm") and not name.startswith("owner.")
