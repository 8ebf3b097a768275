"""Trunkline tried on the sandbox: one call starts it and builds what to look at."""

import asyncio
import json
import secrets
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from trunkline.engine.engine import Engine
from trunkline.errors import NotFoundError, TrunklineError
from trunkline.services.connections import Connections
from trunkline.services.sandbox import address_of, end_sandbox, start_sandbox
from trunkline.services.scenarios import Scenarios
from trunkline.services.webhooks import Webhooks
from trunkline.store.store import Store

NAME = "Sandbox"
"""The connection, the webhook and the scenario all bear it."""

_CONTACTS = 40
_DETRACTOR = {"a": "{{1.response.data.nps}}", "o": "number:lessorequal", "b": 6}


@dataclass(frozen=True, slots=True)
class TryoutView:
    """Where the sandbox is, and the scenario that listens; null while there is none."""

    address: str | None
    scenario: str | None


class Tryout:
    """A sandbox that lives as long as the server, and comes back with it."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        connections: Connections,
        webhooks: Webhooks,
        scenarios: Scenarios,
    ) -> None:
        self._note = store.folder / "sandbox.json"
        self._folder = store.folder / "sandbox"
        self._engine = engine
        self._connections = connections
        self._webhooks = webhooks
        self._scenarios = scenarios
        self._process: Process | None = None
        self._address: str | None = None
        self._turn = asyncio.Lock()

    async def show(self) -> TryoutView:
        scenario = None
        if self._address is not None:
            with suppress(NotFoundError):
                scenario = (await self._scenarios.show(NAME)).id
        return TryoutView(self._address, scenario)

    async def begin(self) -> TryoutView:
        """Starts the sandbox, and makes connection, webhook and scenario.

        What is there already stays as it is, so that it can be called again.

        Raises:
            TrunklineError: the sandbox does not start.
        """
        async with self._turn:
            if self._process is None:
                await self._start(
                    {"port": 0, "key": f"sandbox-{secrets.token_hex(16)}"}
                )
            await self._furnish()
        return await self.show()

    async def resume(self) -> None:
        """Starts the sandbox of an earlier time again, where there was one."""
        async with self._turn:
            if self._process is None and self._note.exists():
                with suppress(TrunklineError, OSError, ValueError):
                    await self._start(json.loads(self._note.read_text()))

    async def end(self) -> TryoutView:
        """Stops the sandbox for good; what was built for it stays."""
        async with self._turn:
            self._note.unlink(missing_ok=True)
            await self.close()
        return await self.show()

    async def close(self) -> None:
        """Stops the sandbox until the server starts again."""
        if self._process is not None:
            await end_sandbox(self._process)
        self._process = self._address = None

    async def _start(self, settings: dict[str, Any]) -> None:
        process = await start_sandbox(
            [
                f"--port={settings['port']}",
                f"--key={settings['key']}",
                f"--data={self._folder}",
                *([] if self._folder.exists() else [f"--contacts={_CONTACTS}"]),
            ]
        )
        try:
            address = await address_of(process)
        except TrunklineError:
            await end_sandbox(process)
            raise
        self._process, self._address = process, address
        self._key = str(settings["key"])
        self._engine.http.allow(urlsplit(address).netloc)
        known = {"port": urlsplit(address).port, "key": self._key}
        self._note.touch(mode=0o600)
        self._note.write_text(json.dumps(known))

    async def _furnish(self) -> None:
        connections = {one.name for one in await self._connections.all()}
        if NAME not in connections:
            fields = {"api_key": self._key}
            await self._connections.add(NAME, "refiner", fields, self._address)
        if all(one.name != NAME for one in await self._webhooks.all()):
            made = await self._webhooks.add(
                NAME, "refiner.watch_completed_survey", secret=None
            )
            await self._register(made.address, made.secret or "")
        if all(one.name != NAME for one in await self._scenarios.all()):
            await self._scenarios.add_values(_scenario())
            await self._scenarios.activate(NAME)

    async def _register(self, address: str, secret: str) -> None:
        """Integrations > Webhook > Save Webhook, as a person would."""
        form = {
            "name": "Trunkline",
            "events": "Completed Survey",
            "url": address,
            "secret": secret,
        }
        answer = await self._engine.http.send(
            "POST",
            f"{self._address}/integrations/webhooks",
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "accept": "application/json",
            },
            data=urlencode(form).encode(),
        )
        if answer.status >= 400:  # noqa: PLR2004 - where HTTP's refusals begin
            raise TrunklineError(f"The sandbox did not take the webhook: {answer.text}")


def _scenario() -> dict[str, Any]:
    """What to do with an answer: tell the unhappy from the rest."""
    user = {"user_id": "{{1.remote_id}}"}
    event = {"module": "refiner.track_an_event", "connection": NAME}
    unhappy = [
        {
            "id": 3,
            **event,
            "name": "Mark the detractor",
            "filter": {"name": "score up to 6", "conditions": [[_DETRACTOR]]},
            "map": {**user, "event_name": "Detractor"},
        },
        {
            "id": 4,
            "module": "refiner.identify_a_user",
            "connection": NAME,
            "name": "Remember the comment",
            "map": {
                **user,
                "additional_data": {"last_comment": "{{1.response.data.reason}}"},
            },
        },
    ]
    rest = [{"id": 5, **event, "map": {**user, "event_name": "Answered a survey"}}]
    watch = {"id": 1, "module": "refiner.watch_completed_survey", "webhook": NAME}
    routes = [
        {"name": "unhappy", "flow": unhappy},
        {"fallback": True, "name": "everybody else", "flow": rest},
    ]
    router = {"id": 2, "module": "flow.router", "routes": routes}
    return {
        "name": NAME,
        "description": "Tells unhappy answers to the sandbox's survey from the rest.",
        "flow": [watch, router],
    }
