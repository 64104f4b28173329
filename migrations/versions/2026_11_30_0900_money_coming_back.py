"""What waits for finance to see that money came back is found without reading every account."""

import sqlalchemy as sa
from alembic import op

revision = "money_coming_back"
down_revision = "plans_of_households"
branch_labels = None
depends_on = None

INDEX = "ix_acquittal_coming_back"
WAITS = sa.text("reviewed_at IS NOT NULL AND returned > 0 AND back_on IS NULL")


def upgrade() -> None:
    """Add the index."""
    op.create_index(INDEX, "acquittal", ["payment_id"], sqlite_where=WAITS, postgresql_where=WAITS)


def downgrade() -> None:
    """Take it away."""
    op.drop_index(INDEX, table_name="acquittal")
