"""A plan: one decision for many households, from which each draws."""

import sqlalchemy as sa
from alembic import op

revision = "plans_of_households"
down_revision = "support_adds_up"
branch_labels = None
depends_on = None

CHECKS = {
    "a_plan_says_for_how_many_and_until_when": "households IS NULL"
    " OR (households > 0 AND plan_until IS NOT NULL AND plan_id IS NULL)",
    "no_more_draw_than_a_plan_is_for": "drawn >= 0 AND drawn <= coalesce(households, 0)",
    "a_plan_is_not_paid_itself": "households IS NULL OR status NOT IN"
    " ('committed', 'part_paid', 'paid', 'acquitted', 'closed')",
}
PLAN = "fk_support_request_plan_id_support_request"

ENDED = (
    "UPDATE support_request SET status = 'withdrawn', ended_at = changed_at"
    " WHERE households IS NOT NULL AND ended_at IS NULL"
)
"""An older program would pay a plan as one request."""


def upgrade() -> None:
    """Add what a plan says, and from which plan a request draws."""
    with op.batch_alter_table("support_request") as batch:
        batch.add_column(sa.Column("households", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("plan_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("drawn", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("plan_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("support_request") as batch:
        batch.alter_column("drawn", server_default=None)
        batch.create_foreign_key(op.f(PLAN), "support_request", ["plan_id"], ["id"])
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(name), condition)
        batch.create_index("ix_support_request_plan", ["plan_id"])


def downgrade() -> None:
    """Forget plans, which end: what draws from one stays a request of its own."""
    op.execute(ENDED)
    with op.batch_alter_table("support_request") as batch:
        batch.drop_index("ix_support_request_plan")
        for name in CHECKS:
            batch.drop_constraint(op.f(name), type_="check")
        batch.drop_constraint(op.f(PLAN), type_="foreignkey")
        for name in ("plan_id", "drawn", "plan_until", "households"):
            batch.drop_column(name)
