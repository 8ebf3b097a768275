"""Version-1 UUIDs, which is what Refiner hands out (refiner-api 2 [sure])."""

import uuid
from datetime import UTC, datetime

_NODE = 0x0242AC120002
_GREGORIAN = datetime(1582, 10, 15, tzinfo=UTC)


def fresh() -> str:
    """A new one, for the present moment."""
    return str(uuid.uuid1(node=_NODE))


def invented(moment: datetime, serial: int, sequence: int) -> str:
    """The same one each time for the same moment, serial number and sequence."""
    since = moment - _GREGORIAN
    ticks = (since.days * 86_400 + since.seconds) * 10_000_000 + serial
    return (
        f"{ticks & 0xFFFFFFFF:08x}-{ticks >> 32 & 0xFFFF:04x}"
        f"-1{ticks >> 48 & 0xFFF:03x}-{0x8000 | sequence & 0x3FFF:04x}-{_NODE:012x}"
    )
