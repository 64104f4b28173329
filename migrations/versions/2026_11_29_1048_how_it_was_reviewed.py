"""An incident says how it was reviewed; a long queue and what has no date are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "how_it_was_reviewed"
down_revision = "imports_can_be_undone"
branch_labels = None
depends_on = None

KNOWN, SAYS_HOW = "review_kind_is_known", "what_was_reviewed_says_how"
QUEUE, LEAD = "ix_incident_queue", "ix_case_file_lead"
UNDATED = (
    (
        "ix_incident_undated",
        "incident",
        [
            "occurred_sort",
            "id",
            "scope_id",
            "status",
            "recorded_by_id",
            "occurred_latest",
            "case_id",
        ],
        sa.text("occurred_latest IS NULL"),
    ),
    (
        "ix_case_file_undated",
        "case_file",
        ["lead_at", "id", "scope_id"],
        sa.text("lead_latest IS NULL"),
    ),
)


def upgrade() -> None:
    """Say of what was reviewed so far that it was one by one; then make the indexes."""
    op.add_column("incident", sa.Column("review_kind", sa.String(8), nullable=True))
    op.execute("UPDATE incident SET review_kind = 'each' WHERE status = 'reviewed'")
    with op.batch_alter_table("incident") as batch:
        batch.create_check_constraint(
            op.f(KNOWN), "review_kind IS NULL OR review_kind IN ('each', 'sample')"
        )
        batch.create_check_constraint(
            op.f(SAYS_HOW), "(status = 'reviewed') = (review_kind IS NOT NULL)"
        )
    op.drop_index(QUEUE, "incident")
    op.create_index(
        QUEUE,
        "incident",
        [
            "status",
            "urgency_rank",
            "submitted_at",
            "origin",
            "occurred_sort",
            "occurred_latest",
            "id",
            "scope_id",
            "recorded_by_id",
            "type",
            "province",
        ],
    )
    op.drop_index(LEAD, "case_file")
    op.create_index(LEAD, "case_file", ["lead_at", "id", "scope_id", "lead_latest"])
    for name, table, columns, where in UNDATED:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Forget how, and let the indexes be as they were."""
    for name, table, *_ in reversed(UNDATED):
        op.drop_index(name, table)
    op.drop_index(LEAD, "case_file")
    op.create_index(LEAD, "case_file", ["lead_at", "id", "scope_id"])
    op.drop_index(QUEUE, "incident")
    op.create_index(QUEUE, "incident", ["status", "urgency_rank", "submitted_at"])
    with op.batch_alter_table("incident") as batch:
        batch.drop_constraint(op.f(SAYS_HOW), type_="check")
        batch.drop_constraint(op.f(KNOWN), type_="check")
        batch.drop_column("review_kind")
