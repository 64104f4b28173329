"""A decision that needs a reason and nothing else: its page, and what it does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.requests.decisions import ReasonForm
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading.prior_support import overlaps
from hrdtracker.web.fund.requests.actions import approval_of, button_of, sentence_of
from hrdtracker.web.fund.requests.answer import DecisionPage, act_on_request, story_for, subject_of
from hrdtracker.web.shell import identity
from hrdtracker.web.words.fields import WordedChange
from hrdtracker.web.words.request_changes import say_changed
from hrdtracker.web.words.requests import say_messages

Verb = Callable[[Actor, SupportRequest, str, int], Any]
WARNED = {Action.FUND_RECOMMEND, Action.FUND_APPROVE, Action.FUND_EMERGENCY}
"""What is decided in the knowledge of what else was asked for the same people."""
ENDS = {Action.FUND_REFUSE, Action.FUND_CANCEL}
"""What a request does not come back from."""


@dataclass(frozen=True, kw_only=True)
class ReasonPage(DecisionPage):
    """The page of a decision with its reason, where it needs one."""

    warnings: Sequence[str] = ()
    changed: Sequence[WordedChange] = ()
    facts: Sequence[tuple[str, str]] = ()
    """What it is about, where its reader may see no more of it."""
    danger: bool = False


def decide(uid: UUID, action: Action, what: str, done: str, verb: Verb) -> Response:
    """Show the page of a decision, or decide; `done` is the sentence that says so afterwards."""
    actor = identity.actor()
    details = story_for(actor, uid, action)
    request = details.request
    if action == Action.FUND_CANCEL and request.households is not None:
        what, done = gettext("End the plan"), gettext("The plan has ended.")
    form = ReasonForm.received(version=str(request.version))

    def act() -> str:
        verb(actor, request, form.reason.data or "", version_of(form))
        return done

    approves = action == Action.FUND_APPROVE
    page = ReasonPage(
        subject=subject_of(details),
        what=what,
        sentence=approval_of(actor, request) if approves else sentence_of(action, request),
        label=button_of(action, request).removesuffix("…"),
        warnings=say_messages(overlaps(actor, request)) if action in WARNED else [],
        changed=say_changed(details.changed) if action in WARNED else [],
        danger=action in ENDS,
    )
    return act_on_request("fund/requests/reason.html", page, form, act)
