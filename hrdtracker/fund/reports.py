"""What a donor is told: money by line, people helped by kind, times, outcomes – and nobody shown.

Every number of people is rounded to the nearest five and is left out below five. So any two
published numbers differ by nothing or by five at least, in one table, between two tables and
between two reports: no difference of them gives one person away.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect
from hrdtracker.fund.model import (
    Account,
    BudgetLine,
    DonorGrant,
    Part,
    Payment,
    PaymentStatus,
    Posting,
    RequestItem,
    RequestPerson,
    SupportOutcome,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.money_drafts import ReportDraft
from hrdtracker.fund.money_queries import fund_of
from hrdtracker.people.model import Person

LEAST = 5
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
class Report:
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


def published(count: int) -> int | None:
    """Return a number of people as it may be told."""
    return None if count < LEAST else (count + LEAST // 2) // LEAST * LEAST


def report(actor: Actor, draft: ReportDraft) -> Report:
    """Return the report on a grant, or all, over some days: of what was first paid in them."""
    organisation = fund_of(actor)
    grant_id = _grant(organisation.id, draft.grant)
    helped = session().execute(_helped(organisation.id, draft, grant_id)).all()
    paid = _paid(organisation.id, draft)
    of_request = {row.id: (row.people, row.sex or UNKNOWN) for row in helped}
    kinds = [
        (code, *of_request[number])
        for number, code in session().execute(_types(paid))
        if number in of_request
    ]
    outcome = select(SupportOutcome.request_id, SupportOutcome.outcome).where(
        SupportOutcome.request_id.in_(paid)
    )
    asked = session().execute(outcome)
    return Report(
        lines=_lines(organisation.id, draft, grant_id),
        people=published(sum(row.people for row in helped)),
        by_support_type=_table((kind, people) for kind, people, _ in kinds),
        by_sex=_table((row.sex or UNKNOWN, row.people) for row in helped),
        by_area=_by_area(helped, paid),
        by_province=_table((row.lead_province or UNKNOWN, row.people) for row in helped),
        crossed=_table(((kind, sex), people) for kind, people, sex in kinds),
        outcomes=_table((code, 1) for number, code in asked if number in of_request),
        to_decision=_median((row.submitted_at, row.approved_at) for row in helped),
        to_money=_median((row.submitted_at, row.released_at) for row in helped),
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
    found = session().scalar(query)
    if found is None:
        raise NotFound
    return found


def _helped(organisation_id: int, draft: ReportDraft, grant_id: int | None) -> AnySelect:
    """Return the query of what was first paid in the period: whom it helps, when what happened."""
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
            RequestPerson.part == Part.BENEFICIARY,
            first.c.paid_on.between(draft.since, draft.until),
            _of(grant_id),
        )
    )


def _of(grant_id: int | None) -> ColumnElement[bool]:
    return true() if grant_id is None else BudgetLine.grant_id == grant_id


def _paid(organisation_id: int, draft: ReportDraft) -> AnySelect:
    """Return the query of all that was paid in the period: cheap, and more than was first paid."""
    return select(Payment.request_id).where(
        Payment.organisation_id == organisation_id,
        Payment.paid_on.between(draft.since, draft.until),
    )


def _by_area(helped: Sequence[Any], paid: AnySelect) -> dict[Any, int | None]:
    """Return the people helped by the areas of their cases; without one, as not known."""
    people: Counter[int] = Counter()
    for row in helped:
        people[row.case_id] += row.people
    cases = select(SupportRequest.case_id).where(SupportRequest.id.in_(paid))
    query = select(CaseArea.case_id, CaseArea.area).where(CaseArea.case_id.in_(cases))
    found = [(case, area) for case, area in session().execute(query) if case in people]
    told = {case for case, _ in found}
    unknown = ((UNKNOWN, count) for case, count in people.items() if case not in told)
    return _table([*((area, people[case]) for case, area in found), *unknown])


def _types(paid: AnySelect) -> AnySelect:
    query = select(RequestItem.request_id, RequestItem.support_type)
    return query.where(RequestItem.request_id.in_(paid)).distinct()


def _median(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> timedelta | None:
    waits = [(end - begin).total_seconds() for begin, end in pairs if begin and end]
    return timedelta(hours=round(median(waits) / 3600)) if len(waits) >= LEAST else None


def _lines(organisation_id: int, draft: ReportDraft, grant_id: int | None) -> list[LineActual]:
    spent = (
        select(Posting.line_id, func.sum(Posting.amount).label("amount"))
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .where(
            Transaction.organisation_id == organisation_id,
            Transaction.booked_on.between(draft.since, draft.until),
            Posting.account.in_([Account.SPENT, Account.RETURNED]),
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
