"""A legal officer may count another end of a limit; both stand from then on."""

import sqlalchemy as sa
from alembic import op

revision = "clock_disputes"
down_revision = "rules_of_law"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the disputes, and to each clock the end that somebody counts otherwise."""
    op.add_column("clock", sa.Column("disputed_end", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "clock_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("disputed_by_id", sa.Integer(), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("somebody_ended_the_dispute")
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) = (stay_id IS NOT NULL)", name=op.f("a_dispute_is_about_somebody")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_clock_dispute_{column}_{table}")
            )
            for column, table in (
                ("data_key_id", "data_key"),
                ("scope_id", "scope"),
                ("person_id", "person"),
                ("stay_id", "stay"),
                ("disputed_by_id", "user_account"),
                ("ended_by_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_dispute")),
        sa.UniqueConstraint("uid", name=op.f("uq_clock_dispute_uid")),
    )
    for column in ("data_key_id", "scope_id", "person_id", "stay_id"):
        op.create_index(op.f(f"ix_clock_dispute_{column}"), "clock_dispute", [column])
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_clock_dispute_open",
        "clock_dispute",
        ["scope_id", "person_id", "clock"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Take them out again; the clocks are counted without them."""
    op.drop_table("clock_dispute")
    with op.batch_alter_table("clock") as table:
        table.drop_column("disputed_end")
