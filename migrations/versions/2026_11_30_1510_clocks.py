"""The limits that the law sets are kept as they were last counted, for whoever must act by them."""

import sqlalchemy as sa
from alembic import op

revision = "clocks"
down_revision = "legal_officer"
branch_labels = None
depends_on = None

KINDS = (
    "'latest', 'earliest', 'backwards', 'cap', 'extension', 'restart', 'threshold', 'forbidden', "
    "'no_extension', 'never_runs', 'age', 'credit', 'question', 'reference'"
)
SURE = "'read in text', 'reported by source', 'general knowledge', 'disputed'"


def upgrade() -> None:
    """Add the table; it is filled by the first count."""
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("ends_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("furthest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.String(length=600), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "standing IN ('runs', 'not_started', 'paused', 'forbidden', 'not_known')",
            name=op.f("clock_stands_somehow"),
        ),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("clock_kind_is_known")),
        sa.CheckConstraint(f"confidence IN ({SURE})", name=op.f("confidence_is_known")),
        sa.CheckConstraint("people > 0", name=op.f("a_clock_is_for_somebody")),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_clock_scope_id_scope")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_clock_person_id_person")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_clock_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("uid", name=op.f("uq_clock_uid")),
    )
    for column in ("scope_id", "person_id", "stay_id"):
        op.create_index(op.f(f"ix_clock_{column}"), "clock", [column])
    runs = sa.text("standing = 'runs'")
    op.create_index(
        "ix_clock_ends",
        "clock",
        ["ends_earliest", "id", "scope_id"],
        sqlite_where=runs,
        postgresql_where=runs,
    )


def downgrade() -> None:
    """Take it out again: what it says is counted."""
    op.drop_table("clock")
