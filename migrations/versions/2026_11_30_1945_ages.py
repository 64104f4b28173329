"""What else is said of somebody’s age, and what a hidden name was needed for."""

import sqlalchemy as sa
from alembic import op

revision = "ages"
down_revision = "last_confirmed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "age_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by_closed", sa.LargeBinary(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL)",
            name=op.f("somebody_took_the_age_back"),
        ),
        sa.CheckConstraint(
            "taken_back_by_id IS NULL OR taken_back_by_id <> recorded_by_id",
            name=op.f("nobody_takes_back_an_age_they_recorded"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_age_statement_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_age_statement_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_age_statement_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"],
            ["user_account.id"],
            name=op.f("fk_age_statement_taken_back_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_age_statement")),
        sa.UniqueConstraint("uid", name=op.f("uq_age_statement_uid")),
    )
    op.create_index(
        op.f("ix_age_statement_data_key_id"), "age_statement", ["data_key_id"], unique=False
    )
    op.create_index("ix_age_statement_person", "age_statement", ["person_id", "id"], unique=False)
    op.create_table(
        "name_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("shown_to_id", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_name_reason_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["shown_to_id"],
            ["user_account.id"],
            name=op.f("fk_name_reason_shown_to_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_reason")),
        sa.UniqueConstraint("uid", name=op.f("uq_name_reason_uid")),
    )
    op.create_index("ix_name_reason_person", "name_reason", ["person_id", "shown_at"], unique=False)


def downgrade() -> None:
    """Forget them; what was said stays on the trail."""
    op.drop_table("name_reason")
    op.drop_table("age_statement")
