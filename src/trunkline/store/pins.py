"""Bundles that are pinned to modules."""

from msgspec.structs import asdict
from sqlalchemy import Connection, delete, insert, select

from trunkline.model.stand_ins import Pin
from trunkline.store.tables import pins


def list_pins(connection: Connection, scenario_id: str) -> list[Pin]:
    """The pins of a scenario, by the numbers of their modules."""
    rows = connection.execute(
        select(pins).where(pins.c.scenario_id == scenario_id).order_by(pins.c.module_id)
    )
    return [Pin(**row._mapping) for row in rows]  # noqa: SLF001 - public API of SQLAlchemy


def save_pin(connection: Connection, pin: Pin) -> None:
    """Pins bundles to a module, in place of those it had."""
    remove_pin(connection, pin.scenario_id, pin.module_id)
    connection.execute(insert(pins).values(asdict(pin)))


def remove_pin(connection: Connection, scenario_id: str, module_id: int) -> bool:
    """Takes the pin of a module away; false where it has none."""
    gone = connection.execute(
        delete(pins)
        .where(pins.c.scenario_id == scenario_id)
        .where(pins.c.module_id == module_id)
    )
    return gone.rowcount > 0
