"""An import is a batch, and what it brought can be withdrawn together."""

import sqlalchemy as sa
from alembic import op

revision = "imports_can_be_undone"
down_revision = "families_of_a_group"
branch_labels = None
depends_on = None

BATCH, OF_ORGANISATION = "import_batch", "ix_import_batch_organisation"


def upgrade() -> None:
    """Keep each import, which incidents it brought, and since when a case is withdrawn."""
    op.create_table(
        BATCH,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undoing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "undone_at IS NULL OR undoing_at IS NOT NULL",
            name=op.f("what_is_undone_was_begun_to_be"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_import_batch_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_import_batch_recorded_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_batch_uid")),
    )
    op.create_index(OF_ORGANISATION, BATCH, ["organisation_id", "recorded_at"])
    with op.batch_alter_table("incident") as batch:
        batch.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_incident_batch_id_import_batch"), BATCH, ["batch_id"], ["id"]
        )
    op.create_index(op.f("ix_incident_batch_id"), "incident", ["batch_id"])
    op.add_column("scope", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget which import brought what; withdrawn cases are then read again."""
    op.drop_column("scope", "withdrawn_at")
    op.drop_index(op.f("ix_incident_batch_id"), "incident")
    with op.batch_alter_table("incident") as batch:
        batch.drop_constraint(op.f("fk_incident_batch_id_import_batch"), type_="foreignkey")
        batch.drop_column("batch_id")
    op.drop_index(OF_ORGANISATION, BATCH)
    op.drop_table(BATCH)
