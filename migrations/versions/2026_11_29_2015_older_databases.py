"""Who said why a database is older than the heads that are kept elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "older_databases"
down_revision = "refusals_gathered"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "older_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('restored', 'machine', 'mistake')",
            name=op.f("reason_of_an_older_one_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_older_word_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"],
            ["user_account.id"],
            name=op.f("fk_older_word_said_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_older_word")),
        sa.UniqueConstraint("uid", name=op.f("uq_older_word_uid")),
    )
    op.create_index("ix_older_word_mac", "older_word", ["mac"], unique=False)


def downgrade() -> None:
    """Take it out again."""
    op.drop_index("ix_older_word_mac", table_name="older_word")
    op.drop_table("older_word")
