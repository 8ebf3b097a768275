"""What an execution writes down, and in what company.

Pure operations cost no commit of their own: they wait here until something that came
from outside is committed, or the execution ends. Nothing that reaches out starts while
what came from outside is not on disk.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from trunkline.engine.patience import patiently
from trunkline.model.call import Call
from trunkline.model.execution import Execution, KeptBundle, Operation, Stop, Tally
from trunkline.model.position import Position
from trunkline.model.states import ExecutionState, OperationState
from trunkline.store.entry import Entry, Returned
from trunkline.store.incoming import Ending

_MOST_PENDING = 64
_MOST_RECORDED = 1000
"""Pure operations of one module that are written down one by one."""


class Journal:
    """The journal of one execution, fenced by the epoch of its owner."""

    __slots__ = (
        "_bundles",
        "_call",
        "_child",
        "_operations",
        "_owing",
        "_position",
        "_recalled",
        "_recorded",
        "_standing",
        "_tallies",
        "_write",
        "auto_commit",
        "confidential",
        "execution",
        "last_number",
    )

    def __init__(
        self,
        append: Callable[[Entry], Awaitable[object]],
        execution: Execution,
        recalled: tuple[Operation, ...] = (),
    ) -> None:
        self.execution = execution
        self.confidential = False
        """Whether nothing is to stay of what the execution was given."""
        self.auto_commit = True
        """Whether each write to a data store stands by itself."""

        self._write = append
        self._recalled = {(one.module_id, one.path): one for one in recalled}
        self.last_number = max((one.number for one in recalled), default=0)
        self._operations: list[Operation] = []
        self._bundles: list[KeptBundle] = []
        self._owing = False
        self._recorded: dict[int, int] = {}
        if recalled:
            self._recorded |= Counter(one.module_id for one in recalled)
        self._tallies: dict[tuple[int, OperationState], Tally] = {}
        self._position: Position | None = None
        self._child: Execution | None = None
        self._call: Call | None = None
        self._standing: str | None = None

    @property
    def recalled(self) -> int:
        """How many operations earlier attempts recorded."""
        return len(self._recalled)

    def recall(self, module_id: int, path: str) -> Operation | None:
        """What an earlier attempt recorded of this operation, if it did."""
        return self._recalled.get((module_id, path)) if self._recalled else None

    def is_long(self, module_id: int) -> bool:
        """Whether so much is written down of a module that the rest is but counted."""
        return self._recorded.get(module_id, 0) >= _MOST_RECORDED

    def tally(
        self, module_id: int, state: OperationState, bundles: int, seconds: float
    ) -> None:
        """Counts a pure operation that is not written down."""
        tally = self._tallies.get((module_id, state))
        if tally is None:
            tally = Tally(module_id=module_id, state=state)
            self._tallies[module_id, state] = tally
        tally.operations += 1
        tally.bundles += bundles
        tally.duration_us += int(seconds * 1_000_000)

    def record(self, operation: Operation, *, pure: bool) -> None:
        """Notes an operation; a pure one gives the same again, should it be lost."""
        if pure:
            recorded = self._recorded
            recorded[operation.module_id] = recorded.get(operation.module_id, 0) + 1
        self._operations.append(operation)
        self._owing = self._owing or not pure

    def keep(self, bundle: KeptBundle, *, pure: bool) -> None:
        """Notes a bundle; one of a pure module comes again, should it be lost."""
        self._bundles.append(bundle)
        self._owing = self._owing or not pure

    def move(self, position: Position) -> None:
        """Notes how far a trigger has come, together with what it took."""
        self._position = position
        self._owing = True

    def call(self, child: Execution, call: Call) -> None:
        """Notes an execution that this one begins."""
        self._child, self._call = child, call
        self._owing = True

    async def commit(self) -> None:
        """Returns when what was written to data stores so far stands, come what may."""
        if not self.auto_commit:
            self._standing = self.execution.id
            await self._append(self._entry())

    async def flush(self) -> None:
        """Returns when all that came from outside so far is on disk."""
        if self._owing:
            await self._append(self._entry())

    async def flush_when_large(self) -> None:
        """Keeps what waits in memory bounded."""
        if len(self._operations) + len(self._bundles) >= _MOST_PENDING:
            await self._append(self._entry())

    async def end(
        self,
        change: Execution,
        ending: Ending | None,
        stops: Sequence[Stop] | None = None,
        returned: Returned | None = None,
        *,
        wipe: bool = False,
    ) -> None:
        """Writes the end together with what is still pending.

        `stops` take the place of those that the execution had, `returned` is what
        whoever called it gets. With `wipe`, nothing stays of what bundles held.
        """
        if not self.auto_commit and change.state is ExecutionState.DONE:
            self._standing = change.id
        entry = self._entry(change, ending, stops, returned, wipe=wipe)
        await self._append(entry)
        self.execution = change

    def _entry(
        self,
        change: Execution | None = None,
        ending: Ending | None = None,
        stops: Sequence[Stop] | None = None,
        returned: Returned | None = None,
        *,
        wipe: bool = False,
    ) -> Entry:
        entry = Entry(
            operations=tuple(self._operations),
            bundles=tuple(self._bundles),
            change=change,
            fence=self.execution.epoch,
            ending=ending,
            stops=None if stops is None else tuple(stops),
            position=self._position,
            execution=self._child,
            call=self._call,
            tallies=tuple(self._tallies.values()) if change else (),
            returned=returned,
            wipe=wipe,
            standing=self._standing,
        )
        self._position = self._child = self._call = self._standing = None
        self._operations.clear()
        self._bundles.clear()
        self._owing = False
        return entry

    async def _append(self, entry: Entry) -> None:
        """Writes, and waits out a full or absent disk."""
        await patiently(lambda: self._write(entry), "journal waits", self.execution.id)
