"""Cases before the courts: who stands in them, charges, titles of custody, and orders."""

import sqlalchemy as sa
from alembic import op

revision = "proceedings"
down_revision = "clocks"
branch_labels = None
depends_on = None

TABLES = (
    "charge_outcome",
    "charge",
    "party_lawyer",
    "party",
    "court_order",
    "legal_title",
    "proceeding_scope",
    "proceeding",
)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "proceeding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("court_closed", sa.LargeBinary(), nullable=True),
        sa.Column("court_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("prosecutor_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("judges_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_precision", sa.String(length=8), nullable=True),
        sa.Column("ended_zone", sa.String(length=64), nullable=True),
        sa.Column("ended_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("end_kind", sa.String(length=40), nullable=True),
        sa.Column("joined_into_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_precision IS NULL) = (end_kind IS NULL)",
            name=op.f("a_proceeding_that_ended_says_how"),
        ),
        sa.CheckConstraint(
            "joined_into_id IS NULL OR joined_into_id <> id",
            name=op.f("nothing_is_joined_into_itself"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_proceeding_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["joined_into_id"],
            ["proceeding.id"],
            name=op.f("fk_proceeding_joined_into_id_proceeding"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_proceeding_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_proceeding_recorded_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding")),
        sa.UniqueConstraint("uid", name=op.f("uq_proceeding_uid")),
    )
    op.create_index(op.f("ix_proceeding_data_key_id"), "proceeding", ["data_key_id"], unique=False)
    op.create_index(
        op.f("ix_proceeding_joined_into_id"), "proceeding", ["joined_into_id"], unique=False
    )
    op.create_index("ix_proceeding_stage", "proceeding", ["organisation_id", "stage"], unique=False)
    op.create_table(
        "legal_title",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("began_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_precision", sa.String(length=8), nullable=False),
        sa.Column("began_zone", sa.String(length=64), nullable=False),
        sa.Column("began_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_precision", sa.String(length=8), nullable=True),
        sa.Column("ended_zone", sa.String(length=64), nullable=True),
        sa.Column("ended_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("next_report_on", sa.Date(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by", sa.String(length=40), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('police_custody', 'pretrial_detention', 'sentence', 'house_arrest', 'judicial_supervision')",
            name=op.f("ground_of_custody_is_known"),
        ),
        sa.CheckConstraint(
            "next_report_on IS NULL OR kind = 'judicial_supervision'",
            name=op.f("only_the_supervised_report"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_title_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_legal_title_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_legal_title_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceeding.id"],
            name=op.f("fk_legal_title_proceeding_id_proceeding"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_title_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_legal_title_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_title")),
        sa.UniqueConstraint("uid", name=op.f("uq_legal_title_uid")),
    )
    op.create_index(
        op.f("ix_legal_title_data_key_id"), "legal_title", ["data_key_id"], unique=False
    )
    op.create_index(
        "ix_legal_title_in_force",
        "legal_title",
        ["scope_id", "kind"],
        unique=False,
        sqlite_where=sa.text("ended_precision IS NULL"),
        postgresql_where=sa.text("ended_precision IS NULL"),
    )
    op.create_index("ix_legal_title_person", "legal_title", ["person_id", "scope_id"], unique=False)
    op.create_index(
        "ix_legal_title_proceeding", "legal_title", ["proceeding_id", "person_id"], unique=False
    )
    op.create_index(op.f("ix_legal_title_scope_id"), "legal_title", ["scope_id"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('suspect', 'accused', 'civil_party', 'witness', 'complainant', 'civilly_liable')",
            name=op.f("role_of_a_party_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_party_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_party_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_party_proceeding_id_proceeding")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_party_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_party_scope_id_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint(
            "proceeding_id",
            "scope_id",
            "person_id",
            "role",
            name=op.f("uq_party_proceeding_id_scope_id_person_id_role"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_party_uid")),
    )
    op.create_index(op.f("ix_party_data_key_id"), "party", ["data_key_id"], unique=False)
    op.create_index("ix_party_person", "party", ["person_id", "proceeding_id"], unique=False)
    op.create_index(op.f("ix_party_scope_id"), "party", ["scope_id"], unique=False)
    op.create_table(
        "proceeding_scope",
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceeding.id"],
            name=op.f("fk_proceeding_scope_proceeding_id_proceeding"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_proceeding_scope_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("proceeding_id", "scope_id", name=op.f("pk_proceeding_scope")),
    )
    op.create_index(
        "ix_proceeding_scope_scope", "proceeding_scope", ["scope_id", "proceeding_id"], unique=False
    )
    op.create_table(
        "charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("last_step", sa.String(length=12), nullable=False),
        sa.Column("alleged_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alleged_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alleged_precision", sa.String(length=8), nullable=True),
        sa.Column("alleged_zone", sa.String(length=64), nullable=True),
        sa.Column("alleged_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "last_step IN ('added', 'requalified', 'dropped', 'dismissed', 'convicted', 'acquitted')",
            name=op.f("last_step_of_a_charge_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_charge_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_charge_party_id_party")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_charge_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_charge_scope_id_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("uid", name=op.f("uq_charge_uid")),
    )
    op.create_index(op.f("ix_charge_data_key_id"), "charge", ["data_key_id"], unique=False)
    op.create_index("ix_charge_party", "charge", ["party_id", "id"], unique=False)
    op.create_index(op.f("ix_charge_scope_id"), "charge", ["scope_id"], unique=False)
    op.create_table(
        "court_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=True),
        sa.Column("legal_title_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ordered_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordered_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordered_precision", sa.String(length=8), nullable=False),
        sa.Column("ordered_zone", sa.String(length=64), nullable=False),
        sa.Column("ordered_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ordered_by", sa.String(length=40), nullable=True),
        sa.Column("in_writing", sa.Boolean(), nullable=True),
        sa.Column("due_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_precision", sa.String(length=8), nullable=True),
        sa.Column("due_zone", sa.String(length=64), nullable=True),
        sa.Column("due_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("executed_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("executed_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("executed_precision", sa.String(length=8), nullable=True),
        sa.Column("executed_zone", sa.String(length=64), nullable=True),
        sa.Column("executed_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_precision", sa.String(length=8), nullable=True),
        sa.Column("withdrawn_zone", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'extension' OR legal_title_id IS NOT NULL",
            name=op.f("an_extension_extends_something"),
        ),
        sa.CheckConstraint(
            "kind IN ('summons', 'order_to_bring', 'arrest_warrant', 'detention', 'extension', 'supervision', 'release', 'sent_to_trial', 'case_dismissed', 'search', 'travel_ban', 'seizure')",
            name=op.f("order_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_court_order_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["legal_title_id"],
            ["legal_title.id"],
            name=op.f("fk_court_order_legal_title_id_legal_title"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_court_order_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceeding.id"],
            name=op.f("fk_court_order_proceeding_id_proceeding"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_court_order_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_court_order_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_court_order")),
        sa.UniqueConstraint("uid", name=op.f("uq_court_order_uid")),
    )
    op.create_index(
        op.f("ix_court_order_data_key_id"), "court_order", ["data_key_id"], unique=False
    )
    op.create_index(
        op.f("ix_court_order_legal_title_id"), "court_order", ["legal_title_id"], unique=False
    )
    op.create_index("ix_court_order_person", "court_order", ["person_id", "scope_id"], unique=False)
    op.create_index(
        "ix_court_order_proceeding", "court_order", ["proceeding_id", "person_id"], unique=False
    )
    op.create_index(op.f("ix_court_order_scope_id"), "court_order", ["scope_id"], unique=False)
    op.create_table(
        "party_lawyer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("began_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_precision", sa.String(length=8), nullable=True),
        sa.Column("began_zone", sa.String(length=64), nullable=True),
        sa.Column("began_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_precision", sa.String(length=8), nullable=True),
        sa.Column("ended_zone", sa.String(length=64), nullable=True),
        sa.Column("ended_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_party_lawyer_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_lawyer_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_party_lawyer_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_party_lawyer_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_lawyer")),
        sa.UniqueConstraint("uid", name=op.f("uq_party_lawyer_uid")),
    )
    op.create_index(
        op.f("ix_party_lawyer_data_key_id"), "party_lawyer", ["data_key_id"], unique=False
    )
    op.create_index(op.f("ix_party_lawyer_party_id"), "party_lawyer", ["party_id"], unique=False)
    op.create_index(op.f("ix_party_lawyer_scope_id"), "party_lawyer", ["scope_id"], unique=False)
    op.create_table(
        "charge_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("charge_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("decided_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_precision", sa.String(length=8), nullable=False),
        sa.Column("decided_zone", sa.String(length=64), nullable=False),
        sa.Column("decided_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("provision_closed", sa.LargeBinary(), nullable=True),
        sa.Column("provision_words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("offence_class_closed", sa.LargeBinary(), nullable=True),
        sa.Column("least_closed", sa.LargeBinary(), nullable=True),
        sa.Column("most_closed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("known_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('added', 'requalified')) = (provision_closed IS NOT NULL OR provision_words_sealed IS NOT NULL)",
            name=op.f("what_adds_or_requalifies_a_charge_says_as_what"),
        ),
        sa.CheckConstraint(
            "kind IN ('added', 'requalified', 'dropped', 'dismissed', 'convicted', 'acquitted')",
            name=op.f("step_of_a_charge_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_charge_outcome_charge_id_charge")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_charge_outcome_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_charge_outcome_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_charge_outcome_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_outcome")),
        sa.UniqueConstraint("uid", name=op.f("uq_charge_outcome_uid")),
    )
    op.create_index("ix_charge_outcome_charge", "charge_outcome", ["charge_id", "id"], unique=False)
    op.create_index(
        op.f("ix_charge_outcome_data_key_id"), "charge_outcome", ["data_key_id"], unique=False
    )
    op.create_index(
        op.f("ix_charge_outcome_scope_id"), "charge_outcome", ["scope_id"], unique=False
    )


def downgrade() -> None:
    """Forget cases before the courts; what was said of them stays on the trail."""
    for name in TABLES:
        op.drop_table(name)
