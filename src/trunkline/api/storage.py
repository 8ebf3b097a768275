"""How large the history is, and pruning it."""

from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import BaseModel

from trunkline.api.visitors import CHANGE, READ
from trunkline.services import Services
from trunkline.services.storage import PruningView, StorageView


class Prune(BaseModel):
    """`compact` writes the file anew afterwards; deliveries wait meanwhile."""

    compact: bool = False


def routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["storage"], dependencies=[READ])
    storage = services.storage

    @router.get("/storage")
    async def show_storage(
        *,
        tables: Annotated[
            bool, Query(description="With each table, for which all is looked at.")
        ] = False,
    ) -> StorageView:
        """Sizes, what is kept, and what was pruned last."""
        return await storage.show(tables=tables)

    @router.get("/prune")
    async def show_pruning() -> PruningView:
        """How far pruning has come."""
        return storage.pruning()

    @router.post("/prune", status_code=status.HTTP_202_ACCEPTED, dependencies=[CHANGE])
    async def prune(asked: Prune) -> PruningView:
        """Removes now what is beyond the bounds, in the background."""
        return storage.prune(compact=asked.compact)

    return router
