"""An account can be returned, and what came back is confirmed by finance before it is booked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "accounts_returned"
down_revision = "vouchers"
branch_labels = None
depends_on = None
TABLE = "acquittal"
COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "sent_back_by_id": sa.Integer(),
    "sent_back_at": sa.DateTime(timezone=True),
    "sent_back_why_sealed": sa.LargeBinary(),
    "back_by_id": sa.Integer(),
    "back_on": sa.Date(),
    "back_proof_sealed": sa.LargeBinary(),
}
CHECKS = {
    "an_account_that_was_returned_is_not_reviewed": (
        "(sent_back_by_id IS NULL) = (sent_back_at IS NULL)"
        " AND (sent_back_at IS NULL OR reviewed_at IS NULL)"
    ),
    "somebody_else_returns_an_account": "sent_back_by_id <> recorded_by_id",
    "what_is_back_was_reviewed_and_says_by_whom": (
        "(back_on IS NULL) = (back_by_id IS NULL)"
        " AND (back_on IS NULL OR (returned > 0 AND reviewed_at IS NOT NULL))"
    ),
}
PEOPLE = ("sent_back_by_id", "back_by_id")
BOOKED = (
    "UPDATE acquittal SET back_on = CAST(reviewed_at AS DATE), back_by_id = reviewed_by_id"
    " WHERE returned > 0 AND reviewed_at IS NOT NULL"
)
"""What came back was booked by its review until now: it is back, as its reviewer said."""

NOT_BACK = (
    "UPDATE acquittal SET reviewed_at = NULL, reviewed_by_id = NULL"
    " WHERE returned > 0 AND back_on IS NULL"
)
"""An older program books what came back as it is reviewed: what finance has not seen is reviewed anew."""


def upgrade() -> None:
    """Add the columns; what was reviewed before is settled."""
    with op.batch_alter_table(TABLE) as table:
        for name, kind in COLUMNS.items():
            table.add_column(sa.Column(name, kind, nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        for name in PEOPLE:
            table.create_foreign_key(
                op.f(f"fk_{TABLE}_{name}_user_account"), "user_account", [name], ["id"]
            )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        BOOKED.replace("CAST(reviewed_at AS DATE)", "date(reviewed_at)") if sqlite else BOOKED
    )
    with op.batch_alter_table(TABLE) as table:
        table.alter_column("version", server_default=None)
        for name, rule in CHECKS.items():
            table.create_check_constraint(op.f(name), rule)


def downgrade() -> None:
    """Take them away; what finance has not seen yet waits for its review again."""
    op.execute(NOT_BACK)
    with op.batch_alter_table(TABLE) as table:
        for name in CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        for name in PEOPLE:
            table.drop_constraint(op.f(f"fk_{TABLE}_{name}_user_account"), type_="foreignkey")
        for name in (*COLUMNS, "version"):
            table.drop_column(name)
