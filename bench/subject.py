"""What is measured: Trunkline as its users start it, and the floor beside it."""

import sqlite3
import urllib.request
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from bench.process import BenchError, Child, wait_for

Way = Literal["store", "forward"]
"""A delivery is stored only, or its scenario runs as well."""

_SECRET = "the-bench's-secret"  # noqa: S105 - a benchmark's, on loopback
_START_SECONDS = 30
_CALL_SECONDS = 10
_SETTLE_SECONDS = 60


class Door(NamedTuple):
    """Where deliveries are sent, and with which secret."""

    port: int
    path: str
    secret: str


class Subject(Protocol):
    """A server that takes deliveries in."""

    @property
    def child(self) -> Child: ...

    def door(self, way: Way) -> Door: ...

    def stored(self, way: Way) -> int:
        """Deliveries that are on disk; whatever was still running has ended."""

    def start(self) -> None:
        """Starts the process, anew if it was stopped, on what it has stored."""


def restart(subject: Subject) -> None:
    """A new process takes the place of the one that runs."""
    subject.child.stop()
    subject.start()


class Floor:
    """The least Python that does it."""

    def __init__(self, folder: Path, target: str) -> None:
        self._file = folder / "floor.sqlite"
        self._log = folder / "floor.log"
        self._target = target

    def door(self, way: Way) -> Door:
        return Door(self._port, f"/{way}", _SECRET)

    def stored(self, way: Way) -> int:  # noqa: ARG002 - one table serves both
        connection = sqlite3.connect(self._file)
        try:
            (count,) = connection.execute("SELECT count(*) FROM events").fetchone()
        finally:
            connection.close()
        return int(count)

    def start(self) -> None:
        arguments = ["bench.floor", str(self._file), self._target, _SECRET]
        self.child = Child(arguments, self._log)
        self._port = int(self.child.first_line())


class Trunkline:
    """`trunkline serve` on a folder, set up through its REST API."""

    def __init__(self, folder: Path, target: str) -> None:
        self._folder = folder / "trunkline-data"
        self._log = folder / "trunkline.log"
        self._target = target
        self._port = 0
        self._doors: dict[Way, str] = {}

    def door(self, way: Way) -> Door:
        return Door(self._port, self._doors[way], _SECRET)

    def stored(self, way: Way) -> int:
        return wait_for(
            "all executions to end", lambda: self._ended(way), _SETTLE_SECONDS, 0.05
        )

    def set_up(self) -> None:
        """One webhook for each way, and a scenario behind the one that forwards."""
        self._doors = {"store": self._add_webhook("store")}
        self._doors["forward"] = self._add_webhook("forward")
        self._add_scenario()

    def _ended(self, way: Way) -> int | None:
        """How many deliveries have got as far as they can; None while some run."""
        counts = self._call("GET", f"/webhooks/{way}")["deliveries"]
        accepted = counts["accepted"]
        ended = counts.get("waiting" if way == "store" else "done", 0)
        unfinished = counts.get("running", 0)
        if way == "forward":
            unfinished += counts.get("waiting", 0)
        if unfinished:
            return None
        if ended != accepted or counts.get("done:duplicate"):
            raise BenchError(f"Not every delivery of {way} ended well: {counts}")
        return int(accepted)

    def start(self) -> None:
        arguments = ["serve", "--data", str(self._folder), "--port", str(self._port)]
        self.child = Child(
            ["trunkline", *arguments, "--allow-host", "127.0.0.1"],
            self._log,
            # What a webhook may receive per second is a setting, not an achievement.
            {"TRUNKLINE_HOOK_RATE": "1000000"},
        )

        def announced() -> dict[str, Any] | None:
            self.child.check_alive()
            return self._note()

        try:
            note = wait_for("Trunkline to start", announced, _START_SECONDS, 0.005)
        except BenchError:
            self.child.stop()
            raise
        self._token = note["token"]
        self._address = note["address"]
        self._port = int(self._address.rpartition(":")[2])

    def _note(self) -> dict[str, Any] | None:
        try:
            note = msgspec.json.decode((self._folder / "owner.json").read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        is_ours = note["pid"] == self.child.pid and note["address"]
        return note if is_ours else None

    def _add_webhook(self, way: str) -> str:
        webhook = {
            "name": way,
            "module": "refiner.watch_completed_survey",
            "secret": _SECRET,
            "when_inactive": "queue",
        }
        address: str = self._call("POST", "/webhooks", webhook)["address"]
        return address.removeprefix(self._address)

    def _add_scenario(self) -> None:
        scenario = {
            "name": "Bench",
            "flow": [
                {
                    "id": 1,
                    "module": "refiner.watch_completed_survey",
                    "webhook": "forward",
                },
                {
                    "id": 2,
                    "module": "http.make_a_request",
                    "filter": {"name": "promoter", "conditions": [[_PROMOTER]]},
                    "map": {"url": self._target, "method": "POST", "body": _BODY},
                },
            ],
        }
        self._call("POST", "/scenarios", scenario)
        self._call("POST", "/scenarios/Bench/activate")

    def _call(self, method: str, path: str, content: object = None) -> Any:  # noqa: ANN401 - JSON
        request = urllib.request.Request(  # noqa: S310 - our own server's address
            f"{self._address}/api/v1{path}",
            data=None if content is None else msgspec.json.encode(content),
            method=method,
            headers={
                "authorization": f"Bearer {self._token}",
                "content-type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=_CALL_SECONDS) as answer:  # noqa: S310 - the same
            return msgspec.json.decode(answer.read())


_PROMOTER = {
    "a": "{{1.response.data.nps}}",
    "o": "number:greaterorequal",
    "b": 9,
}
_BODY = {
    "id": "{{1.response.uuid}}",
    "nps": "{{1.response.data.nps}}",
    "who": "{{upper(1.display_name)}}",
}
