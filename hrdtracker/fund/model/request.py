"""A request for support: who, for what, how much, by when, how to pay, and why it is needed."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from secrets import randbelow

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import Base, Entity, partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, money_field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.fund.model.decision import Capacity, Delegation
from hrdtracker.fund.model.duties import Duties, kept_apart
from hrdtracker.fund.model.grant import FundSettings
from hrdtracker.fund.model.method import PaymentMethod

MOST_VERSION = 10**9 - 1
"""The largest number that a form gives back."""


class RequestStatus(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFYING = "verifying"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"
    COMMITTED = "committed"
    PART_PAID = "part_paid"
    PAID = "paid"
    ACQUITTED = "acquitted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class RiskLevel(StrEnum):
    """How high the risk is, as whoever asks states it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class RequestRole(StrEnum):
    """What somebody is in a request."""

    BENEFICIARY = "beneficiary"
    PAYEE = "payee"
    CARRIER = "carrier"
    HOUSEHOLD = "household"


_S = RequestStatus
PROMISED = (_S.COMMITTED, _S.PART_PAID)
"""Money is promised, and not all of it has left."""
ON_A_LINE = (*PROMISED, _S.PAID, _S.ACQUITTED, _S.CLOSED)
"""It stands on a line of a budget."""
GRANTED = (_S.APPROVED, *ON_A_LINE)
ENDED = (_S.REFUSED, _S.WITHDRAWN, _S.CANCELLED, _S.CLOSED)
STOPPED = (_S.DRAFT, _S.RETURNED, _S.REFUSED, _S.WITHDRAWN, _S.CANCELLED)
"""It asks for nothing now."""


def _in(statuses: Iterable[RequestStatus]) -> str:
    """Return statuses as a check of the table lists them."""
    return ", ".join(f"'{status}'" for status in statuses)


_UNSENT = _in((_S.DRAFT, _S.WITHDRAWN))


