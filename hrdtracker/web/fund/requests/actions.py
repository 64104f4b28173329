"""What the reader of a request may do now: one thing that comes first, and the ways to the rest."""

from dataclasses import dataclass, field
from uuid import uuid4

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.fund.capacity import capacity_for
from hrdtracker.fund.model import Capacity, RequestStatus, SupportRequest
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.web.fund.requests.missing import missing_of
from hrdtracker.web.words.requests import asked_for

FIRST = (
    Action.FUND_RATIFY,
    Action.FUND_RECOMMEND,
    Action.FUND_APPROVE,
    Action.FUND_VERIFY,
    Action.FUND_COMMIT,
    Action.FUND_OUTCOME,
    Action.FUND_CLOSE,
    Action.FUND_SUBMIT,
)
"""What comes first for whoever may do several things."""
WITH_REASON = {Action.FUND_RECOMMEND, Action.FUND_APPROVE, Action.FUND_EMERGENCY}
AT_ONCE = {Action.FUND_SUBMIT, Action.FUND_CLOSE, Action.FUND_LIFT}
"""What needs no more words than its button."""
ENDPOINTS = {
    Action.FUND_SUBMIT: "fund.send",
    Action.FUND_EDIT: "fund.basics",
    Action.FUND_WITHDRAW: "fund.take_back",
    Action.FUND_VERIFY: "fund_decide.verify",
    Action.FUND_RECOMMEND: "fund_decide.recommend",
    Action.FUND_RETURN: "fund_decide.send_back",
    Action.FUND_REFUSE: "fund_decide.refuse",
    Action.FUND_APPROVE: "fund_decide.approve",
    Action.FUND_EMERGENCY: "fund_decide.release",
    Action.FUND_RATIFY: "fund_decide.ratify",
    Action.FUND_LIFT: "fund_decide.lift",
    Action.FUND_COMMIT: "fund_commit.commit",
    Action.FUND_MOVE: "fund_commit.move",
    Action.FUND_CANCEL: "fund_commit.cancel",
    Action.FUND_OUTCOME: "fund_follow.outcome",
    Action.FUND_CLOSE: "fund_follow.close",
    Action.FUND_COMPLAIN: "fund_follow.complain",
    Action.FUND_DECLARE: "fund_decide.declare",
}
BUTTONS = {
    Action.FUND_SUBMIT: N_("Send the request"),
    Action.FUND_EDIT: N_("Change it"),
    Action.FUND_WITHDRAW: N_("Withdraw it…"),
    Action.FUND_VERIFY: N_("Verify the request"),
    Action.FUND_RECOMMEND: N_("Recommend %(amount)s"),
    Action.FUND_RETURN: N_("Return…"),
    Action.FUND_REFUSE: N_("Refuse…"),
    Action.FUND_APPROVE: N_("Approve %(amount)s"),
    Action.FUND_EMERGENCY: N_("Release %(amount)s at once"),
    Action.FUND_RATIFY: N_("Ratify the release"),
    Action.FUND_LIFT: N_("Let the two sign by themselves again"),
    Action.FUND_COMMIT: N_("Commit %(amount)s to a line"),
    Action.FUND_MOVE: N_("Move it to another line…"),
    Action.FUND_CANCEL: N_("Cancel it…"),
    Action.FUND_OUTCOME: N_("Say whether it helped"),
    Action.FUND_CLOSE: N_("Close the request"),
    Action.FUND_COMPLAIN: N_("Take down a complaint"),
    Action.FUND_DECLARE: N_("I know somebody in this request"),
}
SENTENCES = {
    Action.FUND_SUBMIT: N_("You ask for %(amount)s. Those who decide see it once you send it."),
    Action.FUND_VERIFY: N_("You verify who it is, what happens, and what is needed."),
    Action.FUND_RECOMMEND: N_("You recommend %(amount)s, as you verified it."),
    Action.FUND_RETURN: N_("You return this request to its author with the reason."),
    Action.FUND_REFUSE: N_("You refuse %(amount)s for good, with the reason."),
    Action.FUND_EMERGENCY: N_(
        "You release %(amount)s before anybody verified. It takes a fund officer and a director,"
        " and somebody else ratifies it within days."
    ),
    Action.FUND_RATIFY: N_(
        "%(amount)s was released in an emergency. You say whether that was right."
    ),
    Action.FUND_COMMIT: N_(
        "You promise %(amount)s on a line of a grant. Finance releases it later."
    ),
    Action.FUND_CANCEL: N_("You cancel %(amount)s. The line has its money back."),
    Action.FUND_MOVE: N_("You move %(amount)s to another line of the same currency."),
    Action.FUND_WITHDRAW: N_("You take this request back. What was decided on it is void."),
    Action.FUND_OUTCOME: N_("You ask those who were helped whether it helped, and say so here."),
    Action.FUND_CLOSE: N_("Everything is paid and accounted for. You close the request."),
}
AS_WHAT = {
    Capacity.OFFICER: N_("You approve %(amount)s as fund officer."),
    Capacity.DIRECTOR: N_("You approve %(amount)s as a director."),
    Capacity.BOARD: N_("You approve %(amount)s for the board."),
}
THEN = N_("Nothing is paid yet: the money is promised on a line, then finance releases it.")
THEN_DRAWN = N_("Nothing is paid yet: each household draws from it, and is checked before that.")
WAITS_AS_PLAN = {
    RequestStatus.APPROVED: N_("It is approved: households draw from it until its last day."),
    RequestStatus.CANCELLED: N_("The plan has ended. What was drawn from it goes on."),
}
END_OF_PLAN = N_("You end this plan: nothing more is drawn from it. What was drawn goes on.")
NOBODY_IS_LEFT = N_(
    "Nobody is left who can go on with it. The directors of its office and the administrators read "
    "so, to name somebody."
)
IF_NOBODY_CAN = N_(
    "If nobody can go on with it, the directors of its office and the administrators read so, to "
    "name somebody."
)
WAITS = {
    RequestStatus.SUBMITTED: N_("It waits for a director of the office, who verifies it."),
    RequestStatus.VERIFYING: N_("It waits for the director who verifies it."),
    RequestStatus.RECOMMENDED: N_("It waits for whoever approves it."),
    RequestStatus.APPROVED: N_("It waits for a fund officer, who promises the money on a line."),
    RequestStatus.COMMITTED: N_("The money is promised. It is paid instalment by instalment."),
    RequestStatus.PART_PAID: N_("A part is paid. The rest is paid instalment by instalment."),
    RequestStatus.PAID: N_("All is paid. It is to be accounted for now."),
    RequestStatus.ACQUITTED: N_("All is accounted for. A fund officer closes it."),
    RequestStatus.RETURNED: N_("It was returned to whoever asked."),
    RequestStatus.REFUSED: N_("It was refused for good."),
    RequestStatus.CLOSED: N_("It is closed: paid, accounted for, and asked about."),
    RequestStatus.WITHDRAWN: N_("Whoever asked took it back."),
    RequestStatus.CANCELLED: N_("It was cancelled before anything was paid."),
}


