"""A way into a running sandbox by HTTP, and what can be turned about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from trunkline.apps.refiner.sandbox import Running, SandboxSettings
from trunkline.apps.refiner.sandbox.sender import Sender

KEY = "a-key-for-tests-0123456789abcdef"

Json = dict[str, Any]
Part = Any  # of a request: its status to expect, parameters, headers, body


@dataclass(slots=True)
class StoppedClock:
    """Stands still until it is told to go on."""

    moment: datetime = field(default=datetime(2026, 3, 1, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass(frozen=True, slots=True)
class Door:
    """Requests with the key, checked for their status, JSON out."""

    http: aiohttp.ClientSession
    running: Running

    @property
    def url(self) -> str:
        return self.running.url

    @property
    def sender(self) -> Sender:
        return self.running.sandbox.sender

    async def get(self, path: str, *, status: Part = 200, **query: Part) -> Json:
        return await self.call("GET", path, status=status, params=query)

    async def post(self, path: str, *, status: Part = 200, **body: Part) -> Json:
        return await self.call("POST", path, status=status, json=body)

    async def delete(self, path: str, *, status: Part = 200, **query: Part) -> Json:
        return await self.call("DELETE", path, status=status, params=query)

    async def call(
        self, method: str, path: str, *, status: Part = 200, **request: Part
    ) -> Json:
        headers = {"Authorization": f"Bearer {KEY}", "Accept": "application/json"}
        url = f"{self.url}{path}"
        async with self.http.request(method, url, headers=headers, **request) as answer:
            assert answer.status == status, await answer.text()
            body: Json = await answer.json()
            return body

    async def identified(self, **sent: object) -> Json:
        """The contact as the API shows it after an identify."""
        uuid = (await self.post("/v1/identify-user", **sent))["contact_uuid"]
        return await self.get("/v1/contact", uuid=uuid)

    async def survey(self, name: str = "Quarterly NPS") -> str:
        """The survey's uuid."""
        forms = await self.get("/v1/forms", list="all_with_archived")
        return _uuid_of(name, forms)

    async def segment(self, name: str) -> str:
        segments = await self.get("/v1/segments")
        return _uuid_of(name, segments)


def _uuid_of(name: str, listed: Json) -> str:
    uuids: dict[str, str] = {item["name"]: item["uuid"] for item in listed["items"]}
    return uuids[name]


OpenDoor = Callable[[SandboxSettings], Awaitable[Door]]
