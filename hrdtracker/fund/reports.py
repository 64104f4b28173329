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
    helped = _helped(organisation.id, draft, grant_id)
    ids = [row.id for row in helped]
    people = {row.id: row.people for row in helped}
    areas = _codes(ids, _areas(ids))
    types = _codes(ids, _types(ids))
    sexes = _codes(ids, ((row.id, row.sex or UNKNOWN) for row in helped))
    provinces = _codes(ids, ((row.id, row.lead_province or UNKNOWN) for row in helped))
    both = {
        number: {(one, sex) for one in types[number] for sex in sexes[number]} for number in ids
    }
    outcome = select(SupportOutcome.request_id, SupportOutcome.outcome).where(
        SupportOutcome.request_id.in_(ids)
    )
    asked = Counter(code for _, code in session().execute(outcome))
    return Report(
        lines=_lines(organisation.id, draft, grant_id),
        people=published(sum(people.values())),
        by_support_type=_table(people, types),
        by_sex=_table(people, sexes),
        by_area=_table(people, areas),
        by_province=_table(people, provinces),
        crossed=_table(people, both),
        outcomes={code: published(count) for code, count in sorted(asked.items())},
        to_decision=_median((row.submitted_at, row.approved_at) for row in helped),
        to_money=_median((row.submitted_at, row.released_at) for row in helped),
    )


def _table(people: dict[int, int], codes: dict[int, set[Any]]) -> dict[Any, int | None]:
    """Return how many people there are under each code; a request under several counts in each."""
    counts: Counter[Any] = Counter()
    for number, found in codes.items():
        for code in found:
            counts[code] += people[number]
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


def _helped(organisation_id: int, draft: ReportDraft, grant_id: int | None) -> Sequence[Any]:
    """Return the requests first paid in the period: whom they help, and when what happened."""
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
    query = (
        select(
            SupportRequest.id,
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
    return session().execute(query).all()


def _of(grant_id: int | None) -> ColumnElement[bool]:
    return true() if grant_id is None else BudgetLine.grant_id == grant_id


def _areas(ids: Sequence[int]) -> Iterable[tuple[int, str]]:
    query = (
        select(SupportRequest.id, CaseArea.area)
        .join(CaseArea, CaseArea.case_id == SupportRequest.case_id)
        .where(SupportRequest.id.in_(ids))
    )
    return ((number, area) for number, area in session().execute(query))


def _types(ids: Sequence[int]) -> Iterable[tuple[int, str]]:
    query = select(RequestItem.request_id, RequestItem.support_type)
    found = session().execute(query.where(RequestItem.request_id.in_(ids)).distinct())
    return ((number, code) for number, code in found)


def _codes(ids: Sequence[int], pairs: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {number: set() for number in ids}
    for number, code in pairs:
        found[number].add(code)
    return {number: codes or {UNKNOWN} for number, codes in found.items()}


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
