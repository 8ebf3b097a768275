"""`/api/v1`: everything that can be done, over HTTP."""

import hmac
from typing import Annotated

from fastapi import Depends, FastAPI, Header
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException

from trunkline import __version__
from trunkline.api import apps, connections, executions, health, scenarios, webhooks
from trunkline.api.problems import explain_errors
from trunkline.model.webhook import digest
from trunkline.services import Services


def create_api(services: Services, token: str, registry: CollectorRegistry) -> FastAPI:
    """The REST API over `services`; all but `/health` asks for the bearer token."""
    app = FastAPI(
        title="Trunkline",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )

    async def authorised(
        authorization: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> None:
        expected = digest(f"Bearer {token}")
        if not hmac.compare_digest(digest(authorization), expected):
            raise HTTPException(401, "Send the API token: Authorization: Bearer TOKEN.")

    for part in (apps, connections, webhooks, scenarios, executions):
        app.include_router(
            part.routes(services), prefix="/api/v1", dependencies=[Depends(authorised)]
        )
    app.include_router(health.open_routes())
    app.include_router(
        health.routes(services, registry),
        prefix="/api/v1",
        dependencies=[Depends(authorised)],
    )
    explain_errors(app)
    return app
