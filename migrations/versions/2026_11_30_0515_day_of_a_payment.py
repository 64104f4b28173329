"""A payment says why it left on a day on which nobody expected it."""

import sqlalchemy as sa
from alembic import op

revision = "day_of_a_payment"
down_revision = "passed_on"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the sealed column."""
    op.add_column("payment", sa.Column("day_reason_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("payment") as table:
        table.drop_column("day_reason_sealed")
