"""Pages of a list, by number or by cursor (refiner-api 2.1, 2.2)."""

import base64
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec

from trunkline.apps.refiner.sandbox.errors import WrongInputError

from .database import Argument, Database

LARGEST = 2**53


class Cursor(NamedTuple):
    """Where a page ended: the order, the last row's key and id, and its number."""

    order: str
    key: str
    row: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    page: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page is asked for; a cursor goes before a number (8, item 4)."""

    page: int = 1
    length: int = 50
    cursor: str | None = None


class Pagination(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope's second half, names and order as documented."""

    items_count: int
    current_page: int
    last_page: int
    page_length: int
    next_page_cursor: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE and its arguments."""

    sql: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table's rows in an order; `columns` may use `joins`, conditions may not."""

    table: str
    columns: str
    joins: str = ""
    order: str
    key: str
    descending: bool = True
    conditions: tuple[Condition, ...] = ()


def page_of(
    database: Database, listing: Listing, paging: Paging
) -> tuple[list[sqlite3.Row], Pagination]:
    """The rows of a page: as fast at page 100 as at page 1 when by cursor."""
    total = database.number(*_counting(listing))
    cursor = paging.cursor and read_cursor(paging.cursor, listing.order)
    sql, arguments = _selecting(listing, paging, cursor or None)
    rows = database.rows(sql, *arguments)
    number = cursor.page if cursor else paging.page
    following = None
    if len(rows) > paging.length:
        rows.pop()
        following = write_cursor(_end_of(rows[-1], listing.order, number + 1))
    return rows, summary(total, number, paging.length, following)


def summary(total: int, number: int, length: int, following: str | None) -> Pagination:
    return Pagination(
        items_count=total,
        current_page=number,
        last_page=max(1, -(-total // length)),
        page_length=length,
        next_page_cursor=following,
    )


def envelope(items: Iterable[bytes], pagination: Pagination) -> bytes:
    """The list answer, made of items that are JSON already."""
    end = msgspec.json.encode(pagination)
    return b'{"items":[' + b",".join(items) + b'],"pagination":' + end + b"}"


def read_cursor(text: str, order: str) -> Cursor:
    try:
        padded = text + "=" * (-len(text) % 4)
        cursor = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=Cursor)
    except (ValueError, msgspec.MsgspecError) as error:
        raise WrongInputError("page_cursor", "The page_cursor is invalid.") from error
    if cursor.order != order:
        raise WrongInputError("page_cursor", "The page_cursor is of another order.")
    return cursor


def _counting(listing: Listing) -> tuple[str, *tuple[Argument, ...]]:
    where, arguments = _where(listing.conditions)
    sql = f"SELECT count(*) FROM {listing.table} t {where}"  # noqa: S608 - own names
    return sql, *arguments


def _selecting(
    listing: Listing, paging: Paging, cursor: Cursor | None
) -> tuple[str, tuple[Argument, ...]]:
    """Find the page's ids on an index first, then read only those rows."""
    conditions, offset = listing.conditions, (paging.page - 1) * paging.length
    if cursor:
        sign = "<" if listing.descending else ">"
        beyond = f"({listing.key}, t.id) {sign} (?, ?)"
        conditions = (*conditions, Condition(beyond, (cursor.key, cursor.row)))
        offset = 0
    where, arguments = _where(conditions)
    way = "DESC" if listing.descending else "ASC"
    sql = f"""
        SELECT {listing.columns}, page.page_key, page.page_row
        FROM (SELECT t.id AS page_row, {listing.key} AS page_key
              FROM {listing.table} t {where}
              ORDER BY {listing.key} {way}, t.id {way} LIMIT ? OFFSET ?) page
        JOIN {listing.table} t ON t.id = page.page_row {listing.joins}
        ORDER BY page.page_key {way}, page.page_row {way}
    """  # noqa: S608 - names of our own, values as arguments
    return sql, (*arguments, paging.length + 1, offset)


def _where(conditions: Iterable[Condition]) -> tuple[str, tuple[Argument, ...]]:
    parts = list(conditions)
    sql = "WHERE " + " AND ".join(part.sql for part in parts) if parts else ""
    return sql, tuple(value for part in parts for value in part.arguments)


def _end_of(row: sqlite3.Row, order: str, page: int) -> Cursor:
    return Cursor(order, row["page_key"], row["page_row"], page)


def write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")
