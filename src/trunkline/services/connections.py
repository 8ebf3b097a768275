"""Connections: created, tested, listed, removed; their secrets never come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import SecretStr

from trunkline.engine.catalog import Catalog
from trunkline.engine.channels import Channels, read_credentials
from trunkline.errors import ConflictError, NotFoundError, UsageError
from trunkline.model.clock import Clock, as_text
from trunkline.model.connection import StoredConnection
from trunkline.model.ids import Ids
from trunkline.sdk import Api
from trunkline.sdk.http import callable_url
from trunkline.services.names import check_name
from trunkline.services.uses import scenarios_using_connection, users_of_connections
from trunkline.store.connections import (
    add_connection,
    change_connection,
    find_connection,
    list_connections,
    mark_tested,
    remove_connection,
)
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection without its secrets; `fields` are those that are none.

    `used_by` names the scenarios whose current version uses it.
    """

    id: str
    name: str
    app: str
    label: str | None
    base_url: str | None
    tested_at: str | None
    created_at: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    used_by: list[str] = field(default_factory=list)


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

    async def change(
        self, ref: str, values: Mapping[str, Any], base_url: str | None = None
    ) -> ConnectionView:
        """Gives a connection other values, after the service has accepted them.

        What is not given stays as it is; scenarios go on with the new values at once.

        Raises:
            NotFoundError: there is no such connection.
            UsageError: a value does not fit, or the address is none.
            ModuleError: the service does not accept the values; nothing is changed.
        """
        before = await self._find(ref)
        app = self._catalog.app(before.app)
        credentials = read_credentials(app, {**before.values, **values})
        changed = replace(
            before,
            values=_in_clear(credentials.model_dump()),
            base_url=_checked_address(base_url) or before.base_url,
        )
        label = await self._ask(changed)
        await self._store.write(change_connection, self._store.vault, changed)
        now = self._clock.millis()
        await self._store.write(mark_tested, changed.id, label, now)
        self._channels.forget(changed.name)
        return await self.show(changed.id)

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

    async def show(self, ref: str) -> ConnectionView:
        """One connection.

        Raises:
            NotFoundError: there is none of that id or name.
        """
        stored = await self._find(ref)
        return self._view(
            stored, await scenarios_using_connection(self._store, stored.name)
        )

    async def all(self) -> list[ConnectionView]:
        users = await users_of_connections(self._store)
        stored = await self._store.read(list_connections, self._store.vault)
        return [self._view(one, users.get(one.name, [])) for one in stored]

    async def remove(self, ref: str) -> None:
        """Removes a connection that no scenario uses.

        Raises:
            NotFoundError: there is no such connection.
            ConflictError: a scenario uses it.
        """
        name = (await self._find(ref)).name
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

    def _view(self, stored: StoredConnection, used_by: list[str]) -> ConnectionView:
        return ConnectionView(
            id=stored.id,
            name=stored.name,
            app=stored.app,
            label=stored.label,
            base_url=stored.base_url,
            tested_at=as_text(stored.tested_at),
            created_at=as_text(stored.created_at),
            fields=self._open_values(stored),
            used_by=used_by,
        )

    def _open_values(self, stored: StoredConnection) -> dict[str, Any]:
        """The values that are no secrets, as far as the app still knows them."""
        try:
            known = read_credentials(self._catalog.app(stored.app), stored.values)
        except (NotFoundError, UsageError):
            return {}
        return {
            name: value for name, value in known if not isinstance(value, SecretStr)
        }

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
