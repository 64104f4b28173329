"""The exact figures of the fund: money by line, people helped by kind, times and outcomes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    String,
    and_,
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

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect
from hrdtracker.fund.budget.grant_choice import chosen_grant
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.model import (
    BudgetLine,
    DonorGrant,
    LedgerAccount,
    Payment,
    Posting,
    RequestItem,
    RequestPerson,
    RequestRole,
    SupportOutcome,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.model.payment import LEFT
from hrdtracker.fund.reading.money import fund_of
from hrdtracker.people.model import Person

PARTS = ("sex", "province", "kind", "area", "outcome", "decided", "paid")
UNKNOWN = ""


@dataclass(frozen=True)
class LineActual:
    """A line of the budget against what was spent of it in the period."""

    grant_code: str
    line_code: str
    title: str
    budget: Money
    spent: Money
    people: frozenset[int] = frozenset()
    """The numbers of those whom payments of it in the period were for, where that was asked."""


@dataclass(frozen=True)
class PeopleFigures:
    """Whom the fund helped, as it is: these numbers are for colleagues who answer for it.

    A person counts once in each cell; a request with several kinds of support, or a case with
    several areas, counts in each. Tables map codes ("" is not known) to counts; `crossed` maps
    (support type, sex) to counts. Times are the middle ones; None where there are none.
    """

    people: int
    by_support_type: Mapping[str, int]
    by_sex: Mapping[str, int]
    by_area: Mapping[str, int]
    by_province: Mapping[str, int]
    crossed: Mapping[tuple[str, str], int]
    outcomes: Mapping[str, int]
    to_decision: timedelta | None
    to_money: timedelta | None

    @property
    def tables(self) -> Mapping[str, Mapping[str, int]]:
        """Return its tables by their names."""
        return {
            "kind": self.by_support_type,
            "sex": self.by_sex,
            "area": self.by_area,
            "province": self.by_province,
            "outcome": self.outcomes,
        }


@dataclass(frozen=True)
class FundFigures:
    """The exact figures of a grant, or all, over some days."""

    lines: Sequence[LineActual]
    helped: PeopleFigures


def figures(actor: Actor, draft: ReportDraft) -> FundFigures:
    """Return the exact figures, of people only where the actor may open the request."""
    organisation = fund_of(actor, Action.FUND_REPORT_INTERNAL)
    grant = chosen_grant(actor, draft.grant)
    grant_id = grant.id if grant is not None else None
    readable = policy.condition(actor, Action.FUND_REQUEST_READ, SupportRequest)
    return FundFigures(
        lines=lines(organisation.id, draft, grant_id),
        helped=people(organisation.id, draft, grant_id, readable),
    )


def people(
    organisation_id: int,
    draft: ReportDraft,
    grant_id: int | None,
    counted_where: ColumnElement[bool] | None = None,
) -> PeopleFigures:
    """Return whom the requests helped that were first paid in the period: all, or some of them."""
    counted: dict[str, list[tuple[str, str, int]]] = {part: [] for part in PARTS}
    where = true() if counted_where is None else counted_where
    helped = _helped(organisation_id, draft, and_(_of(grant_id), where))
    for part, code, also, count in session().execute(_counted(helped)):
        counted[part].append((code or UNKNOWN, also or UNKNOWN, int(count)))
    by_sex, kinds = _table(counted["sex"]), counted["kind"]
    return PeopleFigures(
        people=sum(by_sex.values()),
        by_support_type=_table(kinds),
        by_sex=by_sex,
        by_area=_table(counted["area"]),
        by_province=_table(counted["province"]),
        crossed={(kind, sex): count for kind, sex, count in sorted(kinds)},
        outcomes=_table(counted["outcome"]),
        to_decision=_median(counted["decided"]),
        to_money=_median(counted["paid"]),
    )


def _table(counted: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Return how many there are under each code."""
    counts: Counter[str] = Counter()
    for code, _, count in counted:
        counts[code] += count
    return dict(sorted(counts.items()))


def _helped(organisation_id: int, draft: ReportDraft, where: ColumnElement[bool]) -> CTE:
    """Return what was first paid in the period: whom it helps, and when what happened."""
    first = (
        select(
            Payment.request_id,
            func.min(Payment.paid_on).label("paid_on"),
            func.min(Payment.released_at).label("released_at"),
        )
        .where(
            Payment.organisation_id == organisation_id,
            Payment.status.in_(LEFT),
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
            Person.id.label("person_id"),
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
            where,
        )
        .cte("helped")
        .prefix_with("MATERIALIZED")
    )


