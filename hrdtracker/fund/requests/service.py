"""Asking for support: written as one goes, sent, changed, taken back."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.guard import must_hold
from hrdtracker.access.model import Scope, User
from hrdtracker.accounts.assignments import colleague_id
from hrdtracker.audit.receipts import SentOtherwise, idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.case_creation import LETTERS
from hrdtracker.cases.contacts import somebody_in
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.core.text import check
from hrdtracker.fund.drafts.requests import WORDS, RequestDraft
from hrdtracker.fund.guards import BOARD_IS_THERE
from hrdtracker.fund.model import (
    Decision,
    EmergencyRelease,
    RequestPerson,
    RequestRole,
    RequestStatus,
    SupportRequest,
)
from hrdtracker.fund.requests.content import (
    LATER,
    NO_COST,
    beyond_share,
    digest_of,
    later_of,
    what_is_missing,
)
from hrdtracker.fund.requests.parts import write_instalments, write_items
from hrdtracker.fund.rules.approval_levels import decide_by, set_level, set_needs_anyway
from hrdtracker.fund.rules.plans import check_draw, drawn_from, leave_place, take_place
from hrdtracker.fund.rules.settings import settings_of
from hrdtracker.fund.workflow import REQUEST
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from hrdtracker.people.service import add_person, check_codes, name_in_case, redescribe, tell

UNSENT = {RequestStatus.DRAFT, RequestStatus.RETURNED}
CODE_LETTERS = 5


@idempotent
def ask(actor: Actor, case: Case, draft: RequestDraft) -> SupportRequest:
    """Begin a request from a case; nobody else sees it before it is sent.

    One that an earlier sending of the same form began is changed, as long as it was not sent and
    nothing else changed it. Raises SentOtherwise.
    """
    try:
        return _begin(actor, case, draft)
    except SentOtherwise as earlier:
        return _begin_again(actor, case, draft, earlier)


def _begin(actor: Actor, case: Case, draft: RequestDraft) -> SupportRequest:
    _check_lists(draft)
    with authorised(actor, Action.FUND_ASK, within=case, sending=draft.sending) as signature:
        moment = clock.now()
        request = SupportRequest(
            scope_id=case.scope_id,
            data_key_id=case.data_key_id,
            organisation_id=case.organisation_id,
            case_id=case.id,
            code=f"F-{moment.year}-{drawn(CODE_LETTERS)}",
            requested_by_id=actor.id,
            asked_at=moment,
            changed_at=moment,
            plan_id=drawn_from(case.id, draft.plan),
        )
        session().add(request)
        session().flush()
        signature.about(request)
        _write(actor, request, draft)
    return request


def _begin_again(
    actor: Actor, case: Case, draft: RequestDraft, earlier: SentOtherwise
) -> SupportRequest:
    request, sending = earlier.made, earlier.amending
    if not isinstance(request, SupportRequest) or request.case_id != case.id:
        raise earlier
    if request.version != sending.amends:  # it was sent, or a twin of this sending changed it
        return _begin(actor, case, draft)
    with authorised(
        actor, Action.FUND_EDIT, on=request, version=sending.amends, sending=sending
    ) as signature:
        REQUEST.check(actor, Action.FUND_EDIT, request)
        signature.about(request)
        _change(actor, request, _redescribed(actor, request, draft))
        request.changed_at = clock.now()  # as whom it describes may have: the next sending asks
    return request


def _redescribed(actor: Actor, request: SupportRequest, draft: RequestDraft) -> RequestDraft:
    """Return a draft in which whom it describes anew are those whom the request recorded."""
    named = select(RequestPerson.person_id).where(RequestPerson.request_id == request.id)
    former = session().scalars(select(Person).where(Person.id.in_(named)).order_by(Person.id)).all()
    parts: dict[str, Any] = {
        name: who for name in ("beneficiary", "payee", "carrier") if (who := getattr(draft, name))
    }
    victims = list({id(who): who for who in parts.values()}.values())
    scope = session().get_one(Scope, request.scope_id)
    people = redescribe(actor, victims, former, scope, (request.asked_at, request.changed_at))
    now: dict[int, Any] = {id(who): same for who, same in zip(victims, people, strict=True)}
    return replace(draft, **{name: now[id(who)] for name, who in parts.items()})


def edit(actor: Actor, request: SupportRequest, draft: RequestDraft, version: int) -> bool:
    """Change a request; tell whether this voided what was verified or decided already.

    What was sent is thereby sent anew, and must say everything. Raises Refused, WrongStatus, Stale.
    """
    _check_lists(draft)
    with authorised(actor, Action.FUND_EDIT, on=request, version=version):
        REQUEST.check(actor, Action.FUND_EDIT, request)
        return _change(actor, request, draft)


def _change(actor: Actor, request: SupportRequest, draft: RequestDraft) -> bool:
    REQUEST.check(actor, Action.FUND_EDIT, request)
    was_sent, later = request.status not in UNSENT, request.said_later
    request.said_later = None  # changed, it is part of what is decided on anew
    before = digest_of(request)
    if was_sent and not draft.items:
        raise Refused({"items": NO_COST})
    _write(actor, request, draft)
    session().flush()
    if digest_of(request) == before:
        request.said_later = later
        return False
    request.changed_at = clock.now()
    REQUEST.take(request, Action.FUND_EDIT)
    if not was_sent:
        return False
    had = void(request)
    _send(actor, request)
    return had


def complete(actor: Actor, request: SupportRequest, draft: RequestDraft, version: int) -> None:
    """Say the rest that a short request owes; what was said already stays as it was decided on.

    What was approved stays approved, and bound to what it saw: not to what is said now.
    """
    with authorised(actor, Action.FUND_COMPLETE, on=request, version=version):
        REQUEST.check(actor, Action.FUND_COMPLETE, request)
        ring().load([request.data_key_id])
        told = {**draft.words, "risk_level": draft.risk_level}
        added = [name for name in LATER if told.get(name) and not getattr(request, name)]
        for name in added:
            setattr(request, name, told[name])
        request.said_later = " ".join([*later_of(request), *added]) or None
        request.changed_at = clock.now()


def submit(actor: Actor, request: SupportRequest, version: int) -> None:
    """Send a request; Refused names everything that is missing. Raises WrongStatus, Stale."""
    with authorised(actor, Action.FUND_SUBMIT, on=request, version=version):
        REQUEST.check(actor, Action.FUND_SUBMIT, request)
        take_place(request)
        _send(actor, request)
        REQUEST.take(request, Action.FUND_SUBMIT)


def withdraw(actor: Actor, request: SupportRequest, version: int) -> None:
    """Take a request back; what was decided on it stays on the trail."""
    with authorised(actor, Action.FUND_WITHDRAW, on=request, version=version):
        REQUEST.check(actor, Action.FUND_WITHDRAW, request)
        leave_place(request)
        void(request)
        REQUEST.take(request, Action.FUND_WITHDRAW)
        request.ended_at = request.changed_at = clock.now()


def end_unsent_of(user: User) -> None:
    """Withdraw what somebody who leaves never sent, or was to correct: nobody else asked for it.

    Inside an open door.
    """
    query = select(SupportRequest).where(
        SupportRequest.requested_by_id == user.id, SupportRequest.status.in_(UNSENT)
    )
    for request in session().scalars(query).all():
        lock(request)
        REQUEST.take(request, Action.FUND_WITHDRAW)
        request.ended_at = request.changed_at = clock.now()


def drawn(letters: int) -> str:
    """Return letters drawn by chance that nobody confuses on paper or by telephone."""
    return "".join(secrets.choice(LETTERS) for _ in range(letters))


def void(request: SupportRequest) -> bool:
    """Void what was verified and decided; tell whether there was anything. Inside an open door."""
    decisions = _approvals(request)
    released = select(EmergencyRelease).where(
        EmergencyRelease.request_id == request.id, EmergencyRelease.stands()
    )
    for row in (*decisions, *session().scalars(released)):
        row.voided_at = clock.now()
    had = bool(decisions) or request.verified_by_id is not None
    request.verified_by_id = request.approved_by_id = None
    request.director_approved_by_id = request.board_approved_by_id = None
    request.recommended_at = request.approved_at = None
    request.emergency = False
    return had


def _approvals(request: SupportRequest) -> Sequence[Decision]:
    standing = select(Decision).where(Decision.request_id == request.id, Decision.stands())
    return session().scalars(standing).all()


def _send(actor: Actor, request: SupportRequest) -> None:
    """Give what is sent its number, its deadline and those who must decide."""
    scope = session().get_one(Scope, request.scope_id)
    missing = what_is_missing(request)
    if missing:
        raise Refused(missing)
    check_draw(request)
    named = select(RequestPerson.person_id).where(RequestPerson.request_id == request.id)
    tell(scope, session().scalars(named).all())
    request.edition += 1
    request.submitted_at = request.changed_at = clock.now()
    settings = settings_of(request.organisation_id)
    request.decide_by = decide_by(request, request.submitted_at, settings)
    set_level(request)
    session().flush()
    must_hold(actor, (BOARD_IS_THERE,), request)
    set_needs_anyway(request)


# What is written down ----------------------------------------------------------------------------


def _check_lists(draft: RequestDraft) -> None:
    items = {
        f"items.{number}.support_type": ("support_type", item.support_type)
        for number, item in enumerate(draft.items)
    }
    check_terms(
        {
            **items,
            "method": ("payment_method", draft.method),
            "urgency": ("urgency", draft.urgency),
            "risk_level": ("risk_level", draft.risk_level),
        }
    )
    for victim in (draft.beneficiary, draft.payee, draft.carrier):
        if victim is not None and victim.described is not None:
            check_codes(victim.described)


def _write(actor: Actor, request: SupportRequest, draft: RequestDraft) -> None:
    ring().load([request.data_key_id])
    before = request.amount, request.currency
    for name in (
        "short", "reimburses", "currency", "amount", "needed_by", "method", "urgency",
        "risk_level", "consented_on", "payee_details", "households", "plan_until",
    ):  # fmt: skip
        setattr(request, name, getattr(draft, name))
    if (request.amount, request.currency) != before:
        check(beyond_share(request))
    for name, text in draft.words.items():
        if name in WORDS:
            setattr(request, name, text or None)
    request.carrier_id = colleague_id(actor, draft.carrier_colleague, "carrier_colleague")
    _write_people(actor, request, draft)
    write_items(request, draft)
    write_instalments(request, draft)


def _write_people(actor: Actor, request: SupportRequest, draft: RequestDraft) -> None:
    case = session().get_one(Case, request.case_id)
    helped = _one(actor, case, draft.beneficiary, "beneficiary")
    payee = None if draft.reimburses else draft.payee
    paid = helped if payee is draft.beneficiary else _one(actor, case, payee, "payee")
    roles = {
        (RequestRole.BENEFICIARY, helped),
        (RequestRole.PAYEE, paid),
        (RequestRole.CARRIER, _one(actor, case, draft.carrier, "carrier")),
        *(
            (RequestRole.HOUSEHOLD, _known(actor, case, uid, "household"))
            for uid in draft.household
        ),
    }
    people = {(part, person.id) for part, person in roles if person is not None}
    query = select(RequestPerson).where(RequestPerson.request_id == request.id)
    present = {(RequestRole(row.part), row.person_id): row for row in session().scalars(query)}
    for key in present.keys() - people:
        session().delete(present[key])
    session().add_all(
        RequestPerson(request_id=request.id, person_id=person_id, part=part)
        for part, person_id in people - present.keys()
    )
    session().flush()
    if paid is None:
        request.payee_code = f"U-{request.requested_by_id}" if request.reimburses else None
    elif (RequestRole.PAYEE, paid.id) not in present:
        request.payee_code = _payee_code(request, paid)


def _one(actor: Actor, case: Case, who: Victim | None, name: str) -> Person | None:
    if who is None:
        return None
    if who.known is not None:
        return _known(actor, case, who.known, name)
    if who.described is None:
        return None
    scope = session().get_one(Scope, case.scope_id)
    person = add_person(actor, who.described, session().get_one(Compartment, scope.compartment_id))
    name_in_case([person], scope, draft_of=actor.id)
    return person


def _known(actor: Actor, case: Case, uid: UUID, name: str) -> Person:
    try:
        return somebody_in(actor, case, uid)
    except NotFound:
        raise Refused({name: N_("Choose somebody of this case.")}) from None


def _payee_code(request: SupportRequest, payee: Person) -> str:
    """Return the code by which the fund knows who is paid: the same for the same person."""
    earlier = (
        select(SupportRequest.payee_code)
        .join(RequestPerson, RequestPerson.request_id == SupportRequest.id)
        .where(
            RequestPerson.person_id == payee.id,
            RequestPerson.part == RequestRole.PAYEE,
            SupportRequest.id != request.id,
        )
        .order_by(SupportRequest.id)
        .limit(1)
    )
    return session().scalar(earlier) or f"P-{drawn(CODE_LETTERS)}"
