"""Observations of hearings: the checklist, who observed what, and the answers."""

import sqlalchemy as sa
from alembic import op

revision = "observations"
down_revision = "judgments"
branch_labels = None
depends_on = None

TABLES = ("hearing_answer", "accused_answer", "trial_observation", "checklist")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_checklist_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint(
            "organisation_id", "number", name=op.f("uq_checklist_organisation_id_number")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_checklist_uid")),
    )
    op.create_table(
        "trial_observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("observer_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["checklist_id"],
            ["checklist.id"],
            name=op.f("fk_trial_observation_checklist_id_checklist"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_trial_observation_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["hearing_id"], ["hearing.id"], name=op.f("fk_trial_observation_hearing_id_hearing")
        ),
        sa.ForeignKeyConstraint(
            ["observer_id"],
            ["user_account.id"],
            name=op.f("fk_trial_observation_observer_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceeding.id"],
            name=op.f("fk_trial_observation_proceeding_id_proceeding"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_observation")),
        sa.UniqueConstraint(
            "hearing_id", "observer_id", name=op.f("uq_trial_observation_hearing_id_observer_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_trial_observation_uid")),
    )
    op.create_index(
        op.f("ix_trial_observation_data_key_id"), "trial_observation", ["data_key_id"], unique=False
    )
    op.create_index(
        op.f("ix_trial_observation_observer_id"), "trial_observation", ["observer_id"], unique=False
    )
    op.create_index(
        "ix_trial_observation_proceeding",
        "trial_observation",
        ["proceeding_id", "id"],
        unique=False,
    )
    op.create_table(
        "accused_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("question_closed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_closed", sa.LargeBinary(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_question", sa.Boolean(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(in_question IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("somebody_said_that_their_right_is_in_question"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_accused_answer_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_accused_answer_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["trial_observation.id"],
            name=op.f("fk_accused_answer_observation_id_trial_observation"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_accused_answer_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_accused_answer_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accused_answer")),
        sa.UniqueConstraint("uid", name=op.f("uq_accused_answer_uid")),
    )
    op.create_index(
        op.f("ix_accused_answer_confirmed_by_id"),
        "accused_answer",
        ["confirmed_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_accused_answer_data_key_id"), "accused_answer", ["data_key_id"], unique=False
    )
    op.create_index(
        "ix_accused_answer_observation", "accused_answer", ["observation_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_accused_answer_party_id"), "accused_answer", ["party_id"], unique=False
    )
    op.create_index(
        "ix_accused_answer_scope", "accused_answer", ["scope_id", "in_question"], unique=False
    )
    op.create_index(
        op.f("ix_accused_answer_scope_id"), "accused_answer", ["scope_id"], unique=False
    )
    op.create_table(
        "hearing_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.Integer(), nullable=False),
        sa.Column("question_closed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_closed", sa.LargeBinary(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_question", sa.Boolean(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(in_question IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("somebody_said_that_a_right_is_in_question"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_hearing_answer_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_hearing_answer_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["trial_observation.id"],
            name=op.f("fk_hearing_answer_observation_id_trial_observation"),
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceeding.id"],
            name=op.f("fk_hearing_answer_proceeding_id_proceeding"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_answer")),
        sa.UniqueConstraint("uid", name=op.f("uq_hearing_answer_uid")),
    )
    op.create_index(
        op.f("ix_hearing_answer_confirmed_by_id"),
        "hearing_answer",
        ["confirmed_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_hearing_answer_data_key_id"), "hearing_answer", ["data_key_id"], unique=False
    )
    op.create_index(
        "ix_hearing_answer_observation", "hearing_answer", ["observation_id", "id"], unique=False
    )
    op.create_index(
        "ix_hearing_answer_proceeding",
        "hearing_answer",
        ["proceeding_id", "in_question"],
        unique=False,
    )


def downgrade() -> None:
    """Forget observations; what was said in them stays on the trail."""
    for name in TABLES:
        op.drop_table(name)
