"""What widens power waits for a second person; every role does, and whoever stands in for another."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "acts_that_take_two"
down_revision = "chain_of_readings"
branch_labels = None
depends_on = None

CONFIRMED = "what_is_confirmed_counts"
ROLES = ("monitor", "director", "fund_officer", "finance_officer", "auditor", "administrator")
STATUSES = ("waits", "confirmed", "refused", "taken_back", "stopped", "lapsed")
SECOND_TO_MONITOR = """
UPDATE membership SET role = 'monitor', ends_at = starts_at WHERE role = 'second'
"""
MONITORS_COUNT = """
UPDATE membership SET counts_since = starts_at
WHERE role = 'monitor' AND confirmed_at IS NULL
    AND (proposed_by_id IS NULL OR proposed_by_id <> user_id)
"""
CONFIRMED_COUNT = "UPDATE membership SET counts_since = confirmed_at WHERE confirmed_at IS NOT NULL"
STANDING_IN = "UPDATE fund_delegation SET confirmed_at = starts_at"
OPEN = """
SELECT membership.uid, membership.user_id, membership.office_id, membership.proposed_by_id,
    membership.starts_at, membership.confirmed_at, user_account.organisation_id
FROM membership JOIN user_account ON user_account.id = membership.user_id
WHERE membership.confirmed_by_id IS NULL AND membership.ends_at IS NULL
    AND (membership.role <> 'monitor' OR membership.proposed_by_id = membership.user_id)
"""


def upgrade() -> None:
    """Let monitors of today count, and put down what waits for a second person."""
    _say_roles((*ROLES, "second"))
    with op.batch_alter_table("user_account") as batch:
        batch.add_column(sa.Column("let_in_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_user_account_let_in_by_id_user_account"),
            "user_account",
            ["let_in_by_id"],
            ["id"],
        )
    with op.batch_alter_table("fund_delegation") as batch:
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(STANDING_IN)
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("counts_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(CONFIRMED_COUNT)
    op.execute(MONITORS_COUNT)
    with op.batch_alter_table("membership") as batch:
        batch.create_check_constraint(
            op.f(CONFIRMED), "confirmed_at IS NULL OR counts_since IS NOT NULL"
        )
    proposal = op.create_table("proposal", *_columns())
    op.create_index("ix_proposal_waits", "proposal", ["organisation_id", "status", "lapses_at"])
    op.create_index("ix_proposal_subject", "proposal", ["subject_uid", "status"])
    op.create_index(op.f("ix_proposal_user_id"), "proposal", ["user_id"])
    _put_down(proposal)


def downgrade() -> None:
    """Forget what waits; a monitor who waited counts, as each did before."""
    op.drop_table("proposal")
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(op.f(CONFIRMED), type_="check")
        batch.drop_column("counts_since")
    with op.batch_alter_table("fund_delegation") as batch:
        batch.drop_column("confirmed_at")
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(op.f("fk_user_account_let_in_by_id_user_account"), type_="foreignkey")
        batch.drop_column("let_in_by_id")
    op.execute(SECOND_TO_MONITOR)
    _say_roles(ROLES)


def _say_roles(roles: tuple[str, ...]) -> None:
    """Let a role be one of these."""
    known = ", ".join(repr(role) for role in roles)
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(op.f("role_is_known"), type_="check")
        batch.create_check_constraint(op.f("role_is_known"), f"role IN ({known})")


def _columns() -> tuple[sa.schema.SchemaItem, ...]:
    users = ("user_id", "proposed_by_id", "decided_by_id", "stopped_by_id")
    known = ", ".join(repr(status) for status in STATUSES)
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("uid", name=op.f("uq_proposal_uid")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_proposal_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_proposal_office_id_office")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_proposal_{column}_user_account")
            )
            for column in users
        ),
        sa.CheckConstraint(f"status IN ({known})", name=op.f("proposal_status_is_known")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR proposed_by_id IS NULL OR decided_by_id <> proposed_by_id"
            " OR status = 'taken_back'",
            name=op.f("whoever_proposed_does_not_confirm"),
        ),
        sa.CheckConstraint(
            "status <> 'confirmed' OR decided_by_id IS NOT NULL",
            name=op.f("somebody_confirmed_what_is_confirmed"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'refused') OR user_id IS NULL OR decided_by_id <> user_id",
            name=op.f("nobody_confirms_what_is_for_themselves"),
        ),
    )  # fmt: skip


def _put_down(proposal: sa.Table) -> None:
    """Put down the roles that wait for a second person, or count unconfirmed."""
    rows = [
        {
            "uid": uuid4(),
            "organisation_id": role.organisation_id,
            "action": "role.grant",
            "subject_type": "membership",
            "subject_uid": role.uid,
            "user_id": role.user_id,
            "office_id": role.office_id,
            "change": "{}",
            "status": "waits",
            "proposed_by_id": role.proposed_by_id,
            "proposed_at": role.starts_at,
            "effective_at": role.confirmed_at,
        }
        for role in op.get_bind().execute(
            sa.text(OPEN).columns(
                uid=sa.Uuid(),
                starts_at=sa.DateTime(timezone=True),
                confirmed_at=sa.DateTime(timezone=True),
            )
        )
    ]
    if rows:
        op.bulk_insert(proposal, rows)