KINDS = {
    Action.FUND_REFUSE: "danger",
    Action.FUND_CANCEL: "danger",
    Action.FUND_COMPLAIN: "quiet",
    Action.FUND_DECLARE: "quiet",
}
"""What ends something, and what is there for whoever needs it."""


@dataclass(frozen=True)
class Act:
    """Something that can be done: its words, and where; sent at once, or on a page of its own."""

    label: str
    url: str
    kind: str = "secondary"
    at_once: bool = False
    sending: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True)
class NextAction:
    """What comes first for the reader: the sentence that says what follows, and the button."""

    sentence: str
    act: Act | None
    with_reason: bool = False


def sentence_of(action: Action, request: SupportRequest) -> str:
    """Return what follows from an act, in a sentence."""
    if action == Action.FUND_CANCEL and request.households is not None:
        return str(gettext(END_OF_PLAN))
    return str(gettext(SENTENCES[action], amount=asked_for(request)))


def button_of(action: Action, request: SupportRequest) -> str:
    """Return what the button of an act says."""
    if action == Action.FUND_CANCEL and request.households is not None:
        return str(gettext("End the plan…"))
    return str(gettext(BUTTONS[action], amount=asked_for(request)))


def approval_of(actor: Actor, request: SupportRequest) -> str:
    """Return as what the reader approves, who must besides, and that nothing is paid yet."""
    capacity, absent = capacity_for(actor, request)
    sentences = [gettext(AS_WHAT[capacity], amount=asked_for(request))]
    if absent is not None:
        sentences.append(gettext("You stand in for somebody who is away."))
    sentences.append(gettext(THEN if request.households is None else THEN_DRAWN))
    return " ".join(sentences)


