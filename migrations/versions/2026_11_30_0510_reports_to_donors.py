"""The register of what donors are told, and what a donor agreed on lines told together."""

import sqlalchemy as sa
from alembic import op

revision = "reports_to_donors"
down_revision = "kinds_of_rates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and two columns of a grant."""
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("donor_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('money', 'people')", name=op.f("kind_of_a_report_is_known")),
        sa.CheckConstraint("since <= until", name=op.f("a_report_begins_before_it_ends")),
        sa.CheckConstraint(
            "kind <> 'money' OR grant_id IS NOT NULL", name=op.f("money_is_told_by_grant")
        ),
        sa.CheckConstraint(
            "(grant_id IS NULL) = (donor_id IS NULL)", name=op.f("a_donor_has_its_grant")
        ),
        sa.CheckConstraint(
            "told_at IS NULL OR dropped_at IS NULL", name=op.f("what_was_told_is_not_dropped")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_disclosure_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["donor_grant.id"], name=op.f("fk_disclosure_grant_id_donor_grant")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donor.id"], name=op.f("fk_disclosure_donor_id_donor")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"],
            ["user_account.id"],
            name=op.f("fk_disclosure_prepared_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("uid", name=op.f("uq_disclosure_uid")),
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "disclosure", columns)
    op.add_column("donor_grant", sa.Column("pooling_agreed_on", sa.Date(), nullable=True))
    op.add_column(
        "donor_grant", sa.Column("pooling_agreement_sealed", sa.LargeBinary(), nullable=True)
    )


def downgrade() -> None:
    """Take them out again."""
    op.drop_column("donor_grant", "pooling_agreement_sealed")
    op.drop_column("donor_grant", "pooling_agreed_on")
    for name in _INDEXES:
        op.drop_index(name, table_name="disclosure")
    op.drop_table("disclosure")


_INDEXES = {
    "ix_disclosure_register": ["organisation_id", "kind", "since"],
    "ix_disclosure_prepared": ["organisation_id", "prepared_at", "id"],
    "ix_disclosure_grant_id": ["grant_id"],
    "ix_disclosure_donor_id": ["donor_id"],
}
