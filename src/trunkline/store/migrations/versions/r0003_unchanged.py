"""Nothing changes."""


def upgrade() -> None:
    """There is nothing to do."""


def downgrade() -> None:
    """There is nothing to undo."""
