"""The books know money that is given back to a donor."""

import sqlalchemy as sa
from alembic import op

revision = "refunds"
down_revision = "rates_for_reports"
branch_labels = None
depends_on = None
TABLE, CHECK = "ledger_transaction", "booking_is_known"
BEFORE = (
    "budget", "income", "commitment", "release", "move", "payment", "receipt", "return", "fee",
    "transfer", "reversal",
)  # fmt: skip


def _known(bookings: tuple[str, ...]) -> str:
    return f"booking IN ({', '.join(repr(booking) for booking in bookings)})"


def upgrade() -> None:
    """Let the check name one kind of entry more; no row changes."""
    _replace(_known(BEFORE), _known((*BEFORE, "refund")))


def downgrade() -> None:
    """Keep the wider check: the books only grow, and what was booked stays."""


def _replace(old: str, new: str) -> None:
    """Change the text of the check; SQLite would copy the whole table, and lose what guards it."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f(CHECK), TABLE, type_="check")
        op.create_check_constraint(op.f(CHECK), TABLE, new)
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    master = sa.table("sqlite_master", sa.column("name"), sa.column("sql"))
    bind.execute(
        master.update()
        .where(master.c.name == TABLE)
        .values(sql=sa.func.replace(master.c.sql, old, new))
    )
    kept = bind.execute(sa.select(master.c.sql).where(master.c.name == TABLE)).scalar_one()
    if new not in kept:
        raise RuntimeError(f"the check of {TABLE} is another than expected: nothing was changed")
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
