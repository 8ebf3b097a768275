"""Connections in the store; their values are sealed."""

import json

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from trunkline.errors import ConflictError, NotFoundError
from trunkline.model.clock import Millis
from trunkline.model.connection import StoredConnection
from trunkline.store.tables import connections
from trunkline.store.vault import Vault


def add_connection(
    connection: Connection, vault: Vault, stored: StoredConnection
) -> None:
    """Stores a new connection.

    Raises:
        ConflictError: the name is taken.
    """
    try:
        connection.execute(
            insert(connections).values(
                id=stored.id,
                name=stored.name,
                app=stored.app,
                sealed_values=vault.seal(json.dumps(stored.values), _place(stored.id)),
                base_url=stored.base_url,
                label=stored.label,
                tested_at=stored.tested_at,
                created_at=stored.created_at,
            )
        )
    except IntegrityError as error:
        raise ConflictError(
            f"A connection named {stored.name!r} exists already; choose another name."
        ) from error


def list_connections(connection: Connection, vault: Vault) -> list[StoredConnection]:
    rows = connection.execute(select(connections).order_by(connections.c.name))
    return [_opened(row, vault) for row in rows]


def find_connection(connection: Connection, vault: Vault, ref: str) -> StoredConnection:
    """The connection of that id or name.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(
        select(connections)
        .where((connections.c.id == ref) | (connections.c.name == ref))
        .order_by(connections.c.id != ref)
    ).first()
    if row is None:
        raise NotFoundError(
            f"There is no connection named {ref!r}. `trunkline connection list` "
            "shows those there are; `trunkline connection add` makes one."
        )
    return _opened(row, vault)


def change_connection(
    connection: Connection, vault: Vault, stored: StoredConnection
) -> None:
    """Stores other values and another address for a connection."""
    connection.execute(
        update(connections)
        .where(connections.c.id == stored.id)
        .values(
            sealed_values=vault.seal(json.dumps(stored.values), _place(stored.id)),
            base_url=stored.base_url,
        )
    )


def mark_tested(connection: Connection, id_: str, label: str, now: Millis) -> None:
    connection.execute(
        update(connections)
        .where(connections.c.id == id_)
        .values(label=label, tested_at=now)
    )


def remove_connection(connection: Connection, name: str) -> bool:
    """Removes it; false where there was none."""
    result = connection.execute(delete(connections).where(connections.c.name == name))
    return result.rowcount > 0


def _opened(row: Row[tuple[object, ...]], vault: Vault) -> StoredConnection:
    return StoredConnection(
        id=row.id,
        name=row.name,
        app=row.app,
        values=json.loads(vault.open(row.sealed_values, _place(row.id))),
        base_url=row.base_url,
        label=row.label,
        tested_at=row.tested_at,
        created_at=row.created_at,
    )


def _place(id_: str) -> str:
    return f"connections:sealed_values:{id_}"
