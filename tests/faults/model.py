"""What the states of deliveries and executions are, told by a dictionary."""

from collections import Counter
from dataclasses import dataclass, field

TRIES, INTERVAL = 2, 60.0
"""How often and how soon (seconds) what was refused is tried again by itself."""


@dataclass(slots=True)
class Run:
    """An execution: whether a delivery started it, and when it is tried again."""

    state: str
    delivered: bool
    tries: int = 0
    due: float | None = None


@dataclass(slots=True)
class Model:
    """The target refuses or does not; `now` is in seconds since the beginning."""

    active: bool = True
    refuses: bool = False
    now: float = 0.0
    runs: dict[str, Run] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    duplicates: int = 0

    def post(self, event: str) -> None:
        if event in self.events:
            self.duplicates += 1
        elif self.active:
            self._begin(event, delivered=True)
        else:
            self.waiting.append(event)
        self.events.add(event)

    def by_hand(self, name: str) -> None:
        self._begin(name, delivered=False)

    def activate(self) -> None:
        self.active = True
        for event in self.waiting:
            self._begin(event, delivered=True)
        self.waiting.clear()

    def resume(self, name: str) -> None:
        run = self.runs[name]
        run.tries += 1
        self._try(run)

    def discard(self, name: str) -> None:
        self.runs[name].state, self.runs[name].due = "cancelled", None

    def forward(self, seconds: float) -> None:
        self.now += seconds
        for name, run in self.runs.items():
            if run.due is not None and run.due <= self.now:
                self.resume(name)

    def incomplete(self) -> list[str]:
        return [name for name, run in self.runs.items() if run.state == "incomplete"]

    def tries(self) -> list[int]:
        """How often each incomplete execution was tried again, in no order."""
        kept = [run for run in self.runs.values() if run.state == "incomplete"]
        return sorted(run.tries for run in kept)

    def deliveries(self) -> Counter[str]:
        named = {"incomplete": "held"}
        of = Counter(
            named.get(one.state, one.state)
            for one in self.runs.values()
            if one.delivered
        )
        return +(of + Counter(waiting=len(self.waiting), done=self.duplicates))

    def executions(self) -> Counter[str]:
        return Counter(one.state for one in self.runs.values())

    def _begin(self, name: str, *, delivered: bool) -> None:
        run = self.runs[name] = Run("", delivered)
        self._try(run)

    def _try(self, run: Run) -> None:
        run.state = "incomplete" if self.refuses else "done"
        again = self.refuses and run.tries < TRIES
        run.due = self.now + INTERVAL if again else None
