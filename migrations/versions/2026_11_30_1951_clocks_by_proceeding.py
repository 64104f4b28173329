"""A limit says in which proceeding it runs: two proceedings of one person count as two."""

import sqlalchemy as sa
from alembic import op

revision = "clocks_by_proceeding"
down_revision = "ages"
branch_labels = None
depends_on = None

TABLES = ("clock", "clock_dispute")
OPEN = "uq_clock_dispute_open"
PERSON = ["scope_id", "person_id", "clock"]


def upgrade() -> None:
    """Add the column; the next count fills it."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("proceeding_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_proceeding_id_proceeding"),
                "proceeding",
                ["proceeding_id"],
                ["id"],
            )
            batch.create_index(op.f(f"ix_{table}_proceeding_id"), ["proceeding_id"])
    op.drop_index(OPEN, "clock_dispute")
    _open_disputes(OPEN, PERSON, "ended_at IS NULL AND proceeding_id IS NULL")
    in_one = "ended_at IS NULL AND proceeding_id IS NOT NULL"
    _open_disputes(f"{OPEN}_in_proceeding", [*PERSON, "proceeding_id"], in_one)


def downgrade() -> None:
    """Take it out again; the limits are counted without it."""
    op.drop_index(f"{OPEN}_in_proceeding", "clock_dispute")
    op.drop_index(OPEN, "clock_dispute")
    _open_disputes(OPEN, PERSON, "ended_at IS NULL")
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_index(op.f(f"ix_{table}_proceeding_id"))
            batch.drop_constraint(op.f(f"fk_{table}_proceeding_id_proceeding"), type_="foreignkey")
            batch.drop_column("proceeding_id")


def _open_disputes(name: str, columns: list[str], where: str) -> None:
    """Let one dispute of each limit be open at most, by what a limit is known by."""
    is_open = sa.text(where)
    op.create_index(
        name, "clock_dispute", columns, unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
