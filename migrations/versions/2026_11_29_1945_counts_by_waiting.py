"""What nobody could confirm may count by waiting."""

import sqlalchemy as sa
from alembic import op

revision = "counts_by_waiting"
down_revision = "appeals"
branch_labels = None
depends_on = None

CONFIRMED = "somebody_confirmed_what_is_confirmed"
BEFORE = "status <> 'confirmed' OR decided_by_id IS NOT NULL"
AFTER = f"{BEFORE} OR counts_from IS NOT NULL"


def upgrade() -> None:
    """Let a proposal say from when it counts so, and find quickly who was told of it."""
    with op.batch_alter_table("proposal") as batch:
        batch.add_column(sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint(op.f(CONFIRMED), type_="check")
        batch.create_check_constraint(op.f(CONFIRMED), AFTER)
    with op.batch_alter_table("notice") as batch:
        batch.create_index(op.f("ix_notice_about_uid"), ["about_uid"])


def downgrade() -> None:
    """Forget it; what counted so has lapsed for a program that does not know it."""
    op.execute(
        "UPDATE proposal SET status = 'lapsed' WHERE status = 'confirmed' AND decided_by_id IS NULL"
    )
    with op.batch_alter_table("notice") as batch:
        batch.drop_index(op.f("ix_notice_about_uid"))
    with op.batch_alter_table("proposal") as batch:
        batch.drop_constraint(op.f(CONFIRMED), type_="check")
        batch.create_check_constraint(op.f(CONFIRMED), BEFORE)
        batch.drop_column("counts_from")