def next_action(actor: Actor, details: RequestDetails) -> NextAction:
    """Return what comes first for the reader of a request."""
    request = details.request
    action = _first(details)
    if action is None:
        return NextAction(_waits(details), None)
    if action == Action.FUND_SUBMIT and missing_of(request):
        sentence = gettext("Something is still missing before you can send it.")
        return NextAction(sentence, Act(gettext("Go on writing"), _url(Action.FUND_EDIT, request)))
    sentence = approval_of(actor, request) if action == Action.FUND_APPROVE else ""
    return NextAction(
        sentence or sentence_of(action, request),
        _act(action, request, "primary"),
        action in WITH_REASON,
    )


def others(details: RequestDetails, first: NextAction) -> list[Act]:
    """Return the ways to everything else that the reader may do to a request."""
    taken = first.act.url if first.act else ""
    acts = [
        _act(action, details.request, KINDS.get(action, "secondary"))
        for action in ENDPOINTS
        if action in details.may and not _is_empty(action, details)
    ]
    return [act for act in acts if act.url != taken]


def _first(details: RequestDetails) -> Action | None:
    if details.request.emergency and Action.FUND_EMERGENCY in details.may:
        return Action.FUND_EMERGENCY
    return next((action for action in FIRST if action in details.may), None)


def _is_empty(action: Action, details: RequestDetails) -> bool:
    """Tell whether an act is offered elsewhere, or says nothing to this reader."""
    never_asked = action == Action.FUND_DECLARE and details.declared is None
    return never_asked or action == Action.FUND_SUBMIT


def _act(action: Action, request: SupportRequest, kind: str) -> Act:
    return Act(button_of(action, request), _url(action, request), kind, action in AT_ONCE)


def _url(action: Action, request: SupportRequest) -> str:
    return url_for(ENDPOINTS[action], uid=request.uid)


def _waits(details: RequestDetails) -> str:
    """Return why the reader cannot do what they otherwise might, or for whom else it waits."""
    status = RequestStatus(details.request.status)
    waits = WAITS if details.request.households is None else WAITS | WAITS_AS_PLAN
    mine = (Action.FUND_EMERGENCY, *FIRST) if details.request.emergency else FIRST
    reasons = (details.hindered[action] for action in mine if action in details.hindered)
    otherwise = _for_whom(details, waits.get(status, ""))
    sentence = next((gettext(why) for why in reasons if why != WrongStatus.default), otherwise)
    return str(sentence) if sentence else ""


def _for_whom(details: RequestDetails, waits: str) -> str:
    """Return for whom a request waits, or that nobody is left, as far as the reader may know."""
    if details.hides_whether_stuck:
        return f"{gettext(waits)} {gettext(IF_NOBODY_CAN)}"
    if details.request.stuck_since:
        return str(gettext(NOBODY_IS_LEFT))
    return str(gettext(waits)) if waits else ""
