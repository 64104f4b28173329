"""Who last said that somebody is held, and when: a record that ages says so."""

import sqlalchemy as sa
from alembic import op

revision = "last_confirmed_as_held"
down_revision = "what_is_typed_is_kept"
branch_labels = None
depends_on = None

NAME, INDEX = "somebody_confirmed_that_they_are_held", "ix_violation_confirmed"
FILL = """
UPDATE violation SET
    confirmed_at = (
        SELECT CASE WHEN incident.occurred_latest < incident.recorded_at
            THEN incident.occurred_latest ELSE incident.recorded_at END
        FROM incident WHERE incident.id = violation.incident_id
    ),
    confirmed_by_id = (
        SELECT incident.recorded_by_id FROM incident WHERE incident.id = violation.incident_id
    )
WHERE incident_id IN (SELECT id FROM incident WHERE origin IS NULL)
    AND (
        status_at_end IN (
            'held', 'held_investigation', 'held_trial', 'serving_sentence', 'held_arbitrarily'
        )
        OR (
            status_at_end IS NULL
            AND (
                type IN ('arrest', 'detention')
                OR arrived_latest IS NOT NULL
                OR place_held_sealed IS NOT NULL
            )
        )
    )
"""


def upgrade() -> None:
    """Take whoever recorded an incident at their word, as of when it happened; no import."""
    with op.batch_alter_table("violation") as batch:
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_violation_confirmed_by_id_user_account"),
            "user_account",
            ["confirmed_by_id"],
            ["id"],
        )
    op.execute(FILL)
    with op.batch_alter_table("violation") as batch:
        batch.create_check_constraint(
            op.f(NAME), "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)"
        )
    where = sa.text("confirmed_at IS NOT NULL")
    op.create_index(
        INDEX,
        "violation",
        ["incident_id", "confirmed_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """Forget who said so."""
    op.drop_index(INDEX, "violation")
    with op.batch_alter_table("violation") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.drop_constraint(op.f("fk_violation_confirmed_by_id_user_account"), type_="foreignkey")
        batch.drop_column("confirmed_by_id")
        batch.drop_column("confirmed_at")
