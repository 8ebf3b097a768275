"""What the clock on the wall shows, and when it first shows it."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from trunkline.mapping.moments import EPOCH
from trunkline.model.clock import Millis

_MILLISECOND = timedelta(milliseconds=1)
_SECOND = 1000


def shown_at(moment: Millis, zone: tzinfo) -> datetime:
    """What the clock shows, without zone."""
    return (EPOCH + moment * _MILLISECOND).astimezone(zone).replace(tzinfo=None)


def first_shown(wall: datetime, zone: tzinfo) -> Millis:
    """The first moment at which the clock shows this time or a later one.

    Unlike dates in expressions, where 02:30 in a gap is moved on to 03:30: here it is
    03:00, so that two times keep their order and a window never ends before it opens.
    """
    usual = wall.replace(tzinfo=zone, fold=0)
    repeated = wall.replace(tzinfo=zone, fold=1)
    offset = repeated.utcoffset() or timedelta()
    if (usual.utcoffset() or timedelta()) >= offset:
        return millis(usual)
    # In a gap the two lie on either side of the change, which is where the later
    # offset begins.
    seconds = range(millis(repeated) // _SECOND, millis(usual) // _SECOND + 1)
    change = bisect_left(seconds, offset, key=lambda second: _offset(second, zone))
    return seconds[change] * _SECOND


def midnight(day: date, zone: tzinfo) -> Millis:
    """When the date begins; the next date's beginning if the zone has no such date."""
    return first_shown(datetime.combine(day, time()), zone)


def millis(moment: datetime) -> Millis:
    """A datetime with a zone as it is stored, in whole milliseconds."""
    return (moment.astimezone(UTC) - EPOCH) // _MILLISECOND


def _offset(second: int, zone: tzinfo) -> timedelta:
    return datetime.fromtimestamp(second, zone).utcoffset() or timedelta()
