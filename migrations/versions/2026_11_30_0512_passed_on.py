"""A request says to whom it was passed on, since when nobody can go on, what it said later."""

import sqlalchemy as sa
from alembic import op

revision = "passed_on"
down_revision = "reports_to_donors"
branch_labels = None
depends_on = None

TABLES = ("support_request", "payment")


def upgrade() -> None:
    """Let a request, and each of its payments, say so."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("passed_to_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_passed_to_id_user_account"),
                "user_account",
                ["passed_to_id"],
                ["id"],
            )
    op.add_column(
        "support_request", sa.Column("stuck_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("support_request", sa.Column("said_later", sa.String(160), nullable=True))
    op.add_column("instalment", sa.Column("given_back", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_support_request_stuck",
        "support_request",
        ["organisation_id", "stuck_since"],
        sqlite_where=sa.text("stuck_since IS NOT NULL"),
        postgresql_where=sa.text("stuck_since IS NOT NULL"),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_index("ix_support_request_stuck", table_name="support_request")
    op.drop_column("instalment", "given_back")
    op.drop_column("support_request", "said_later")
    op.drop_column("support_request", "stuck_since")
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_passed_to_id_user_account"), type_="foreignkey")
            batch.drop_column("passed_to_id")
