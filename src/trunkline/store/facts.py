"""Facts about a folder, each under a key."""

from sqlalchemy import Connection, delete, insert, select

from trunkline.store.tables import facts


def find_fact(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(facts.c.value).where(facts.c.key == key))


def note_fact(connection: Connection, key: str, value: str) -> None:
    """Notes a fact, in place of what was known."""
    forget_fact(connection, key)
    connection.execute(insert(facts).values(key=key, value=value))


def forget_fact(connection: Connection, key: str) -> None:
    connection.execute(delete(facts).where(facts.c.key == key))
