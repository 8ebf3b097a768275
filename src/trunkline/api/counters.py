"""Counters over HTTP: numbers that the executions of a scenario count on together."""

from fastapi import APIRouter

from trunkline.api.visitors import CHANGE, READ
from trunkline.services import Services
from trunkline.services.counters import CounterView


def routes(services: Services) -> APIRouter:
    router = APIRouter(
        prefix="/scenarios/{name:path}/counters",
        tags=["scenarios"],
        dependencies=[READ],
    )
    counters = services.counters

    @router.get("")
    async def list_counters(name: str) -> list[CounterView]:
        return await counters.all(name)

    @router.delete("", status_code=204, dependencies=[CHANGE])
    async def reset_counter(name: str, counter: str = "") -> None:
        """The next number is 1; without a name, that of the counter without one."""
        await counters.reset(name, counter)

    return router
