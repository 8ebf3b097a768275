"""The sandbox as a customer and a survey's owner use it: through its pages."""

import html
import re
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from trunkline.errors import TrunklineError
from trunkline.services.sandbox import address_of, end_sandbox, start_sandbox

KEY = "demo-key-0123456789abcdef0123456789abcdef"
"""Opens a sandbox that lives as long as the demo, on loopback."""

ALL_USERS = "All Users"
"""The segment whose entries are not told to webhooks."""

_EVENTS = re.compile(r"<h2>Events</h2>(.*?)</section>", re.DOTALL)
_EVENT = re.compile(r"<li>([^<]*), \d{4}-\d\d-\d\d")


class Refiner:
    """Fills in the forms of the sandbox's pages and reads what they show."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self.address = address

    async def save_webhook(self, name: str, event: str, url: str, secret: str) -> None:
        """Integrations > Webhook > Save Webhook."""
        await self._post(
            "/integrations/webhooks",
            {"name": name, "events": event, "url": url, "secret": secret},
        )

    async def survey(self, name: str) -> str:
        """The uuid of a survey."""
        return await self._uuid("/surveys", name)

    async def segment(self, name: str) -> str:
        """The uuid of a segment."""
        return await self._uuid("/segments", name)

    async def answer(self, survey: str, fields: dict[str, str]) -> str:
        """Completes a survey; gives the uuid of the contact who did."""
        answered = await self._post(f"/surveys/{survey}/answers", fields)
        return str(answered["contact_uuid"])

    async def enter(self, segment: str, contact: str) -> None:
        await self._post(f"/contacts/{contact}/segments", {"segment_uuid": segment})

    async def events(self, contact: str) -> list[str]:
        """The events on a contact's page."""
        address = f"{self.address}/contacts/{contact}"
        as_page = {"Accept": "text/html"}
        async with self._session.get(address, headers=as_page) as answer:
            page = await answer.text()
        found = _EVENTS.search(page)
        return [
            html.unescape(name) for name in _EVENT.findall(found[1] if found else "")
        ]

    async def contact(self, uuid: str) -> dict[str, Any]:
        """What Refiner's own API tells of a contact."""
        return await self._get(
            f"/v1/contact?uuid={uuid}", {"Authorization": f"Bearer {KEY}"}
        )

    async def entries(self) -> int:
        """How many have entered a segment, apart from the one that all are in."""
        segments = (await self._get("/segments"))["items"]
        return sum(
            segment["contacts"] for segment in segments if segment["name"] != ALL_USERS
        )

    async def sends(self) -> list[dict[str, Any]]:
        """The webhook log: what was sent, and what was answered."""
        items: list[dict[str, Any]] = (await self._get("/webhook-log"))["items"]
        return items

    async def _uuid(self, page: str, name: str) -> str:
        items = (await self._get(page))["items"]
        return next(str(item["uuid"]) for item in items if item["name"] == name)

    async def _get(
        self, path: str, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        async with self._session.get(self.address + path, headers=headers) as answer:
            return await _read(answer)

    async def _post(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        async with self._session.post(self.address + path, data=fields) as answer:
            return await _read(answer)


@asynccontextmanager
async def started() -> AsyncIterator[Process]:
    """A sandbox in a process of its own for as long as the block lasts."""
    process = await start_sandbox(["--port=0", f"--key={KEY}"])
    try:
        yield process
    finally:
        await end_sandbox(process)


@asynccontextmanager
async def visiting(process: Process) -> AsyncIterator[Refiner]:
    """The sandbox's pages, once it answers.

    Raises:
        TrunklineError: it does not start.
    """
    address = await address_of(process)
    async with aiohttp.ClientSession(
        headers={"Accept": "application/json"},
        timeout=aiohttp.ClientTimeout(total=10),
    ) as session:
        yield Refiner(session, address)


async def _read(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    if not answer.ok:
        said = (await answer.text())[:200]
        raise TrunklineError(f"The sandbox answered {answer.status}: {said}")
    read: dict[str, Any] = await answer.json()
    return read
