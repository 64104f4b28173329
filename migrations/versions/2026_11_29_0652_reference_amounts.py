"""A request keeps what it was worth in the currency of the settings, so that a ceiling is a column."""

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "reference_amounts"
down_revision = "releases_that_were_voided"
branch_labels = None
depends_on = None

CURRENCIES = Path(__file__).parents[2] / "hrdtracker" / "core" / "currencies.csv"
SENT = sa.text(
    "SELECT r.id, r.organisation_id, r.amount, r.currency, coalesce(s.currency, 'USD') AS wanted"
    " FROM support_request r LEFT JOIN fund_settings s ON s.organisation_id = r.organisation_id"
    " WHERE r.submitted_at IS NOT NULL"
)
RATE = sa.text(
    "SELECT base, numerator, denominator FROM exchange_rate WHERE organisation_id = :organisation"
    " AND ((base = :one AND quote = :other) OR (base = :other AND quote = :one))"
    " ORDER BY day DESC, id DESC LIMIT 1"
)
KEEP = sa.text(
    "UPDATE support_request SET reference_amount = :amount, reference_currency = :currency"
    " WHERE id = :id"
)


def upgrade() -> None:
    """Say what every request that was sent is worth, at the newest rate."""
    with op.batch_alter_table("support_request") as batch:
        batch.add_column(sa.Column("reference_amount", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("reference_currency", sa.String(length=3), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(SENT).all():
        amount = row.amount if row.currency == row.wanted else _worth(connection, row)
        if amount is not None:
            values = {"id": row.id, "amount": amount, "currency": row.wanted}
            connection.execute(KEEP, values)


def downgrade() -> None:
    """Forget it: it is worked out anew."""
    with op.batch_alter_table("support_request") as batch:
        batch.drop_column("reference_currency")
        batch.drop_column("reference_amount")


def _worth(connection: sa.Connection, row: Any) -> int | None:
    """Return what a request comes to in another currency; nothing where no rate is recorded."""
    between = {"organisation": row.organisation_id, "one": row.currency, "other": row.wanted}
    rate = connection.execute(RATE, between).first()
    if rate is None:
        return None
    worth = Fraction(rate.numerator, rate.denominator)
    places = _places()
    scale = Fraction(10) ** (places[row.wanted] - places[row.currency])
    value = row.amount * scale * (worth if rate.base == row.currency else 1 / worth)
    return int(value + Fraction(1, 2))


def _places() -> dict[str, int]:
    """Return how many decimals the smallest unit of each currency has."""
    with CURRENCIES.open(encoding="utf-8", newline="") as file:
        return {line["code"]: int(line["minor"]) for line in csv.DictReader(file)}
