"""What the same people or payee were granted besides counts for the level of a request."""

import sqlalchemy as sa
from alembic import op

revision = "support_adds_up"
down_revision = "refunds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the days and the amount: nothing was counted until now."""
    with op.batch_alter_table("fund_settings") as batch:
        days = sa.Column("adding_days", sa.Integer(), nullable=False, server_default="90")
        batch.add_column(days)
    with op.batch_alter_table("fund_settings") as batch:
        batch.alter_column("adding_days", server_default=None)
        batch.create_check_constraint(op.f("support_adds_up_over_some_days"), "adding_days > 0")
    with op.batch_alter_table("support_request") as batch:
        amount = sa.Column("other_amount", sa.BigInteger(), nullable=False, server_default="0")
        batch.add_column(amount)
    with op.batch_alter_table("support_request") as batch:
        batch.alter_column("other_amount", server_default=None)


def downgrade() -> None:
    """Take them out again."""
    with op.batch_alter_table("support_request") as batch:
        batch.drop_column("other_amount")
    with op.batch_alter_table("fund_settings") as batch:
        batch.drop_constraint(op.f("support_adds_up_over_some_days"), type_="check")
        batch.drop_column("adding_days")
