"""Rules of law and public holidays are rows: each version stands, and who confirmed it."""

import sqlalchemy as sa
from alembic import op

revision = "rules_of_law"
down_revision = "proceedings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables; the first start loads the files into them."""
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(
            sa.Column("rules_version", sa.Integer(), nullable=False, server_default="1")
        )
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("rules_version", server_default=None)
    _rules()
    _holidays()


def downgrade() -> None:
    """Take them out again; what two people changed goes with them."""
    op.drop_table("public_holiday")
    op.drop_table("legal_rule_version")
    with op.batch_alter_table("organisation") as batch:
        batch.drop_column("rules_version")


def _rules() -> None:
    op.create_table(
        "legal_rule_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("classes", sa.Text(), nullable=False),
        sa.Column("ages", sa.String(length=12), nullable=False),
        sa.Column("which_age", sa.String(length=12), nullable=False),
        sa.Column("applies", sa.Text(), nullable=False),
        sa.Column("requires", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("at_least", sa.Text(), nullable=False),
        sa.Column("counting", sa.Text(), nullable=False),
        sa.Column("holidays", sa.String(length=24), nullable=False),
        sa.Column("extends", sa.Text(), nullable=False),
        sa.Column("times", sa.String(length=4), nullable=False),
        sa.Column("runs_from", sa.Text(), nullable=False),
        sa.Column("from_last", sa.String(length=4), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=False),
        sa.Column("disputed_from", sa.Text(), nullable=False),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("stops", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("says_km", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=24), nullable=False),
        sa.Column("disputed", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("from_file", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(reviewed_by = '') = (reviewed_on IS NULL)", name=op.f("a_review_says_who_and_when")
        ),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name=op.f("a_rule_ends_after_it_begins"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name=op.f("a_rule_is_confirmed_by_somebody_else"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_rule_version_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_legal_rule_version_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_rule_version_proposed_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_rule_version")),
        sa.UniqueConstraint(
            "organisation_id",
            "country",
            "key",
            "number",
            name=op.f("uq_legal_rule_version_organisation_id_country_key_number"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_legal_rule_version_uid")),
    )
    op.create_index(
        op.f("ix_legal_rule_version_counts"),
        "legal_rule_version",
        ["organisation_id", "country", "superseded_at"],
    )


def _holidays() -> None:
    op.create_table(
        "public_holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decree", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_away_by_decree", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(taken_away_at IS NULL) = (taken_away_by_decree = '')",
            name=op.f("a_decree_took_a_holiday_away"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_public_holiday_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_holiday")),
        sa.UniqueConstraint("uid", name=op.f("uq_public_holiday_uid")),
    )
    op.create_index(
        op.f("ix_public_holiday_day"), "public_holiday", ["organisation_id", "country", "day"]
    )
