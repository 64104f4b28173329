"""What waits for somebody in the fund is found without reading all of it."""

import sqlalchemy as sa
from alembic import op

revision = "what_waits_in_the_fund"
down_revision = "interpreter_needed"
branch_labels = None
depends_on = None

UNDECLARED, EMERGENCIES = "ix_acquittal_undeclared", "ix_support_request_emergency"
OF_SOMEBODY = (
    ("ix_payment_requester", "payment", ["requested_by_id", "status"]),
    ("ix_acquittal_recorder", "acquittal", ["recorded_by_id", "payment_id"]),
    ("ix_acquittal_declarer", "acquittal", ["declared_by_id", "payment_id"]),
    ("ix_conflict_declaration_user", "conflict_declaration", ["user_id", "knows", "request_id"]),
)


def upgrade() -> None:
    """Index what somebody asked for, recorded and declared, what is still to be declared, what is urgent."""
    for name, table, columns in OF_SOMEBODY:
        op.create_index(name, table, columns)
    op.create_index(
        UNDECLARED,
        "acquittal",
        ["payment_id"],
        sqlite_where=sa.text("alternative = 1 AND declared_at IS NULL"),
        postgresql_where=sa.text("alternative AND declared_at IS NULL"),
    )
    op.create_index(
        EMERGENCIES,
        "support_request",
        ["organisation_id", "status"],
        sqlite_where=sa.text("emergency = 1"),
        postgresql_where=sa.text("emergency"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(EMERGENCIES, "support_request")
    op.drop_index(UNDECLARED, "acquittal")
    for name, table, _ in OF_SOMEBODY:
        op.drop_index(name, table)
