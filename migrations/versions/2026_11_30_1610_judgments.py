"""Judgments about one accused each, and the appeals against them."""

import sqlalchemy as sa
from alembic import op

revision = "judgments"
down_revision = "hearings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "judgment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("pronounced_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pronounced_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pronounced_precision", sa.String(length=8), nullable=False),
        sa.Column("pronounced_zone", sa.String(length=64), nullable=False),
        sa.Column("pronounced_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pronounced_by", sa.String(length=40), nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=True),
        sa.Column("for_life", sa.Boolean(), nullable=False),
        sa.Column("prison_months_closed", sa.LargeBinary(), nullable=True),
        sa.Column("prison_days_closed", sa.LargeBinary(), nullable=True),
        sa.Column("suspended_months_closed", sa.LargeBinary(), nullable=True),
        sa.Column("suspended_days_closed", sa.LargeBinary(), nullable=True),
        sa.Column("fine_closed", sa.LargeBinary(), nullable=True),
        sa.Column("fine_currency_closed", sa.LargeBinary(), nullable=True),
        sa.Column("damages_closed", sa.LargeBinary(), nullable=True),
        sa.Column("damages_currency_closed", sa.LargeBinary(), nullable=True),
        sa.Column("confiscated_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notified_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_precision", sa.String(length=8), nullable=True),
        sa.Column("notified_zone", sa.String(length=64), nullable=True),
        sa.Column("notified_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "presence IS NULL OR presence IN ('present', 'deemed_present', 'default')",
            name=op.f("presence_at_judgment_is_known"),
        ),
        sa.CheckConstraint(
            "(damages_closed IS NULL) = (damages_currency_closed IS NULL)",
            name=op.f("damages_have_a_currency"),
        ),
        sa.CheckConstraint(
            "(fine_closed IS NULL) = (fine_currency_closed IS NULL)",
            name=op.f("a_fine_has_a_currency"),
        ),
        sa.CheckConstraint(
            "NOT for_life OR (prison_months_closed IS NULL AND prison_days_closed IS NULL)",
            name=op.f("life_has_no_length"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_judgment_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_judgment_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_judgment_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_judgment_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgment")),
        sa.UniqueConstraint("uid", name=op.f("uq_judgment_uid")),
    )
    op.create_index(op.f("ix_judgment_data_key_id"), "judgment", ["data_key_id"], unique=False)
    op.create_index("ix_judgment_party", "judgment", ["party_id", "id"], unique=False)
    op.create_index(op.f("ix_judgment_scope_id"), "judgment", ["scope_id"], unique=False)
    op.create_table(
        "judgment_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("judgment_id", sa.Integer(), nullable=False),
        sa.Column("appellant", sa.String(length=16), nullable=False),
        sa.Column("filed_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_precision", sa.String(length=8), nullable=False),
        sa.Column("filed_zone", sa.String(length=64), nullable=False),
        sa.Column("filed_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "appellant IN ('accused', 'prosecutor', 'civil_party')",
            name=op.f("who_appeals_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_judgment_appeal_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["judgment_id"], ["judgment.id"], name=op.f("fk_judgment_appeal_judgment_id_judgment")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_judgment_appeal_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_judgment_appeal_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgment_appeal")),
        sa.UniqueConstraint("uid", name=op.f("uq_judgment_appeal_uid")),
    )
    op.create_index(
        op.f("ix_judgment_appeal_data_key_id"), "judgment_appeal", ["data_key_id"], unique=False
    )
    op.create_index(
        "ix_judgment_appeal_decision", "judgment_appeal", ["judgment_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_judgment_appeal_scope_id"), "judgment_appeal", ["scope_id"], unique=False
    )


def downgrade() -> None:
    """Forget judgments; what was said of them stays on the trail."""
    op.drop_table("judgment_appeal")
    op.drop_table("judgment")
