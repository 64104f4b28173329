"""The access log has a chain of its own: batches that tie together who read what."""

import sqlalchemy as sa
from alembic import op

revision = "chain_of_readings"
down_revision = "jobs_and_notices"
branch_labels = None
depends_on = None

TABLE, LOG = "access_batch", "access_log"
OLD, NEW = "ix_access_log_actor_id", "ix_access_log_actor"


def refuse(verb: str) -> str:
    """Return the trigger that refuses a verb on the batches, which are only ever added to."""
    trigger = f"CREATE TRIGGER {TABLE}_refuses_{verb.lower()} BEFORE {verb} ON {TABLE}"
    if op.get_bind().dialect.name == "sqlite":
        return f"{trigger} BEGIN SELECT RAISE(ABORT, 'this table is only ever added to'); END"
    return f"{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change()"


def upgrade() -> None:
    """Make room for the batches; what was read until now is tied together at the next start."""
    op.create_table(
        TABLE,
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("row_count > 0", name=op.f("a_batch_holds_rows")),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{TABLE}")),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(refuse(verb))
    op.create_index(NEW, LOG, ["actor_id", "at"])
    op.drop_index(OLD, LOG)


def downgrade() -> None:
    """Forget the batches."""
    op.create_index(OLD, LOG, ["actor_id"])
    op.drop_index(NEW, LOG)
    op.drop_table(TABLE)
