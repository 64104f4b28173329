"""What a grant does not allow: a warning before approval, a refusal at commitment."""

from sqlalchemy import select

from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message
from hrdtracker.core.money import Money
from hrdtracker.fund.content import items_of
from hrdtracker.fund.model import (
    DonorGrant,
    GrantState,
    GrantTerm,
    Restriction,
    SupportRequest,
)
from hrdtracker.fund.tiers import today


def objections(request: SupportRequest, grant: DonorGrant, amount: int) -> list[Message]:
    """Return a sentence for each thing a grant does not allow; `amount` in its currency."""
    return [*_of_the_grant(request, grant, amount), *_of_its_terms(request, grant)]


def _of_the_grant(request: SupportRequest, grant: DonorGrant, amount: int) -> list[Message]:
    day = today(request.organisation_id)
    found = []
    if grant.state != GrantState.ACTIVE:
        found.append(Message(N_("This grant is suspended or ended by its donor.")))
    if not grant.starts_on <= day <= grant.ends_on:
        found.append(Message(N_("This grant is not running today.")))
    if request.reimburses and not grant.retroactive:
        found.append(Message(N_("This grant does not pay what somebody has paid already.")))
    if grant.request_most is not None and amount > grant.request_most:
        most = Money(grant.request_most, grant.currency)
        says = N_("This grant gives one request %(most)s at most.")
        found.append(Message(says, {"most": most}))
    return found


def _of_its_terms(request: SupportRequest, grant: DonorGrant) -> list[Message]:
    limits: dict[Restriction, set[str]] = {}
    query = select(GrantTerm.restriction, GrantTerm.code).where(GrantTerm.grant_id == grant.id)
    for restriction, code in session().execute(query):
        limits.setdefault(Restriction(restriction), set()).add(code)
    found = []
    case = session().get_one(Case, request.case_id)
    areas = set(session().scalars(select(CaseArea.area).where(CaseArea.case_id == case.id)))
    if Restriction.AREA in limits and not areas & limits[Restriction.AREA]:
        found.append(Message(N_("This grant is for other areas of work.")))
    if Restriction.PROVINCE in limits and case.lead_province not in limits[Restriction.PROVINCE]:
        found.append(Message(N_("This grant is for other provinces.")))
    types = {item.support_type for item in items_of(request)}
    if Restriction.SUPPORT_TYPE in limits and types - limits[Restriction.SUPPORT_TYPE]:
        found.append(Message(N_("This grant is for other types of support.")))
    return found
