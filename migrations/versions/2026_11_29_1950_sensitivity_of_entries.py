"""Each entry of the trail says how sensitive its case was when it was done."""

import sqlalchemy as sa
from alembic import op

revision = "sensitivity_of_entries"
down_revision = "counts_by_waiting"
branch_labels = None
depends_on = None

TRAIL = "audit_entry"
TRIGGER = f"{TRAIL}_refuses_update"
REFUSE = (
    f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TRAIL} "
    "BEGIN SELECT RAISE(ABORT, 'this table is only ever added to'); END"
)


def upgrade() -> None:
    """Add the column; an entry of before gets what its case is today: more is not known of it."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(TRAIL)}
    if "sensitivity" not in columns:
        op.add_column(TRAIL, sa.Column("sensitivity", sa.String(length=12), nullable=True))
    op.execute(
        f"DROP TRIGGER {TRIGGER}" if sqlite else f"ALTER TABLE {TRAIL} DISABLE TRIGGER {TRIGGER}"
    )
    entry = sa.table(TRAIL, sa.column("scope_id"), sa.column("sensitivity"))
    scope = sa.table("scope", sa.column("id"), sa.column("sensitivity"))
    today = sa.select(scope.c.sensitivity).where(scope.c.id == entry.c.scope_id)
    op.execute(
        entry.update()
        .where(entry.c.scope_id.is_not(None), entry.c.sensitivity.is_(None))
        .values(sensitivity=today.scalar_subquery())
    )
    op.execute(REFUSE if sqlite else f"ALTER TABLE {TRAIL} ENABLE TRIGGER {TRIGGER}")


def downgrade() -> None:
    """Keep the column: entries are signed with it, and a program of before asks nothing of it."""
