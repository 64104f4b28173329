"""Two people may set the end of a disputed limit, with a coded reason."""

import sqlalchemy as sa
from alembic import op

revision = "limits_set_by_two"
down_revision = "clocks_by_proceeding"
branch_labels = None
depends_on = None

TABLE = "clock_dispute"
PEOPLE = ("proposed_by_id", "replaced_by_id")
SAYS_WHY = (
    "(replaced_at IS NULL) = (replaced_for IS NULL) AND"
    " (replaced_at IS NULL) = (replaced_by_id IS NULL) AND"
    " (replaced_at IS NULL) = (counted_as IS NULL)"
)
BY_TWO = "replaced_by_id IS NULL OR replaced_by_id <> proposed_by_id"


def upgrade() -> None:
    """Add who set an end, when and why, and against which count."""
    op.add_column("clock", sa.Column("replaced_for", sa.String(length=40), nullable=True))
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("replaced_for", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("counted_as", sa.String(length=64), nullable=True))
        for name in PEOPLE:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{TABLE}_{name}_user_account"), "user_account", [name], ["id"]
            )
    with op.batch_alter_table(TABLE) as batch:
        batch.create_check_constraint(op.f("what_two_people_set_says_why"), SAYS_WHY)
        batch.create_check_constraint(op.f("two_people_replace_a_limit"), BY_TWO)


def downgrade() -> None:
    """Take them out again; the disputes stay, with both ends."""
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f("two_people_replace_a_limit"), type_="check")
        batch.drop_constraint(op.f("what_two_people_set_says_why"), type_="check")
        for name in PEOPLE:
            batch.drop_constraint(op.f(f"fk_{TABLE}_{name}_user_account"), type_="foreignkey")
        for name in ("replaced_for", "replaced_at", "counted_as", *PEOPLE):
            batch.drop_column(name)
    with op.batch_alter_table("clock") as batch:
        batch.drop_column("replaced_for")
