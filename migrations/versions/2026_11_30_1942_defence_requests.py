"""What the defence asked for, the prosecutor’s opinion, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "defence_requests"
down_revision = "joined_and_separated"
branch_labels = None
depends_on = None
KINDS = (
    "'release', 'bail', 'appeal_detention', 'opposition', 'recusal', 'expert', 'file_copy', 'other'"
)
STANDINGS = "'undecided', 'granted', 'partly', 'refused', 'withdrawn'"


def _dated(name: str, *, nullable: bool = True) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{name}_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column(f"{name}_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column(f"{name}_precision", sa.String(length=8), nullable=nullable),
        sa.Column(f"{name}_zone", sa.String(length=64), nullable=nullable),
        sa.Column(f"{name}_as_told_sealed", sa.LargeBinary(), nullable=True),
    ]


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "defence_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        *_dated("filed", nullable=False),
        sa.Column("filed_by", sa.String(length=40), nullable=True),
        sa.Column("opinion", sa.String(length=40), nullable=True),
        *_dated("opinion_received"),
        *_dated("decided"),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        *_dated("notified"),
        *_dated("appealed"),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("what_was_asked_for_is_known")),
        sa.CheckConstraint(
            f"status IN ({STANDINGS})", name=op.f("where_a_request_stands_is_known")
        ),
        sa.CheckConstraint(
            "(status IN ('granted', 'partly', 'refused')) = (decided_precision IS NOT NULL)",
            name=op.f("what_was_decided_says_when"),
        ),
        sa.CheckConstraint(
            "decided_precision IS NOT NULL"
            " OR (notified_precision IS NULL AND appealed_precision IS NULL)",
            name=op.f("only_a_decision_is_notified_or_appealed"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_defence_request_{column}_{table}")
            )
            for column, table in (
                ("data_key_id", "data_key"),
                ("scope_id", "scope"),
                ("party_id", "party"),
                ("recorded_by_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defence_request")),
        sa.UniqueConstraint("uid", name=op.f("uq_defence_request_uid")),
    )
    for column in ("data_key_id", "scope_id"):
        op.create_index(op.f(f"ix_defence_request_{column}"), "defence_request", [column])
    op.create_index("ix_defence_request_party", "defence_request", ["party_id", "id"])


def downgrade() -> None:
    """Forget the requests; what was said of them stays on the trail."""
    op.drop_table("defence_request")
