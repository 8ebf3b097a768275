"""Data stores themselves; their records are in `records`."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from trunkline.errors import ConflictError, NotFoundError
from trunkline.model.data_store import FieldSpec, StoredDataStore
from trunkline.store.tables import data_stores, records


def add_data_store(connection: Connection, stored: StoredDataStore) -> None:
    """Stores a new, empty data store.

    Raises:
        ConflictError: the name is taken.
    """
    values = {**asdict(stored), "structure": _written(stored.structure)}
    try:
        connection.execute(insert(data_stores).values(values))
    except IntegrityError as error:
        raise _taken(stored.name) from error


def list_data_stores(connection: Connection) -> list[StoredDataStore]:
    rows = connection.execute(select(data_stores).order_by(data_stores.c.name))
    return [_read(row) for row in rows]


def find_data_store(connection: Connection, ref: str) -> StoredDataStore:
    """The data store of that id or name.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(
        select(data_stores)
        .where((data_stores.c.id == ref) | (data_stores.c.name == ref))
        .order_by(data_stores.c.id != ref)
    ).first()
    if row is None:
        raise NotFoundError(
            f"There is no data store named {ref!r}. `trunkline datastore list` shows "
            "those there are; `trunkline datastore add` makes one."
        )
    return _read(row)


def change_data_store(connection: Connection, stored: StoredDataStore) -> None:
    """Gives a data store another name, structure or limit.

    Raises:
        ConflictError: the name is taken.
    """
    try:
        connection.execute(
            update(data_stores)
            .where(data_stores.c.id == stored.id)
            .values(
                name=stored.name,
                structure=_written(stored.structure),
                limit_bytes=stored.limit_bytes,
            )
        )
    except IntegrityError as error:
        raise _taken(stored.name) from error


def remove_data_store(connection: Connection, id_: str) -> None:
    """Removes a data store with all that is in it."""
    connection.execute(delete(records).where(records.c.store_id == id_))
    connection.execute(delete(data_stores).where(data_stores.c.id == id_))


def _taken(name: str) -> ConflictError:
    return ConflictError(
        f"A data store named {name!r} exists already; choose another name."
    )


def _written(structure: tuple[FieldSpec, ...] | None) -> str | None:
    return None if structure is None else json.dumps([asdict(one) for one in structure])


def _read(row: Row[Any]) -> StoredDataStore:
    facts = dict(row._mapping)  # noqa: SLF001 - public API of SQLAlchemy
    text = facts.pop("structure")
    fields = None if text is None else tuple(FieldSpec(**f) for f in json.loads(text))
    return StoredDataStore(**facts, structure=fields)
