"""Hearings: days in court, and who goes there."""

import sqlalchemy as sa
from alembic import op

revision = "hearings"
down_revision = "clock_disputes"
branch_labels = None
depends_on = None

TABLES = (
    "hearing_monitor",
    "hearing",
)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "hearing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("starts_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_precision", sa.String(length=8), nullable=False),
        sa.Column("starts_zone", sa.String(length=64), nullable=False),
        sa.Column("starts_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("court_closed", sa.LargeBinary(), nullable=True),
        sa.Column("room_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("judge_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.String(length=40), nullable=True),
        sa.Column("defence_agreed", sa.Boolean(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ask_task_id", sa.Integer(), nullable=True),
        sa.Column("known_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status = 'adjourned' OR (asked_by IS NULL AND defence_agreed IS NULL)",
            name=op.f("only_an_adjournment_was_asked_for"),
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'held', 'adjourned', 'cancelled')",
            name=op.f("status_of_a_hearing_is_known"),
        ),
        sa.CheckConstraint(
            "follows_id IS NULL OR follows_id <> id", name=op.f("no_hearing_follows_itself")
        ),
        sa.ForeignKeyConstraint(
            ["ask_task_id"], ["task.id"], name=op.f("fk_hearing_ask_task_id_task")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_hearing_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["hearing.id"], name=op.f("fk_hearing_follows_id_hearing")
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_hearing_proceeding_id_proceeding")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_hearing_recorded_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
        sa.UniqueConstraint("uid", name=op.f("uq_hearing_uid")),
    )
    op.create_index(op.f("ix_hearing_ask_task_id"), "hearing", ["ask_task_id"], unique=False)
    op.create_index(op.f("ix_hearing_data_key_id"), "hearing", ["data_key_id"], unique=False)
    op.create_index(op.f("ix_hearing_follows_id"), "hearing", ["follows_id"], unique=False)
    op.create_index(
        "ix_hearing_proceeding", "hearing", ["proceeding_id", "starts_earliest"], unique=False
    )
    op.create_index("ix_hearing_starts", "hearing", ["starts_earliest", "id"], unique=False)
    op.create_table(
        "hearing_monitor",
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relieved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"],
            ["user_account.id"],
            name=op.f("fk_hearing_monitor_assigned_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["hearing_id"], ["hearing.id"], name=op.f("fk_hearing_monitor_hearing_id_hearing")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_hearing_monitor_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("hearing_id", "user_id", name=op.f("pk_hearing_monitor")),
    )
    op.create_index(
        "ix_hearing_monitor_user", "hearing_monitor", ["user_id", "hearing_id"], unique=False
    )


def downgrade() -> None:
    """Forget hearings; what was said of them stays on the trail."""
    for name in TABLES:
        op.drop_table(name)
