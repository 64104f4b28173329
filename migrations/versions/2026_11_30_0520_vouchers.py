"""A reversal says why, and which colleague saw it, too."""

import sqlalchemy as sa
from alembic import op

revision = "vouchers"
down_revision = "day_of_a_payment"
branch_labels = None
depends_on = None
TABLE = "ledger_voucher"
KEYS = {
    "data_key_id": "data_key",
    "organisation_id": "organisation",
    "scope_id": "scope",
    "transaction_id": "ledger_transaction",
    "payment_id": "payment",
    "written_by_id": "user_account",
    "seen_by_id": "user_account",
}
CHECKS = {
    "kind_of_a_reversal_is_known": "kind IN ('mistyped', 'never_left', 'came_back')",
    "a_reversal_says_who_saw_it": "(kind IS NULL) = (seen_by_id IS NULL)",
    "somebody_else_saw_a_reversal": "seen_by_id <> written_by_id",
    "what_came_back_says_when": (
        "(kind IS NOT NULL AND kind = 'came_back') = (back_on IS NOT NULL)"
    ),
}
OPTIONAL = {"scope_id", "payment_id", "seen_by_id"}


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=name in OPTIONAL)
            for name in KEYS
            if name != "data_key_id"
        ),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("proof_sealed", sa.LargeBinary(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(name)) for name, rule in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=op.f(f"fk_{TABLE}_{name}_{table}")
            )
            for name, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("transaction_id", name=op.f(f"uq_{TABLE}_transaction_id")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{TABLE}_uid")),
    )
    for name in ("data_key_id", "scope_id", "payment_id"):
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name], unique=False)


def downgrade() -> None:
    """Take it away."""
    op.drop_table(TABLE)
