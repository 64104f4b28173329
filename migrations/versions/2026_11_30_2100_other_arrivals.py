"""Another source may say another hour of an arrival, and limits are counted from each."""

import sqlalchemy as sa
from alembic import op

revision = "other_arrivals"
down_revision = "calendar"
branch_labels = None
depends_on = None

BESIDE_ONE = "another_arrival_is_beside_one"
LINK = "other_with_id"


def upgrade() -> None:
    """Add the columns, which are empty for what was recorded before."""
    with op.batch_alter_table("stay") as batch:
        for name, kind in (
            ("earliest", sa.DateTime(timezone=True)),
            ("latest", sa.DateTime(timezone=True)),
            ("precision", sa.String(length=8)),
            ("zone", sa.String(length=64)),
            ("as_told_sealed", sa.LargeBinary()),
        ):
            batch.add_column(sa.Column(f"other_arrival_{name}", kind, nullable=True))
        batch.add_column(sa.Column("other_known_by_closed", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column(LINK, sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(f"fk_stay_{LINK}_custody_act"), "custody_act", [LINK], ["id"])
        batch.create_index(op.f(f"ix_stay_{LINK}"), [LINK])
        batch.create_check_constraint(
            op.f(BESIDE_ONE), "other_arrival_precision IS NULL OR began_precision IS NOT NULL"
        )


def downgrade() -> None:
    """Forget the later hour; it stays on the trail."""
    with op.batch_alter_table("stay") as batch:
        batch.drop_constraint(op.f(BESIDE_ONE), type_="check")
        batch.drop_index(op.f(f"ix_stay_{LINK}"))
        batch.drop_constraint(op.f(f"fk_stay_{LINK}_custody_act"), type_="foreignkey")
        batch.drop_column(LINK)
        batch.drop_column("other_known_by_closed")
        for name in ("earliest", "latest", "precision", "zone", "as_told_sealed"):
            batch.drop_column(f"other_arrival_{name}")
