"""A grant says on which day its donor ended it, and why."""

import sqlalchemy as sa
from alembic import op

revision = "grants_ended"
down_revision = "accounts_returned"
branch_labels = None
depends_on = None
TABLE = "donor_grant"
CHECK = "a_grant_that_ended_is_terminated"


def upgrade() -> None:
    """Add the columns; of a grant that was ended before, nobody said when."""
    with op.batch_alter_table(TABLE) as table:
        table.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("end_reason_sealed", sa.LargeBinary(), nullable=True))
        table.create_check_constraint(op.f(CHECK), "ended_on IS NULL OR state = 'terminated'")


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.drop_column("ended_on")
        table.drop_column("end_reason_sealed")
