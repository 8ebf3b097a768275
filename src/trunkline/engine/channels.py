"""Open channels, one for each connection, shared by all that runs."""

from collections.abc import Awaitable, Callable, Mapping

from pydantic import ValidationError

from trunkline.engine.catalog import Catalog
from trunkline.errors import InvalidConfigurationError, NotFoundError, UsageError
from trunkline.model.clock import Clock
from trunkline.model.connection import StoredConnection
from trunkline.sdk import App, Channel, Connection, HttpClient, NoAuth
from trunkline.sdk.webhook import explain


class Channels:
    """Opens a channel at first use and keeps it, with its budget and its pauses."""

    def __init__(
        self,
        catalog: Catalog,
        http: HttpClient,
        find: Callable[[str], Awaitable[StoredConnection]],
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._http = http
        self._find = find
        self._clock = clock
        self._open: dict[str, tuple[str, Channel]] = {}

    async def channel(self, app: App, name: str | None) -> Channel:
        """The channel of a connection, or of an app that is used without one.

        Raises:
            InvalidConfigurationError: the connection was removed since, or is one of
                another app.
        """
        key = f"app {app.key}" if name is None else f"connection {name}"
        if key not in self._open:
            self._open[key] = (
                (app.key, self._unbound(app))
                if name is None
                else await self._connected(name)
            )
        owner, channel = self._open[key]
        if owner != app.key:
            raise InvalidConfigurationError(
                f"The connection {name!r} is for the app {owner}, not for {app.key}."
            )
        return channel

    def forget(self, name: str) -> None:
        """Closes a channel whose connection has changed."""
        self._open.pop(f"connection {name}", None)

    def open(self, stored: StoredConnection) -> tuple[Connection, Channel]:
        """A channel made from the connection's values, checked against its class.

        Raises:
            UsageError: a mandatory field is missing, or a value does not fit.
        """
        app = self._catalog.app(stored.app)
        credentials = read_credentials(app, stored.values)
        base_url = stored.base_url or credentials.base_url() or app.base_url
        channel = Channel(
            self._http,
            base_url,
            credentials.auth(),
            secrets=credentials.secrets(),
            rate=app.rate,
            explain=app.explain,
            idempotency_header=app.idempotency_header,
            pages=app.pages,
            title=app.title,
            clock=self._seconds,
            monotonic=self._clock.monotonic,
        )
        return credentials, channel

    async def _connected(self, name: str) -> tuple[str, Channel]:
        try:
            stored = await self._find(name)
        except NotFoundError as error:
            raise InvalidConfigurationError(str(error)) from error
        return stored.app, self.open(stored)[1]

    def _unbound(self, app: App) -> Channel:
        return Channel(
            self._http,
            app.base_url,
            NoAuth(),
            explain=app.explain,
            idempotency_header=app.idempotency_header,
            pages=app.pages,
            title=app.title,
            clock=self._seconds,
            monotonic=self._clock.monotonic,
        )

    def _seconds(self) -> float:
        return self._clock.millis() / 1000


def read_credentials(app: App, values: Mapping[str, object]) -> Connection:
    """The fields of a connection, checked.

    Raises:
        UsageError: the app has no connections, or a value is missing or wrong.
    """
    if app.connection_class is None:
        raise UsageError(f"The app {app.key} has no connections.")
    try:
        return app.connection_class.model_validate(dict(values))
    except ValidationError as error:
        names = ", ".join(app.connection_class.model_fields)
        raise UsageError(
            f"The connection's fields are not complete: {explain(error)}. "
            f"A connection of {app.title} has: {names}."
        ) from error
