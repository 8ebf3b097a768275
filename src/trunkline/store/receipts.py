"""Receipts of writes, by which one that is repeated is known again."""

from sqlalchemy import Connection, bindparam, insert, select

from trunkline.model.data_store import Author
from trunkline.store.tables import receipts


def find_receipt(connection: Connection, author: Author | None) -> int | None:
    """What a write found, when it was made before."""
    if author is None:
        return None
    found: int | None = connection.scalar(
        _KNOWN, {"execution": author.execution_id, "write_": author.write}
    )
    return found


def sign(connection: Connection, author: Author | None, found: int) -> None:
    """Leaves a receipt for a write, where an operation made it."""
    if author is not None:
        connection.execute(
            insert(receipts),
            {
                "execution_id": author.execution_id,
                "write": author.write,
                "found": found,
            },
        )


_KNOWN = select(receipts.c.found).where(
    receipts.c.execution_id == bindparam("execution"),
    receipts.c.write == bindparam("write_"),
)
