"""How many families a group is, beside how many people."""

import sqlalchemy as sa
from alembic import op

revision = "families_of_a_group"
down_revision = "what_waits_in_the_fund"
branch_labels = None
depends_on = None

ONLY_A_GROUP = "only_a_group_has_families"


def upgrade() -> None:
    """Keep it with the group; of those who are there already only people were counted."""
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("family_count", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("family_count_about", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("person") as batch:
        batch.alter_column("family_count_about", server_default=None)
        batch.create_check_constraint(
            op.f(ONLY_A_GROUP),
            "family_count IS NULL OR (family_count > 0 AND unit <> 'person')",
        )


def downgrade() -> None:
    """Forget it: the number of people stays."""
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f(ONLY_A_GROUP), type_="check")
        batch.drop_column("family_count_about")
        batch.drop_column("family_count")