def _counted(helped: CTE) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the query of all counts: (part, code, second code, how many).

    One statement, because to find whom it helped costs more than to count them.
    """
    of_kind = join(helped, RequestItem, RequestItem.request_id == helped.c.id)
    of_area = outerjoin(helped, CaseArea, CaseArea.case_id == helped.c.case_id)
    of_outcome = join(helped, SupportOutcome, SupportOutcome.request_id == helped.c.id)
    times = (helped.c.id, helped.c.submitted_at, helped.c.approved_at, helped.c.released_at)
    waits = select(*times).distinct().subquery()
    return union_all(
        _people("sex", helped, helped, (helped.c.sex,)),
        _people("province", helped, helped, (helped.c.lead_province,)),
        _people("kind", helped, of_kind, (RequestItem.support_type, helped.c.sex)),
        _people("area", helped, of_area, (CaseArea.area,)),
        _group(
            "outcome", of_outcome, (SupportOutcome.outcome,), func.count(helped.c.id.distinct())
        ),
        _group("decided", waits, (_hours(waits, waits.c.approved_at),), func.count()),
        _group("paid", waits, (_hours(waits, waits.c.released_at),), func.count()),
    )


def _people(part: str, helped: CTE, rows: FromClause, by: tuple[Any, ...]) -> AnySelect:
    """Count each person once under each code."""
    named = [column.label(f"code_{number}") for number, column in enumerate(by)]
    each = select(*named, helped.c.person_id, helped.c.people).select_from(rows).distinct()
    persons = each.subquery()
    codes = tuple(persons.c[column.name] for column in named)
    return _group(part, persons, codes, func.sum(persons.c.people))


def _group(part: str, rows: FromClause, by: tuple[Any, ...], count: Any) -> AnySelect:
    codes = [cast(column, String) for column in (*by, null())[:2]]
    return select(literal(part), *codes, count).select_from(rows).group_by(*by)


def _hours(waits: FromClause, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return how many whole hours it took from sending to a moment."""
    seconds = extract("epoch", moment) - extract("epoch", waits.c.submitted_at)
    return cast(seconds / literal_column("3600"), Integer)


def _of(grant_id: int | None) -> ColumnElement[bool]:
    return true() if grant_id is None else BudgetLine.grant_id == grant_id


def _median(waits: Sequence[tuple[str, str, int]]) -> timedelta | None:
    """Return the middle of some waits, (hours, "", how many); None where there are none."""
    hours = [int(code) for code, _, count in waits if code for _ in range(count)]
    return timedelta(hours=round(median(hours))) if hours else None


def lines(
    organisation_id: int, draft: ReportDraft, grant_id: int | None, *, for_whom: bool = False
) -> list[LineActual]:
    """Return the lines of a grant, or of all, with what was spent of each in the period.

    `for_whom` asks for the people, too, whom it was for.
    """
    booked = [
        Transaction.organisation_id == organisation_id,
        Transaction.booked_on.between(draft.since, draft.until),
        Posting.account.in_([LedgerAccount.SPENT, LedgerAccount.RETURNED]),
    ]
    spent = (
        select(Posting.line_id, func.sum(Posting.amount).label("amount"))
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .where(*booked)
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
    payees = _people_of_lines(booked) if for_whom else {}
    return [
        LineActual(
            grant_code=grant.code,
            line_code=line.code,
            title=line.title,
            budget=Money(line.amount, grant.currency),
            spent=Money(int(amount or 0), grant.currency),
            people=frozenset(payees.get(line.id, ())),
        )
        for line, grant, amount in session().execute(query)
    ]


def _people_of_lines(booked: Sequence[ColumnElement[bool]]) -> dict[int | None, set[int]]:
    """Return whom what was booked on each line was for; nobody whose payment came back whole."""
    query = (
        select(Posting.line_id, RequestPerson.person_id)
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .join(RequestPerson, RequestPerson.request_id == Transaction.request_id)
        .where(*booked, RequestPerson.part == RequestRole.BENEFICIARY)
        .group_by(Posting.line_id, RequestPerson.person_id)
        .having(func.sum(Posting.amount) != 0)
    )
    people: dict[int | None, set[int]] = {}
    for line_id, person_id in session().execute(query):
        people.setdefault(line_id, set()).add(person_id)
    return people
