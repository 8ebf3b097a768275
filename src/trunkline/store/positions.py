"""Where polling triggers are."""

import json

from sqlalchemy import Connection, select

from trunkline.model.position import Position
from trunkline.store.incoming import driver_of
from trunkline.store.tables import positions


def find_position(
    connection: Connection, scenario_id: str, module_id: int
) -> Position | None:
    """Where a trigger is; None if it has not looked yet."""
    row = connection.execute(
        select(positions)
        .where(positions.c.scenario_id == scenario_id)
        .where(positions.c.module_id == module_id)
    ).one_or_none()
    if row is None:
        return None
    return Position(
        scenario_id=scenario_id,
        module_id=module_id,
        mark=None if row.mark is None else json.loads(row.mark),
        ties=tuple(json.loads(row.ties)),
        moved_at=row.moved_at,
    )


def move(connection: Connection, position: Position) -> None:
    """Sets where a trigger is, by the driver, since the journal's entries do so too."""
    driver_of(connection).execute(
        "INSERT OR REPLACE INTO positions "
        "(scenario_id, module_id, mark, ties, moved_at) VALUES (?, ?, ?, ?, ?)",
        (
            position.scenario_id,
            position.module_id,
            None if position.mark is None else json.dumps(position.mark),
            json.dumps(position.ties),
            position.moved_at,
        ),
    )
