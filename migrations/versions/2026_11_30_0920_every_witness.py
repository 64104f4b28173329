"""Whom a reversal asks keeps a row of their own, whatever they say and whoever is asked next."""

import sqlalchemy as sa
from alembic import op

revision = "every_witness"
down_revision = "witnesses"
branch_labels = None
depends_on = None

TABLE, STANDS, ENTRY = (
    "ledger_voucher",
    "uq_ledger_voucher_stands",
    "ix_ledger_voucher_transaction_id",
)
ONE_EACH = "uq_ledger_voucher_transaction_id"
VOUCHER = sa.table(TABLE, *map(sa.column, ("uid", "transaction_id", "written_at", "replaced_at")))
BOOKED = sa.table("ledger_transaction", *map(sa.column, ("id", "booked_at")))
NOTICE = sa.table("notice", *map(sa.column, ("about_table", "about_uid")))


def upgrade() -> None:
    """Let several stand beside an entry; what is there was written when its entry was booked."""
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    booked = sa.select(BOOKED.c.booked_at).where(BOOKED.c.id == VOUCHER.c.transaction_id)
    op.execute(VOUCHER.update().values(written_at=booked.scalar_subquery()))
    with op.batch_alter_table(TABLE) as batch:
        batch.alter_column("written_at", nullable=False)
        batch.drop_constraint(op.f(ONE_EACH), type_="unique")
    where = sa.text("replaced_at IS NULL")
    op.create_index(
        STANDS, TABLE, ["transaction_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
    op.create_index(op.f(ENTRY), TABLE, ["transaction_id"], unique=False)


def downgrade() -> None:
    """Keep of each entry the last that was written; what was asked before stays on the trail."""
    replaced = sa.select(VOUCHER.c.uid).where(VOUCHER.c.replaced_at.is_not(None))
    about = NOTICE.c.about_table == TABLE, NOTICE.c.about_uid.in_(replaced)
    op.execute(NOTICE.delete().where(*about))
    op.execute(VOUCHER.delete().where(VOUCHER.c.replaced_at.is_not(None)))
    op.drop_index(op.f(ENTRY), table_name=TABLE)
    op.drop_index(STANDS, table_name=TABLE)
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_column("replaced_at")
        batch.drop_column("written_at")
        batch.create_unique_constraint(op.f(ONE_EACH), ["transaction_id"])
