"""What a donor is told: money by line, people helped by kind, times and outcomes; nobody shown."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    String,
    cast,
    extract,
    func,
    join,
    literal,
    literal_column,
    null,
    outerjoin,
    select,
    true,
    union_all,
)

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect
from hrdtracker.core.suppression import published
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.model import (
    BudgetLine,
    DonorGrant,
    LedgerAccount,
    Payment,
    PaymentStatus,
    Posting,
    RequestItem,
    RequestPerson,
    RequestRole,
    SupportOutcome,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.reading.money import fund_of
from hrdtracker.people.model import Person

PARTS = ("who", "kind", "area", "outcome", "decided", "paid")
UNKNOWN = ""


@dataclass(frozen=True)
class LineActual:
    """A line of the budget against what was spent of it in the period."""

    grant_code: str
    line_code: str
    title: str
    budget: Money
    spent: Money


@dataclass(frozen=True)
class DonorReport:
    """A donor’s report. A count is None where it is below five; else a multiple of five.

    Tables map codes (`support_type`, a sex, `thematic_area`, `province`; "" is not known) to
    counts; `crossed` maps (support type, sex) to counts. Times are None under five requests.
    """

    lines: Sequence[LineActual]
    people: int | None
    by_support_type: dict[str, int | None]
    by_sex: dict[str, int | None]
    by_area: dict[str, int | None]
    by_province: dict[str, int | None]
    crossed: dict[tuple[str, str], int | None]
    outcomes: dict[str, int | None]
    to_decision: timedelta | None
    to_money: timedelta | None


def report(actor: Actor, draft: ReportDraft) -> DonorReport:
    """Return the report on a grant, or all, over some days: of what was first paid in them."""
    organisation = fund_of(actor)
    grant_id = _grant(organisation.id, draft.grant)
    counted: dict[str, list[tuple[str, str, int]]] = {part: [] for part in PARTS}
    helped = _helped(organisation.id, draft, grant_id)
    for part, code, also, count in session().execute(_counted(helped)):
        counted[part].append((code or UNKNOWN, also or UNKNOWN, int(count)))
    who, kinds = counted["who"], counted["kind"]
    return DonorReport(
        lines=_lines(organisation.id, draft, grant_id),
        people=published(sum(people for *_, people in who)),
        by_support_type=_table((kind, people) for kind, _, people in kinds),
        by_sex=_table((sex, people) for sex, _, people in who),
        by_area=_table((area, people) for area, _, people in counted["area"]),
        by_province=_table((province, people) for _, province, people in who),
        crossed=_table(((kind, sex), people) for kind, sex, people in kinds),
        outcomes=_table((code, count) for code, _, count in counted["outcome"]),
        to_decision=_median(counted["decided"]),
        to_money=_median(counted["paid"]),
    )


def _table(counted: Iterable[tuple[Any, int]]) -> dict[Any, int | None]:
    """Return how many people there are under each code; a request under several counts in each."""
    counts: Counter[Any] = Counter()
    for code, people in counted:
        counts[code] += people
    return {code: published(count) for code, count in sorted(counts.items())}


def _grant(organisation_id: int, uid: UUID | None) -> int | None:
    if uid is None:
        return None
    query = select(DonorGrant.id).where(
        DonorGrant.uid == uid, DonorGrant.organisation_id == organisation_id
    )
    grant_id = session().scalar(query)
    if grant_id is None:
        raise NotFound
    return grant_id


def _helped(organisation_id: int, draft: ReportDraft, grant_id: int | None) -> CTE:
    """Return what was first paid in the period: whom it helps, and when what happened."""
    first = (
        select(
            Payment.request_id,
            func.min(Payment.paid_on).label("paid_on"),
            func.min(Payment.released_at).label("released_at"),
        )
        .where(
            Payment.organisation_id == organisation_id,
            Payment.status.in_([PaymentStatus.PAID, PaymentStatus.RECEIVED]),
        )
        .group_by(Payment.request_id)
        .subquery()
    )
    return (
        select(
            SupportRequest.id,
            SupportRequest.case_id,
            SupportRequest.submitted_at,
            SupportRequest.approved_at,
            first.c.released_at,
            Case.lead_province,
            Person.sex,
            func.coalesce(Person.head_count, 1).label("people"),
        )
        .join(first, first.c.request_id == SupportRequest.id)
        .join(Case, Case.id == SupportRequest.case_id)
        .join(RequestPerson, RequestPerson.request_id == SupportRequest.id)
        .join(Person, Person.id == RequestPerson.person_id)
        .join(BudgetLine, BudgetLine.id == SupportRequest.line_id)
        .where(
            RequestPerson.part == RequestRole.BENEFICIARY,
            first.c.paid_on.between(draft.since, draft.until),
            _of(grant_id),
        )
        .cte("helped")
        .prefix_with("MATERIALIZED")
    )


def _counted(helped: CTE) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the query of all counts: (part, code, second code, how many).

    One statement, because to find whom it helped costs more than to count them.
    """
    kind = select(RequestItem.request_id, RequestItem.support_type).distinct().subquery()
    of_kind = join(helped, kind, kind.c.request_id == helped.c.id)
    of_area = outerjoin(helped, CaseArea, CaseArea.case_id == helped.c.case_id)
    of_outcome = join(helped, SupportOutcome, SupportOutcome.request_id == helped.c.id)
    people = func.sum(helped.c.people)
    return union_all(
        _group("who", helped, (helped.c.sex, helped.c.lead_province), people),
        _group("kind", of_kind, (kind.c.support_type, helped.c.sex), people),
        _group("area", of_area, (CaseArea.area,), people),
        _group(
            "outcome", of_outcome, (SupportOutcome.outcome,), func.count(helped.c.id.distinct())
        ),
        _group("decided", helped, (_minutes(helped, helped.c.approved_at),), func.count()),
        _group("paid", helped, (_minutes(helped, helped.c.released_at),), func.count()),
    )


