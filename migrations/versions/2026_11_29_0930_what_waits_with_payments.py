"""What of the payments waits for somebody is found without reading all of them."""

import sqlalchemy as sa
from alembic import op

revision = "what_waits_with_payments"
down_revision = "interpreter_needed"
branch_labels = None
depends_on = None

OF_REQUESTER, UNDECLARED = "ix_payment_requester", "ix_acquittal_undeclared"


def upgrade() -> None:
    """Index payments by who asked for them, and accounts that are still to be declared."""
    op.create_index(OF_REQUESTER, "payment", ["requested_by_id", "status"])
    op.create_index(
        UNDECLARED,
        "acquittal",
        ["payment_id"],
        sqlite_where=sa.text("alternative = 1 AND declared_at IS NULL"),
        postgresql_where=sa.text("alternative AND declared_at IS NULL"),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_index(UNDECLARED, "acquittal")
    op.drop_index(OF_REQUESTER, "payment")
