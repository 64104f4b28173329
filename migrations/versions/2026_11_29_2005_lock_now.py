"""When everything was locked and opened again, and whose passphrases open it."""

import sqlalchemy as sa
from alembic import op

revision = "lock_now"
down_revision = "closed_beside_others"
branch_labels = None
depends_on = None

PRESENT = (
    ("ix_key_holder_user", "key_holder", "user_id", "ended_at IS NULL"),
    ("ix_key_holder_lock", "key_holder", "lock_name", "ended_at IS NULL"),
    ("ix_server_lock_open", "server_lock", "organisation_id", "unlocked_at IS NULL"),
)


def upgrade() -> None:
    """Add the tables; nobody has proved yet that they can unlock."""
    op.create_table(
        "key_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lock_name", sa.String(length=32), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_key_holder_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_key_holder_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_holder")),
        sa.UniqueConstraint("uid", name=op.f("uq_key_holder_uid")),
    )
    op.create_table(
        "server_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by_id", sa.Integer(), nullable=True),
        sa.Column("unlocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unlocked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "unlocked_at IS NOT NULL OR unlocked_by_id IS NULL",
            name=op.f("what_is_locked_was_opened_by_nobody"),
        ),
        sa.ForeignKeyConstraint(
            ["locked_by_id"],
            ["user_account.id"],
            name=op.f("fk_server_lock_locked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_server_lock_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["unlocked_by_id"],
            ["user_account.id"],
            name=op.f("fk_server_lock_unlocked_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_lock")),
        sa.UniqueConstraint("uid", name=op.f("uq_server_lock_uid")),
    )
    for name, table, column, present in PRESENT:
        where = sa.text(present)
        op.create_index(
            name, table, [column], unique=True, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    """Take them out again."""
    for name, table, _, _ in PRESENT:
        op.drop_index(name, table_name=table)
    op.drop_table("server_lock")
    op.drop_table("key_holder")