class SupportRequest(Scoped, Duties, SealedRow):
    """A request for support. `edition` counts what was sent; decisions are bound to it."""

    __tablename__ = "support_request"
    record_label = N_("Request for support")
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint(one_of("status", RequestStatus), name="request_status_is_known"),
        CheckConstraint(
            f"risk_level IS NULL OR {one_of('risk_level', RiskLevel)}",
            name="risk_level_is_known",
        ),
        CheckConstraint(
            f"method IS NULL OR {one_of('method', PaymentMethod)}",
            name="payment_method_of_a_request_is_known",
        ),
        CheckConstraint("amount >= 0", name="a_request_is_not_negative"),
        CheckConstraint(
            f"status IN ({_UNSENT})"
            " OR (submitted_at IS NOT NULL AND decide_by IS NOT NULL AND amount > 0)",
            name="a_sent_request_has_an_amount_and_a_deadline",
        ),
        CheckConstraint(
            f"status NOT IN ('recommended', {_in(GRANTED)}) OR emergency"
            " OR (verified_by_id IS NOT NULL AND recommended_at IS NOT NULL)",
            name="what_is_recommended_was_verified",
        ),
        CheckConstraint(
            f"status NOT IN ({_in(GRANTED)}) OR (approved_at IS NOT NULL"
            " AND (NOT needs_officer OR approved_by_id IS NOT NULL)"
            " AND (NOT needs_director OR director_approved_by_id IS NOT NULL)"
            " AND (NOT needs_board OR board_approved_by_id IS NOT NULL))",
            name="what_is_approved_was_approved_by_all_it_needs",
        ),
        CheckConstraint(
            f"status IN ({_UNSENT}) OR needs_officer OR needs_director OR needs_board",
            name="a_sent_request_needs_somebody_to_decide",
        ),
        CheckConstraint(
            f"level IS NULL OR {one_of('level', Capacity)}", name="level_of_a_request_is_known"
        ),
        CheckConstraint(
            f"status IN ({_UNSENT}) OR level IS NOT NULL", name="a_sent_request_has_a_level"
        ),
        CheckConstraint(
            f"(status IN ({_in(ON_A_LINE)})) = (line_id IS NOT NULL AND committed IS NOT NULL)",
            name="what_is_committed_stands_on_a_line",
        ),
        CheckConstraint(
            f"(status IN ({_in(ENDED)})) = (ended_at IS NOT NULL)", name="what_has_ended_says_when"
        ),
        CheckConstraint("committed IS NULL OR committed >= 0", name="a_commitment_is_not_negative"),
        CheckConstraint(
            "households IS NULL OR (households > 0 AND plan_until IS NOT NULL AND plan_id IS NULL)",
            name="a_plan_says_for_how_many_and_until_when",
        ),
        CheckConstraint(
            "drawn >= 0 AND drawn <= coalesce(households, 0)",
            name="no_more_draw_than_a_plan_is_for",
        ),
        CheckConstraint(
            f"households IS NULL OR status NOT IN ({_in(ON_A_LINE)})",
            name="a_plan_is_not_paid_itself",
        ),
        *kept_apart(),
        Index("ix_support_request_queue", "organisation_id", "status", "decide_by", "id"),
        Index("ix_support_request_asked", "organisation_id", "asked_at", "id"),
        Index("ix_support_request_case", "case_id"),
        Index("ix_support_request_line", "line_id"),
        Index("ix_support_request_plan", "plan_id"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    case_id: Mapped[int] = technical(ForeignKey("case_file.id"))
    code: Mapped[str] = field(N_("Code"), String(20))
    status: Mapped[str] = field(N_("Status"), String(12), default=RequestStatus.DRAFT)
    short: Mapped[bool] = field(N_("A short request"), default=False)
    """Asked in a few words because it is small; the rest is due later."""
    edition: Mapped[int] = field(N_("Edition"), default=0)
    asked_at: Mapped[datetime] = field(N_("Begun"))
    changed_at: Mapped[datetime] = unsaid()
    submitted_at: Mapped[datetime | None] = field(N_("Sent"))
    decide_by: Mapped[datetime | None] = field(N_("Decide by"))
    recommended_at: Mapped[datetime | None] = field(N_("Recommended"))
    approved_at: Mapped[datetime | None] = field(N_("Approved"))
    committed_at: Mapped[datetime | None] = field(N_("Promised"))
    ended_at: Mapped[datetime | None] = field(N_("Ended"))
    # What is asked for
    currency: Mapped[str] = field(N_("Currency"), String(3), default="USD")
    amount: Mapped[int] = money_field(N_("How much"), default=0, why="figures and tiers need it")
    needed_by: Mapped[date | None] = field(N_("By when"))
    method: Mapped[str | None] = field(N_("How it is paid"), String(16), codelist="payment_method")
    payee_code: Mapped[str | None] = closed(
        N_("Code of the payee"),
        Closed("support_request.payee_code"),
        why="stands for who is paid, the same in every case",
    )
    payee_details = Sealed(Grade.IDENTITY, N_("Number or account"))
    carrier_id: Mapped[int | None] = field(
        N_("Who carries the money"), ForeignKey("user_account.id")
    )
    """The colleague who hands cash over."""
    reimburses: Mapped[bool] = field(N_("Pays back who asks"), default=False)
    """It pays back a colleague who has paid already: whoever asks."""
    said_later: Mapped[str | None] = technical(String(160), why="names of columns, no words")
    """Which columns a short request filled after it was sent: no decision is bound to them."""
    # For many
    households: Mapped[int | None] = field(N_("How many households"))
    """Of a plan, for how many households it is; it is drawn from, and never paid itself."""
    plan_until: Mapped[date | None] = field(N_("Last day to draw"))
    drawn: Mapped[int] = unsaid(default=0)
    """Of a plan, how many of its places are taken."""
    plan_id: Mapped[int | None] = technical(ForeignKey("support_request.id"))
    """The plan from which it draws."""
    # Why
    urgency: Mapped[str] = field(N_("How urgent"), String(12), default="normal", codelist="urgency")
    risk_level: Mapped[str | None] = field(N_("Risk"), String(12), codelist="risk_level")
    risk_reasons = Sealed(Grade.NARRATIVE, N_("Why the risk is so high"))
    threats = Sealed(Grade.NARRATIVE, N_("Threats"))
    vulnerabilities = Sealed(Grade.NARRATIVE, N_("What makes them vulnerable"))
    capacities = Sealed(Grade.NARRATIVE, N_("What protects them"))
    tie = Sealed(Grade.NARRATIVE, N_("Tied to rights work"))
    """Why the person is at risk because of their human-rights work."""
    need = Sealed(Grade.NARRATIVE, N_("Need"))
    tried = Sealed(Grade.NARRATIVE, N_("Tried already"))
    asked_elsewhere = Sealed(Grade.NARRATIVE, N_("Asked elsewhere"))
    expected = Sealed(Grade.NARRATIVE, N_("What should be better"))
    exit_plan = Sealed(Grade.NARRATIVE, N_("What comes after"))
    consented_on: Mapped[date | None] = field(N_("Agreed on"))
    """When the person agreed that the fund keeps and uses this."""
    # Who must decide, and what was promised
    reference_amount: Mapped[int | None] = unsaid(BigInteger, why="ceilings and tiers need it")
    """What it is worth in the currency of the settings, when it was last said who must decide."""
    reference_currency: Mapped[str | None] = unsaid(String(3))
    level: Mapped[str | None] = field(N_("Who must decide, by the amount"), String(12))
    """How high it must go by its amount, as it was when it was sent: nothing later lowers it."""
    level_rate_id: Mapped[int | None] = technical(ForeignKey("exchange_rate.id"))
    """The rate at which it is so much, where it is asked for in another currency."""
    fits_emergency: Mapped[bool] = unsaid(
        why="whether it was small enough for an emergency when it was sent", default=False
    )
    other_amount: Mapped[int] = unsaid(BigInteger, default=0, why="ceilings and tiers need it")
    """What the same people or payee were granted besides, in the same currency: it counts, too."""
    emergency: Mapped[bool] = field(N_("Emergency"), default=False)
    needs_officer: Mapped[bool] = field(N_("A fund officer must decide"), default=False)
    needs_director: Mapped[bool] = field(N_("A director must decide"), default=False)
    needs_board: Mapped[bool] = field(N_("The board must decide"), default=False)
    stuck_since: Mapped[datetime | None] = unsaid()
    """Since when nobody at work can go on with it, as far as that was noticed."""
    line_id: Mapped[int | None] = technical(ForeignKey("budget_line.id"))
    committed: Mapped[int | None] = money_field(N_("Promised"))
    """What is promised, in the currency of the line’s grant, less what was given back."""
    version: Mapped[int] = technical()

    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy reads it
        "version_id_col": version,
        "version_id_generator": lambda _: 1 + randbelow(MOST_VERSION),
    }
    """Optimistic lock. Drawn by chance: counted up, it would tell whoever asks of hidden acts."""

    @property
    def counted_amount(self) -> int:
        """Return what it is worth with what the same people or payee were granted besides."""
        return (self.reference_amount or 0) + self.other_amount

    @classmethod
    def for_board(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that the board must decide, and named this user to.

        What is released in an emergency is theirs, too: somebody else says whether it was right.
        """
        decides = or_(cls.needs_board, cls.emergency)
        return and_(decides, cls.status != RequestStatus.DRAFT, FundSettings.board_named(user_id))

    @classmethod
    def stood_in_by(
        cls, user_id: int, moment: datetime | SQLCoreOperations[datetime]
    ) -> ColumnElement[bool]:
        """Return the condition that this user stands in for somebody who must decide."""
        needed = (
            and_(Delegation.capacity == Capacity.OFFICER, cls.needs_officer),
            and_(Delegation.capacity == Capacity.DIRECTOR, cls.needs_director),
        )
        given = select(Delegation.id).where(
            Delegation.organisation_id == cls.organisation_id,
            Delegation.counts(user_id, moment),
            Delegation.serves(cls, moment),
            or_(*needed),
        )
        return and_(cls.status != RequestStatus.DRAFT, given.correlate(cls).exists())


partial_index(
    "ix_support_request_stuck",
    SupportRequest.organisation_id,
    SupportRequest.stuck_since,
    where=SupportRequest.stuck_since.is_not(None),
)
partial_index(
    "ix_support_request_emergency",
    SupportRequest.organisation_id,
    SupportRequest.status,
    where=SupportRequest.emergency,
)


class RequestPerson(Base):
    """Somebody in a request: whom it is for, who is paid, who carries cash, who lives there."""

    __tablename__ = "request_person"
    record_label = N_("Person in a request")
    __table_args__ = (
        CheckConstraint(one_of("part", RequestRole), name="part_in_a_request_is_known"),
        Index("ix_request_person_person", "person_id", "request_id"),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"), primary_key=True)
    person_id: Mapped[int] = technical(ForeignKey("person.id"), primary_key=True)
    part: Mapped[str] = field(N_("Part in the request"), String(12), primary_key=True)


class RequestItem(Scoped, SealedRow):
    """One line of what is asked for: so many, at so much each."""

    __tablename__ = "request_item"
    record_label = N_("Item of a request")
    __table_args__ = (
        CheckConstraint(
            "quantity > 0 AND each > 0 AND amount = quantity * each",
            name="an_item_is_its_number_times_its_price",
        ),
        Index("ix_request_item_request", "request_id", "position"),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    position: Mapped[int] = field(N_("Position"))
    support_type: Mapped[str] = field(N_("What it is for"), codelist="support_type")
    what = Sealed(Grade.NARRATIVE, N_("In a few words"))
    quantity: Mapped[int] = field(N_("How many"), default=1)
    each: Mapped[int] = money_field(N_("How much each"))
    amount: Mapped[int] = money_field(N_("How much"))
    lump: Mapped[bool] = field(N_("Lump sum"), default=False)
    """A lump sum: it needs no receipt."""


class Instalment(Scoped, Entity):
    """A part of the money, due on a day, paid only after somebody looked again."""

    __tablename__ = "instalment"
    record_label = N_("Instalment")
    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        CheckConstraint("amount > 0", name="an_instalment_is_more_than_nothing"),
        CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)"
            " AND (checked_at IS NULL) = (still_there IS NULL)"
            " AND (checked_at IS NULL) = (still_needed IS NULL)",
            name="a_check_says_by_whom_and_what",
        ),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    number: Mapped[int] = field(N_("Number of the instalment"))
    due_on: Mapped[date] = field(N_("Due on"))
    currency: Mapped[str] = field(N_("Currency"), String(3))
    amount: Mapped[int] = money_field(N_("How much"))
    recoverable: Mapped[bool] = field(N_("Should come back"), default=False)
    """A deposit or bail that should come back."""
    checked_at: Mapped[datetime | None] = field(N_("Looked at again"))
    checked_by_id: Mapped[int | None] = field(
        N_("Looked at again by"), ForeignKey("user_account.id")
    )
    still_there: Mapped[bool | None] = field(N_("Still there"))
    still_needed: Mapped[bool | None] = field(N_("Still needed"))
    given_back: Mapped[int | None] = money_field(N_("Given back to its line"))
    """What its line had back when it was no longer needed, in the currency of the line’s grant."""


class Declaration(Scoped, Entity):
    """What somebody answered before any work: do you know these people?

    A yes also makes the Block that shuts them out; the reason is sealed there.
    """

    __tablename__ = "conflict_declaration"
    record_label = N_("Answer whether somebody knows the people")
    __table_args__ = (
        UniqueConstraint("request_id", "user_id"),
        Index("ix_conflict_declaration_user", "user_id", "knows", "request_id"),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"))
    knows: Mapped[bool] = field(N_("Knows the people"))
    at: Mapped[datetime] = field(N_("When"))
