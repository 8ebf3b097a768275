"""How far a polling trigger has come."""

from typing import Any

from msgspec import Struct

from trunkline.model.clock import Millis


class Position(Struct, frozen=True, kw_only=True):
    """The mark of the latest record that was taken, and the keys of those that have it.

    For records in no order, `mark` is missing and `ties` are the keys seen lately. A
    trigger without a position has not looked yet.
    """

    scenario_id: str
    module_id: int
    mark: Any = None
    ties: tuple[str, ...] = ()
    moved_at: Millis = 0
