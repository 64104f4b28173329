"""Whether the browsers of an office, and of somebody, keep what is typed and not sent yet."""

import sqlalchemy as sa
from alembic import op

revision = "what_is_typed_is_kept"
down_revision = "how_it_was_reviewed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each office allow it, and everybody leave it to their device."""
    with op.batch_alter_table("office") as batch_op:
        batch_op.add_column(
            sa.Column("keeps_typing", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("office") as batch_op:
        batch_op.alter_column("keeps_typing", server_default=None)
    op.add_column("user_account", sa.Column("keeps_typing", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take both out again."""
    op.drop_column("user_account", "keeps_typing")
    op.drop_column("office", "keeps_typing")
