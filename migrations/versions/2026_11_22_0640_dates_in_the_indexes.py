"""Lists of incidents narrowed to a period or an area are found and counted in their index."""

from alembic import op

revision = "dates_in_the_indexes"
down_revision = "whose_drafts_name_a_person"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_incident_sort": ("occurred_sort", "id", "scope_id", "status", "recorded_by_id"),
    "ix_incident_status": ("status", "occurred_sort", "id", "scope_id", "recorded_by_id"),
    "ix_incident_type": ("type", "occurred_sort", "id", "scope_id", "status", "recorded_by_id"),
    "ix_incident_province": (
        *("province", "occurred_sort", "id"),
        *("scope_id", "status", "recorded_by_id"),
    ),
    "ix_incident_case": ("case_id", "occurred_sort", "id", "scope_id", "status", "recorded_by_id"),
    "ix_incident_scope": ("scope_id", "occurred_sort", "id", "status", "recorded_by_id"),
}


def upgrade() -> None:
    """Let each index say until when an incident was, and in which case."""
    _build("occurred_latest", "case_id")


def downgrade() -> None:
    """Take it out again."""
    _build()


def _build(*further: str) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="incident")
        op.create_index(name, "incident", list(dict.fromkeys((*columns, *further))))
