"""What must hold after every fault, whatever it was: one checker for all harnesses."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from fakes.ledger import Arrival

CLOCK_TOLERANCE = 10.0
"""Milliseconds: a journalled start is rounded down to one of them, and the time of day
does not pass as evenly as the one that durations are measured by."""

BUSY_TOLERANCE = 1_000.0
"""The same where so much goes on that some of it waits between two looks at clocks."""

_NOT_FINISHED = {"waiting", "running", "held"}
_HOLD_NO_SECRETS = {"key"}
"""The key itself has to be in its file."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken: which one, and how."""

    promise: str
    what: str


@dataclass(slots=True, kw_only=True)
class Evidence:
    """What a harness knows of a run that is over.

    `answered` are the events that got a 2xx, `crashes` how often the process was
    killed, `floor` how many executions must be done, or the run proved nothing.
    `effects` is how many effects an event that is done has had. `recorded` says that
    each event is in the array `seen` of a record too. `whole` tells of steps behind an
    aggregator what they may say that was gathered; `order` is the one in which events
    must have had their first effects. `tolerance` is for how many milliseconds a busy
    machine may keep an operation waiting that has begun.
    """

    folder: Path
    answered: Collection[str]
    arrivals: Sequence[Arrival]
    crashes: int
    floor: int
    effects: int
    canaries: Collection[str] = ()
    recorded: bool = False
    whole: Mapping[int, Collection[object]] = field(default_factory=dict)
    order: Sequence[str] = ()
    tolerance: float = CLOCK_TOLERANCE
    _database: sqlite3.Connection = field(init=False)

    def violations(self) -> list[Violation]:
        """Every broken promise found in the folder and at the ledger at the end."""
        return self._found(
            *_AT_ANY_MOMENT,
            Evidence._nothing_is_left_unfinished,
            Evidence._finished_is_not_repeated,
            Evidence._each_event_ran_once,
            Evidence._each_event_is_recorded_once,
            Evidence._writes_stand_or_are_taken_back,
            Evidence._aggregates_are_whole,
            Evidence._numbers_are_given_once,
            Evidence._order_is_kept,
            Evidence._work_was_done,
        )

    def violations_so_far(self) -> list[Violation]:
        """The promises that are broken already, while there is work left to do."""
        return self._found(*_AT_ANY_MOMENT)

    def _found(self, *checks: "Check") -> list[Violation]:
        file = self.folder / "trunkline.db"
        self._database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._database.row_factory = sqlite3.Row
        with closing(self._database):
            return [one for check in checks for one in check(self)]

    @property
    def repeated_in_flight(self) -> int:
        """Effects that came twice since a crash hit the operation under way."""
        return len(self.arrivals) - len({one.operation for one in self.arrivals})

    def _rows(self, query: str) -> list[sqlite3.Row]:
        return self._database.execute(query).fetchall()

    def _answered_is_stored(self) -> Iterator[Violation]:
        stored = {_event(row["body"]) for row in self._rows("SELECT * FROM payloads")}
        for event in sorted(set(self.answered) - stored):
            yield Violation("lost", f"{event} was answered and is not stored")

    def _balance_holds(self) -> Iterator[Violation]:
        accepted = self._rows("SELECT count(*) AS n FROM payloads")[0]["n"]
        states = self._rows("SELECT state, count(*) AS n FROM deliveries GROUP BY 1")
        total = sum(row["n"] for row in states)
        if accepted != total:
            yield Violation("unbalanced", f"{accepted} accepted, {total} in states")

    def _nothing_is_left_unfinished(self) -> Iterator[Violation]:
        for row in self._rows("SELECT id, state FROM deliveries"):
            if row["state"] in _NOT_FINISHED:
                yield Violation("unfinished", f"delivery {row['id']} is {row['state']}")
        for row in self._rows("SELECT id, state, error FROM executions"):
            if row["state"] != "done":
                yield Violation(
                    "unfinished",
                    f"execution {row['id']} is {row['state']}: {row['error']}",
                )

    def _finished_is_not_repeated(self) -> Iterator[Violation]:
        ends = {
            (row["execution_id"], row["module_id"], row["path"]): row["started_at"]
            + row["duration_us"] / 1000
            for row in self._rows("SELECT * FROM operations WHERE state = 'done'")
        }
        for one in self.arrivals:
            late = one.at - ends.get(one.operation, one.at)
            if late > self.tolerance:
                yield Violation(
                    "repeated", f"{one.key} came {late:.1f} ms after its end"
                )

    def _effects_are_counted(self) -> Iterator[Violation]:
        counts = Counter(one.operation for one in self.arrivals)
        most = 1 + self.crashes
        for operation, count in counts.items():
            if count > most:
                yield Violation(
                    "repeated", f"{operation} came {count} times in {most} lives"
                )
        done = "SELECT * FROM operations WHERE state = 'done' AND module_id IN "
        at_ledger = {module for _, module, _ in counts}
        listed = ",".join(map(str, at_ledger)) or "NULL"
        for row in self._rows(f"{done} ({listed})"):
            operation = row["execution_id"], row["module_id"], row["path"]
            if not counts[operation]:
                yield Violation("lost", f"{operation} is done and was never seen")

    def _one_at_most_is_in_flight(self) -> Iterator[Violation]:
        """An effect is on disk before the same execution asks for another one."""
        query = "SELECT execution_id, module_id, path FROM operations"
        done = {tuple(row) for row in self._rows(f"{query} WHERE state = 'done'")}
        open_ = {one.operation for one in self.arrivals} - done
        counts = Counter(execution for execution, _, _ in open_)
        for execution, count in counts.items():
            if count > 1:
                yield Violation("forgotten", f"{execution} does not know {count} calls")

    def _each_event_ran_once(self) -> Iterator[Violation]:
        seen = defaultdict(set)
        for one in self.arrivals:
            seen[one.body["event"]].add(one.operation)
        for event in sorted(set(self.answered) | seen.keys()):
            if len(seen[event]) != self.effects:
                promise = "lost" if len(seen[event]) < self.effects else "repeated"
                yield Violation(
                    promise,
                    f"{event} had {len(seen[event])} effects, not {self.effects}",
                )

    def _each_event_is_recorded_once(self) -> Iterator[Violation]:
        if not self.recorded:
            return
        rows = self._rows("SELECT data FROM records")
        counts = Counter(
            event for row in rows for event in json.loads(row["data"])["seen"]
        )
        for event in sorted(set(self.answered) | counts.keys()):
            if counts[event] != 1:
                promise = "lost" if not counts[event] else "repeated"
                yield Violation(promise, f"{event} is recorded {counts[event]} times")

    def _writes_stand_or_are_taken_back(self) -> Iterator[Violation]:
        open_ones = self._rows(
            "SELECT DISTINCT execution_id, state FROM reversals "
            "JOIN executions ON executions.id = execution_id "
            "WHERE NOT over AND state NOT IN ('queued', 'running', 'incomplete')"
        )
        for row in open_ones:
            what = f"{row['execution_id']} is {row['state']}, its writes are open"
            yield Violation("unsettled", what)

    def _aggregates_are_whole(self) -> Iterator[Violation]:
        for one in self.arrivals:
            step, gathered = one.body["step"], one.body.get("gathered")
            if step in self.whole and gathered not in self.whole[step]:
                yield Violation("partial", f"{one.key} tells of {gathered}")

    def _numbers_are_given_once(self) -> Iterator[Violation]:
        given = defaultdict(set)
        for one in self.arrivals:
            if "number" in one.body:
                given[one.body["event"]].add(one.body["number"])
        numbers = sorted(number for numbers in given.values() for number in numbers)
        if numbers != [*range(1, len(given) + 1)]:
            yield Violation("repeated", f"numbers were given as {dict(given)}")

    def _order_is_kept(self) -> Iterator[Violation]:
        seen = list(dict.fromkeys(one.body["event"] for one in self.arrivals))
        if self.order and seen != [*self.order]:
            yield Violation("disordered", f"{seen} had effects, not {self.order}")

    def _searches_tell_what_they_gave(self) -> Iterator[Violation]:
        """Each workload gives so few bundles that all of them are kept."""
        query = """
            SELECT o.execution_id, o.module_id, o.bundles, count(*) AS kept
            FROM operations AS o JOIN bundles USING (execution_id, module_id, path)
            WHERE o.state = 'done' GROUP BY o.execution_id, o.module_id, o.path
        """
        for row in self._rows(query):
            if row["bundles"] != row["kept"]:
                yield Violation(
                    "miscounted",
                    f"{row['execution_id']}:{row['module_id']} says {row['bundles']} "
                    f"bundles and kept {row['kept']}",
                )

    def _file_is_sound(self) -> Iterator[Violation]:
        (verdict,) = self._database.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            yield Violation("damaged", verdict)
        for row in self._database.execute("PRAGMA foreign_key_check"):
            yield Violation("damaged", f"a row of {row[0]} refers to nothing")

    def _no_secret_is_in_a_file(self) -> Iterator[Violation]:
        for file in self.folder.rglob("*"):
            if file.is_file() and file.name not in _HOLD_NO_SECRETS:
                content = file.read_bytes()
                for canary in self.canaries:
                    if canary.encode() in content:
                        yield Violation("leaked", f"{canary} is in {file.name}")

    def _work_was_done(self) -> Iterator[Violation]:
        query = "SELECT count(*) AS n FROM executions WHERE state = 'done'"
        done = self._rows(query)[0]["n"]
        if done < self.floor:
            yield Violation("idle", f"{done} executions done, {self.floor} expected")


def _event(body: bytes) -> str:
    event: str = json.loads(body)["response"]["uuid"]
    return event


Check = Callable[[Evidence], Iterator[Violation]]
_AT_ANY_MOMENT: tuple[Check, ...] = (
    Evidence._answered_is_stored,
    Evidence._balance_holds,
    Evidence._effects_are_counted,
    Evidence._one_at_most_is_in_flight,
    Evidence._searches_tell_what_they_gave,
    Evidence._file_is_sound,
    Evidence._no_secret_is_in_a_file,
)
