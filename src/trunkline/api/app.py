"""`/api/v1`: everything that can be done, over HTTP."""

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from trunkline import __version__
from trunkline.api import (
    access,
    apps,
    backups,
    connections,
    counters,
    datastores,
    events,
    executions,
    health,
    pins,
    scenarios,
    storage,
    templates,
    tryout,
    webhooks,
)
from trunkline.api.gate import PREFIX, Gate
from trunkline.api.problems import PROBLEMS, explain_errors
from trunkline.services import Services

_PARTS = (
    access,
    apps,
    connections,
    webhooks,
    datastores,
    pins,
    counters,
    scenarios,
    executions,
    templates,
    events,
    tryout,
    storage,
    backups,
)
_LARGEST_BODY = 16 * 1024 * 1024


def create_api(
    services: Services, token: str, registry: CollectorRegistry, *, secure: bool
) -> FastAPI:
    """The REST API over `services`; all but `/health` asks who is there.

    `token` opens it to programs on this machine; `secure` says that browsers reach it
    over https.
    """
    app = FastAPI(
        title="Trunkline",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        max_body_size=_LARGEST_BODY,
        responses=PROBLEMS,
    )
    app.add_middleware(Gate, token=token, access=services.access)
    for part in _PARTS:
        app.include_router(part.routes(services), prefix=PREFIX)
    app.include_router(access.open_routes(services, secure=secure), prefix=PREFIX)
    app.include_router(health.open_routes())
    app.include_router(health.routes(services, registry), prefix=PREFIX)
    explain_errors(app)
    return app
