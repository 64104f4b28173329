"""Whoever is shut out of a case may be told of it later, and asks that it is looked at."""

import sqlalchemy as sa
from alembic import op

revision = "appeals"
down_revision = "cases_that_take_two"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a block say from when it is told, and what whoever it shuts out asks."""
    with op.batch_alter_table("scope_block") as batch:
        batch.add_column(sa.Column("told_from", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("appeal_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Forget both; an appeal that waits cannot be decided then, and has lapsed."""
    op.execute(
        "UPDATE proposal SET status = 'lapsed', decided_at = NULL WHERE action = 'case.appeal'"
    )
    with op.batch_alter_table("scope_block") as batch:
        batch.drop_column("appeal_sealed")
        batch.drop_column("told_from")