def _group(part: str, rows: FromClause, by: tuple[Any, ...], count: Any) -> AnySelect:
    codes = [cast(column, String) for column in (*by, null())[:2]]
    return select(literal(part), *codes, count).select_from(rows).group_by(*by)


def _minutes(helped: CTE, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return how long it took from sending to a moment."""
    seconds = extract("epoch", moment) - extract("epoch", helped.c.submitted_at)
    return cast(seconds / literal_column("60"), Integer)


def _of(grant_id: int | None) -> ColumnElement[bool]:
    return true() if grant_id is None else BudgetLine.grant_id == grant_id


def _median(waits: Sequence[tuple[str, str, int]]) -> timedelta | None:
    """Return the middle of some waits, (minutes, "", how many); None of a few."""
    minutes = [int(code) for code, _, count in waits if code for _ in range(count)]
    if published(len(minutes)) is None:
        return None
    return timedelta(hours=round(median(minutes) / 60))


def _lines(organisation_id: int, draft: ReportDraft, grant_id: int | None) -> list[LineActual]:
    spent = (
        select(Posting.line_id, func.sum(Posting.amount).label("amount"))
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .where(
            Transaction.organisation_id == organisation_id,
            Transaction.booked_on.between(draft.since, draft.until),
            Posting.account.in_([LedgerAccount.SPENT, LedgerAccount.RETURNED]),
        )
        .group_by(Posting.line_id)
        .subquery()
    )
    query = (
        select(BudgetLine, DonorGrant, spent.c.amount)
        .join(DonorGrant, DonorGrant.id == BudgetLine.grant_id)
        .outerjoin(spent, spent.c.line_id == BudgetLine.id)
        .where(BudgetLine.organisation_id == organisation_id, _of(grant_id))
        .order_by(DonorGrant.code, BudgetLine.code)
    )
    return [
        LineActual(
            grant_code=grant.code,
            line_code=line.code,
            title=line.title,
            budget=Money(line.amount, grant.currency),
            spent=Money(int(amount or 0), grant.currency),
        )
        for line, grant, amount in session().execute(query)
    ]
