"""A witness of a reversal reads what they are asked once: as a task, and not as a notice, too."""

import sqlalchemy as sa
from alembic import op

revision = "asked_once"
down_revision = "accounts_taken_back"
branch_labels = None
depends_on = None

NOTICE = sa.table("notice", sa.column("kind"))


def upgrade() -> None:
    """Delete these notices; who has not answered has the task, and the trail says who was told."""
    op.execute(NOTICE.delete().where(NOTICE.c.kind == "saw_reversal"))


def downgrade() -> None:
    """Tell nobody anew: the task stood beside the notice before, too."""
