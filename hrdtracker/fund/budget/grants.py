"""Donors, their grants and the lines of their budgets."""

from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.fund.drafts.money import DonorDraft, GrantDraft, LineDraft
from hrdtracker.fund.ledger import Leg, TransactionContext, open_day, post
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    Donor,
    DonorGrant,
    GrantState,
    GrantTerm,
    LedgerAccount,
    Restriction,
)

LISTS = {
    Restriction.AREA: "thematic_area",
    Restriction.PROVINCE: "province",
    Restriction.SUPPORT_TYPE: "support_type",
}
TAKEN = N_("This code is taken.")
ENDED = N_(
    "Its donor ended this grant: nothing is added to it. Where that was a mistake, take it back."
)


@idempotent
def add_donor(actor: Actor, organisation: Organisation, draft: DonorDraft) -> Donor:
    """Add a donor; raises Refused where its code is taken."""
    with authorised(
        actor, Action.FUND_GRANT_CHANGE, within=organisation, sending=draft.sending
    ) as signature:
        if _is_taken(Donor, organisation.id, draft.code):
            raise Refused({"code": TAKEN})
        donor = Donor(
            organisation_id=organisation.id,
            data_key_id=organisation.data_key_id,
            code=draft.code,
            name=draft.name.strip(),
        )
        session().add(donor)
        session().flush()
        signature.about(donor)
    return donor


@idempotent
def add_grant(actor: Actor, donor: Donor, draft: GrantDraft) -> DonorGrant:
    """Add a grant of a donor; raises Refused."""
    _check_terms(draft)
    with authorised(
        actor, Action.FUND_GRANT_CHANGE, within=donor, sending=draft.sending
    ) as signature:
        if _is_taken(DonorGrant, donor.organisation_id, draft.code):
            raise Refused({"code": TAKEN})
        grant = DonorGrant(
            organisation_id=donor.organisation_id,
            donor_id=donor.id,
            data_key_id=donor.data_key_id,
            currency=draft.currency,
        )
        _write(grant, draft)
        session().add(grant)
        session().flush()
        _write_terms(grant, draft)
        signature.about(grant)
    return grant


def change_grant(actor: Actor, grant: DonorGrant, draft: GrantDraft, version: int) -> None:
    """Change what is said of a grant; its currency and code stay. Raises Refused, Stale."""
    _check_terms(draft)
    with authorised(actor, Action.FUND_GRANT_CHANGE, on=grant, version=version):
        if (draft.code, draft.currency) != (grant.code, grant.currency):
            raise Refused({"code": N_("The code and the currency of a grant stay.")})
        if draft.total < _budgeted(grant):
            raise Refused({"total": N_("The lines of this grant come to more.")})
        _write(grant, draft)
        _write_terms(grant, draft)


def set_grant_state(actor: Actor, grant: DonorGrant, state: GrantState, version: int) -> None:
    """Suspend a grant, or let it be used again; facts stay recordable. `end_grant` ends it."""
    with authorised(actor, Action.FUND_GRANT_CHANGE, on=grant, version=version):
        if state in {grant.state, GrantState.TERMINATED}:
            raise WrongStatus
        if grant.has_ended and state == GrantState.SUSPENDED:
            raise WrongStatus  # an ending is taken back as what it was: a mistake
        grant.ended_on = grant.end_reason = None
        grant.state = state


@idempotent
def add_line(actor: Actor, grant: DonorGrant, draft: LineDraft) -> BudgetLine:
    """Add a line to a grant’s budget, within its total; it is booked at once. Raises Refused."""
    with authorised(actor, Action.FUND_GRANT_CHANGE, on=grant, sending=draft.sending) as signature:
        check_has_not_ended(grant)
        taken = select(BudgetLine.id).where(
            BudgetLine.grant_id == grant.id, BudgetLine.code == draft.code
        )
        if session().scalar(taken):
            raise Refused({"code": TAKEN})
        if _budgeted(grant) + draft.amount > grant.total:
            raise Refused({"amount": N_("The lines come to more than the grant.")})
        line = BudgetLine(
            organisation_id=grant.organisation_id,
            grant_id=grant.id,
            code=draft.code,
            title=draft.title.strip(),
            amount=draft.amount,
        )
        session().add(line)
        session().flush()
        day = open_day(actor.organisation_id, today(actor.organisation_id))
        legs = (
            Leg(LedgerAccount.LINE, draft.amount, grant.currency, line),
            Leg(LedgerAccount.GRANT, -draft.amount, grant.currency, grant_id=grant.id),
        )
        post(actor, TransactionContext(Booking.BUDGET, day), legs)
        signature.about(line)
    return line


def check_has_not_ended(grant: DonorGrant) -> None:
    """Raise WrongStatus where the donor of a grant ended it."""
    if grant.has_ended:
        raise WrongStatus(ENDED)


def _budgeted(grant: DonorGrant) -> int:
    query = select(func.sum(BudgetLine.amount)).where(BudgetLine.grant_id == grant.id)
    return session().scalar(query) or 0


def _is_taken(model: type[Donor] | type[DonorGrant], organisation_id: int, code: str) -> bool:
    query = select(model.id).where(model.organisation_id == organisation_id, model.code == code)
    return session().scalar(query) is not None


def _check_terms(draft: GrantDraft) -> None:
    check_terms(
        {
            f"terms.{code}": (LISTS[restriction], code)
            for restriction, codes in draft.terms.items()
            for code in codes
        }
    )


def _write(grant: DonorGrant, draft: GrantDraft) -> None:
    ring().load([grant.data_key_id])
    for name in (
        "code", "starts_on", "ends_on", "total", "request_most", "retroactive",
        "alternative_most", "fixed_rate", "pooling_agreed_on", "rate_method",
    ):  # fmt: skip
        setattr(grant, name, getattr(draft, name))
    grant.reference = draft.reference.strip() or None
    grant.pooling_agreement = draft.pooling_agreement.strip() or None


def _write_terms(grant: DonorGrant, draft: GrantDraft) -> None:
    drafted = {(kind, code) for kind, codes in draft.terms.items() for code in codes}
    query = select(GrantTerm).where(GrantTerm.grant_id == grant.id)
    present = {(Restriction(row.restriction), row.code): row for row in session().scalars(query)}
    for key in present.keys() - drafted:
        session().delete(present[key])
    session().add_all(
        GrantTerm(grant_id=grant.id, restriction=kind, code=code)
        for kind, code in drafted - present.keys()
    )
