"""The protection fund: its tables, books that only grow and always balance, the finance officer."""

import sqlalchemy as sa
from alembic import op

revision = "protection_fund"
down_revision = "dates_in_the_indexes"
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger_transaction", "ledger_posting")
ROLES = ("monitor", "director", "fund_officer", "auditor", "administrator")
BALANCE = """
CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_posting WHERE transaction_id = NEW.transaction_id
             GROUP BY currency HAVING sum(amount) <> 0)
  THEN RAISE EXCEPTION 'the postings of a transaction sum to nothing in each currency'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_posting_balances AFTER INSERT ON ledger_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance()
"""
CLOSED = "SELECT 1 FROM closed_month WHERE organisation_id = NEW.organisation_id AND until >= NEW.booked_on"
CLOSED_SQLITE = f"""
CREATE TRIGGER ledger_transaction_month BEFORE INSERT ON ledger_transaction
WHEN EXISTS ({CLOSED}) BEGIN SELECT RAISE(ABORT, 'this month is closed'); END
"""
CLOSED_POSTGRESQL = f"""
CREATE FUNCTION check_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS ({CLOSED}) THEN RAISE EXCEPTION 'this month is closed'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_transaction_month BEFORE INSERT ON ledger_transaction
  FOR EACH ROW EXECUTE FUNCTION check_month()
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
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def guard_the_books(dialect: str) -> None:
    """Let the books only grow, only in months that are open, and on PostgreSQL only in balance."""
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(refuse(table, verb, dialect))
    if dialect == "postgresql":
        op.execute(BALANCE)
        op.execute(CLOSED_POSTGRESQL)
    else:
        op.execute(CLOSED_SQLITE)


def membership() -> sa.Table:
    """Return the table of roles as it stood before, which SQLite copies to change a check of it."""
    return sa.Table(
        "membership",
        sa.MetaData(),
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
        sa.CheckConstraint("role IS NOT NULL", name="role_is_known"),
        sa.CheckConstraint(
            "(confirmed_at IS NOT NULL) = (confirmed_by_id IS NOT NULL OR alone)",
            name="a_role_that_counts_says_by_whom",
        ),
        sa.CheckConstraint(
            "NOT (alone AND confirmed_by_id IS NOT NULL)", name="alone_means_that_nobody_confirmed"
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> user_id",
            name="nobody_confirms_their_own_role",
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR proposed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name="a_role_is_confirmed_by_a_second_person",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_membership_{column}_{table}"
            )
            for column, table in (
                ("confirmed_by_id", "user_account"),
                ("office_id", "office"),
                ("proposed_by_id", "user_account"),
                ("user_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("uid", name="uq_membership_uid"),
        sa.Index("ix_membership_office_id", "office_id"),
        sa.Index("ix_membership_user_id", "user_id"),
    )


def let_roles_be(roles: tuple[str, ...]) -> None:
    """Say which roles there are."""
    check = f"role IN ({', '.join(repr(role) for role in roles)})"
    with op.batch_alter_table("membership", copy_from=membership()) as batch_op:
        batch_op.drop_constraint("role_is_known", type_="check")
        batch_op.create_check_constraint("role_is_known", check)


def upgrade() -> None:
    let_roles_be((*ROLES, "finance_officer"))
    op.create_table(
        "donor",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_donor_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_donor_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_donor_organisation_id_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_donor_uid")),
    )
    with op.batch_alter_table("donor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donor_data_key_id"), ["data_key_id"], unique=False)

    op.create_table(
        "closed_month",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by_id"],
            ["user_account.id"],
            name=op.f("fk_closed_month_closed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_closed_month_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_month")),
        sa.UniqueConstraint(
            "organisation_id", "until", name=op.f("uq_closed_month_organisation_id_until")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_closed_month_uid")),
    )
    op.create_table(
        "donor_grant",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("request_most", sa.BigInteger(), nullable=True),
        sa.Column("retroactive", sa.Boolean(), nullable=False),
        sa.Column("alternative_most", sa.BigInteger(), nullable=True),
        sa.Column("fixed_rate", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'suspended', 'terminated')", name=op.f("grant_state_is_known")
        ),
        sa.CheckConstraint(
            "request_most IS NULL OR request_most > 0",
            name=op.f("a_ceiling_of_a_grant_is_positive"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("a_grant_begins_before_it_ends")),
        sa.CheckConstraint("total > 0", name=op.f("a_grant_is_more_than_nothing")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_donor_grant_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donor.id"], name=op.f("fk_donor_grant_donor_id_donor")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_donor_grant_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_grant")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_donor_grant_organisation_id_code")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_donor_grant_uid")),
    )
    with op.batch_alter_table("donor_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_donor_grant_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index("ix_donor_grant_donor", ["donor_id"], unique=False)

    op.create_table(
        "exchange_rate",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("quote", sa.String(length=3), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("base <> quote", name=op.f("a_rate_is_between_two_currencies")),
        sa.CheckConstraint(
            "numerator > 0 AND denominator > 0", name=op.f("a_rate_is_more_than_zero")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_exchange_rate_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_rate_recorded_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("uid", name=op.f("uq_exchange_rate_uid")),
    )
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.create_index(
            "ix_exchange_rate_pair", ["organisation_id", "base", "quote", "day"], unique=False
        )

    op.create_table(
        "fund_delegation",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=12), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('officer', 'director')", name=op.f("an_officer_or_a_director_delegates")
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("nobody_delegates_to_themself")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("a_delegation_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["from_id"], ["user_account.id"], name=op.f("fk_fund_delegation_from_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_fund_delegation_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_fund_delegation_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["user_account.id"], name=op.f("fk_fund_delegation_to_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_delegation")),
        sa.UniqueConstraint("uid", name=op.f("uq_fund_delegation_uid")),
    )
    with op.batch_alter_table("fund_delegation", schema=None) as batch_op:
        batch_op.create_index("ix_fund_delegation_to", ["to_id", "ends_at"], unique=False)

    op.create_table(
        "fund_settings",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("officer_most", sa.BigInteger(), nullable=False),
        sa.Column("director_most", sa.BigInteger(), nullable=False),
        sa.Column("emergency_most", sa.BigInteger(), nullable=False),
        sa.Column("short_most", sa.BigInteger(), nullable=False),
        sa.Column("household_most", sa.BigInteger(), nullable=True),
        sa.Column("critical_hours", sa.Integer(), nullable=False),
        sa.Column("high_hours", sa.Integer(), nullable=False),
        sa.Column("normal_hours", sa.Integer(), nullable=False),
        sa.Column("ratify_hours", sa.Integer(), nullable=False),
        sa.Column("account_days", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=True),
        sa.Column("requester_may_verify", sa.Boolean(), nullable=False),
        sa.Column("verifier_may_release", sa.Boolean(), nullable=False),
        sa.Column("preparer_may_release", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "0 < officer_most AND officer_most < director_most",
            name=op.f("a_higher_amount_needs_more_people"),
        ),
        sa.CheckConstraint(
            "critical_hours > 0 AND high_hours > 0 AND normal_hours > 0 AND ratify_hours > 0",
            name=op.f("a_time_to_decide_is_not_empty"),
        ),
        sa.CheckConstraint(
            "emergency_most >= 0 AND short_most >= 0", name=op.f("a_ceiling_is_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["board_id"], ["user_account.id"], name=op.f("fk_fund_settings_board_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_fund_settings_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_settings")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_fund_settings_organisation_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_fund_settings_uid")),
    )
    op.create_table(
        "budget_line",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "0 <= committed AND committed <= amount", name=op.f("commitments_never_exceed_the_line")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("a_line_is_more_than_nothing")),
        sa.CheckConstraint(
            "spent >= 0 AND over >= 0", name=op.f("what_left_a_line_is_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["donor_grant.id"], name=op.f("fk_budget_line_grant_id_donor_grant")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_budget_line_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("grant_id", "code", name=op.f("uq_budget_line_grant_id_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_budget_line_uid")),
    )
    op.create_table(
        "grant_term",
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("restriction", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "restriction IN ('area', 'province', 'support_type')",
            name=op.f("restriction_of_a_grant_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["donor_grant.id"], name=op.f("fk_grant_term_grant_id_donor_grant")
        ),
        sa.PrimaryKeyConstraint("grant_id", "restriction", "code", name=op.f("pk_grant_term")),
    )
    op.create_table(
        "support_request",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("payee_code", sa.String(length=12), nullable=True),
        sa.Column("payee_details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("carrier_id", sa.Integer(), nullable=True),
        sa.Column("reimburses", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.String(length=12), nullable=False),
        sa.Column("risk_level", sa.String(length=12), nullable=True),
        sa.Column("risk_reasons_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("threats_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("vulnerabilities_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("capacities_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tie_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("need_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tried_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_elsewhere_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expected_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("exit_plan_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("needs_officer", sa.Boolean(), nullable=False),
        sa.Column("needs_director", sa.Boolean(), nullable=False),
        sa.Column("needs_board", sa.Boolean(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("committed", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("director_approved_by_id", sa.Integer(), nullable=True),
        sa.Column("board_approved_by_id", sa.Integer(), nullable=True),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('committed', 'part_paid', 'paid', 'acquitted', 'closed')) = (line_id IS NOT NULL AND committed IS NOT NULL)",
            name=op.f("what_is_committed_stands_on_a_line"),
        ),
        sa.CheckConstraint(
            "(status IN ('refused', 'withdrawn', 'cancelled', 'closed')) = (ended_at IS NOT NULL)",
            name=op.f("what_has_ended_says_when"),
        ),
        sa.CheckConstraint(
            "method IS NULL OR method IN ('vendor', 'bank', 'mobile_money', 'cash')",
            name=op.f("payment_method_of_a_request_is_known"),
        ),
        sa.CheckConstraint(
            "risk_level IS NULL OR risk_level IN ('low', 'medium', 'high', 'critical')",
            name=op.f("risk_level_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'verifying', 'recommended', 'approved', 'returned', 'refused', 'committed', 'part_paid', 'paid', 'acquitted', 'closed', 'withdrawn', 'cancelled')",
            name=op.f("request_status_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND decide_by IS NOT NULL AND amount > 0)",
            name=op.f("a_sent_request_has_an_amount_and_a_deadline"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR needs_officer OR needs_director OR needs_board",
            name=op.f("a_sent_request_needs_somebody_to_decide"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'committed', 'part_paid', 'paid', 'acquitted', 'closed') OR (approved_at IS NOT NULL AND (NOT needs_officer OR approved_by_id IS NOT NULL) AND (NOT needs_director OR director_approved_by_id IS NOT NULL) AND (NOT needs_board OR board_approved_by_id IS NOT NULL))",
            name=op.f("what_is_approved_was_approved_by_all_it_needs"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('recommended', 'approved', 'committed', 'part_paid', 'paid', 'acquitted', 'closed') OR emergency OR (verified_by_id IS NOT NULL AND recommended_at IS NOT NULL)",
            name=op.f("what_is_recommended_was_verified"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("a_request_is_not_negative")),
        sa.CheckConstraint(
            "approved_by_id <> board_approved_by_id", name=op.f("approver_is_not_third_approver")
        ),
        sa.CheckConstraint(
            "approved_by_id <> director_approved_by_id",
            name=op.f("approver_is_not_second_approver"),
        ),
        sa.CheckConstraint(
            "committed IS NULL OR committed >= 0", name=op.f("a_commitment_is_not_negative")
        ),
        sa.CheckConstraint(
            "director_approved_by_id <> board_approved_by_id",
            name=op.f("second_approver_is_not_third_approver"),
        ),
        sa.CheckConstraint(
            "requested_by_id <> approved_by_id", name=op.f("requester_is_not_approver")
        ),
        sa.CheckConstraint(
            "requested_by_id <> board_approved_by_id", name=op.f("requester_is_not_third_approver")
        ),
        sa.CheckConstraint(
            "requested_by_id <> director_approved_by_id",
            name=op.f("requester_is_not_second_approver"),
        ),
        sa.CheckConstraint(
            "verified_by_id <> approved_by_id", name=op.f("verifier_is_not_approver")
        ),
        sa.CheckConstraint(
            "verified_by_id <> board_approved_by_id", name=op.f("verifier_is_not_third_approver")
        ),
        sa.CheckConstraint(
            "verified_by_id <> director_approved_by_id",
            name=op.f("verifier_is_not_second_approver"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_support_request_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["board_approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_support_request_board_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"],
            ["user_account.id"],
            name=op.f("fk_support_request_carrier_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_support_request_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_support_request_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["director_approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_support_request_director_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_support_request_line_id_budget_line")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_support_request_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["user_account.id"],
            name=op.f("fk_support_request_requested_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_support_request_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"],
            ["user_account.id"],
            name=op.f("fk_support_request_verified_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_request")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_support_request_organisation_id_code")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_support_request_uid")),
    )
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        batch_op.create_index("ix_support_request_case", ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_support_request_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index("ix_support_request_line", ["line_id"], unique=False)
        batch_op.create_index(
            "ix_support_request_payee", ["organisation_id", "payee_code"], unique=False
        )
        batch_op.create_index(
            "ix_support_request_queue",
            ["organisation_id", "status", "decide_by", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_support_request_requested_by_id"), ["requested_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_support_request_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "ix_support_request_asked", ["organisation_id", "asked_at", "id"], unique=False
        )

    op.create_table(
        "conflict_declaration",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("knows", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_conflict_declaration_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_conflict_declaration_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_conflict_declaration_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_declaration")),
        sa.UniqueConstraint(
            "request_id", "user_id", name=op.f("uq_conflict_declaration_request_id_user_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_conflict_declaration_uid")),
    )
    with op.batch_alter_table("conflict_declaration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conflict_declaration_scope_id"), ["scope_id"], unique=False
        )

    op.create_table(
        "emergency_release",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("director_id", sa.Integer(), nullable=False),
        sa.Column("third_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ratify_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ratified", sa.Boolean(), nullable=True),
        sa.Column("ratified_by_id", sa.Integer(), nullable=True),
        sa.Column("ratified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL) AND (lifted_at IS NULL OR NOT ratified)",
            name=op.f("only_what_was_not_ratified_is_lifted"),
        ),
        sa.CheckConstraint(
            "(ratified IS NULL) = (ratified_by_id IS NULL) AND (ratified IS NULL) = (ratified_at IS NULL)",
            name=op.f("a_ratification_says_by_whom_and_when"),
        ),
        sa.CheckConstraint("officer_id <> director_id", name=op.f("an_emergency_takes_two_people")),
        sa.CheckConstraint(
            "ratified_by_id IS NULL OR (ratified_by_id <> officer_id AND ratified_by_id <> director_id AND (third_id IS NULL OR ratified_by_id <> third_id))",
            name=op.f("somebody_else_ratifies_an_emergency"),
        ),
        sa.CheckConstraint(
            "third_id IS NULL OR (third_id <> officer_id AND third_id <> director_id)",
            name=op.f("a_third_signature_is_of_a_third_person"),
        ),
        sa.ForeignKeyConstraint(
            ["director_id"],
            ["user_account.id"],
            name=op.f("fk_emergency_release_director_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"],
            ["user_account.id"],
            name=op.f("fk_emergency_release_lifted_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["user_account.id"],
            name=op.f("fk_emergency_release_officer_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["ratified_by_id"],
            ["user_account.id"],
            name=op.f("fk_emergency_release_ratified_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_emergency_release_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_emergency_release_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["third_id"],
            ["user_account.id"],
            name=op.f("fk_emergency_release_third_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_release")),
        sa.UniqueConstraint("request_id", name=op.f("uq_emergency_release_request_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_emergency_release_uid")),
    )
    with op.batch_alter_table("emergency_release", schema=None) as batch_op:
        batch_op.create_index(
            "ix_emergency_release_pair", ["officer_id", "director_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_emergency_release_scope_id"), ["scope_id"], unique=False
        )

    op.create_table(
        "fund_complaint",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user_account.id"],
            name=op.f("fk_fund_complaint_answered_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_fund_complaint_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_fund_complaint_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_fund_complaint_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"],
            ["user_account.id"],
            name=op.f("fk_fund_complaint_taken_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_complaint")),
        sa.UniqueConstraint("uid", name=op.f("uq_fund_complaint_uid")),
    )
    with op.batch_alter_table("fund_complaint", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fund_complaint_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index("ix_fund_complaint_request", ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fund_complaint_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "fund_decision",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("capacity", sa.String(length=12), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("stands_in_for_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity IN ('officer', 'director', 'board')",
            name=op.f("capacity_is_known"),
        ),
        sa.CheckConstraint(
            "verdict IN ('recommended', 'approved', 'emergency', 'returned', 'refused', 'moved', 'covered', 'cancelled', 'ratified', 'not_ratified')",
            name=op.f("verdict_is_known"),
        ),
        sa.CheckConstraint(
            "verdict NOT IN ('approved', 'emergency') OR capacity IS NOT NULL",
            name=op.f("an_approval_says_in_what_capacity"),
        ),
        sa.CheckConstraint(
            "stands_in_for_id IS NULL OR stands_in_for_id <> decided_by_id",
            name=op.f("nobody_stands_in_for_themself"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_fund_decision_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_fund_decision_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_fund_decision_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_fund_decision_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["stands_in_for_id"],
            ["user_account.id"],
            name=op.f("fk_fund_decision_stands_in_for_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_decision")),
        sa.UniqueConstraint("uid", name=op.f("uq_fund_decision_uid")),
    )
    with op.batch_alter_table("fund_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fund_decision_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index("ix_fund_decision_at", ["at", "id"], unique=False)
        batch_op.create_index("ix_fund_decision_request", ["request_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_fund_decision_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "ix_fund_decision_standing",
            ["request_id", "capacity"],
            unique=True,
            sqlite_where=sa.text("verdict IN ('approved', 'emergency') AND voided_at IS NULL"),
            postgresql_where=sa.text("verdict IN ('approved', 'emergency') AND voided_at IS NULL"),
        )

    op.create_table(
        "fund_verification",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("verified_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("situation_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("need_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("referees_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("documents_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_fund_verification_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_fund_verification_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_fund_verification_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"],
            ["user_account.id"],
            name=op.f("fk_fund_verification_verified_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_verification")),
        sa.UniqueConstraint(
            "request_id", "edition", name=op.f("uq_fund_verification_request_id_edition")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_fund_verification_uid")),
    )
    with op.batch_alter_table("fund_verification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fund_verification_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fund_verification_scope_id"), ["scope_id"], unique=False
        )

    op.create_table(
        "instalment",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("recoverable", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("still_there", sa.Boolean(), nullable=True),
        sa.Column("still_needed", sa.Boolean(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL) AND (checked_at IS NULL) = (still_there IS NULL) AND (checked_at IS NULL) = (still_needed IS NULL)",
            name=op.f("a_check_says_by_whom_and_what"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("an_instalment_is_more_than_nothing")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["user_account.id"],
            name=op.f("fk_instalment_checked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_instalment_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_instalment_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_instalment_request_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_instalment_uid")),
    )
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instalment_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "request_item",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("support_type", sa.String(length=40), nullable=False),
        sa.Column("what_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("each", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("lump", sa.Boolean(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "quantity > 0 AND each > 0 AND amount = quantity * each",
            name=op.f("an_item_is_its_number_times_its_price"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_request_item_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_request_item_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_request_item_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_item")),
        sa.UniqueConstraint("uid", name=op.f("uq_request_item_uid")),
    )
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_item_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index("ix_request_item_request", ["request_id", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_item_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "request_person",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "part IN ('beneficiary', 'payee', 'carrier', 'household')",
            name=op.f("part_in_a_request_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_request_person_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_request_person_request_id_support_request"),
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", "part", name=op.f("pk_request_person")),
    )
    with op.batch_alter_table("request_person", schema=None) as batch_op:
        batch_op.create_index("ix_request_person_person", ["person_id", "request_id"], unique=False)

    op.create_table(
        "support_outcome",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("collected_by_id", sa.Integer(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "collected_by_id <> requested_by_id",
            name=op.f("who_asked_does_not_say_whether_it_helped"),
        ),
        sa.ForeignKeyConstraint(
            ["collected_by_id"],
            ["user_account.id"],
            name=op.f("fk_support_outcome_collected_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_support_outcome_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_support_outcome_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["user_account.id"],
            name=op.f("fk_support_outcome_requested_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_support_outcome_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_outcome")),
        sa.UniqueConstraint("request_id", name=op.f("uq_support_outcome_request_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_support_outcome_uid")),
    )
    with op.batch_alter_table("support_outcome", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_outcome_data_key_id"), ["data_key_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_support_outcome_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("payee_code", sa.String(length=12), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("charged", sa.BigInteger(), nullable=True),
        sa.Column("over", sa.BigInteger(), nullable=False),
        sa.Column("rate_id", sa.Integer(), nullable=True),
        sa.Column("proof_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("account_by", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("confirmed_to_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("director_approved_by_id", sa.Integer(), nullable=True),
        sa.Column("board_approved_by_id", sa.Integer(), nullable=True),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'received') = (received_on IS NOT NULL AND confirmed_to_id IS NOT NULL AND confirmed_by IS NOT NULL)",
            name=op.f("what_is_received_says_who_was_told_and_how"),
        ),
        sa.CheckConstraint(
            "(status IN ('paid', 'received')) = (paid_on IS NOT NULL AND released_at IS NOT NULL AND released_by_id IS NOT NULL AND charged IS NOT NULL)",
            name=op.f("what_is_paid_says_by_whom_and_when"),
        ),
        sa.CheckConstraint(
            "method IN ('vendor', 'bank', 'mobile_money', 'cash')",
            name=op.f("payment_method_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('prepared', 'paid', 'received', 'cancelled')",
            name=op.f("payment_status_is_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("a_payment_is_more_than_nothing")),
        sa.CheckConstraint(
            "approved_by_id <> board_approved_by_id", name=op.f("approver_is_not_third_approver")
        ),
        sa.CheckConstraint(
            "approved_by_id <> director_approved_by_id",
            name=op.f("approver_is_not_second_approver"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> released_by_id", name=op.f("approver_is_not_releaser")
        ),
        sa.CheckConstraint(
            "board_approved_by_id <> released_by_id", name=op.f("third_approver_is_not_releaser")
        ),
        sa.CheckConstraint(
            "confirmed_to_id <> carrier_id", name=op.f("who_carries_cash_does_not_confirm_it")
        ),
        sa.CheckConstraint(
            "confirmed_to_id <> released_by_id", name=op.f("who_released_money_does_not_confirm_it")
        ),
        sa.CheckConstraint(
            "director_approved_by_id <> board_approved_by_id",
            name=op.f("second_approver_is_not_third_approver"),
        ),
        sa.CheckConstraint(
            "director_approved_by_id <> released_by_id",
            name=op.f("second_approver_is_not_releaser"),
        ),
        sa.CheckConstraint(
            "over >= 0 AND (charged IS NULL OR charged >= over)",
            name=op.f("what_is_over_is_part_of_the_payment"),
        ),
        sa.CheckConstraint(
            "requested_by_id <> approved_by_id", name=op.f("requester_is_not_approver")
        ),
        sa.CheckConstraint(
            "requested_by_id <> board_approved_by_id", name=op.f("requester_is_not_third_approver")
        ),
        sa.CheckConstraint(
            "requested_by_id <> director_approved_by_id",
            name=op.f("requester_is_not_second_approver"),
        ),
        sa.CheckConstraint(
            "requested_by_id <> released_by_id", name=op.f("requester_is_not_releaser")
        ),
        sa.CheckConstraint(
            "verified_by_id <> approved_by_id", name=op.f("verifier_is_not_approver")
        ),
        sa.CheckConstraint(
            "verified_by_id <> board_approved_by_id", name=op.f("verifier_is_not_third_approver")
        ),
        sa.CheckConstraint(
            "verified_by_id <> director_approved_by_id",
            name=op.f("verifier_is_not_second_approver"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_payment_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["board_approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_payment_board_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["user_account.id"], name=op.f("fk_payment_carrier_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_to_id"],
            ["user_account.id"],
            name=op.f("fk_payment_confirmed_to_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_payment_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["director_approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_payment_director_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalment.id"], name=op.f("fk_payment_instalment_id_instalment")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_payment_line_id_budget_line")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_payment_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"],
            ["user_account.id"],
            name=op.f("fk_payment_prepared_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rate_id"], ["exchange_rate.id"], name=op.f("fk_payment_rate_id_exchange_rate")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["user_account.id"],
            name=op.f("fk_payment_released_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_payment_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["user_account.id"],
            name=op.f("fk_payment_requested_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_payment_scope_id_scope")),
        sa.ForeignKeyConstraint(
            ["verified_by_id"],
            ["user_account.id"],
            name=op.f("fk_payment_verified_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_key")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_payment_organisation_id_code")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_payment_uid")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_carrier", ["carrier_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index(
            "ix_payment_instalment",
            ["instalment_id"],
            unique=True,
            sqlite_where=sa.text("status != 'cancelled'"),
            postgresql_where=sa.text("status != 'cancelled'"),
        )
        batch_op.create_index(
            "ix_payment_queue", ["organisation_id", "status", "due_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_payment_prepared", ["organisation_id", "prepared_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_payment_over",
            ["organisation_id"],
            unique=False,
            sqlite_where=sa.text("over > 0"),
            postgresql_where=sa.text("over > 0"),
        )
        batch_op.create_index(
            "ix_payment_paid", ["organisation_id", "paid_on", "request_id"], unique=False
        )
        batch_op.create_index("ix_payment_request", ["request_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_payment_requested_by_id"), ["requested_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payment_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "acquittal",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=True),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("alternative", sa.Boolean(), nullable=False),
        sa.Column("danger_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head_count", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(declared_by_id IS NULL) = (declared_at IS NULL)", name=op.f("a_declaration_says_when")
        ),
        sa.CheckConstraint(
            "(reviewed_by_id IS NULL) = (reviewed_at IS NULL)", name=op.f("a_review_says_when")
        ),
        sa.CheckConstraint(
            "declared_by_id <> recorded_by_id", name=op.f("a_second_colleague_declares")
        ),
        sa.CheckConstraint(
            "document IS NULL OR declared_by_id IS NULL",
            name=op.f("a_declaration_stands_in_place_of_a_document"),
        ),
        sa.CheckConstraint(
            "head_count IS NULL OR head_count > 0", name=op.f("people_helped_are_counted_from_one")
        ),
        sa.CheckConstraint(
            "reviewed_by_id <> recorded_by_id AND reviewed_by_id <> declared_by_id",
            name=op.f("somebody_else_reviews_an_acquittal"),
        ),
        sa.CheckConstraint(
            "spent >= 0 AND returned >= 0 AND spent + returned > 0",
            name=op.f("what_is_accounted_for_is_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_acquittal_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"],
            ["user_account.id"],
            name=op.f("fk_acquittal_declared_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_acquittal_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_acquittal_recorded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_acquittal_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["user_account.id"],
            name=op.f("fk_acquittal_reviewed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_acquittal_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acquittal")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_acquittal_payment_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_acquittal_uid")),
    )
    with op.batch_alter_table("acquittal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acquittal_data_key_id"), ["data_key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_acquittal_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_acquittal_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "ix_acquittal_unreviewed",
            ["payment_id"],
            unique=False,
            sqlite_where=sa.text("reviewed_at IS NULL"),
            postgresql_where=sa.text("reviewed_at IS NULL"),
        )

    op.create_table(
        "ledger_transaction",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("booking", sa.String(length=12), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("rate_numerator", sa.BigInteger(), nullable=True),
        sa.Column("rate_denominator", sa.BigInteger(), nullable=True),
        sa.Column("rate_day", sa.Date(), nullable=True),
        sa.Column("rate_source", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(booking = 'reversal') = (reverses_id IS NOT NULL)",
            name=op.f("a_reversal_says_of_what"),
        ),
        sa.CheckConstraint(
            "booking IN ('budget', 'income', 'commitment', 'release', 'move', 'payment', 'receipt', 'return', 'fee', 'transfer', 'reversal')",
            name=op.f("booking_is_known"),
        ),
        sa.CheckConstraint(
            "(rate_numerator IS NULL) = (rate_denominator IS NULL) AND (rate_numerator IS NULL) = (rate_source IS NULL) AND (rate_numerator IS NULL) = (rate_day IS NULL)",
            name=op.f("a_rate_has_its_day_and_source"),
        ),
        sa.CheckConstraint(
            "rate_numerator IS NULL OR (rate_numerator > 0 AND rate_denominator > 0)",
            name=op.f("a_rate_of_a_transaction_is_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["booked_by_id"],
            ["user_account.id"],
            name=op.f("fk_ledger_transaction_booked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_ledger_transaction_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_ledger_transaction_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_ledger_transaction_request_id_support_request"),
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["ledger_transaction.id"],
            name=op.f("fk_ledger_transaction_reverses_id_ledger_transaction"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_ledger_transaction_scope_id_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transaction")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_transaction_reverses_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_ledger_transaction_uid")),
    )
    with op.batch_alter_table("ledger_transaction", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_transaction_day", ["organisation_id", "booked_on", "id"], unique=False
        )
        batch_op.create_index("ix_ledger_transaction_payment", ["payment_id"], unique=False)
        batch_op.create_index("ix_ledger_transaction_request", ["request_id", "id"], unique=False)
        batch_op.create_index("ix_ledger_transaction_scope", ["scope_id"], unique=False)
        batch_op.create_index(
            "ix_ledger_transaction_written", ["organisation_id", "booked_at", "id"], unique=False
        )

    op.create_table(
        "ledger_posting",
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "account <> 'advances' OR holder_id IS NOT NULL", name=op.f("an_advance_has_a_holder")
        ),
        sa.CheckConstraint(
            "account IN ('grant', 'line', 'commitments', 'income', 'bank', 'cash', 'advances', 'spent', 'returned', 'exchange', 'fees')",
            name=op.f("account_is_known"),
        ),
        sa.CheckConstraint(
            "account NOT IN ('line', 'commitments', 'spent', 'returned') OR line_id IS NOT NULL",
            name=op.f("what_is_booked_on_a_line_says_which"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("a_posting_is_not_nothing")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["donor_grant.id"], name=op.f("fk_ledger_posting_grant_id_donor_grant")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["user_account.id"],
            name=op.f("fk_ledger_posting_holder_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_ledger_posting_line_id_budget_line")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transaction.id"],
            name=op.f("fk_ledger_posting_transaction_id_ledger_transaction"),
        ),
        sa.PrimaryKeyConstraint("transaction_id", "number", name=op.f("pk_ledger_posting")),
    )
    with op.batch_alter_table("ledger_posting", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_posting_account", ["account", "currency", "amount"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ledger_posting_grant_id"), ["grant_id"], unique=False)
        batch_op.create_index("ix_ledger_posting_holder", ["holder_id"], unique=False)
        batch_op.create_index(
            "ix_ledger_posting_line", ["line_id", "account", "currency", "amount"], unique=False
        )
    guard_the_books(op.get_bind().dialect.name)


def downgrade() -> None:
    with op.batch_alter_table("ledger_posting", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_posting_line")
        batch_op.drop_index("ix_ledger_posting_holder")
        batch_op.drop_index(batch_op.f("ix_ledger_posting_grant_id"))
        batch_op.drop_index("ix_ledger_posting_account")

    op.drop_table("ledger_posting")
    with op.batch_alter_table("ledger_transaction", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_transaction_written")
        batch_op.drop_index("ix_ledger_transaction_scope")
        batch_op.drop_index("ix_ledger_transaction_request")
        batch_op.drop_index("ix_ledger_transaction_payment")
        batch_op.drop_index("ix_ledger_transaction_day")

    op.drop_table("ledger_transaction")
    with op.batch_alter_table("acquittal", schema=None) as batch_op:
        batch_op.drop_index("ix_acquittal_unreviewed")
        batch_op.drop_index(batch_op.f("ix_acquittal_scope_id"))
        batch_op.drop_index(batch_op.f("ix_acquittal_request_id"))
        batch_op.drop_index(batch_op.f("ix_acquittal_data_key_id"))

    op.drop_table("acquittal")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_scope_id"))
        batch_op.drop_index(batch_op.f("ix_payment_requested_by_id"))
        batch_op.drop_index("ix_payment_request")
        batch_op.drop_index("ix_payment_prepared")
        batch_op.drop_index("ix_payment_paid")
        batch_op.drop_index("ix_payment_over")
        batch_op.drop_index("ix_payment_queue")
        batch_op.drop_index(
            "ix_payment_instalment",
            sqlite_where=sa.text("status != 'cancelled'"),
            postgresql_where=sa.text("status != 'cancelled'"),
        )
        batch_op.drop_index(batch_op.f("ix_payment_data_key_id"))
        batch_op.drop_index("ix_payment_carrier")

    op.drop_table("payment")
    with op.batch_alter_table("support_outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_outcome_scope_id"))
        batch_op.drop_index(batch_op.f("ix_support_outcome_data_key_id"))

    op.drop_table("support_outcome")
    with op.batch_alter_table("request_person", schema=None) as batch_op:
        batch_op.drop_index("ix_request_person_person")

    op.drop_table("request_person")
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_item_scope_id"))
        batch_op.drop_index("ix_request_item_request")
        batch_op.drop_index(batch_op.f("ix_request_item_data_key_id"))

    op.drop_table("request_item")
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instalment_scope_id"))

    op.drop_table("instalment")
    with op.batch_alter_table("fund_verification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_verification_scope_id"))
        batch_op.drop_index(batch_op.f("ix_fund_verification_data_key_id"))

    op.drop_table("fund_verification")
    with op.batch_alter_table("fund_decision", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_fund_decision_standing",
            sqlite_where=sa.text("verdict IN ('approved', 'emergency') AND voided_at IS NULL"),
            postgresql_where=sa.text("verdict IN ('approved', 'emergency') AND voided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_fund_decision_scope_id"))
        batch_op.drop_index("ix_fund_decision_request")
        batch_op.drop_index("ix_fund_decision_at")
        batch_op.drop_index(batch_op.f("ix_fund_decision_data_key_id"))

    op.drop_table("fund_decision")
    with op.batch_alter_table("fund_complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_complaint_scope_id"))
        batch_op.drop_index("ix_fund_complaint_request")
        batch_op.drop_index(batch_op.f("ix_fund_complaint_data_key_id"))

    op.drop_table("fund_complaint")
    with op.batch_alter_table("emergency_release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_emergency_release_scope_id"))
        batch_op.drop_index("ix_emergency_release_pair")

    op.drop_table("emergency_release")
    with op.batch_alter_table("conflict_declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_declaration_scope_id"))

    op.drop_table("conflict_declaration")
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        batch_op.drop_index("ix_support_request_asked")
        batch_op.drop_index(batch_op.f("ix_support_request_scope_id"))
        batch_op.drop_index(batch_op.f("ix_support_request_requested_by_id"))
        batch_op.drop_index("ix_support_request_queue")
        batch_op.drop_index("ix_support_request_payee")
        batch_op.drop_index("ix_support_request_line")
        batch_op.drop_index(batch_op.f("ix_support_request_data_key_id"))
        batch_op.drop_index("ix_support_request_case")

    op.drop_table("support_request")
    op.drop_table("grant_term")
    op.drop_table("budget_line")
    op.drop_table("fund_settings")
    with op.batch_alter_table("fund_delegation", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_delegation_to")

    op.drop_table("fund_delegation")
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.drop_index("ix_exchange_rate_pair")

    op.drop_table("exchange_rate")
    with op.batch_alter_table("donor_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_donor_grant_donor")
        batch_op.drop_index(batch_op.f("ix_donor_grant_data_key_id"))

    op.drop_table("donor_grant")
    op.drop_table("closed_month")
    with op.batch_alter_table("donor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_donor_data_key_id"))

    op.drop_table("donor")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION check_balance()")
        op.execute("DROP FUNCTION check_month()")
    # A role that is no longer known stays as one that gives nothing.
    op.execute(
        "UPDATE membership SET role = 'auditor', ends_at = starts_at WHERE role = 'finance_officer'"
    )
    let_roles_be(ROLES)
