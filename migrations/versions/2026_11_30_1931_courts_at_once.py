"""What courts did about many people at once, and which stay goes on in which."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "courts_at_once"
down_revision = "observations"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('arrived', 'moved', 'ended', 'brought', 'charged', 'detained', 'sentenced',"
    " 'acquittal', 'dropped')"
)
LINKS = ("follows_id", "parted_from_id", "gave_way_to_id")
KNOWN = "what_happened_is_known"
FOLLOWS_NOT_ITSELF = "no_stay_follows_itself"
TAKEN_BACK = "taken_back"
STAY = sa.table(
    "stay",
    *map(sa.column, ("id", "person_id", "violation_id", "people", "standing")),
    *map(sa.column, ("began_with_id", "ended_with_id", *LINKS)),
)


def upgrade() -> None:
    """Add the columns and the table."""
    with op.batch_alter_table("custody_act") as batch:
        batch.add_column(sa.Column("decided_by", sa.String(length=40), nullable=True))
        batch.drop_constraint(op.f(KNOWN), type_="check")
        batch.create_check_constraint(op.f(KNOWN), KINDS)
    with op.batch_alter_table("stay") as batch:
        for name in LINKS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_stay_{name}_stay"), "stay", [name], ["id"])
            batch.create_index(op.f(f"ix_stay_{name}"), [name])
        batch.create_check_constraint(
            op.f(FOLLOWS_NOT_ITSELF), "follows_id IS NULL OR follows_id <> id"
        )
    _link()
    op.create_table(
        "custody_act_row",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["custody_act.id"], name=op.f("fk_custody_act_row_act_id_custody_act")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_custody_act_row_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_custody_act_row_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("act_id", "table_name", "row_id", name=op.f("pk_custody_act_row")),
    )
    op.create_index(op.f("ix_custody_act_row_scope_id"), "custody_act_row", ["scope_id"])


def _link() -> None:
    """Say of what was recorded before which stay goes on in which, and which gave way to which.

    An act that began a stay ended another of the same people, or took it back; what it both began
    and ended is a part of a group.
    """
    touched = STAY.c.began_with_id.is_not(None) | STAY.c.ended_with_id.is_not(None)
    rows = op.get_bind().execute(sa.select(STAY).where(touched)).all()
    ended = _by_act((row.ended_with_id, row) for row in rows)
    began = _by_act((row.began_with_id, row) for row in rows if not _is_part(row))
    follows: dict[int, int | None] = {}
    for before, row in sorted(
        (pair for key in began for pair in zip(ended[key], began[key], strict=False)),
        key=lambda pair: int(pair[1].id),
    ):
        gave_way = before.standing == TAKEN_BACK
        follows[row.id] = follows.get(before.id) if gave_way else before.id
        _say(row.id, follows_id=follows[row.id])
        if gave_way:
            _say(before.id, gave_way_to_id=row.id)


def _say(number: int, **link: int | None) -> None:
    op.get_bind().execute(sa.update(STAY).where(STAY.c.id == number).values(link))


def _is_part(row: Any) -> bool:
    return bool(row.began_with_id == row.ended_with_id)


def _by_act(rows: Iterable[tuple[int | None, Any]]) -> dict[tuple[int, ...], list[Any]]:
    """Return rows by the act and by whom they are of, in the same order before and after it."""
    found = defaultdict[tuple[int, ...], list[Any]](list)
    for act, row in rows:
        if act is not None:
            found[act, row.person_id or 0, row.violation_id or 0].append(row)
    for some in found.values():
        some.sort(key=lambda row: (row.people or 0, row.id))
    return found


def downgrade() -> None:
    """Forget them; what courts did stays where it was recorded."""
    op.drop_table("custody_act_row")
    with op.batch_alter_table("stay") as batch:
        batch.drop_constraint(op.f(FOLLOWS_NOT_ITSELF), type_="check")
        for name in LINKS:
            batch.drop_constraint(op.f(f"fk_stay_{name}_stay"), type_="foreignkey")
            batch.drop_index(op.f(f"ix_stay_{name}"))
            batch.drop_column(name)
    with op.batch_alter_table("custody_act") as batch:
        batch.drop_column(
            "decided_by"
        )  # the check stays wide: no row is lost, or says another thing
