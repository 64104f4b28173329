"""What was done for whoever is held: family informed, reasons told, lawyer and doctor seen."""

import sqlalchemy as sa
from alembic import op

revision = "stay_steps"
down_revision = "defence_requests"
branch_labels = None
depends_on = None
KINDS = "'family_informed', 'told_reasons', 'lawyer_seen', 'medical_visit'"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "stay_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("happened_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("happened_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("happened_precision", sa.String(length=8), nullable=False),
        sa.Column("happened_zone", sa.String(length=64), nullable=False),
        sa.Column("happened_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by_closed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("what_was_done_is_known")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_stay_step_{column}_{table}")
            )
            for column, table in (
                ("data_key_id", "data_key"),
                ("scope_id", "scope"),
                ("stay_id", "stay"),
                ("recorded_by_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_step")),
        sa.UniqueConstraint("uid", name=op.f("uq_stay_step_uid")),
        sa.UniqueConstraint("stay_id", "kind", name=op.f("uq_stay_step_stay_id_kind")),
    )
    for column in ("data_key_id", "scope_id"):
        op.create_index(op.f(f"ix_stay_step_{column}"), "stay_step", [column])


def downgrade() -> None:
    """Forget what was done; it stays on the trail."""
    op.drop_table("stay_step")
