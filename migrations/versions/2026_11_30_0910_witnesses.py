"""Whoever is named as having seen a reversal says whether they did."""

import sqlalchemy as sa
from alembic import op

revision = "witnesses"
down_revision = "money_coming_back"
branch_labels = None
depends_on = None

KNOWN = "only_whom_a_reversal_names_says_whether_they_saw_it"
NOTICE = sa.table("notice", *map(sa.column, ("kind", "about_table", "about_uid", "scope_id")))
VOUCHER = sa.table("ledger_voucher", *map(sa.column, ("uid", "transaction_id", "scope_id")))
ENTRY = sa.table("ledger_transaction", *map(sa.column, ("uid", "id", "scope_id")))


def upgrade() -> None:
    """Add what they say: nobody has said anything yet. A notice leads to where they say it."""
    with op.batch_alter_table("ledger_voucher") as batch:
        batch.add_column(sa.Column("witnessed", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("witnessed_at", sa.DateTime(timezone=True), nullable=True))
        version = sa.Column("version", sa.Integer(), nullable=False, server_default="1")
        batch.add_column(version)
    with op.batch_alter_table("ledger_voucher") as batch:
        batch.alter_column("version", server_default=None)
        batch.create_check_constraint(
            op.f(KNOWN),
            "(witnessed IS NULL) = (witnessed_at IS NULL)"
            " AND (witnessed IS NULL OR seen_by_id IS NOT NULL)",
        )
    _lead(ENTRY, VOUCHER, VOUCHER.c.transaction_id == ENTRY.c.id, "ledger_voucher")


def downgrade() -> None:
    """Take it out again; what waits for a word stays written beside its payment."""
    _lead(VOUCHER, ENTRY, VOUCHER.c.transaction_id == ENTRY.c.id, "ledger_transaction")
    op.execute(NOTICE.delete().where(NOTICE.c.kind == "not_seen"))
    with op.batch_alter_table("ledger_voucher") as batch:
        batch.drop_constraint(op.f(KNOWN), type_="check")
        batch.drop_column("version")
        batch.drop_column("witnessed_at")
        batch.drop_column("witnessed")


def _lead(
    before: sa.TableClause, after: sa.TableClause, same: sa.ColumnElement[bool], table: str
) -> None:
    """Let each notice of a reversal be about the other of the two."""
    about = sa.select(after.c.uid).where(same, before.c.uid == NOTICE.c.about_uid)
    op.execute(
        NOTICE.update()
        .where(NOTICE.c.kind == "saw_reversal", NOTICE.c.about_table == before.name)
        .values(about_table=table, about_uid=about.scalar_subquery())
    )
