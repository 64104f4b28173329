"""Second factors: apps, recovery codes, who must have one, and what waits for them."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "second_factors"
down_revision = "limits_of_reading"
branch_labels = None
depends_on = None

WITHIN = timedelta(days=14)
KNOWN = "who_needs_a_second_factor_is_known"


def upgrade() -> None:
    """Take every session as proven, and give each organisation two weeks."""
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("factors_for", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("factors_by", sa.DateTime(timezone=True), nullable=True))
    organisation = sa.table(
        "organisation",
        sa.column("factors_for", sa.String()),
        sa.column("factors_by", sa.DateTime(timezone=True)),
    )
    by = datetime.now(UTC) + WITHIN
    op.execute(organisation.update().values(factors_for="deciders", factors_by=by))
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("factors_for", existing_type=sa.String(length=12), nullable=False)
        batch.alter_column("factors_by", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.create_check_constraint(op.f(KNOWN), "factors_for IN ('deciders', 'everybody')")
    op.add_column(
        "login_session", sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE login_session SET proven_at = began_at")
    _make_tables()


def _make_tables() -> None:
    op.create_table(
        "authenticator_app",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_authenticator_app_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_authenticator_app_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator_app")),
        sa.UniqueConstraint("uid", name=op.f("uq_authenticator_app_uid")),
    )
    op.create_index(op.f("ix_authenticator_app_data_key_id"), "authenticator_app", ["data_key_id"])
    op.create_index(op.f("ix_authenticator_app_user_id"), "authenticator_app", ["user_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_recovery_code_code_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_recovery_code_uid")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])
    op.create_table(
        "held_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("sent_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_held_form_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["login_session.id"], name=op.f("fk_held_form_session_id_login_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_form")),
        sa.UniqueConstraint("session_id", name=op.f("uq_held_form_session_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_held_form_uid")),
    )
    op.create_index(op.f("ix_held_form_data_key_id"), "held_form", ["data_key_id"])


def downgrade() -> None:
    """Forget every second factor; sessions that still wait for one end."""
    for table in ("held_form", "recovery_code", "authenticator_app"):
        op.drop_table(table)
    op.execute("UPDATE login_session SET ended_at = seen_at WHERE proven_at IS NULL")
    op.drop_column("login_session", "proven_at")
    with op.batch_alter_table("organisation") as batch:
        batch.drop_constraint(op.f(KNOWN), type_="check")
        batch.drop_column("factors_by")
        batch.drop_column("factors_for")
