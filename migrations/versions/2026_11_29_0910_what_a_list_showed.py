"""The access log says what a list showed, and what stood beside the record that was opened."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "what_a_list_showed"
down_revision = "receipts_of_forms"
branch_labels = None
depends_on = None

LOG = "access_log"
NAMES_SOMETHING = "an_opening_names_what_was_read"


def refuse(verb: str) -> str:
    """Return the trigger by which SQLite refuses a verb on the log, which is only ever added to."""
    return (
        f"CREATE TRIGGER {LOG}_refuses_{verb.lower()} BEFORE {verb} ON {LOG} "
        "BEGIN SELECT RAISE(ABORT, 'this table is only ever added to'); END"
    )


def guard_anew() -> None:
    """Give SQLite's log its triggers back, which went with the table that was copied."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(refuse(verb))


def upgrade() -> None:
    """Let a row be about a list."""
    with op.batch_alter_table(LOG) as batch:
        batch.add_column(sa.Column("shown_keys", sa.LargeBinary(), nullable=True))
        batch.alter_column("subject_uid", existing_type=sa.Uuid(), nullable=True)
        batch.create_check_constraint(
            op.f(NAMES_SOMETHING), "subject_uid IS NOT NULL OR shown_keys IS NOT NULL"
        )
    guard_anew()


def downgrade() -> None:
    """Keep every row; one about a list has a uid that nothing has."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        f"DROP TRIGGER {LOG}_refuses_update"
        if sqlite
        else f"ALTER TABLE {LOG} DISABLE TRIGGER {LOG}_refuses_update"
    )
    log = sa.table(LOG, sa.column("subject_uid", sa.Uuid()))
    op.execute(log.update().where(log.c.subject_uid.is_(None)).values(subject_uid=UUID(int=0)))
    if not sqlite:
        op.execute(f"ALTER TABLE {LOG} ENABLE TRIGGER {LOG}_refuses_update")
    with op.batch_alter_table(LOG) as batch:
        batch.drop_constraint(op.f(NAMES_SOMETHING), type_="check")
        batch.alter_column("subject_uid", existing_type=sa.Uuid(), nullable=False)
        batch.drop_column("shown_keys")
    guard_anew()
