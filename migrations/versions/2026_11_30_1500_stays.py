"""Where somebody is held is said once: stays, and what happened to several people at once."""

import sqlalchemy as sa
from alembic import op

revision = "stays"
down_revision = "asked_once"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables. What violations say today moves through the door, which holds the keys."""
    _acts()
    _stays()
    _indexes()


def downgrade() -> None:
    """Take them out again."""
    op.drop_table("stay")
    op.drop_table("custody_act")


def _acts() -> None:
    op.create_table(
        "custody_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("happened_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("happened_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("happened_precision", sa.String(length=8), nullable=False),
        sa.Column("happened_zone", sa.String(length=64), nullable=False),
        sa.Column("happened_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("place_held_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("prison_closed", sa.LargeBinary(), nullable=True),
        sa.Column("end_kind", sa.String(length=40), nullable=True),
        sa.Column("known_by_closed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'ended') = (end_kind IS NOT NULL)", name=op.f("only_an_end_says_how_it_ended")
        ),
        sa.CheckConstraint(
            "kind IN ('arrived', 'moved', 'ended')", name=op.f("what_happened_is_known")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("somebody_took_it_back")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_custody_act_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_custody_act_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_custody_act_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["user_account.id"],
            name=op.f("fk_custody_act_undone_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_act")),
        sa.UniqueConstraint("uid", name=op.f("uq_custody_act_uid")),
    )


def _stays() -> None:
    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("violation_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("situation", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("place_held_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("prison_closed", sa.LargeBinary(), nullable=True),
        sa.Column("began_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_precision", sa.String(length=8), nullable=True),
        sa.Column("began_zone", sa.String(length=64), nullable=True),
        sa.Column("began_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_precision", sa.String(length=8), nullable=True),
        sa.Column("ended_zone", sa.String(length=64), nullable=True),
        sa.Column("ended_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("end_kind", sa.String(length=40), nullable=True),
        sa.Column("order_unclear", sa.Boolean(), nullable=False),
        sa.Column("known_by_closed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("began_with_id", sa.Integer(), nullable=True),
        sa.Column("ended_with_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('drafted', 'told', 'taken_back')",
            name=op.f("whether_a_stay_counts_is_known"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("somebody_confirmed_the_stay"),
        ),
        sa.CheckConstraint(
            "(end_kind IS NULL) = (ended_precision IS NULL)",
            name=op.f("what_ended_says_when_and_how"),
        ),
        sa.CheckConstraint(
            "ended_latest IS NULL OR began_earliest IS NULL OR ended_latest > began_earliest",
            name=op.f("nothing_ends_before_it_begins"),
        ),
        sa.CheckConstraint("people IS NULL OR people > 0", name=op.f("a_stay_is_of_somebody")),
        sa.ForeignKeyConstraint(
            ["began_with_id"], ["custody_act.id"], name=op.f("fk_stay_began_with_id_custody_act")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_stay_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_stay_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["ended_with_id"], ["custody_act.id"], name=op.f("fk_stay_ended_with_id_custody_act")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_stay_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_stay_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_stay_scope_id_scope")),
        sa.ForeignKeyConstraint(
            ["violation_id"], ["violation.id"], name=op.f("fk_stay_violation_id_violation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
        sa.UniqueConstraint("uid", name=op.f("uq_stay_uid")),
    )


def _indexes() -> None:
    is_open = "end_kind IS NULL AND standing = 'told'"
    is_confirmed = f"{is_open} AND confirmed_at IS NOT NULL"
    op.create_index(op.f("ix_custody_act_data_key_id"), "custody_act", ["data_key_id"])
    op.create_index(op.f("ix_custody_act_scope_id"), "custody_act", ["scope_id"])
    op.create_index("ix_custody_act_scope_recorded", "custody_act", ["scope_id", "recorded_at"])
    op.create_index(op.f("ix_stay_began_with_id"), "stay", ["began_with_id"])
    op.create_index(
        "ix_stay_confirmed",
        "stay",
        ["violation_id", "confirmed_at"],
        sqlite_where=sa.text(is_confirmed),
        postgresql_where=sa.text(is_confirmed),
    )
    op.create_index(op.f("ix_stay_data_key_id"), "stay", ["data_key_id"])
    op.create_index(op.f("ix_stay_ended_with_id"), "stay", ["ended_with_id"])
    op.create_index(
        "ix_stay_open",
        "stay",
        ["scope_id", "person_id"],
        sqlite_where=sa.text(is_open),
        postgresql_where=sa.text(is_open),
    )
    op.create_index("ix_stay_person", "stay", ["person_id", "scope_id"])
    op.create_index(op.f("ix_stay_scope_id"), "stay", ["scope_id"])
    op.create_index("ix_stay_violation", "stay", ["violation_id"])
