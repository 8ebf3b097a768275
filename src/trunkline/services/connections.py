"""Connections: created, tested, listed, removed; their secrets never come out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from trunkline.engine.catalog import Catalog
from trunkline.engine.channels import Channels, read_credentials
from trunkline.errors import ConflictError, NotFoundError
from trunkline.model.clock import Clock, as_text
from trunkline.model.connection import StoredConnection
from trunkline.model.ids import Ids
from trunkline.sdk import Api
from trunkline.sdk.http import callable_url
from trunkline.services.names import check_name
from trunkline.services.uses import scenarios_using_connection
from trunkline.store.connections import (
    add_connection,
    find_connection,
    list_connections,
    mark_tested,
    remove_connection,
)
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection without its secrets."""

    name: str
    app: str
    label: str | None
    base_url: str | None
    tested_at: str | None
    created_at: str | None


class Connections:
    """The use cases around connections."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        channels: Channels,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._channels = channels
        self._clock = clock
        self._ids = ids

    async def add(
        self,
        name: str,
        app: str,
        values: Mapping[str, Any],
        base_url: str | None = None,
    ) -> ConnectionView:
        """Creates a connection, after the service has accepted its values.

        Raises:
            UsageError: a value is missing, or the address is none.
            ConflictError: the name is taken.
            ModuleError: the service does not accept the values.
        """
        check_name("connection", name)
        await self._refuse_taken(name)
        credentials = read_credentials(self._catalog.app(app), values)
        now = self._clock.millis()
        stored = StoredConnection(
            id=self._ids.new(),
            name=name,
            app=app,
            values=_in_clear(credentials.model_dump()),
            base_url=_checked_address(base_url),
            label=None,
            tested_at=None,
            created_at=now,
        )
        label = await self._ask(stored)
        await self._store.write(add_connection, self._store.vault, stored)
        await self._store.write(mark_tested, stored.id, label, now)
        return await self.show(name)

    async def test(self, name: str) -> ConnectionView:
        """Asks the service again.

        Raises:
            NotFoundError: there is no such connection.
            ModuleError: the service does not accept its values any more.
        """
        stored = await self._find(name)
        label = await self._ask(stored)
        await self._store.write(mark_tested, stored.id, label, self._clock.millis())
        return await self.show(name)

    async def show(self, name: str) -> ConnectionView:
        return _view(await self._find(name))

    async def all(self) -> list[ConnectionView]:
        stored = await self._store.read(list_connections, self._store.vault)
        return [_view(one) for one in stored]

    async def remove(self, name: str) -> None:
        """Removes a connection that no scenario uses.

        Raises:
            NotFoundError: there is no such connection.
            ConflictError: a scenario uses it.
        """
        used = await scenarios_using_connection(self._store, name)
        if used:
            raise ConflictError(
                f"The connection {name!r} is used by {', '.join(used)}; "
                "give these scenarios another one first."
            )
        if not await self._store.write(remove_connection, name):
            raise NotFoundError(f"There is no connection named {name!r}.")
        self._channels.forget(name)

    async def _refuse_taken(self, name: str) -> None:
        try:
            await self._find(name)
        except NotFoundError:
            return
        raise ConflictError(
            f"A connection named {name!r} exists already; choose another name."
        )

    async def _find(self, name: str) -> StoredConnection:
        return await self._store.read(find_connection, self._store.vault, name)

    async def _ask(self, stored: StoredConnection) -> str:
        credentials, channel = self._channels.open(stored)
        return await credentials.test(Api(channel))


def _in_clear(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in values.items()
    }


def _checked_address(base_url: str | None) -> str | None:
    if base_url is None:
        return None
    return str(callable_url(base_url)).rstrip("/")


def _view(stored: StoredConnection) -> ConnectionView:
    return ConnectionView(
        name=stored.name,
        app=stored.app,
        label=stored.label,
        base_url=stored.base_url,
        tested_at=as_text(stored.tested_at),
        created_at=as_text(stored.created_at),
    )
