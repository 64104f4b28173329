"""What the organisation takes for unusual reading, how often each looks for people, who stood out."""

import sqlalchemy as sa
from alembic import op

revision = "limits_of_reading"
down_revision = "acts_that_take_two"
branch_labels = None
depends_on = None

LIMITS = {
    "searches_hour": 150,
    "pages_hour": 200,
    "people_hour": 150,
    "cases_hour": 150,
    "pages_day": 800,
    "people_day": 500,
    "cases_day": 500,
}


def upgrade() -> None:
    """Begin with limits that a day's work does not reach."""
    with op.batch_alter_table("organisation") as batch:
        for name, most in LIMITS.items():
            column = sa.Column(name, sa.Integer(), nullable=False, server_default=str(most))
            batch.add_column(column)
    with op.batch_alter_table("organisation") as batch:
        for name in LIMITS:
            batch.alter_column(name, server_default=None)
    op.create_table(
        "search_count",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_search_count_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "part", name=op.f("pk_search_count")),
    )
    op.create_table(
        "unusual_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counted >= most", name=op.f("what_is_unusual_reached_its_limit")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_unusual_reading_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unusual_reading")),
        sa.UniqueConstraint("uid", name=op.f("uq_unusual_reading_uid")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_unusual_reading_user_id_day")),
    )


def downgrade() -> None:
    """Take all of it out again."""
    op.drop_table("unusual_reading")
    op.drop_table("search_count")
    with op.batch_alter_table("organisation") as batch:
        for name in reversed(LIMITS):
            batch.drop_column(name)
