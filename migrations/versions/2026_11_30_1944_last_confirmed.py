"""When it was last confirmed that a charge, an order, a hearing … is so, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "last_confirmed"
down_revision = "stay_steps"
branch_labels = None
depends_on = None
TABLES = ("charge", "court_order", "defence_request", "hearing", "judgment")
KEEPS = "keeps_detained IS NULL OR kind = 'sent_to_trial'"


def upgrade() -> None:
    """Add the columns: what was recorded before was not confirmed since."""
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
            table.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
            table.create_foreign_key(
                op.f(f"fk_{name}_confirmed_by_id_user_account"),
                "user_account",
                ["confirmed_by_id"],
                ["id"],
            )
    with op.batch_alter_table("court_order") as table:
        table.add_column(sa.Column("keeps_detained", sa.Boolean(), nullable=True))
        table.create_check_constraint(op.f("only_a_closing_order_keeps_them_detained"), KEEPS)


def downgrade() -> None:
    """Forget it; it stays on the trail."""
    with op.batch_alter_table("court_order") as table:
        table.drop_constraint(op.f("only_a_closing_order_keeps_them_detained"), type_="check")
        table.drop_column("keeps_detained")
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(
                op.f(f"fk_{name}_confirmed_by_id_user_account"), type_="foreignkey"
            )
            table.drop_column("confirmed_by_id")
            table.drop_column("confirmed_at")
