"""A report to outsiders may tell of people who were charged."""

import sqlalchemy as sa
from alembic import op

revision = "courts_told"
down_revision = "courts_at_once"
branch_labels = None
depends_on = None

DISCLOSURE = sa.table("disclosure", sa.column("kind"), sa.column("numbers"))
NOTHING = '{"currency": "", "lines": [], "rates": [], "tables": []}'
KNOWN, OF_NO_GRANT = "kind_of_a_report_is_known", "courts_are_of_no_grant"


def upgrade() -> None:
    """Let a report be of this kind."""
    with op.batch_alter_table("disclosure") as batch:
        batch.drop_constraint(op.f(KNOWN), type_="check")
        batch.create_check_constraint(op.f(KNOWN), "kind IN ('money', 'people', 'courts')")
        batch.create_check_constraint(op.f(OF_NO_GRANT), "kind <> 'courts' OR grant_id IS NULL")


def downgrade() -> None:
    """Keep that something was told of these months, without its numbers: they stay on the trail."""
    of_courts = DISCLOSURE.c.kind == "courts"
    op.execute(DISCLOSURE.update().where(of_courts).values(kind="people", numbers=NOTHING))
    with op.batch_alter_table("disclosure") as batch:
        batch.drop_constraint(op.f(OF_NO_GRANT), type_="check")
        batch.drop_constraint(op.f(KNOWN), type_="check")
        batch.create_check_constraint(op.f(KNOWN), "kind IN ('money', 'people')")
