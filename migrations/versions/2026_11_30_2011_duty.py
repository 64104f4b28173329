"""Who is on duty in an office on a day."""

import sqlalchemy as sa
from alembic import op

revision = "duty"
down_revision = "consent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "duty_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("offered_to_id", sa.Integer(), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "offered_to_id IS NULL OR (user_id IS NOT NULL AND offered_to_id <> user_id)",
            name=op.f("a_duty_is_offered_by_its_holder_to_somebody_else"),
        ),
        sa.ForeignKeyConstraint(
            ["offered_to_id"],
            ["user_account.id"],
            name=op.f("fk_duty_day_offered_to_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_duty_day_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_duty_day_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user_account.id"], name=op.f("fk_duty_day_set_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_duty_day_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_day")),
        sa.UniqueConstraint("office_id", "day", name=op.f("uq_duty_day_office_id_day")),
        sa.UniqueConstraint("uid", name=op.f("uq_duty_day_uid")),
    )
    op.create_index(op.f("ix_duty_day_offered_to_id"), "duty_day", ["offered_to_id"], unique=False)
    op.create_index(op.f("ix_duty_day_user_id"), "duty_day", ["user_id"], unique=False)


def downgrade() -> None:
    """Forget who was on duty; it stays on the trail."""
    op.drop_table("duty_day")
