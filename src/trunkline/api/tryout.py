"""The sandbox over HTTP: begun, looked for, ended."""

from fastapi import APIRouter

from trunkline.api.visitors import CHANGE, READ
from trunkline.services import Services
from trunkline.services.tryout import TryoutView


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/tryout", tags=["tryout"], dependencies=[READ])

    @router.get("")
    async def show_tryout() -> TryoutView:
        return await services.tryout.show()

    @router.post("", dependencies=[CHANGE])
    async def begin_tryout() -> TryoutView:
        """Starts a sandbox, and makes a connection, a webhook and a scenario for it."""
        return await services.tryout.begin()

    @router.delete("", dependencies=[CHANGE])
    async def end_tryout() -> TryoutView:
        """Stops the sandbox; what was made for it stays."""
        return await services.tryout.end()

    return router
