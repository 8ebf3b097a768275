"""Numbers that the executions of a scenario count on together."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select, update

from trunkline.model.data_store import Author
from trunkline.store.receipts import find_receipt, sign
from trunkline.store.tables import counters


def count_up(
    connection: Connection, scenario_id: str, name: str, author: Author
) -> int:
    """The next number; one that is asked for again is the one that was given."""
    given = find_receipt(connection, author)
    if given is not None:
        return given
    here = (counters.c.scenario_id == scenario_id, counters.c.name == name)
    known = connection.scalar(select(counters.c.value).where(*here))
    number = (known or 0) + 1
    if known is None:
        place = {"scenario_id": scenario_id, "name": name}
        connection.execute(insert(counters), {**place, "value": number})
    else:
        connection.execute(update(counters).where(*here).values(value=number))
    sign(connection, author, number)
    return number


def read_counters(connection: Connection, scenario_id: str) -> Mapping[str, int]:
    """The number of each counter of a scenario, by its name."""
    rows = connection.execute(
        select(counters.c.name, counters.c.value)
        .where(counters.c.scenario_id == scenario_id)
        .order_by(counters.c.name)
    )
    return {row.name: row.value for row in rows}


def remove_counter(connection: Connection, scenario_id: str, name: str) -> bool:
    """Lets a counter begin anew; false where there is none."""
    gone = connection.execute(
        delete(counters)
        .where(counters.c.scenario_id == scenario_id)
        .where(counters.c.name == name)
    )
    return gone.rowcount > 0
