"""What a disk may hold when the power fails, told from a log of what was done to it.

A write that no sync has carried to the disk may be there or not, and of each block of
it any version since the last sync, whatever became of other blocks. A sync that failed
leaves nothing of what it should have carried. Names are made, changed and removed in
their order, and any sync carries those before it, as in a journaling file system (ext4,
XFS). Disks that lie about what they have synced are not modelled.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from faults.disk import Record

SECTOR, PAGE = 512, 4096
"""What a disk writes in one go, and what a kernel does."""

State = Mapping[str, bytes]
"""The files by their names."""


@dataclass(slots=True)
class _File:
    """What is on the disk, and the records that may be, oldest first."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Record] = field(default_factory=list)

    def carry(self, records: int) -> None:
        """The oldest records are on the disk now."""
        for record in self.pending[:records]:
            _apply(self.durable, record)
        del self.pending[:records]


@dataclass(frozen=True, slots=True)
class _Renaming:
    """A name is made, removed or changed; `made` is the file that a new one has."""

    record: Record
    made: _File

    def apply(self, names: dict[str, _File]) -> None:
        match self.record.kind:
            case "C":
                names[self.record.name] = self.made
            case "U":
                names.pop(self.record.name, None)
            case "R":
                names[self.record.content.decode()] = names.pop(self.record.name)


@dataclass(slots=True)
class _Sync:
    """What a sync that has begun will carry: a file's records, and changes of names."""

    file: _File | None
    records: int
    names: int


class DiskStates:
    """A disk that holds `before`, led through a log record by record."""

    def __init__(self, before: State | None = None) -> None:
        self._durable = {
            name: _File(bytearray(content)) for name, content in (before or {}).items()
        }
        self._names = dict(self._durable)
        self._pending: list[_Renaming] = []
        self._syncs: dict[int, _Sync] = {}

    def follow(self, record: Record) -> None:
        match record.kind:
            case "C" | "U" | "R":
                change = _Renaming(record, _File())
                change.apply(self._names)
                self._pending.append(change)
            case "W" | "T":
                self._names[record.name].pending.append(record)
            case "S":
                file = self._names.get(record.name)
                written = len(file.pending) if file else 0
                sync = _Sync(file, written, len(self._pending))
                self._syncs[record.place] = sync
            case "E":
                self._carry(self._syncs.pop(record.place))
            case "F":
                self._lose(self._syncs.pop(record.place))

    @property
    def is_clean(self) -> bool:
        """Whether all that was done is on the disk for certain."""
        return not self._pending and not any(
            file.pending for file in self._names.values()
        )

    def nothing(self) -> State:
        """Only what was synced is there."""
        return {name: bytes(file.durable) for name, file in self._durable.items()}

    def everything(self) -> State:
        """All that was done is there."""
        return {name: _content(file) for name, file in self._names.items()}

    def something(self, chance: random.Random, block: int) -> State:
        """Some of the blocks that were not synced are there, in versions by chance."""
        names = dict(self._durable)
        for change in self._pending[: chance.randint(0, len(self._pending))]:
            change.apply(names)
        return {name: _some(file, chance, block) for name, file in names.items()}

    def _carry(self, sync: _Sync) -> None:
        for change in self._pending[: sync.names]:
            change.apply(self._durable)
        del self._pending[: sync.names]
        if sync.file is not None:
            self._shift(sync.file, sync.records)
            sync.file.carry(sync.records)
        for other in self._syncs.values():
            other.names = max(0, other.names - sync.names)

    def _lose(self, sync: _Sync) -> None:
        if sync.file is not None:
            self._shift(sync.file, sync.records)
            del sync.file.pending[: sync.records]

    def _shift(self, file: _File, records: int) -> None:
        """Syncs of the file that go on have so much less to carry."""
        for other in self._syncs.values():
            if other.file is file:
                other.records = max(0, other.records - records)


def _content(file: _File) -> bytes:
    content = bytearray(file.durable)
    for record in file.pending:
        _apply(content, record)
    return bytes(content)


def _apply(content: bytearray, record: Record) -> None:
    if record.kind == "T":
        content[record.place :] = bytes(max(0, record.place - len(content)))
        return
    end = record.place + len(record.content)
    content.extend(bytes(max(0, record.place - len(content))))
    content[record.place : end] = record.content


def _some(file: _File, chance: random.Random, block: int) -> bytes:
    """Each block, and the length, in a version of its own."""
    if not file.pending:
        return bytes(file.durable)
    likely = chance.choice((0.1, 0.5, 0.9))
    newest = len(file.pending)

    def version() -> int:
        if chance.random() < 0.2:
            return chance.randint(0, newest)
        return newest if chance.random() < likely else 0

    content = bytearray(file.durable)
    versions: dict[int, int] = {}
    for number, record in enumerate(file.pending):
        for piece in _pieces(record, block, len(content)):
            at = piece.place // block
            if versions.setdefault(at, version()) > number:
                _apply(content, piece)
    whole = bytearray(file.durable)
    for record in file.pending[: version()]:
        _apply(whole, record)
    content.extend(bytes(max(0, len(whole) - len(content))))
    return bytes(content[: len(whole)])


def _pieces(record: Record, block: int, length: int) -> list[Record]:
    """A write, cut where blocks end; what is cut off is zero, should the file grow."""
    written = record.content
    if record.kind == "T":
        written = bytes(max(0, length - record.place))
    pieces, at = [], 0
    while at < len(written):
        place = record.place + at
        size = min(block - place % block, len(written) - at)
        pieces.append(Record("W", record.name, place, written[at : at + size]))
        at += size
    return pieces
