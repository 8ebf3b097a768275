"""Executions whose writes to data stores stand or fall together."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)


def upgrade() -> None:
    op.create_table(
        "reversals",
        Column("id", Integer(), nullable=False),
        Column("execution_id", Text(), nullable=False),
        Column("write", Text(), nullable=False),
        Column("leaves_record", Boolean(), nullable=False),
        Column("store_id", Text(), nullable=False),
        Column("key", Text(), nullable=False),
        Column("data", Text()),
        Column("size", Integer()),
        Column("created_at", BigInteger()),
        Column("updated_at", BigInteger()),
        Column("written_by", Text()),
        Column("over", Boolean(), nullable=False, server_default="0"),
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["execution_id"], ["executions.id"]),
    )
    op.create_index("reversals_of_execution", "reversals", ["execution_id", "id"])


def downgrade() -> None:
    op.drop_table("reversals")
