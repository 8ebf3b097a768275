"""Connections over HTTP; their secrets go in and never come out."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from trunkline.services import Services
from trunkline.services.connections import ConnectionView


class NewConnection(BaseModel):
    """What *Create a connection* asks for."""

    name: str
    app: str
    fields: dict[str, Any] = {}
    base_url: str | None = None


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/connections", tags=["connections"])

    @router.get("")
    async def list_connections() -> list[ConnectionView]:
        return await services.connections.all()

    @router.post("", status_code=201)
    async def add_connection(new: NewConnection) -> ConnectionView:
        return await services.connections.add(
            new.name, new.app, new.fields, new.base_url
        )

    @router.post("/{name:path}/test")
    async def test_connection(name: str) -> ConnectionView:
        return await services.connections.test(name)

    @router.get("/{name:path}")
    async def show_connection(name: str) -> ConnectionView:
        return await services.connections.show(name)

    @router.delete("/{name:path}", status_code=204)
    async def remove_connection(name: str) -> None:
        await services.connections.remove(name)

    return router
