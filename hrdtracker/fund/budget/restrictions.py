"""What a grant does not allow: a warning before approval, a refusal at commitment."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from hrdtracker.access.calendar import today
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message
from hrdtracker.core.money import Money
from hrdtracker.fund.model import (
    DonorGrant,
    GrantState,
    GrantTerm,
    Restriction,
    SupportRequest,
)
from hrdtracker.fund.requests.content import items_of


class Limits:
    """What some grants are limited to, and what a request is for: read once for all of them."""

    def __init__(self, request: SupportRequest, grants: Iterable[DonorGrant]) -> None:
        """Read it; three statements, however many grants there are."""
        self.request = request
        self.of_grant: dict[int, dict[str, set[str]]] = {}
        query = select(GrantTerm).where(GrantTerm.grant_id.in_({grant.id for grant in grants}))
        for term in session().scalars(query):
            limits = self.of_grant.setdefault(term.grant_id, {})
            limits.setdefault(term.restriction, set()).add(term.code)
        case = session().get_one(Case, request.case_id)
        areas = select(CaseArea.area).where(CaseArea.case_id == case.id)
        self.areas, self.province = set(session().scalars(areas)), case.lead_province
        self.types = {item.support_type for item in items_of(request)}

    def objections(self, grant: DonorGrant, amount: int) -> list[Message]:
        """Return a sentence for each thing a grant does not allow; `amount` in its currency."""
        return [*_of_the_grant(self.request, grant, amount), *self._of_its_terms(grant)]

    def _of_its_terms(self, grant: DonorGrant) -> Iterator[Message]:
        limits = self.of_grant.get(grant.id, {})
        if Restriction.AREA in limits and not self.areas & limits[Restriction.AREA]:
            yield Message(N_("This grant is for other areas of work."))
        if Restriction.PROVINCE in limits and self.province not in limits[Restriction.PROVINCE]:
            yield Message(N_("This grant is for other provinces."))
        if Restriction.SUPPORT_TYPE in limits and self.types - limits[Restriction.SUPPORT_TYPE]:
            yield Message(N_("This grant is for other types of support."))


def objections(request: SupportRequest, grant: DonorGrant, amount: int) -> list[Message]:
    """Return a sentence for each thing a grant does not allow; `amount` in its currency."""
    return Limits(request, [grant]).objections(grant, amount)


def _of_the_grant(request: SupportRequest, grant: DonorGrant, amount: int) -> list[Message]:
    day = today(request.organisation_id)
    messages = []
    if grant.state != GrantState.ACTIVE:
        messages.append(Message(N_("This grant is suspended or ended by its donor.")))
    if not grant.starts_on <= day <= grant.ends_on:
        messages.append(Message(N_("This grant is not running today.")))
    if request.reimburses and not grant.retroactive:
        messages.append(Message(N_("This grant does not pay what somebody has paid already.")))
    if grant.request_most is not None and amount > grant.request_most:
        most = Money(grant.request_most, grant.currency)
        says = N_("This grant gives one request %(most)s at most.")
        messages.append(Message(says, {"most": most}))
    return messages
