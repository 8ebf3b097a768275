"""Whether the server is alive, and whether it is well."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel

from trunkline import __version__
from trunkline.api.visitors import READ
from trunkline.model.balance import Balance
from trunkline.model.states import DeliveryState, ExecutionState
from trunkline.services import Services
from trunkline.services.activity import ActivityView
from trunkline.services.health import Check
from trunkline.services.scores import ScoreView


class Alive(BaseModel):
    """The server answers."""

    status: str = "ok"
    version: str = __version__


def open_routes() -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def alive() -> Alive:
        return Alive()

    return router


def routes(services: Services, registry: CollectorRegistry) -> APIRouter:
    router = APIRouter(tags=["health"], dependencies=[READ])
    metrics = Metrics(registry)

    @router.get("/doctor")
    async def examine() -> list[Check]:
        return await services.health.examine()

    @router.get("/balance")
    async def balance() -> Balance:
        return await services.health.balance()

    @router.get("/activity")
    async def show_activity(
        hours: Annotated[int, Query(ge=1, le=24 * 31)] = 24,
    ) -> list[ActivityView]:
        """How much arrived and ran in the last hours, in 48 stretches."""
        return await services.activity.latest(hours)

    @router.get("/scores")
    async def show_scores(
        days: Annotated[int, Query(ge=1, le=366)] = 30,
    ) -> list[ScoreView]:
        """What people answered in the last days: net promoter scores and averages."""
        return await services.scores.latest(days)

    @router.get("/metrics", response_class=PlainTextResponse)
    async def show_metrics() -> str:
        """The balance and the refusals in the format of Prometheus."""
        metrics.show(await services.health.balance())
        return generate_latest(registry).decode()

    return router


class Metrics:
    """Gauges that are set when somebody looks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._accepted = Gauge(
            "trunkline_accepted_deliveries",
            "Deliveries accepted; the sum over their states.",
            registry=registry,
        )
        self._deliveries = Gauge(
            "trunkline_deliveries", "Deliveries by state.", ["state"], registry=registry
        )
        self._pruned = Gauge(
            "trunkline_pruned_deliveries",
            "Deliveries that ended and are no longer kept; they count as accepted.",
            registry=registry,
        )
        self._executions = Gauge(
            "trunkline_executions",
            "Executions kept, by state.",
            ["state"],
            registry=registry,
        )

    def show(self, balance: Balance) -> None:
        self._accepted.set(balance.accepted)
        self._pruned.set(balance.pruned)
        for state in DeliveryState:
            self._deliveries.labels(state).set(balance.states.get(state, 0))
        for ending in ExecutionState:
            self._executions.labels(ending).set(balance.executions.get(ending, 0))
