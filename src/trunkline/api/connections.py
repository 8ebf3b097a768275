"""Connections over HTTP; their secrets go in and never come out."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from trunkline.api.visitors import CHANGE, READ
from trunkline.services import Services
from trunkline.services.connections import ConnectionView


class NewConnection(BaseModel):
    """What *Create a connection* asks for."""

    name: str
    app: str
    fields: dict[str, Any] = {}
    base_url: str | None = None


class ChangedConnection(BaseModel):
    """Other values for a connection; what is not given stays as it is."""

    fields: dict[str, Any] = {}
    base_url: str | None = None


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/connections", tags=["connections"], dependencies=[READ])

    @router.get("")
    async def list_connections() -> list[ConnectionView]:
        return await services.connections.all()

    @router.post("", status_code=201, dependencies=[CHANGE])
    async def add_connection(new: NewConnection) -> ConnectionView:
        return await services.connections.add(
            new.name, new.app, new.fields, new.base_url
        )

    @router.post("/{name:path}/test", dependencies=[CHANGE])
    async def test_connection(name: str) -> ConnectionView:
        return await services.connections.test(name)

    @router.get("/{name:path}")
    async def show_connection(name: str) -> ConnectionView:
        return await services.connections.show(name)

    @router.patch("/{name:path}", dependencies=[CHANGE])
    async def change_connection(
        name: str, changed: ChangedConnection
    ) -> ConnectionView:
        """Gives it other values, once the service has accepted them."""
        return await services.connections.change(name, changed.fields, changed.base_url)

    @router.delete("/{name:path}", status_code=204, dependencies=[CHANGE])
    async def remove_connection(name: str) -> None:
        await services.connections.remove(name)

    return router
