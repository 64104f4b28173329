"""The page of one request: the question that comes first, then its whole story."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response
from flask_babel import gettext, ngettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels, labels_by_id
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.forms.fund.requests.decisions import DeclareForm, ReasonForm
from hrdtracker.fund.budget.line_choice import lines_for
from hrdtracker.fund.model import (
    Capacity,
    RequestRole,
    RequestStatus,
    SupportRequest,
    Verification,
)
from hrdtracker.fund.model import Decision as Decided
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.prior_support import overlaps
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.requests.service import UNSENT
from hrdtracker.web.fund.requests.actions import Act, NextAction, decision, others
from hrdtracker.web.fund.requests.answer import is_asked_first
from hrdtracker.web.fund.requests.instalments import InstalmentLine, instalment_lines
from hrdtracker.web.fund.requests.missing import MissingThing, asked_in_all, missing_of, owed_by
from hrdtracker.web.fund.requests.summary import glance, helped_before, say_next, say_wanted
from hrdtracker.web.incidents.difference import WordedChange
from hrdtracker.web.shell.context import locale, number, word
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.fields import label_of
from hrdtracker.web.words.requests import (
    RISKS,
    Badge,
    LineSaid,
    Somebody,
    by_at,
    deadline_badge,
    lines_said,
    money,
    people_in,
    say_change,
    say_messages,
    say_who,
    status_badge,
    title_of,
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
class OutcomeSaid:
    """Whether it helped, in whose words, and who asked."""

    outcome: str
    words: str
    who: str


@dataclass(frozen=True)
class StepLine:
    """One step on the way of a request; its state is done, here or nothing."""

    what: str
    who: str
    state: str


@dataclass(frozen=True)
class DeclarePage:
    """The question that comes before all work on a request: whether one knows its people."""

    request: SupportRequest
    title: str
    people: Sequence[Somebody]
    names_hidden: bool


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
    lines: Sequence[LineSaid]
    items: Sequence[ItemLine]
    risk: Badge
    verification: Verification | None
    verified: str
    instalments: Sequence[InstalmentLine]
    outcome: OutcomeSaid | None
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
    people: Sequence[Somebody]
    names_hidden: bool
    steps: Sequence[StepLine]


def story_page(
    actor: Actor, uid: UUID, names: Mapping[UUID, Sequence[str]] | None = None
) -> Response:
    """Return the page of a request, or the question that comes first."""
    details = request_reading.story(actor, uid)
    if is_asked_first(details):
        return question_page(details, DeclareForm().offer(), names)
    page = _story(actor, details, names)
    return show("fund/requests/request.html", page, ReasonForm())


def question_page(
    details: RequestDetails, form: DeclareForm, names: Mapping[UUID, Sequence[str]] | None = None
) -> Response:
    """Return the question whether one knows the people of a request."""
    people = people_in(details, names)
    page = DeclarePage(details.request, title_of(details), people, names_hidden=names is None)
    return show("fund/requests/declare.html", page, form)


def _story(
    actor: Actor, told: RequestDetails, names: Mapping[UUID, Sequence[str]] | None
) -> RequestPage:
    request = told.request
    first, users = decision(actor, told), _users(told)
    unsent = Action.FUND_EDIT in told.may and request.status in UNSENT
    owes = owed_by(request) if request.status not in UNSENT else []
    mine = policy.allows(actor, Action.FUND_EDIT, request) if owes else False
    lines = _lines(actor, told)
    warnings, decides = list[str](), bool(told.may & DECIDES)
    badges = status_badge(request.status), deadline_badge(request)
    at_once = glance(actor, told, lines, gettext("You") if first.act else say_next(told, users))
    if decides:
        warnings = say_messages(overlaps(actor, request))
        at_once.append(helped_before(warnings))
    return RequestPage(
        request=request,
        case=told.case,
        title=title_of(told),
        total=money(request.amount, request.currency),
        badges=[badge for badge in badges if badge],
        reads_case=Action.CASE_READ in told.case_may,
        outlines_case=Action.CASE_OUTLINE in told.case_may,
        helped=say_who(told, RequestRole.BENEFICIARY),
        asked_by=by_at(
            users.get(request.requested_by_id, ""), request.submitted_at or request.asked_at
        ),
        first=first,
        others=others(told, first),
        warnings=warnings,
        lines=lines,
        glance=at_once,
        people=people_in(told, names),
        names_hidden=names is None,
        items=[*_items(told)],
        risk=Badge(RISKS.get(request.risk_level or "", "none"), _risk(told)),
        missing=missing_of(request) if unsent else [],
        in_all=asked_in_all(request),
        owes=owes,
        writes_rest=mine,
        verification=told.verification,
        verified=by_at(users.get(told.verification.verified_by_id, ""), told.verification.at)
        if told.verification
        else "",
        because=_because(told, users),
        decisions=[_decided(each, users) for each in told.decisions],
        changed=say_changed(told),
        instalments=instalment_lines(actor, told, users),
        steps=_steps(told, users),
        outcome=_outcome(told, users),
    )


def _users(told: RequestDetails) -> Mapping[int, str]:
    """Return what everybody is called who did something to a request."""
    request, held = told.request, told.verification
    ids = [request.requested_by_id, request.carrier_id, *request.approvers()]
    ids += [held.verified_by_id] if held else []
    ids += [each.decided_by_id for each in told.decisions]
    ids += [each.stands_in_for_id for each in told.decisions]
    ids += [each.checked_by_id for each in told.instalments]
    ids += [told.outcome.collected_by_id] if told.outcome else []
    for each in told.payments:
        payment, account = each.payment, each.acquittal
        ids += [payment.prepared_by_id, payment.released_by_id, payment.confirmed_to_id]
        if account:
            ids += [account.recorded_by_id, account.declared_by_id, account.reviewed_by_id]
    return labels_by_id(ids)


def _lines(actor: Actor, told: RequestDetails) -> list[LineSaid]:
    """Return where the money could come from, to whoever approves or promises it."""
    asks = {Action.FUND_APPROVE, Action.FUND_COMMIT, Action.FUND_EMERGENCY} & told.may
    if not asks or not policy.could(actor, Action.FUND_DONOR_READ):
        return []
    return lines_said(lines_for(actor, told.request))


def _items(told: RequestDetails) -> Iterator[ItemLine]:
    currency = told.request.currency
    for item in told.items:
        lump = gettext("lump sum, no receipt") if item.lump else ""
        times = ngettext(
            "%(count)s time", "%(count)s times", item.quantity, count=number(item.quantity)
        )
        more = [item.what or "", times if item.quantity > 1 else "", lump]
        yield ItemLine(
            terms().label("support_type", item.support_type, locale()),
            ", ".join(part for part in more if part),
            money(item.each, currency),
            money(item.amount, currency),
        )


def _risk(told: RequestDetails) -> str:
    level = told.request.risk_level
    return terms().label("risk_level", level, locale()) if level else ""


def _decided(one: Decided, users: Mapping[int, str]) -> DecisionLine:
    who = users.get(one.decided_by_id, "")
    if one.stands_in_for_id:
        absent = users.get(one.stands_in_for_id, "")
        who = gettext("%(who)s for %(absent)s", who=who, absent=absent)
    drawn = {
        "refused": "cross",
        "returned": "return",
        "not_ratified": "cross",
        "cancelled": "cross",
    }
    kind = "returned" if one.verdict in drawn else "done"
    badge = Badge(kind, word(one.verdict), drawn.get(one.verdict, "check"))
    capacity = word(ASKED_AS[Capacity(one.capacity)]) if one.capacity else ""
    said = ", ".join(part for part in (by_at(who, one.at), capacity) if part)
    return DecisionLine(badge, said, one.reason or "", one.voided_at is not None)


def _because(told: RequestDetails, users: Mapping[int, str]) -> DecisionLine | None:
    """Return why a request came back or ended, where somebody decided so."""
    status = told.request.status
    if status not in WITH_ITS_REASON:
        return None
    found = [each for each in told.decisions if each.verdict == status]
    return _decided(found[-1], users) if found else None


def say_changed(told: RequestDetails) -> list[WordedChange]:
    """Return what changed since the reader’s last decision, in words."""
    names = labels({each.actor_uid for each in told.changed})
    return [
        WordedChange(
            label_of(each.table, each.column),
            say_change(each, each.before, told.request),
            say_change(each, each.after, told.request),
            by_at(names.get(each.actor_uid, ""), each.at),
        )
        for each in told.changed
    ]


def _outcome(told: RequestDetails, users: Mapping[int, str]) -> OutcomeSaid | None:
    outcome = told.outcome
    if outcome is None:
        return None
    return OutcomeSaid(
        terms().label("support_outcome", outcome.outcome, locale()),
        outcome.words or "",
        by_at(users.get(outcome.collected_by_id, ""), outcome.collected_at),
    )


# Where it stands ---------------------------------------------------------------------------------


def _steps(told: RequestDetails, users: Mapping[int, str]) -> list[StepLine]:
    """Return the way of a request: what is done, where it is, what is still to come."""
    request, line = told.request, told.line
    asked = request.submitted_at
    sent = by_at(users.get(request.requested_by_id, ""), asked)
    verified = by_at(users.get(request.verified_by_id or 0, ""), request.recommended_at)
    signed = ", ".join(
        users.get(each, "") for each in sorted(request.approvers()) if users.get(each)
    )
    paid = request.status in {"paid", "acquitted", "closed"}
    done = [
        (gettext("Asked"), asked is not None, sent),
        (gettext("Verified and recommended"), request.recommended_at is not None, verified),
        (
            gettext("Approved"),
            request.approved_at is not None,
            _signed(told, signed),
        ),
        (
            gettext("Promised on a line"),
            request.committed_at is not None and line is not None,
            by_at(f"{line.code} {line.title}", request.committed_at) if line else "",
        ),
        (gettext("Paid"), paid, _parts(told)),
        (gettext("Accounted for"), request.status in {"acquitted", "closed"}, ""),
    ]
    if request.emergency:
        done.pop(1)
    here = next((place for place, (_, is_done, _) in enumerate(done) if not is_done), len(done))
    ended = request.ended_at is not None
    return [
        StepLine(what, who, _state(place, here, is_done=is_done, ended=ended))
        for place, (what, is_done, who) in enumerate(done)
    ]


def _signed(told: RequestDetails, signed: str) -> str:
    """Return who has approved, and whose approval is still wanted."""
    request = told.request
    if request.approved_at is not None or request.ended_at is not None:
        return by_at(signed, request.approved_at)
    wanted = say_wanted(told)
    if signed and wanted:
        return begin(gettext("%(signed)s; still wanted: %(who)s", signed=signed, who=wanted))
    return gettext("Still wanted: %(who)s", who=wanted) if wanted else begin(signed)


def _state(place: int, here: int, *, is_done: bool, ended: bool) -> str:
    if is_done:
        return "done"
    return "here" if place == here and not ended else ""


def _parts(told: RequestDetails) -> str:
    many = len(told.instalments)
    return str(ngettext("%(count)s instalment", "%(count)s instalments", many, count=number(many)))
