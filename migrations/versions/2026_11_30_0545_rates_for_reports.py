"""A grant names at which rate its reports tell money of another currency."""

import sqlalchemy as sa
from alembic import op

revision = "rates_for_reports"
down_revision = "grants_ended"
branch_labels = None
depends_on = None

KIND, LIST = "kind_of_a_rate_is_known", "a_rate_for_reports_is_of_a_list"
METHOD = "method_of_a_grant_is_known"


def upgrade() -> None:
    """Let a grant name its method, and a rate be of a list."""
    with op.batch_alter_table("donor_grant") as batch:
        batch.add_column(
            sa.Column("rate_method", sa.String(12), nullable=False, server_default="average")
        )
        batch.create_check_constraint(
            op.f(METHOD), "rate_method IN ('average', 'monthly', 'inforeuro')"
        )
    with op.batch_alter_table("donor_grant") as batch:
        batch.alter_column("rate_method", existing_type=sa.String(12), server_default=None)
    with op.batch_alter_table("exchange_rate") as batch:
        batch.add_column(sa.Column("method", sa.String(12), nullable=True))
        batch.drop_constraint(op.f(KIND), type_="check")
        batch.create_check_constraint(op.f(KIND), "kind IN ('tier', 'booking', 'reporting')")
        batch.create_check_constraint(
            op.f(LIST),
            "(kind = 'reporting') = (method IS NOT NULL)"
            " AND (method IS NULL OR method IN ('monthly', 'inforeuro'))",
        )


def downgrade() -> None:
    """Forget both; what a list said no longer counts for anything."""
    with op.batch_alter_table("exchange_rate") as batch:
        batch.drop_constraint(op.f(LIST), type_="check")
        batch.drop_constraint(op.f(KIND), type_="check")
        batch.drop_column("method")
    op.execute("UPDATE exchange_rate SET counts_since = NULL WHERE kind = 'reporting'")
    op.execute("UPDATE exchange_rate SET kind = 'tier' WHERE kind = 'reporting'")
    with op.batch_alter_table("exchange_rate") as batch:
        batch.create_check_constraint(op.f(KIND), "kind IN ('tier', 'booking')")
    with op.batch_alter_table("donor_grant") as batch:
        batch.drop_constraint(op.f(METHOD), type_="check")
        batch.drop_column("rate_method")
