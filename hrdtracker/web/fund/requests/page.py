"""The page of one request: the question that comes first, then its whole story."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.forms.fund.requests.decisions import DeclareForm, ReasonForm
from hrdtracker.fund.budget.line_choice import lines_for
from hrdtracker.fund.model import (
    Capacity,
    Decision,
    RequestRole,
    RequestStatus,
    SupportRequest,
    Verification,
)
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.court_standing import court_standing
from hrdtracker.fund.reading.prior_support import overlaps
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.requests.people import IdentifiedPeople
from hrdtracker.fund.requests.service import UNSENT
from hrdtracker.web.fund.requests.actions import Act, NextAction, next_action, others
from hrdtracker.web.fund.requests.answer import is_asked_first
from hrdtracker.web.fund.requests.instalments import InstalmentLine, instalment_lines
from hrdtracker.web.fund.requests.missing import MissingThing, asked_in_all, missing_of, owed_by
from hrdtracker.web.fund.requests.people import RequestPeople, people_shown
from hrdtracker.web.fund.requests.plans import Draws, draws_of, may_draw, plan_facts
from hrdtracker.web.fund.requests.steps import StepLine, steps_of
from hrdtracker.web.fund.requests.summary import glance, helped_before, say_next
from hrdtracker.web.shell.context import locale, word
from hrdtracker.web.shell.page import show
from hrdtracker.web.words.court_standing import StandingWords, standing_words
from hrdtracker.web.words.fields import WordedChange
from hrdtracker.web.words.request_changes import say_changed, say_more
from hrdtracker.web.words.requests import (
    RISKS,
    Badge,
    WordedLine,
    by_at,
    deadline_badge,
    money,
    say_messages,
    say_who,
    status_badge,
    title_of,
    worded_lines,
)

DECIDES = {
    Action.FUND_VERIFY,
    Action.FUND_RECOMMEND,
    Action.FUND_APPROVE,
    Action.FUND_EMERGENCY,
    Action.FUND_RATIFY,
    Action.FUND_COMMIT,
}
"""What is decided in the knowledge of who was helped already."""
WITH_ITS_REASON = {RequestStatus.RETURNED, RequestStatus.REFUSED, RequestStatus.CANCELLED}
"""How a request stands where its reader first wants to know why."""
ASKED_AS = {
    Capacity.OFFICER: "fund_officer",
    Capacity.DIRECTOR: "director",
    Capacity.BOARD: "board",
}
"""What those are called whose approval is still wanted."""


@dataclass(frozen=True)
class ItemLine:
    """One line of what the money is for."""

    what: str
    more: str
    each: str
    sum: str


@dataclass(frozen=True)
class DecisionLine:
    """One decision: what, by whom and when, and why; whether it still counts."""

    badge: Badge
    who: str
    reason: str
    void: bool


@dataclass(frozen=True)
class WordedOutcome:
    """Whether it helped, in whose words, and who asked."""

    outcome: str
    words: str
    who: str


@dataclass(frozen=True)
class DeclarePage:
    """The question that comes before all work on a request: whether one knows its people."""

    request: SupportRequest
    title: str
    people: RequestPeople


@dataclass(frozen=True)
class RequestPage:
    """The story of one request, in the reader’s words, with what they may do to it now."""

    request: SupportRequest
    case: Case
    reads_case: bool
    outlines_case: bool
    title: str
    total: str
    badges: Sequence[Badge]
    helped: str
    """For whom it is, by letter."""
    asked_by: str
    glance: Sequence[tuple[str, str]]
    because: DecisionLine | None
    """Why it came back or ended."""
    changed: Sequence[WordedChange]
    """What changed since the reader’s last decision."""
    lines: Sequence[WordedLine]
    items: Sequence[ItemLine]
    risk: Badge
    verification: Verification | None
    verified: str
    instalments: Sequence[InstalmentLine]
    outcome: WordedOutcome | None
    decisions: Sequence[DecisionLine]
    first: NextAction
    others: Sequence[Act]
    warnings: Sequence[str]
    missing: Sequence[MissingThing]
    in_all: int
    """How many things a request must say."""
    owes: Sequence[MissingThing]
    """What a short request must still say after it was sent."""
    writes_rest: bool
    people: RequestPeople
    steps: Sequence[StepLine]
    draws: Draws | None
    """What draws from it, where it is a plan."""
    may_draw: bool
    standings: Sequence[StandingWords]
    """How far the courts are with whom it is for, to whoever holds the fund and reads no case."""


def story_page(
    actor: Actor,
    uid: UUID,
    shown: IdentifiedPeople | None = None,
    drawn: str | None = None,
) -> Response:
    """Return the page of a request, or the question that comes first.

    Of a plan, `drawn` says how many households that drew are left out at the beginning.
    """
    details = request_reading.story(actor, uid)
    if is_asked_first(details):
        return question_page(details, DeclareForm().offer(), shown)
    page = _story(actor, details, shown, drawn)
    return show("fund/requests/request.html", page, ReasonForm())


def question_page(
    details: RequestDetails, form: DeclareForm, shown: IdentifiedPeople | None = None
) -> Response:
    """Return the question whether one knows the people of a request."""
    page = DeclarePage(details.request, title_of(details), people_shown(details, shown))
    return show("fund/requests/declare.html", page, form)


def _story(
    actor: Actor,
    details: RequestDetails,
    shown: IdentifiedPeople | None,
    drawn: str | None,
) -> RequestPage:
    request = details.request
    first, users = next_action(actor, details), _users(details)
    unsent = Action.FUND_EDIT in details.may and request.status in UNSENT
    owes = owed_by(request) if request.status not in UNSENT else []
    lines = _lines(actor, details)
    warnings, decides = list[str](), bool(details.may & DECIDES)
    badges = status_badge(request.status), deadline_badge(request)
    at_once = glance(
        actor, details, lines, gettext("You") if first.act else say_next(details, users)
    )
    if request.passed_to_id:
        at_once.append(
            (gettext("In the fund officer’s place"), users.get(request.passed_to_id, ""))
        )
    at_once += plan_facts(details)
    if decides:
        warnings = say_messages(overlaps(actor, request))
        at_once.append(helped_before(warnings))
    return RequestPage(
        request=request,
        case=details.case,
        title=title_of(details),
        total=money(request.amount, request.currency),
        badges=[badge for badge in badges if badge],
        reads_case=Action.CASE_READ in details.case_may,
        outlines_case=Action.CASE_OUTLINE in details.case_may,
        helped=say_who(details, RequestRole.BENEFICIARY),
        asked_by=by_at(
            users.get(request.requested_by_id, ""), request.submitted_at or request.asked_at
        ),
        first=first,
        others=others(details, first),
        warnings=warnings,
        lines=lines,
        glance=at_once,
        people=people_shown(details, shown),
        items=[*_items(details)],
        risk=Badge(RISKS.get(request.risk_level or "", "none"), _risk(details)),
        missing=missing_of(request) if unsent else [],
        in_all=asked_in_all(request),
        owes=owes,
        writes_rest=Action.FUND_COMPLETE in details.may,
        verification=details.verification,
        verified=by_at(users.get(details.verification.verified_by_id, ""), details.verification.at)
        if details.verification
        else "",
        because=_because(details, users),
        decisions=[_decided(decision, users) for decision in details.decisions],
        changed=say_changed(details.changed),
        instalments=instalment_lines(details, users),
        steps=steps_of(details, users),
        draws=draws_of(actor, details.request, drawn),
        may_draw=may_draw(actor, details),
        outcome=_outcome(details, users),
        standings=_standings(actor, details),
    )


def _standings(actor: Actor, details: RequestDetails) -> list[StandingWords]:
    """Return how far the courts are; nothing to who reads it all in the case."""
    if Action.CASE_READ in details.case_may:
        return []
    return [standing_words(one) for one in court_standing(actor, details.request)]


def _users(details: RequestDetails) -> Mapping[int, str]:
    """Return what everybody is called who did something to a request."""
    request, verification = details.request, details.verification
    ids = [request.requested_by_id, request.carrier_id, request.passed_to_id]
    ids += request.approvers()
    ids += [verification.verified_by_id] if verification else []
    ids += [decision.decided_by_id for decision in details.decisions]
    ids += [decision.stands_in_for_id for decision in details.decisions]
    ids += [instalment.checked_by_id for instalment in details.instalments]
    ids += [details.outcome.collected_by_id] if details.outcome else []
    for paid in details.payments:
        payment, account = paid.payment, paid.acquittal
        ids += [payment.prepared_by_id, payment.released_by_id, payment.confirmed_to_id]
        if account:
            ids += [account.recorded_by_id, account.declared_by_id, account.reviewed_by_id]
    return labels_by_id(ids)


def _lines(actor: Actor, details: RequestDetails) -> list[WordedLine]:
    """Return where the money could come from, to whoever approves or promises it."""
    asks = {Action.FUND_APPROVE, Action.FUND_COMMIT, Action.FUND_EMERGENCY} & details.may
    if not asks or not policy.could(actor, Action.FUND_DONOR_READ):
        return []
    return worded_lines(lines_for(actor, details.request))


def _items(details: RequestDetails) -> Iterator[ItemLine]:
    currency = details.request.currency
    for item in details.items:
        yield ItemLine(
            terms().label("support_type", item.support_type, locale()),
            say_more(item),
            money(item.each, currency),
            money(item.amount, currency),
        )


def _risk(details: RequestDetails) -> str:
    level = details.request.risk_level
    return terms().label("risk_level", level, locale()) if level else ""


def _decided(decision: Decision, users: Mapping[int, str]) -> DecisionLine:
    who = users.get(decision.decided_by_id, "")
    if decision.stands_in_for_id:
        absent = users.get(decision.stands_in_for_id, "")
        who = gettext("%(who)s for %(absent)s", who=who, absent=absent)
    drawn = {
        "refused": "cross",
        "returned": "return",
        "not_ratified": "cross",
        "cancelled": "cross",
    }
    kind = "returned" if decision.verdict in drawn else "done"
    badge = Badge(kind, word(decision.verdict), drawn.get(decision.verdict, "check"))
    capacity = word(ASKED_AS[Capacity(decision.capacity)]) if decision.capacity else ""
    signed = ", ".join(part for part in (by_at(who, decision.at), capacity) if part)
    return DecisionLine(badge, signed, decision.reason or "", decision.voided_at is not None)


def _because(details: RequestDetails, users: Mapping[int, str]) -> DecisionLine | None:
    """Return why a request came back or ended, where somebody decided so."""
    status = details.request.status
    if status not in WITH_ITS_REASON:
        return None
    decisions = [decision for decision in details.decisions if decision.verdict == status]
    return _decided(decisions[-1], users) if decisions else None


def _outcome(details: RequestDetails, users: Mapping[int, str]) -> WordedOutcome | None:
    outcome = details.outcome
    if outcome is None:
        return None
    return WordedOutcome(
        terms().label("support_outcome", outcome.outcome, locale()),
        outcome.words or "",
        by_at(users.get(outcome.collected_by_id, ""), outcome.collected_at),
    )
