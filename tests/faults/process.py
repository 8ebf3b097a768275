"""The real server as a process of its own, started, killed and stopped."""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any
from urllib.parse import urlsplit

from faults.workloads import API_KEY, SECRET, WEBHOOK, Workload
from trunkline.engine.dispatch import MOST_ATTEMPTS
from trunkline.store.owner import read_owner

PATIENCE = 30.0
_TESTS = Path(__file__).parents[1]
_UNFINISHED = ("queued", "running", "waiting")


@dataclass(slots=True)
class Server:
    """One folder's server, through all of its lives; `log` is what it wrote.

    `program` runs instead of `trunkline` where a harness has to prepare the process.
    """

    folder: Path
    program: str = "trunkline"
    environment: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    token: str = ""
    _process: "subprocess.Popen[bytes] | None" = None
    _log: IO[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Returns when the server owns the folder and listens."""
        self._log = self.log.open("ab")
        command = [sys.executable, "-m", self.program, "serve", "--data"]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, self.folder, "--port", "0", "--allow-host", "127.0.0.1"],
            env={**os.environ, "PYTHONPATH": str(_TESTS), **self.environment},
            stdout=self._log,
            stderr=self._log,
        )
        until(self._is_announced, "the server announces itself")

    def kill(self) -> None:
        """Ends it as a power switch would end it."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Asks it to end; returns its exit code."""
        return self._end(signal.SIGTERM)

    def wait_for_death(self) -> int:
        """Waits until it ends of itself; returns its exit code."""
        assert self._process is not None
        code = self._process.wait(PATIENCE)
        self._close_log()
        return code

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON value
        """One call of the REST API."""
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(where.netloc, timeout=PATIENCE)
        with closing(connection):
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            }
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1{path}", text, headers)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status < 400, (method, path, content)
            return json.loads(content)

    def settle(self, accepted: int = 0, *, seconds: float = PATIENCE) -> None:
        """Returns when so many were accepted and nothing is left to run."""
        until(lambda: self.is_settled(accepted), "everything is done", seconds)

    def is_settled(self, accepted: int = 0) -> bool:
        balance = self.call("GET", "/balance")
        states = (balance["states"], balance["executions"])
        left = sum(of.get(state, 0) for of in states for state in _UNFINISHED)
        return bool(balance["accepted"] >= accepted and not left)

    def in_flight(self) -> int:
        """How many executions were running when it was killed."""
        return self._executions("state = 'running'")

    def on_their_last_attempt(self) -> int:
        """How many executions would not be begun again, were it killed now."""
        last = MOST_ATTEMPTS - 1
        return self._executions(
            f"state = 'queued' AND attempts >= {last} "
            f"OR state = 'running' AND attempts > {last}"
        )

    def _executions(self, condition: str) -> int:
        file = f"file:{self.folder / 'trunkline.db'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as database:
            query = f"SELECT count(*) FROM executions WHERE {condition}"  # noqa: S608 - our own words
            (count,) = database.execute(query).fetchone()
        return int(count)

    def _is_announced(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        note = read_owner(self.folder)
        if note is None or note.pid != self._process.pid or not note.address:
            return False
        self.address, self.token = note.address, note.token or ""
        return True

    def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self.is_alive:
            self._process.send_signal(number)
        return self.wait_for_death()

    def _close_log(self) -> None:
        if self._log is not None:
            self._log.close()


def defective(
    folder: Path, defect: str, environment: Mapping[str, str] = MappingProxyType({})
) -> Server:
    """A server with one of the seeded defects."""
    named = {**environment, "TRUNKLINE_TEST_DEFECT": defect}
    return Server(folder, program="faults.defective", environment=named)


def furnish(
    server: Server,
    workload: Workload,
    ledger: str,
    *,
    name: str = "Fault",
    **settings: object,
) -> str:
    """Adds webhook and scenario over the API; returns the webhook's address.

    Those named otherwise than usual stand beside the others.
    """
    if workload.connection:
        values = {"api_key": API_KEY}
        named = {"name": "refiner", "app": "refiner", "base_url": ledger}
        server.call("POST", "/connections", {**named, "fields": values})
    module = workload.flow[0]["module"]
    hears = WEBHOOK if name == "Fault" else name
    webhook = {"name": hears, "module": module, "secret": SECRET}
    address: str = server.call("POST", "/webhooks", webhook)["address"]
    document = {**workload.document(ledger), "name": name, "settings": settings}
    document["flow"][0]["webhook"] = hears
    server.call("POST", "/scenarios", document)
    server.call("POST", f"/scenarios/{name}/activate")
    return urlsplit(address).path


def until(fact: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Looks at a fact until it holds.

    Raises:
        AssertionError: it did not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)
