"""What is refused to somebody again and again is counted for a minute."""

import sqlalchemy as sa
from alembic import op

revision = "refusals_gathered"
down_revision = "lock_now"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the counters."""
    op.create_table(
        "refusal_window",
        sa.Column("actor_uid", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("more_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("actor_uid", "action", name=op.f("pk_refusal_window")),
    )


def downgrade() -> None:
    """Take them out again; what they counted since is forgotten."""
    op.drop_table("refusal_window")
