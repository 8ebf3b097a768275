"""Secrets that stay valid while they are replaced, and calls that went well."""

from alembic import op
from sqlalchemy import BigInteger, Column, Text


def upgrade() -> None:
    op.add_column("webhooks", Column("sealed_old_secret", Text()))
    op.add_column("webhooks", Column("old_secret_until", BigInteger()))
    op.add_column("operations", Column("exchanges", Text()))


def downgrade() -> None:
    op.drop_column("operations", "exchanges")
    op.drop_column("webhooks", "old_secret_until")
    op.drop_column("webhooks", "sealed_old_secret")
