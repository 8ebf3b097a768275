"""Backups over HTTP, and the review of a folder that was restored from one."""

import os
from collections.abc import Iterator
from typing import IO, Any, Final

from fastapi import APIRouter
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel

from trunkline.api.visitors import OWN, READ
from trunkline.services import Services
from trunkline.services.backups import (
    Backups,
    Confirmed,
    ReviewView,
    SavedBackups,
    Unfinished,
)

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

    _add_saved(router, services.backups)
    _add_review(router, services.backups)
    return router


def _add_saved(router: APIRouter, backups: Backups) -> None:
    @router.get("/backups/saved")
    async def list_saved_backups() -> SavedBackups:
        """The backups on the server's disk, and how far the one under way has come."""
        return await backups.saved()

    @router.post("/backups/saved", status_code=202, dependencies=[OWN])
    async def save_backup() -> SavedBackups:
        """Begins a backup that stays on the disk, unless one is under way already."""
        return await backups.save()

    @router.get(
        "/backups/saved/{name}",
        dependencies=[OWN],
        response_class=FileResponse,
        responses=_ANSWER,
    )
    async def download_saved_backup(name: str) -> FileResponse:
        file = await backups.find_saved(name)
        return FileResponse(file, media_type=_TYPE, filename=file.name)

    @router.delete("/backups/saved/{name}", status_code=204, dependencies=[OWN])
    async def remove_saved_backup(name: str) -> None:
        await backups.remove_saved(name)


def _add_review(router: APIRouter, backups: Backups) -> None:
    @router.get("/review")
    async def show_review() -> ReviewView:
        """Whether the folder was restored and waits to be confirmed."""
        return await backups.review()

    @router.post("/review/confirm", dependencies=[OWN])
    async def confirm_review(confirmation: Confirmation) -> Confirmed:
        """Lets a restored folder work again."""
        return await backups.confirm(confirmation.unfinished)


def _chunks(backup: IO[bytes]) -> Iterator[bytes]:
    with backup:
        while chunk := backup.read(_CHUNK):
            yield chunk
