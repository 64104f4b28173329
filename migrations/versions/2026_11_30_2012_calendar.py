"""Addresses of calendars, and who wants a mail when something is due."""

import sqlalchemy as sa
from alembic import op

revision = "calendar"
down_revision = "duty"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and how often such a mail may come."""
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seats_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_calendar_feed_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("address_digest", name=op.f("uq_calendar_feed_address_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_feed_uid")),
    )
    op.create_index(op.f("ix_calendar_feed_user_id"), "calendar_feed", ["user_id"], unique=False)
    op.create_table(
        "due_mail",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_due_mail_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_due_mail")),
    )
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(
            sa.Column("due_mail_hours", sa.Integer(), nullable=False, server_default="12")
        )
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("due_mail_hours", server_default=None)


def downgrade() -> None:
    """Forget the addresses and who wants mail."""
    with op.batch_alter_table("organisation") as batch:
        batch.drop_column("due_mail_hours")
    op.drop_table("due_mail")
    op.drop_table("calendar_feed")
