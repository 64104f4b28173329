"""On what terms somebody was released on bail."""

import sqlalchemy as sa
from alembic import op

revision = "bail"
down_revision = "limits_set_by_two"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "bail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("amount_closed", sa.LargeBinary(), nullable=True),
        sa.Column("currency_closed", sa.LargeBinary(), nullable=True),
        sa.Column("paid_by_closed", sa.LargeBinary(), nullable=True),
        sa.Column("conditions_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by_closed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(amount_closed IS NULL) = (currency_closed IS NULL)",
            name=op.f("a_sum_of_bail_has_a_currency"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_bail_{column}_{table}")
            )
            for column, table in (
                ("data_key_id", "data_key"),
                ("scope_id", "scope"),
                ("stay_id", "stay"),
                ("recorded_by_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bail")),
        sa.UniqueConstraint("uid", name=op.f("uq_bail_uid")),
        sa.UniqueConstraint("stay_id", name=op.f("uq_bail_stay_id")),
    )
    for column in ("data_key_id", "scope_id"):
        op.create_index(op.f(f"ix_bail_{column}"), "bail", [column])


def downgrade() -> None:
    """Forget the terms; they stay on the trail."""
    op.drop_table("bail")
