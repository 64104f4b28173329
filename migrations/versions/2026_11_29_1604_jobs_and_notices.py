"""Jobs, notices, and where somebody gets mail that says no more than that there is something."""

import sqlalchemy as sa
from alembic import op

revision = "jobs_and_notices"
down_revision = "last_confirmed_as_held"
branch_labels = None
depends_on = None

WAITING, RUNNING = sa.text("state = 'waiting'"), sa.text("state = 'running'")
DEAD, UNSEEN = sa.text("state = 'dead'"), sa.text("seen_at IS NULL")
STATES = "state IN ('waiting', 'running', 'done', 'dead')"
LEASED = (
    "(state = 'running') = (lease_until IS NOT NULL) AND (state = 'running') = (holder IS NOT NULL)"
)


def upgrade() -> None:
    """Make the tables; nobody has an address yet."""
    with op.batch_alter_table("user_account") as batch:
        batch.add_column(sa.Column("mail_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(80), nullable=True),
        sa.Column("about_uid", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("last_error", sa.String(60), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("uid", name=op.f("uq_job_uid")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
        sa.CheckConstraint(STATES, name=op.f("state_of_a_job_is_known")),
        sa.CheckConstraint(LEASED, name=op.f("who_runs_a_job_holds_a_lease")),
    )
    for name, column, where in (
        ("ix_job_due", "run_after", WAITING),
        ("ix_job_lease", "lease_until", RUNNING),
        ("ix_job_dead", "ended_at", DEAD),
    ):
        op.create_index(name, "job", [column], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about_table", sa.String(40), nullable=True),
        sa.Column("about_uid", sa.Uuid(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("uid", name=op.f("uq_notice_uid")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_notice_scope_id_scope")),
        sa.CheckConstraint(
            "(about_table IS NULL) = (about_uid IS NULL)",
            name=op.f("what_a_notice_is_about_has_its_table"),
        ),
    )
    op.create_index("ix_notice_scope_id", "notice", ["scope_id"])
    op.create_index(
        "ix_notice_unseen",
        "notice",
        ["user_id", "id"],
        sqlite_where=UNSEEN,
        postgresql_where=UNSEEN,
    )


def downgrade() -> None:
    """Forget what was to be done, and who was told of what."""
    op.drop_table("notice")
    op.drop_table("job")
    with op.batch_alter_table("user_account") as batch:
        batch.drop_column("mail_sealed")
