"""Data stores: records that scenarios read and write."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from trunkline.store.tables.base import metadata

# Records that scenarios read and write; what a store holds is counted where it changes.
data_stores = Table(
    "data_stores",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("structure", Text),
    Column("limit_bytes", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("store_id", Text, ForeignKey("data_stores.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("data", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("written_by", Text),
)

# Writes that operations have made, so that one that is repeated is known again; they go
# with the history of their execution.
receipts = Table(
    "receipts",
    metadata,
    Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("write", Text, primary_key=True),
    Column("found", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# How records were before the writes of executions under way, where these stand or fall
# together; of those that were taken back (`over`), that they were.
reversals = Table(
    "reversals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("execution_id", Text, ForeignKey("executions.id"), nullable=False),
    Column("write", Text, nullable=False),
    Column("leaves_record", Boolean, nullable=False),
    Column("store_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("data", Text),
    Column("size", Integer),
    Column("created_at", BigInteger),
    Column("updated_at", BigInteger),
    Column("written_by", Text),
    Column("over", Boolean, nullable=False, server_default="0"),
    Index("reversals_of_execution", "execution_id", "id"),
)
