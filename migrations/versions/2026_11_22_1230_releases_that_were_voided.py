"""An emergency release that a change voids stays on record, and the request can be released anew."""

import sqlalchemy as sa
from alembic import op

revision = "releases_that_were_voided"
down_revision = "protection_fund"
branch_labels = None
depends_on = None

ONE, STANDING, OF_REQUEST = (
    "uq_emergency_release_request_id",
    "ix_emergency_release_standing",
    "ix_emergency_release_request",
)
NOT_LIFTED_BY_THEM = "whoever_released_does_not_lift"


def upgrade() -> None:
    """Say when a release was voided; one at most stands for a request."""
    with op.batch_alter_table("emergency_release") as batch:
        batch.add_column(sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint(ONE, type_="unique")
        batch.create_check_constraint(
            op.f(NOT_LIFTED_BY_THEM),
            "lifted_by_id IS NULL OR (lifted_by_id <> officer_id AND lifted_by_id <> director_id"
            " AND (third_id IS NULL OR lifted_by_id <> third_id))",
        )
    op.execute(
        "UPDATE emergency_release SET voided_at ="
        " (SELECT changed_at FROM support_request WHERE id = request_id)"
        " WHERE request_id IN (SELECT id FROM support_request WHERE NOT emergency)"
    )
    op.create_index(OF_REQUEST, "emergency_release", ["request_id"])
    standing = sa.text("voided_at IS NULL")
    op.create_index(
        STANDING,
        "emergency_release",
        ["request_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    """Keep of each request the last release, for there can be one only."""
    op.drop_index(STANDING, table_name="emergency_release")
    op.drop_index(OF_REQUEST, table_name="emergency_release")
    op.execute(
        "DELETE FROM emergency_release WHERE EXISTS (SELECT 1 FROM emergency_release AS later"
        " WHERE later.request_id = emergency_release.request_id"
        " AND later.id > emergency_release.id)"
    )
    with op.batch_alter_table("emergency_release") as batch:
        batch.drop_constraint(op.f(NOT_LIFTED_BY_THEM), type_="check")
        batch.create_unique_constraint(ONE, ["request_id"])
        batch.drop_column("voided_at")
