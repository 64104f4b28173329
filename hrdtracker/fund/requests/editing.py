"""A request as a draft that can be changed: what it says now, and whom it may name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import User
from hrdtracker.cases.case_file import Named, people_of
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.fund.drafts.requests import WORDS, InstalmentDraft, RequestDraft
from hrdtracker.fund.model import Instalment, RequestPerson, RequestRole, SupportRequest
from hrdtracker.fund.requests.content import instalments_of, items_of
from hrdtracker.fund.requests.parts import instalment_as_draft, item_as_draft
from hrdtracker.fund.requests.service import UNSENT
from hrdtracker.fund.rules.plans import plan_of
from hrdtracker.fund.rules.rates import tier_worth
from hrdtracker.fund.rules.settings import settings_of
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person


def draft_of(request: SupportRequest) -> RequestDraft:
    """Return what a request says now; a single instalment of all on the day is none of its own."""
    ring().load([request.data_key_id])
    people, plan = _people(request), plan_of(request)
    items = tuple(item_as_draft(item) for item in items_of(request))
    return RequestDraft(
        short=request.short,
        beneficiary=_first(people, RequestRole.BENEFICIARY),
        payee=_first(people, RequestRole.PAYEE),
        carrier=_first(people, RequestRole.CARRIER),
        carrier_colleague=_user_uid(request.carrier_id),
        household=tuple(people.get(RequestRole.HOUSEHOLD, ())),
        reimburses=request.reimburses,
        currency=request.currency,
        items=items,
        instalments=_instalments(request),
        needed_by=request.needed_by,
        method=request.method,
        payee_details=request.payee_details,
        urgency=request.urgency,
        risk_level=request.risk_level,
        words={name: getattr(request, name) for name in WORDS},
        consented_on=request.consented_on,
        households=request.households,
        plan_until=request.plan_until,
        plan=plan.uid if plan is not None else None,
    )


def is_short(organisation_id: int, draft: RequestDraft, request: SupportRequest | None) -> bool:
    """Tell whether a few words are enough for now: it is small, and was not sent in full before.

    A plan is said in full; then a few words are enough for what draws from it.
    """
    if draft.plan is not None or draft.households is not None:
        return draft.plan is not None
    if request is not None and request.status not in UNSENT and not request.short:
        return False
    settings = settings_of(organisation_id)
    money, day = Money(draft.amount, draft.currency), today(organisation_id)
    try:
        return tier_worth(money, settings.currency, organisation_id, day) <= settings.short_most
    except WrongStatus:  # nobody has recorded what the currency is worth
        return False


def people_to_name(actor: Actor, case_id: int) -> Sequence[Named]:
    """Return everybody in a case whom its request may name; nobody where it is hidden."""
    query = policy.visible(actor, Action.CASE_READ, Case).where(Case.id == case_id)
    case = session().scalar(query)
    return people_of(actor, case.scope_id) if case is not None else []


def _people(request: SupportRequest) -> dict[RequestRole, list[UUID]]:
    query = (
        select(RequestPerson.part, Person.uid)
        .join(Person, Person.id == RequestPerson.person_id)
        .where(RequestPerson.request_id == request.id)
        .order_by(Person.id)
    )
    people: dict[RequestRole, list[UUID]] = {}
    for part, uid in session().execute(query):
        people.setdefault(RequestRole(part), []).append(uid)
    return people


def _first(people: dict[RequestRole, list[UUID]], part: RequestRole) -> Victim | None:
    uids = people.get(part)
    return Victim(known=uids[0]) if uids else None


def _user_uid(number: int | None) -> UUID | None:
    return session().scalar(select(User.uid).where(User.id == number)) if number else None


def _instalments(request: SupportRequest) -> tuple[InstalmentDraft, ...]:
    rows = instalments_of(request)
    if len(rows) == 1 and _is_all_at_once(rows[0], request):
        return ()
    return tuple(instalment_as_draft(row) for row in rows)


def _is_all_at_once(row: Instalment, request: SupportRequest) -> bool:
    instalment = (row.due_on, row.amount, row.currency)
    return (
        instalment == (request.needed_by, request.amount, request.currency) and not row.recoverable
    )
