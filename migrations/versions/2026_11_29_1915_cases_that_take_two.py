"""What takes two may be about a case."""

import sqlalchemy as sa
from alembic import op

revision = "cases_that_take_two"
down_revision = "backups_and_their_key"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a proposal say which case it is about."""
    with op.batch_alter_table("proposal") as batch:
        batch.add_column(sa.Column("scope_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_proposal_scope_id_scope"), "scope", ["scope_id"], ["id"])
        batch.create_index(op.f("ix_proposal_scope_id"), ["scope_id"])


def downgrade() -> None:
    """Forget which; what waits about a case cannot be decided then, and has lapsed."""
    op.execute(
        "UPDATE proposal SET status = 'lapsed', decided_at = NULL WHERE scope_id IS NOT NULL"
    )
    with op.batch_alter_table("proposal") as batch:
        batch.drop_index(op.f("ix_proposal_scope_id"))
        batch.drop_constraint(op.f("fk_proposal_scope_id_scope"), type_="foreignkey")
        batch.drop_column("scope_id")
