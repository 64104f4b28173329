"""The receipt of a form holds a digest of what was sent, which button, and what it made where."""

import sqlalchemy as sa
from alembic import op

revision = "receipts_of_forms"
down_revision = "reference_amounts"
branch_labels = None
depends_on = None

MADE_HERE = (
    "budget_line", "contact", "donor", "donor_grant", "exchange_rate", "follow_up",
    "fund_complaint", "fund_delegation", "incident", "ledger_transaction", "office", "payment",
    "person", "scope_block", "scope_grant", "support_request", "task", "term", "user_account",
)  # fmt: skip
"""The tables of what forms made until now."""
BOTH = "what_a_form_made_has_its_table"


def upgrade() -> None:
    """Find the table of what each form made; what is gone was a draft that its author discarded."""
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("fingerprint", sa.String(64), nullable=True))
        batch.add_column(sa.Column("button", sa.String(40), nullable=True))
        batch.add_column(sa.Column("made_table", sa.String(40), nullable=True))
        batch.add_column(sa.Column("made_version", sa.Integer(), nullable=True))
        batch.alter_column("made_uid", existing_type=sa.Uuid(), nullable=True)
    for table in MADE_HERE:
        op.execute(
            f"UPDATE submission SET made_table = '{table}'"  # noqa: S608 - names of ours
            f" WHERE made_uid IN (SELECT uid FROM {table})"
        )
    op.execute("UPDATE submission SET button = ''")
    op.execute("UPDATE submission SET made_uid = NULL WHERE made_table IS NULL")
    with op.batch_alter_table("submission") as batch:
        batch.alter_column("button", existing_type=sa.String(40), nullable=False)
        batch.create_check_constraint(op.f(BOTH), "(made_table IS NULL) = (made_uid IS NULL)")


def downgrade() -> None:
    """Keep the receipts that say what was made."""
    op.execute("DELETE FROM submission WHERE made_uid IS NULL")
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint(op.f(BOTH), type_="check")
        batch.alter_column("made_uid", existing_type=sa.Uuid(), nullable=False)
        for name in ("made_version", "made_table", "button", "fingerprint"):
            batch.drop_column(name)
