"""Installed apps, their modules run by themselves, and their dropdowns."""

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from trunkline.api.visitors import CHANGE, READ
from trunkline.errors import ModuleError
from trunkline.services import Services
from trunkline.services.apps import AppView, FieldView, OptionView

_CHUNK = 64 * 1024
ERROR_KEY = "$error"
"""The one key of a last line that tells why a stream of bundles broke off."""


class ModuleRun(BaseModel):
    """A module's fields, filled in."""

    connection: str | None = None
    fields: dict[str, Any] = {}


class Filled(BaseModel):
    """A module's fields as far as they are mapped."""

    connection: str | None = None
    fields: dict[str, Any] = {}


def routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["apps"], dependencies=[READ])

    @router.get("/apps")
    async def list_apps() -> list[AppView]:
        return services.apps.all()

    @router.get("/apps/{key}")
    async def show_app(key: str) -> AppView:
        return services.apps.show(key)

    @router.post("/modules/{name}/run", dependencies=[CHANGE])
    async def run_module(name: str, run: ModuleRun) -> StreamingResponse:
        """Bundles as they come, one JSON text a line.

        An error before the first bundle is a problem; a later one is the last line,
        with the one key `$error`.
        """
        bundles = services.apps.run_module(name, run.connection, run.fields)
        lines = _lines(bundles)
        first = await anext(lines, b"")
        return StreamingResponse(
            _continued(first, lines), media_type="application/x-ndjson"
        )

    @router.get("/modules/{name}/fields/{field}/options")
    async def field_options(
        name: str, field: str, connection: str | None = None
    ) -> list[OptionView]:
        return await services.apps.options(name, field, connection)

    @router.post("/modules/{name}/fields/{field}/further")
    async def further_fields(name: str, field: str, filled: Filled) -> list[FieldView]:
        """The fields of a collection that depends on others; none before these are set.

        `fields` are the module's fields as they are mapped.
        """
        return await services.apps.further_fields(
            name, field, filled.connection, filled.fields
        )

    return router


async def _lines(bundles: AsyncIterator[str]) -> AsyncIterator[bytes]:
    """Chunks of lines; the first one holds one line, so that it comes at once."""
    lines: list[str] = []
    size = 0
    sent = False
    try:
        async for bundle in bundles:
            lines.append(bundle)
            size += len(lines[-1])
            if size >= _CHUNK or not sent:
                yield _joined(lines)
                lines, size, sent = [], 0, True
    except ModuleError as error:
        if not sent:
            raise
        lines.append(
            json.dumps({ERROR_KEY: {"type": error.type, "message": str(error)}})
        )
    if lines:
        yield _joined(lines)


def _joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


async def _continued(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
