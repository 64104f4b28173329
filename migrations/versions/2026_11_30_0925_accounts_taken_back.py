"""What accounts for a payment that is reversed is taken back, and stays."""

import sqlalchemy as sa
from alembic import op

revision = "accounts_taken_back"
down_revision = "every_witness"
branch_labels = None
depends_on = None

TABLE, STANDS, ONE_EACH = "acquittal", "uq_acquittal_stands", "uq_acquittal_payment_id"
PAYMENT = "ix_acquittal_payment_id"
ACCOUNT = sa.table(TABLE, sa.column("withdrawn_at"))


def upgrade() -> None:
    """Say since when one counts no more; a payment has one that counts."""
    sqlite, postgresql = (sa.text(f"(withdrawn_at IS NULL) IS {true}") for true in ("1", "true"))
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint(op.f(ONE_EACH), type_="unique")
    op.create_index(
        STANDS, TABLE, ["payment_id"], unique=True, sqlite_where=sqlite, postgresql_where=postgresql
    )
    op.create_index(op.f(PAYMENT), TABLE, ["payment_id"], unique=False)


def downgrade() -> None:
    """Delete what was taken back, as it was done before; it stays on the trail."""
    op.execute(ACCOUNT.delete().where(ACCOUNT.c.withdrawn_at.is_not(None)))
    op.drop_index(op.f(PAYMENT), table_name=TABLE)
    op.drop_index(STANDS, table_name=TABLE)
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_column("withdrawn_at")
        batch.create_unique_constraint(op.f(ONE_EACH), ["payment_id"])
