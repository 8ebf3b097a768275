"""Pins over HTTP: what stands in for modules in runs by hand."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from trunkline.api.bounds import Number
from trunkline.api.visitors import CHANGE, READ
from trunkline.errors import UsageError
from trunkline.services import Services
from trunkline.services.pins import PinView


class Pinned(BaseModel):
    """The bundles to pin, or the execution in which the module gave them."""

    bundles: list[Any] | None = None
    execution: str | None = None


def routes(services: Services) -> APIRouter:
    router = APIRouter(
        prefix="/scenarios/{name:path}/pins", tags=["scenarios"], dependencies=[READ]
    )
    pins = services.pins

    @router.get("")
    async def list_pins(name: str) -> list[PinView]:
        return await pins.all(name)

    @router.put("/{module}", dependencies=[CHANGE])
    async def pin_module(name: str, module: Number, pinned: Pinned) -> PinView:
        """In runs by hand the module then gives these bundles, and is not run."""
        if pinned.execution is not None and pinned.bundles is None:
            return await pins.pin_from(name, module, pinned.execution)
        if pinned.bundles is None:
            raise UsageError("Say which bundles, or the execution that gave them.")
        return await pins.pin(name, module, pinned.bundles)

    @router.delete("/{module}", status_code=204, dependencies=[CHANGE])
    async def unpin_module(name: str, module: Number) -> None:
        await pins.unpin(name, module)

    return router
