"""In which language somebody needs an interpreter."""

import sqlalchemy as sa
from alembic import op

revision = "interpreter_needed"
down_revision = "what_a_list_showed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep it with the person; of those who are there already nothing is known."""
    op.add_column("person", sa.Column("interpreter_language", sa.String(8), nullable=True))


def downgrade() -> None:
    """Take it out again."""
    op.drop_column("person", "interpreter_language")
