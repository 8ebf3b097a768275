"""How large the history is, how much of it is kept, and pruning it."""

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from trunkline.engine.engine import Engine
from trunkline.model.clock import as_text
from trunkline.store.balance import count_pruned
from trunkline.store.pruning import read_last_pruned
from trunkline.store.sizes import (
    FileSize,
    ScenarioSize,
    measure_file,
    measure_scenarios,
    measure_tables,
)
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True)
class ScenarioStorage:
    """A scenario's history; unless `exact`, operations and bytes are estimates."""

    scenario: str
    executions: int
    operations: int
    bytes: int
    exact: bool
    oldest: str | None


@dataclass(frozen=True, slots=True)
class TableStorage:
    """A table of the database with its indexes."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class KeepView:
    """What the installation keeps of each scenario; 0 is without bound."""

    days: int
    executions: int
    bytes: int
    seen_days: int


@dataclass(frozen=True, slots=True)
class PruningView:
    """The pass that is under way, or the last one of this process."""

    under_way: bool
    looked_at: str | None
    executions: int
    deliveries: int
    bytes: int
    trouble: str | None


@dataclass(frozen=True, slots=True)
class PrunedView:
    """When something was pruned last, and what."""

    at: str | None
    executions: int
    deliveries: int
    bytes: int


@dataclass(frozen=True, slots=True)
class StorageView:
    """Sizes in bytes; those of tables only where they were asked for and are known.

    `spare_bytes` lie free within the file, which `shrinks` if they can be taken out.
    """

    file_bytes: int
    log_bytes: int
    spare_bytes: int
    disk_free_bytes: int
    shrinks: bool
    oldest: str | None
    pruned_deliveries: int
    scenarios: list[ScenarioStorage]
    tables: list[TableStorage] | None
    keep: KeepView
    pruning: PruningView
    last_pruned: PrunedView | None


class Storage:
    """The use cases of whoever looks after the disk."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._retention = engine.retention

    async def file(self) -> FileSize:
        return await self._store.read(measure_file)

    async def show(self, *, tables: bool = False) -> StorageView:
        """Sizes at a glance; with `tables` the whole file is looked at."""
        file = await self.file()
        found = await self._store.read(measure_scenarios)
        folder = self._store.folder
        return StorageView(
            file_bytes=_size(folder / "trunkline.db"),
            log_bytes=_size(folder / "trunkline.db-wal"),
            spare_bytes=file.free_pages * file.page_bytes,
            disk_free_bytes=shutil.disk_usage(folder).free,
            shrinks=file.shrinks,
            oldest=as_text(min((one.oldest for one in found), default=None)),
            pruned_deliveries=await self._store.read(count_pruned),
            scenarios=[_scenario(one) for one in found],
            tables=await self._tables() if tables else None,
            keep=KeepView(**asdict(self._retention.bounds)),
            pruning=self.pruning(),
            last_pruned=await self._last(),
        )

    def prune(self, *, compact: bool = False) -> PruningView:
        """Asks for pruning now; `compact` writes the file anew afterwards."""
        self._retention.ask(compact=compact)
        return self.pruning()

    def pruning(self) -> PruningView:
        """How far pruning has come."""
        now = self._retention.progress
        return PruningView(
            under_way=now.under_way,
            looked_at=as_text(now.looked_at),
            trouble=now.trouble,
            **asdict(now.pruned),
        )

    async def _tables(self) -> list[TableStorage] | None:
        sizes = await self._store.read(measure_tables)
        if sizes is None:
            return None
        return [TableStorage(one.name, one.bytes) for one in sizes]

    async def _last(self) -> PrunedView | None:
        last = await self._store.read(read_last_pruned)
        if last is None:
            return None
        return PrunedView(at=as_text(last.at), **asdict(last.pruned))


def _scenario(size: ScenarioSize) -> ScenarioStorage:
    return ScenarioStorage(
        scenario=size.scenario,
        executions=size.executions,
        operations=size.operations,
        bytes=size.bytes,
        exact=size.exact,
        oldest=as_text(size.oldest),
    )


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
