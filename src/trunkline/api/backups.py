"""Backups over HTTP, and the review of a folder that was restored from one."""

import os
from collections.abc import Iterator
from typing import IO, Any, Final

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from trunkline.api.visitors import OWN, READ
from trunkline.services import Services
from trunkline.services.backups import Confirmed, ReviewView, Unfinished

_CHUNK = 256 * 1024
_TYPE = "application/zip"
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The backup.",
        "content": {_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Confirmation(BaseModel):
    """What becomes of the executions that the backup found unfinished."""

    unfinished: Unfinished


def routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["backups"], dependencies=[READ])

    @router.post(
        "/backups",
        dependencies=[OWN],
        response_class=StreamingResponse,
        responses=_ANSWER,
    )
    async def make_backup() -> StreamingResponse:
        """The data of this moment in one file, without the key and without sessions."""
        backup = await services.backups.make()
        size = os.fstat(backup.fileno()).st_size
        return StreamingResponse(
            _chunks(backup), media_type=_TYPE, headers={"Content-Length": str(size)}
        )

    @router.get("/review")
    async def show_review() -> ReviewView:
        """Whether the folder was restored and waits to be confirmed."""
        return await services.backups.review()

    @router.post("/review/confirm", dependencies=[OWN])
    async def confirm_review(confirmation: Confirmation) -> Confirmed:
        """Lets a restored folder work again."""
        return await services.backups.confirm(confirmation.unfinished)

    return router


def _chunks(backup: IO[bytes]) -> Iterator[bytes]:
    with backup:
        while chunk := backup.read(_CHUNK):
            yield chunk
