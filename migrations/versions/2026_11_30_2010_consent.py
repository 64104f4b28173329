"""What people answered when they were asked whether their name may be read to an authority."""

import sqlalchemy as sa
from alembic import op

revision = "consent"
down_revision = "bail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "consent_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=4), nullable=False),
        sa.Column("given_by", sa.String(length=8), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('authorities')", name=op.f("purpose_of_consent_is_known")),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("answer_is_yes_or_no")),
        sa.CheckConstraint(
            "given_by IN ('person', 'lawyer', 'family')",
            name=op.f("who_gave_the_answer_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_consent_statement_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_statement_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_consent_statement_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_statement")),
        sa.UniqueConstraint("uid", name=op.f("uq_consent_statement_uid")),
    )
    op.create_index(
        "ix_consent_statement_person",
        "consent_statement",
        ["person_id", "purpose", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consent_statement_scope_id"), "consent_statement", ["scope_id"], unique=False
    )


def downgrade() -> None:
    """Forget the answers; what was said stays on the trail."""
    op.drop_table("consent_statement")
