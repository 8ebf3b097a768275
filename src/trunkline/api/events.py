"""What has changed, as it changes: server-sent events that can be taken up again."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from trunkline.api.visitors import READ
from trunkline.services import Services

_HEARTBEAT = 15.0


def routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["events"], dependencies=[READ])

    @router.get("/events", response_class=StreamingResponse)
    async def follow(
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """Events `changed` with the topics that changed: look again at those.

        After a break, `Last-Event-ID` brings what changed meanwhile.
        """
        return StreamingResponse(
            _events(services, last_event_id),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    return router


async def _events(services: Services, mark: str | None) -> AsyncIterator[str]:
    async for reached, topics in services.news.follow(mark, heartbeat=_HEARTBEAT):
        if topics:
            data = json.dumps({"topics": topics})
            yield f"id: {reached}\nevent: changed\ndata: {data}\n\n"
        else:
            yield ": still here\n\n"
