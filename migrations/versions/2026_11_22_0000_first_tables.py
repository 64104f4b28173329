"""The first tables, and triggers that let the trail and the access log only grow."""

import sqlalchemy as sa
from alembic import op

revision = "first_tables"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entry", "access_log")
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'this table is only ever added to'; END $$
"""


def refuse(table: str, verb: str, dialect: str) -> str:
    """Return the trigger that refuses a verb on a table that is only ever added to."""
    name = f"{table}_refuses_{verb.lower()}"
    if dialect == "sqlite":
        return (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'this table is only ever added to'); END"
        )
    return (
        f"{FUNCTION}; CREATE TRIGGER {name} BEFORE {verb} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_action", ["action", "seq"], unique=False)
        batch_op.create_index("ix_audit_entry_actor", ["actor_uid", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index("ix_audit_entry_subject", ["subject_uid", "seq"], unique=False)

    op.create_table(
        "compartment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compartment")),
        sa.UniqueConstraint("uid", name=op.f("uq_compartment_uid")),
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_table(
        "term",
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("label_km", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("esf_code", sa.String(length=12), nullable=True),
        sa.Column("extra", sa.String(length=400), nullable=False),
        sa.Column("confidence", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("from_file", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("list", "code", name=op.f("uq_term_list_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_term_uid")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "data_key_wrap",
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("compartment_id", sa.Integer(), nullable=False),
        sa.Column("kek_version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compartment_id"],
            ["compartment.id"],
            name=op.f("fk_data_key_wrap_compartment_id_compartment"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_data_key_wrap_data_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("data_key_id", "compartment_id", name=op.f("pk_data_key_wrap")),
    )
    with op.batch_alter_table("data_key_wrap", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_data_key_wrap_compartment_id"), ["compartment_id"], unique=False
        )

    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("terms_version", sa.Integer(), nullable=False),
        sa.Column("compartment_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compartment_id"],
            ["compartment.id"],
            name=op.f("fk_organisation_compartment_id_compartment"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_organisation_data_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_uid")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_data_key_id"), ["data_key_id"], unique=False
        )

    op.create_table(
        "office",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("compartment_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_km", sa.String(length=120), nullable=False),
        sa.Column("open_to_monitors", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compartment_id"],
            ["compartment.id"],
            name=op.f("fk_office_compartment_id_compartment"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_office_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_office_organisation_id_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_office_uid")),
    )
    op.create_table(
        "user_account",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("theme", sa.String(length=5), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'active', 'locked', 'left')", name=op.f("user_state_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_user_account_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_user_account_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
        sa.UniqueConstraint("uid", name=op.f("uq_user_account_uid")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_user_account_data_key_id"), ["data_key_id"], unique=False
        )

    op.create_table(
        "invitation",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_invitation_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_invitation_code_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_invitation_uid")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_user_id"), ["user_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_login_session_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_login_session_token_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_login_session_uid")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('monitor', 'director', 'fund_officer', 'auditor', 'administrator')",
            name=op.f("role_is_known"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NOT NULL) = (confirmed_by_id IS NOT NULL OR alone)",
            name=op.f("a_role_that_counts_says_by_whom"),
        ),
        sa.CheckConstraint(
            "NOT (alone AND confirmed_by_id IS NOT NULL)",
            name=op.f("alone_means_that_nobody_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> user_id",
            name=op.f("nobody_confirms_their_own_role"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR proposed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name=op.f("a_role_is_confirmed_by_a_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_membership_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_membership_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_membership_proposed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("uid", name=op.f("uq_membership_uid")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "password",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_password_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_password")),
    )
    op.create_table(
        "person",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("head_count", sa.Integer(), nullable=True),
        sa.Column("head_count_about", sa.Boolean(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("age_on", sa.Date(), nullable=True),
        sa.Column("remarks_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "head_count IS NULL OR (head_count > 0 AND unit <> 'person')",
            name=op.f("only_a_group_has_a_head_count"),
        ),
        sa.CheckConstraint("sex IS NULL OR sex IN ('F', 'M', 'X')", name=op.f("sex_is_as_stated")),
        sa.CheckConstraint(
            "unit IN ('person', 'family', 'community', 'organisation', 'company', 'state_body')",
            name=op.f("counting_unit_is_known"),
        ),
        sa.CheckConstraint(
            "age IS NULL OR age BETWEEN 0 AND 120", name=op.f("age_is_in_human_bounds")
        ),
        sa.CheckConstraint("age IS NULL OR age_on IS NOT NULL", name=op.f("an_age_is_of_a_day")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_person_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_person_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_person_recorded_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_uid")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_changed", ["organisation_id", "changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index("ix_person_recorded", ["recorded_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_person_recorded_by_id"), ["recorded_by_id"], unique=False
        )

    op.create_table(
        "scope",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.String(length=12), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("compartment_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "sensitivity = 'normal' OR decider_id IS NOT NULL",
            name=op.f("somebody_decided_that_a_case_is_not_normal"),
        ),
        sa.CheckConstraint(
            "sensitivity IN ('normal', 'restricted', 'secret')", name=op.f("sensitivity_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["compartment_id"], ["compartment.id"], name=op.f("fk_scope_compartment_id_compartment")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["user_account.id"], name=op.f("fk_scope_decider_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_scope_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_scope_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_scope_owner_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope")),
        sa.UniqueConstraint("uid", name=op.f("uq_scope_uid")),
    )
    with op.batch_alter_table("scope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scope_decider_id"), ["decider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scope_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_scope_reach", ["organisation_id", "office_id", "sensitivity"], unique=False
        )

    op.create_table(
        "submission",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("made_uid", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_submission_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("uid", name=op.f("uq_submission_uid")),
        sa.UniqueConstraint(
            "user_id", "submission_id", name=op.f("uq_submission_user_id_submission_id")
        ),
    )
    op.create_table(
        "access_log",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_access_log_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_access_log_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        sa.UniqueConstraint("uid", name=op.f("uq_access_log_uid")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_log_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_access_log_scope", ["scope_id", "at"], unique=False)

    op.create_table(
        "case_file",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("closing_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("next_look_on", sa.Date(), nullable=True),
        sa.Column("lead_type", sa.String(length=40), nullable=True),
        sa.Column("lead_province", sa.String(length=40), nullable=True),
        sa.Column("lead_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead_precision", sa.String(length=8), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=True),
        sa.Column("origin_id", sa.String(length=80), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL AND outcome IS NOT NULL)",
            name=op.f("a_case_is_closed_with_a_day_and_an_outcome"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'closed', 'reopened')", name=op.f("case_status_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_case_file_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_case_file_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_case_file_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_case_file_organisation_id_code")
        ),
        sa.UniqueConstraint(
            "organisation_id",
            "origin",
            "origin_id",
            name=op.f("uq_case_file_organisation_id_origin_origin_id"),
        ),
        sa.UniqueConstraint("scope_id", name=op.f("uq_case_file_scope_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_case_file_uid")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index("ix_case_file_lead", ["lead_at", "id", "scope_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_file_next_look_on"), ["next_look_on"], unique=False
        )
        batch_op.create_index(
            "ix_case_file_province", ["lead_province", "lead_at", "id", "scope_id"], unique=False
        )
        batch_op.create_index(
            "ix_case_file_status", ["status", "lead_at", "id", "scope_id"], unique=False
        )
        batch_op.create_index(
            "ix_case_file_type", ["lead_type", "lead_at", "id", "scope_id"], unique=False
        )

    op.create_table(
        "contact",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("hours_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_to_use_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_word_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("who_may_answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("never_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_contact_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_contact_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_contact_scope_id_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("uid", name=op.f("uq_contact_uid")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_follow_up_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_follow_up_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_follow_up_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("uid", name=op.f("uq_follow_up_uid")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "person_category",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_category_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "category", name=op.f("pk_person_category")),
    )
    op.create_table(
        "person_name",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_person_name_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_name_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_name_uid")),
    )
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_name_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index("ix_person_name_person", ["person_id", "position"], unique=False)

    op.create_table(
        "person_scope",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=4), nullable=False),
        sa.Column("draft_of_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_of_id"],
            ["user_account.id"],
            name=op.f("fk_person_scope_draft_of_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_scope_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_person_scope_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("person_id", "scope_id", name=op.f("pk_person_scope")),
    )
    with op.batch_alter_table("person_scope", schema=None) as batch_op:
        batch_op.create_index("ix_person_scope_scope", ["scope_id", "person_id"], unique=False)

    op.create_table(
        "scope_block",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("blocked_by_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blocked_by_id"],
            ["user_account.id"],
            name=op.f("fk_scope_block_blocked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_scope_block_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_scope_block_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_scope_block_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_block")),
        sa.UniqueConstraint("uid", name=op.f("uq_scope_block_uid")),
    )
    with op.batch_alter_table("scope_block", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scope_block_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_scope_block_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index("ix_scope_block_user", ["user_id", "scope_id"], unique=False)

    op.create_table(
        "scope_grant",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_scope_grant_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"],
            ["user_account.id"],
            name=op.f("fk_scope_grant_granted_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_scope_grant_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_scope_grant_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_grant")),
        sa.UniqueConstraint("uid", name=op.f("uq_scope_grant_uid")),
    )
    with op.batch_alter_table("scope_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scope_grant_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_scope_grant_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index("ix_scope_grant_user", ["user_id", "scope_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("what_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_to_id", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("a_task_is_done_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"],
            ["user_account.id"],
            name=op.f("fk_task_assigned_to_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_task_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["user_account.id"], name=op.f("fk_task_done_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_task_scope_id_scope")),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user_account.id"], name=op.f("fk_task_set_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("uid", name=op.f("uq_task_uid")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_assignee", ["assigned_to_id", "done_at", "due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_task_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "case_area",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_area_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "area", name=op.f("pk_case_area")),
    )
    with op.batch_alter_table("case_area", schema=None) as batch_op:
        batch_op.create_index("ix_case_area_area", ["area", "case_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("urgency", sa.String(length=12), nullable=False),
        sa.Column("urgency_rank", sa.Integer(), nullable=False),
        sa.Column("occurred_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occurred_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occurred_precision", sa.String(length=8), nullable=False),
        sa.Column("occurred_zone", sa.String(length=64), nullable=False),
        sa.Column("occurred_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("occurred_sort", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_kind", sa.String(length=12), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("district", sa.String(length=4), nullable=True),
        sa.Column("commune", sa.String(length=6), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("platform", sa.String(length=40), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("village_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("link_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("narrative_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("tie_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lawyer_contacted", sa.String(length=8), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=True),
        sa.Column("origin_id", sa.String(length=80), nullable=True),
        sa.Column("origin_marks", sa.String(length=400), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'reviewed') = (reviewed_at IS NOT NULL AND reviewed_by_id IS NOT NULL)",
            name=op.f("what_was_reviewed_says_when_and_by_whom"),
        ),
        sa.CheckConstraint(
            "occurred_precision IN ('minute', 'day', 'month', 'year', 'about', 'unknown')",
            name=op.f("precision_is_known"),
        ),
        sa.CheckConstraint(
            "place_kind IN ('cambodia', 'abroad', 'online', 'unknown')",
            name=op.f("place_kind_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'reviewed')",
            name=op.f("incident_status_is_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'reviewed') OR submitted_at IS NOT NULL",
            name=op.f("what_was_sent_says_when"),
        ),
        sa.CheckConstraint(
            "urgency IN ('normal', 'urgent', 'critical')", name=op.f("urgency_is_known")
        ),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> recorded_by_id",
            name=op.f("nobody_reviews_what_they_recorded"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_incident_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_incident_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_incident_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["user_account.id"],
            name=op.f("fk_incident_reviewed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_incident_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint(
            "case_id", "origin", "origin_id", name=op.f("uq_incident_case_id_origin_origin_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_incident_uid")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incident_case",
            ["case_id", "occurred_sort", "id", "scope_id", "status", "recorded_by_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_incident_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index(
            "ix_incident_province",
            ["province", "occurred_sort", "id", "scope_id", "status", "recorded_by_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_incident_queue", ["status", "urgency_rank", "submitted_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incident_recorded_by_id"), ["recorded_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_incident_scope",
            ["scope_id", "occurred_sort", "id", "status", "recorded_by_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_incident_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "ix_incident_sort",
            ["occurred_sort", "id", "scope_id", "status", "recorded_by_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_incident_status",
            ["status", "occurred_sort", "id", "scope_id", "recorded_by_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_incident_type",
            ["type", "occurred_sort", "id", "scope_id", "status", "recorded_by_id"],
            unique=False,
        )

    op.create_table(
        "incident_writer",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_writer_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_incident_writer_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("incident_id", "user_id", name=op.f("pk_incident_writer")),
    )
    op.create_table(
        "source",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=4), nullable=False),
        sa.Column("connection", sa.String(length=40), nullable=False),
        sa.Column("reliability", sa.String(length=40), nullable=True),
        sa.Column("material", sa.String(length=40), nullable=True),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("remarks_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_source_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_source_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_source_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_source_scope_id_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("incident_id", "letter", name=op.f("uq_source_incident_id_letter")),
        sa.UniqueConstraint("uid", name=op.f("uq_source_uid")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_source_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "violation",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("victim_id", sa.Integer(), nullable=True),
        sa.Column("arrived_earliest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_latest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_precision", sa.String(length=8), nullable=True),
        sa.Column("arrived_zone", sa.String(length=64), nullable=True),
        sa.Column("arrived_as_told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("place_held_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status_at_end", sa.String(length=40), nullable=True),
        sa.Column("established", sa.String(length=12), nullable=True),
        sa.Column("independent_sources", sa.Integer(), nullable=True),
        sa.Column("finding", sa.String(length=12), nullable=True),
        sa.Column("right", sa.String(length=40), nullable=True),
        sa.Column("assessed_by_id", sa.Integer(), nullable=True),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "established IS NULL OR established = 'alleged' OR independent_sources >= 1",
            name=op.f("what_is_corroborated_has_a_source"),
        ),
        sa.CheckConstraint(
            "established IS NULL OR established IN ('alleged', 'corroborated', 'verified')",
            name=op.f("established_is_known"),
        ),
        sa.CheckConstraint(
            "finding IS NULL OR finding IN ('yes', 'no', 'undetermined')",
            name=op.f("finding_is_known"),
        ),
        sa.CheckConstraint(
            "established IS NULL OR assessed_by_id IS NOT NULL", name=op.f("somebody_assessed_it")
        ),
        sa.CheckConstraint(
            "independent_sources IS NULL OR independent_sources BETWEEN 0 AND 99",
            name=op.f("sources_are_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"],
            ["user_account.id"],
            name=op.f("fk_violation_assessed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_violation_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_violation_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_violation_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["victim_id"], ["person.id"], name=op.f("fk_violation_victim_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violation")),
        sa.UniqueConstraint("uid", name=op.f("uq_violation_uid")),
    )
    with op.batch_alter_table("violation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_violation_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index("ix_violation_incident", ["incident_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_violation_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index("ix_violation_type", ["type", "incident_id"], unique=False)
        batch_op.create_index("ix_violation_victim", ["victim_id", "incident_id"], unique=False)

    op.create_table(
        "involvement",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("violation_id", sa.Integer(), nullable=True),
        sa.Column("alleged_perpetrator_id", sa.Integer(), nullable=True),
        sa.Column("perpetrator_type", sa.String(length=40), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("degree", sa.String(length=40), nullable=True),
        sa.Column("certainty", sa.String(length=40), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alleged_perpetrator_id"],
            ["person.id"],
            name=op.f("fk_involvement_alleged_perpetrator_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_involvement_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_involvement_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_involvement_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["violation_id"], ["violation.id"], name=op.f("fk_involvement_violation_id_violation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        sa.UniqueConstraint("uid", name=op.f("uq_involvement_uid")),
    )
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_involvement_alleged_perpetrator_id"),
            ["alleged_perpetrator_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_involvement_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_involvement_incident_id"), ["incident_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_involvement_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "source_reader",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_reader_source_id_source")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_source_reader_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("source_id", "user_id", name=op.f("pk_source_reader")),
    )
    op.create_table(
        "source_support",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("violation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_support_source_id_source")
        ),
        sa.ForeignKeyConstraint(
            ["violation_id"],
            ["violation.id"],
            name=op.f("fk_source_support_violation_id_violation"),
        ),
        sa.PrimaryKeyConstraint("source_id", "violation_id", name=op.f("pk_source_support")),
    )
    with op.batch_alter_table("source_support", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_source_support_violation_id"), ["violation_id"], unique=False
        )
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(refuse(table, verb, op.get_bind().dialect.name))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change() CASCADE")
    with op.batch_alter_table("source_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_support_violation_id"))

    op.drop_table("source_support")
    op.drop_table("source_reader")
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_involvement_scope_id"))
        batch_op.drop_index(batch_op.f("ix_involvement_incident_id"))
        batch_op.drop_index(batch_op.f("ix_involvement_data_key_id"))
        batch_op.drop_index(batch_op.f("ix_involvement_alleged_perpetrator_id"))

    op.drop_table("involvement")
    with op.batch_alter_table("violation", schema=None) as batch_op:
        batch_op.drop_index("ix_violation_victim")
        batch_op.drop_index("ix_violation_type")
        batch_op.drop_index(batch_op.f("ix_violation_scope_id"))
        batch_op.drop_index("ix_violation_incident")
        batch_op.drop_index(batch_op.f("ix_violation_data_key_id"))

    op.drop_table("violation")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_scope_id"))
        batch_op.drop_index(batch_op.f("ix_source_data_key_id"))

    op.drop_table("source")
    op.drop_table("incident_writer")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_type")
        batch_op.drop_index("ix_incident_status")
        batch_op.drop_index("ix_incident_sort")
        batch_op.drop_index(batch_op.f("ix_incident_scope_id"))
        batch_op.drop_index("ix_incident_scope")
        batch_op.drop_index(batch_op.f("ix_incident_recorded_by_id"))
        batch_op.drop_index("ix_incident_queue")
        batch_op.drop_index("ix_incident_province")
        batch_op.drop_index(batch_op.f("ix_incident_data_key_id"))
        batch_op.drop_index("ix_incident_case")

    op.drop_table("incident")
    with op.batch_alter_table("case_area", schema=None) as batch_op:
        batch_op.drop_index("ix_case_area_area")

    op.drop_table("case_area")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_scope_id"))
        batch_op.drop_index(batch_op.f("ix_task_data_key_id"))
        batch_op.drop_index("ix_task_assignee")

    op.drop_table("task")
    with op.batch_alter_table("scope_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_scope_grant_user")
        batch_op.drop_index(batch_op.f("ix_scope_grant_scope_id"))
        batch_op.drop_index(batch_op.f("ix_scope_grant_data_key_id"))

    op.drop_table("scope_grant")
    with op.batch_alter_table("scope_block", schema=None) as batch_op:
        batch_op.drop_index("ix_scope_block_user")
        batch_op.drop_index(batch_op.f("ix_scope_block_scope_id"))
        batch_op.drop_index(batch_op.f("ix_scope_block_data_key_id"))

    op.drop_table("scope_block")
    with op.batch_alter_table("person_scope", schema=None) as batch_op:
        batch_op.drop_index("ix_person_scope_scope")

    op.drop_table("person_scope")
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.drop_index("ix_person_name_person")
        batch_op.drop_index(batch_op.f("ix_person_name_data_key_id"))

    op.drop_table("person_name")
    op.drop_table("person_category")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_scope_id"))
        batch_op.drop_index(batch_op.f("ix_follow_up_data_key_id"))
        batch_op.drop_index(batch_op.f("ix_follow_up_at"))

    op.drop_table("follow_up")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_scope_id"))
        batch_op.drop_index(batch_op.f("ix_contact_person_id"))
        batch_op.drop_index(batch_op.f("ix_contact_data_key_id"))

    op.drop_table("contact")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_file_type")
        batch_op.drop_index("ix_case_file_status")
        batch_op.drop_index("ix_case_file_province")
        batch_op.drop_index(batch_op.f("ix_case_file_next_look_on"))
        batch_op.drop_index("ix_case_file_lead")
        batch_op.drop_index(batch_op.f("ix_case_file_data_key_id"))

    op.drop_table("case_file")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_scope")
        batch_op.drop_index(batch_op.f("ix_access_log_actor_id"))

    op.drop_table("access_log")
    op.drop_table("submission")
    with op.batch_alter_table("scope", schema=None) as batch_op:
        batch_op.drop_index("ix_scope_reach")
        batch_op.drop_index(batch_op.f("ix_scope_owner_id"))
        batch_op.drop_index(batch_op.f("ix_scope_decider_id"))

    op.drop_table("scope")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_recorded_by_id"))
        batch_op.drop_index("ix_person_recorded")
        batch_op.drop_index(batch_op.f("ix_person_data_key_id"))
        batch_op.drop_index("ix_person_changed")

    op.drop_table("person")
    op.drop_table("password")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))
        batch_op.drop_index(batch_op.f("ix_membership_office_id"))

    op.drop_table("membership")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_user_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_data_key_id"))

    op.drop_table("user_account")
    op.drop_table("office")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_data_key_id"))

    op.drop_table("organisation")
    with op.batch_alter_table("data_key_wrap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_key_wrap_compartment_id"))

    op.drop_table("data_key_wrap")
    op.drop_table("throttle")
    op.drop_table("term")
    op.drop_table("data_key")
    op.drop_table("compartment")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")
        batch_op.drop_index(batch_op.f("ix_audit_entry_scope_id"))
        batch_op.drop_index("ix_audit_entry_actor")
        batch_op.drop_index("ix_audit_entry_action")

    op.drop_table("audit_entry")
