"""Rates have kinds; a request keeps how high it must go, and the rate that says so."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "kinds_of_rates"
down_revision = "older_databases"
branch_labels = None
depends_on = None

PAIR = "ix_exchange_rate_pair"
NO_LONGER_KNOWN = """
UPDATE proposal SET status = 'lapsed', decided_at = NULL WHERE action = 'fund.tier_rate'
"""
COUNTS_FOR_NOTHING = """
UPDATE exchange_rate SET day = '9999-12-31' WHERE counts_since IS NULL
"""
"""An older program takes the newest rate up to a day, whoever wants it: what nobody confirmed, or a
list says, is of a day that never comes."""
OF_THE_BANK = """
UPDATE exchange_rate SET kind = 'booking', bank_line = source, counts_since = recorded_at
"""
"""One person recorded each of them: money was charged at it, and it sets nobody’s limit any more."""
SENT = sa.text(
    "SELECT r.id, r.reference_amount AS amount, r.reference_currency AS currency,"
    " r.needs_director, r.needs_director AND r.needs_officer AND r.needs_board AS needs_all,"
    " coalesce(s.currency, 'USD') AS wanted, coalesce(s.officer_most, 50000) AS officer_most,"
    " coalesce(s.director_most, 300000) AS director_most,"
    " coalesce(s.emergency_most, 30000) AS emergency_most"
    " FROM support_request r LEFT JOIN fund_settings s ON s.organisation_id = r.organisation_id"
    " WHERE r.status NOT IN ('draft', 'withdrawn')"
)
KEEP = sa.text(
    "UPDATE support_request SET level = :level, fits_emergency = :fits_emergency WHERE id = :id"
)


def upgrade() -> None:
    """Let every rate be one of the bank’s, and say of each request how high it must go."""
    with op.batch_alter_table("exchange_rate") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("bank_line", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("reason", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("counts_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(OF_THE_BANK)
    with op.batch_alter_table("exchange_rate") as batch:
        batch.alter_column("kind", existing_type=sa.String(length=12), nullable=False)
        batch.create_check_constraint(
            op.f("kind_of_a_rate_is_known"), "kind IN ('tier', 'booking')"
        )
        batch.create_check_constraint(
            op.f("the_bank_proves_its_own_rate"), "(kind = 'booking') = (bank_line IS NOT NULL)"
        )
        batch.drop_index(PAIR)
        batch.create_index(PAIR, ["organisation_id", "kind", "base", "quote", "day"], unique=False)
    with op.batch_alter_table("fund_settings") as batch:
        batch.add_column(
            sa.Column("rate_days", sa.Integer(), nullable=False, server_default=sa.text("62"))
        )
        batch.add_column(
            sa.Column("booking_days", sa.Integer(), nullable=False, server_default=sa.text("186"))
        )
        batch.create_check_constraint(
            op.f("a_rate_counts_for_some_days"), "rate_days > 0 AND booking_days > 0"
        )
    with op.batch_alter_table("fund_settings") as batch:
        batch.alter_column("rate_days", existing_type=sa.Integer(), server_default=None)
        batch.alter_column("booking_days", existing_type=sa.Integer(), server_default=None)
    _add_levels()


def _add_levels() -> None:
    with op.batch_alter_table("support_request") as batch:
        batch.add_column(sa.Column("level", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("level_rate_id", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("fits_emergency", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.create_foreign_key(
            op.f("fk_support_request_level_rate_id_exchange_rate"),
            "exchange_rate",
            ["level_rate_id"],
            ["id"],
        )
    connection = op.get_bind()
    for row in connection.execute(SENT).all():
        small = row.currency == row.wanted and row.amount <= row.emergency_most
        values = {"id": row.id, "level": _level(row), "fits_emergency": small}
        connection.execute(KEEP, values)
    with op.batch_alter_table("support_request") as batch:
        batch.alter_column("fits_emergency", existing_type=sa.Boolean(), server_default=None)
        batch.create_check_constraint(
            op.f("level_of_a_request_is_known"),
            "level IS NULL OR level IN ('officer', 'director', 'board')",
        )
        batch.create_check_constraint(
            op.f("a_sent_request_has_a_level"),
            "status IN ('draft', 'withdrawn') OR level IS NOT NULL",
        )


def _level(row: Any) -> str:
    """Return the higher of who must decide and what the amount asks for; unknown: the highest."""
    unknown = row.amount is None or row.currency != row.wanted
    if row.needs_all or unknown or row.amount > row.director_most:
        return "board"
    return "director" if row.needs_director or row.amount > row.officer_most else "officer"


def downgrade() -> None:
    """Forget the kinds and the levels; what waits for a second person has lapsed, and never counts."""
    op.execute(NO_LONGER_KNOWN)
    op.execute(COUNTS_FOR_NOTHING)
    with op.batch_alter_table("support_request") as batch:
        batch.drop_constraint(op.f("a_sent_request_has_a_level"), type_="check")
        batch.drop_constraint(op.f("level_of_a_request_is_known"), type_="check")
        batch.drop_constraint(
            op.f("fk_support_request_level_rate_id_exchange_rate"), type_="foreignkey"
        )
        batch.drop_column("fits_emergency")
        batch.drop_column("level_rate_id")
        batch.drop_column("level")
    with op.batch_alter_table("fund_settings") as batch:
        batch.drop_constraint(op.f("a_rate_counts_for_some_days"), type_="check")
        batch.drop_column("booking_days")
        batch.drop_column("rate_days")
    with op.batch_alter_table("exchange_rate") as batch:
        batch.drop_index(PAIR)
        batch.create_index(PAIR, ["organisation_id", "base", "quote", "day"], unique=False)
        batch.drop_constraint(op.f("the_bank_proves_its_own_rate"), type_="check")
        batch.drop_constraint(op.f("kind_of_a_rate_is_known"), type_="check")
        for name in ("counts_since", "reason", "bank_line", "kind"):
            batch.drop_column(name)
