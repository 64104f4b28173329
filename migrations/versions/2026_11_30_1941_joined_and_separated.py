"""A proceeding says how we know that it ended, and from which other it was separated, and when."""

import sqlalchemy as sa
from alembic import op

revision = "joined_and_separated"
down_revision = "courts_told"
branch_labels = None
depends_on = None

JOINED = "joined_into_id IS NULL OR end_kind = 'joined'"
SEPARATED = "(separated_from_id IS NULL) = (separated_precision IS NULL)"
INDEX = "ix_proceeding_separated_from_id"


def upgrade() -> None:
    """Add the columns, which are empty for what was recorded before."""
    with op.batch_alter_table("proceeding") as table:
        table.add_column(sa.Column("end_known_by", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("separated_from_id", sa.Integer(), nullable=True))
        for name, kind in (
            ("earliest", sa.DateTime(timezone=True)),
            ("latest", sa.DateTime(timezone=True)),
            ("precision", sa.String(length=8)),
            ("zone", sa.String(length=64)),
            ("as_told_sealed", sa.LargeBinary()),
        ):
            table.add_column(sa.Column(f"separated_{name}", kind, nullable=True))
        table.add_column(sa.Column("separation_known_by", sa.String(length=40), nullable=True))
        table.create_foreign_key(
            op.f("fk_proceeding_separated_from_id_proceeding"),
            "proceeding",
            ["separated_from_id"],
            ["id"],
        )
        table.create_index(op.f(INDEX), ["separated_from_id"])
        table.create_check_constraint(op.f("what_is_joined_has_ended_so"), JOINED)
        table.create_check_constraint(op.f("what_was_separated_says_when"), SEPARATED)


def downgrade() -> None:
    """Forget which proceeding was separated; that stays on the trail."""
    with op.batch_alter_table("proceeding") as table:
        table.drop_constraint(op.f("what_was_separated_says_when"), type_="check")
        table.drop_constraint(op.f("what_is_joined_has_ended_so"), type_="check")
        table.drop_index(op.f(INDEX))
        table.drop_constraint(
            op.f("fk_proceeding_separated_from_id_proceeding"), type_="foreignkey"
        )
        for name in (
            "end_known_by", "separated_from_id", "separation_known_by",
            *(f"separated_{part}" for part in ("earliest", "latest", "precision", "zone", "as_told_sealed")),
        ):  # fmt: skip
            table.drop_column(name)
