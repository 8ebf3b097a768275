"""Short lists in the envelope: all read, one page given out."""

from collections.abc import Mapping, Sequence

import msgspec

from trunkline.apps.refiner.sandbox.store.paging import (
    Cursor,
    Paging,
    envelope,
    read_cursor,
    summary,
    write_cursor,
)

ORDER = "name"


def sliced(
    items: Sequence[Mapping[str, object]], paging: Paging, *, cursor: bool = False
) -> bytes:
    """The page asked for; without cursors its `next_page_cursor` is null."""
    number = paging.page
    if cursor and paging.cursor:
        number = read_cursor(paging.cursor, ORDER).page
    end = number * paging.length
    page = items[end - paging.length : end]
    following = None
    if cursor and end < len(items):
        following = write_cursor(Cursor(ORDER, "", 0, number + 1))
    pagination = summary(len(items), number, paging.length, following)
    return envelope(map(msgspec.json.encode, page), pagination)
