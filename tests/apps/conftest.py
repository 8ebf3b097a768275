"""A connection's way to a server on this machine, for the tests of all apps."""

from collections.abc import AsyncIterator, Callable

import pytest
from pytest_httpserver import HTTPServer

from trunkline.apps.refiner import ApiKey
from trunkline.apps.refiner import app as refiner_app
from trunkline.sdk import Api, App, Channel, Connection, HttpClient, NoAuth

KEY = "an-invented-key-0123456789abcdef"

OpenApi = Callable[[App, Connection | None, str | None], Api]


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(allow_hosts=["127.0.0.1", "localhost"])
    yield client
    await client.close()


@pytest.fixture
def open_api(http: HttpClient) -> OpenApi:
    def open_api(app: App, connection: Connection | None, base: str | None) -> Api:
        return Api(
            Channel(
                http,
                base,
                connection.auth() if connection else NoAuth(),
                secrets=connection.secrets() if connection else frozenset(),
                explain=app.explain,
                pages=app.pages,
                title=app.title,
                random=lambda: 0.0,  # the wait before another try
            )
        )

    return open_api


@pytest.fixture
def refiner(httpserver: HTTPServer, open_api: OpenApi) -> Api:
    """The Refiner app's client, calling the test's own server."""
    connection = ApiKey.model_validate({"api_key": KEY})
    return open_api(refiner_app, connection, httpserver.url_for("").rstrip("/"))
