"""Which root key a database belongs to; how backups are made, and what became of each."""

import sqlalchemy as sa
from alembic import op

revision = "backups_and_their_key"
down_revision = "passkeys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; the key is written down at the first start with it."""
    op.create_table(
        "server_epoch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backup_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("backup_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(number = 1) = (backup_made_at IS NULL)",
            name=op.f("every_life_but_the_first_comes_from_a_backup"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_epoch")),
        sa.UniqueConstraint("number", name=op.f("uq_server_epoch_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_server_epoch_uid")),
    )
    op.create_table(
        "backup_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.String(length=4000), nullable=False),
        sa.Column("places", sa.String(length=2000), nullable=False),
        sa.Column("keep_daily", sa.Integer(), nullable=False),
        sa.Column("keep_weekly", sa.Integer(), nullable=False),
        sa.Column("keep_monthly", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_backup_plan_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_plan")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_backup_plan_organisation_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_backup_plan_uid")),
    )
    op.create_table(
        "backup_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=16), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "fault IN ('disk_full', 'not_reached', 'not_equal', 'broken_trail', 'no_program', 'damaged', 'missing')",
            name=op.f("fault_of_a_backup_is_known"),
        ),
        sa.CheckConstraint(
            "(fault IS NULL) = (sha256 IS NOT NULL)", name=op.f("a_backup_is_there_or_says_why_not")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_backup_run_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_run")),
        sa.UniqueConstraint("uid", name=op.f("uq_backup_run_uid")),
    )
    op.create_index("ix_backup_run_latest", "backup_run", ["organisation_id", "at"], unique=False)
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backup_name", sa.String(length=60), nullable=False),
        sa.Column("backup_made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("table_count", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("transaction_count", sa.Integer(), nullable=False),
        sa.Column("sealed_count", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_rehearsal_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
        sa.UniqueConstraint("uid", name=op.f("uq_rehearsal_uid")),
    )
    op.create_index("ix_rehearsal_latest", "rehearsal", ["organisation_id", "at"], unique=False)


def downgrade() -> None:
    """Take them out again."""
    op.drop_index("ix_rehearsal_latest", table_name="rehearsal")
    op.drop_table("rehearsal")
    op.drop_index("ix_backup_run_latest", table_name="backup_run")
    op.drop_table("backup_run")
    op.drop_table("backup_plan")
    op.drop_table("server_epoch")
