"""A delivery that kills the process is given up, and nothing else with it."""

import asyncio
import http.client
import json
from pathlib import Path
from typing import Any

import pytest

import fakes.poison
from fakes.ledger import Ledger
from faults.loader import Loader
from faults.process import Server, furnish, until
from faults.workloads import TRIGGER, Workload, entry

_TESTS = Path(__file__).parents[1]
_TASTE = {
    "id": 2,
    "module": "poison.taste",
    "map": {"event": "{{1.response.uuid}}"},
}
_WORKLOAD = Workload(flow=(TRIGGER, _TASTE, entry(3)), effects=1)
_HEALTHY = 5


@pytest.fixture
def server(tmp_path: Path) -> Server:
    fakes.poison.install(tmp_path / "apps")
    return Server(
        tmp_path / "data",
        environment={"PYTHONPATH": f"{_TESTS}:{tmp_path / 'apps'}"},
    )


async def test_what_kills_the_process_is_given_up_and_the_others_go_on(
    server: Server,
) -> None:
    loader = Loader(rate=50)
    with Ledger(delay=0.5) as ledger:
        try:
            server.start()
            url = server.address + furnish(server, _WORKLOAD, ledger.url)
            events = [f"healthy-{n}" for n in range(_HEALTHY)]
            await asyncio.gather(*(loader.post(url, event) for event in events))
            await loader.post(url, "poison-1")
            deaths = await asyncio.to_thread(_start_until_it_lives, server)
            found = _executions(server)
        finally:
            server.kill()
    assert deaths == 3
    assert found.pop("poison-1") == ("failed", "dead")
    assert found == dict.fromkeys(events, ("done", "done"))


def _start_until_it_lives(server: Server) -> int:
    """Starts it anew each time it has died; how often that was."""
    for deaths in range(1, 10):
        assert server.wait_for_death() < 0
        server.start()
        until(lambda: _died_or_settled(server), "it died or settled")
        if server.is_alive:
            return deaths
    raise AssertionError("it goes on dying")


def _died_or_settled(server: Server) -> bool:
    try:
        return not server.is_alive or server.is_settled()
    except (OSError, http.client.HTTPException):
        return False  # it is dying while we ask


def _executions(server: Server) -> dict[str, tuple[str, str]]:
    """The state of the execution and of the delivery of each event."""
    states: dict[str, tuple[str, str]] = {}
    for listed in server.call("GET", "/executions"):
        execution = server.call("GET", f"/executions/{listed['id']}")
        delivery: dict[str, Any] = server.call(
            "GET", f"/deliveries/{execution['delivery']}"
        )
        event = json.loads(delivery["body"])["response"]["uuid"]
        states[event] = execution["state"], delivery["state"]
        if execution["state"] == "failed":
            assert "each time the process ended" in json.dumps(execution["error"])
    return states
