"""A legal officer is a role: somebody who works on the cases of which they are a member."""

import sqlalchemy as sa
from alembic import op

revision = "legal_officer"
down_revision = "stays"
branch_labels = None
depends_on = None

ROLES = (
    "monitor", "director", "fund_officer", "finance_officer", "auditor", "administrator",
)  # fmt: skip
MEMBERSHIP = sa.table("membership", sa.column("role"), sa.column("ends_at"), sa.column("starts_at"))


def upgrade() -> None:
    """Let somebody be a legal officer."""
    _say_roles((*ROLES, "legal_officer", "second"))


def downgrade() -> None:
    """Keep who was one as a monitor whose role is over: as that they read nothing."""
    of_lawyers = MEMBERSHIP.c.role == "legal_officer"
    op.execute(
        MEMBERSHIP.update().where(of_lawyers).values(role="monitor", ends_at=MEMBERSHIP.c.starts_at)
    )
    _say_roles((*ROLES, "second"))


def _say_roles(roles: tuple[str, ...]) -> None:
    """Let a role be one of these."""
    known = ", ".join(repr(role) for role in roles)
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(op.f("role_is_known"), type_="check")
        batch.create_check_constraint(op.f("role_is_known"), f"role IN ({known})")
