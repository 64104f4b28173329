"""What takes two people: the second confirms it, the first takes it back, the affected stop it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts import proposals, queries
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.cases import appeals
from hrdtracker.core.errors import N_, Stale
from hrdtracker.forms.base import say
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import say_last_day
from hrdtracker.web.words.proposals import ProposalText, say_proposals


def _confirm(actor: Actor, proposal: Proposal) -> None:
    proposals.confirm(actor, proposal, request.form.get("seen"))


bp = Blueprint("proposals", __name__)
ANSWERS = MappingProxyType(
    {
        "confirm": (Action.PROPOSAL_CONFIRM, _confirm, N_("Confirmed.")),
        "refuse": (Action.PROPOSAL_REFUSE, proposals.refuse, N_("Refused.")),
        "withdraw": (Action.PROPOSAL_TAKE_BACK, proposals.take_back, N_("Taken back.")),
        "stop": (Action.PROPOSAL_STOP, proposals.stop, N_("Stopped. The auditor reads of it.")),
    }
)
"""What somebody may answer: the verb it needs, what is done, and what is said then."""
OWN = Action.PROPOSAL_TAKE_BACK
NO_STOP = {OWN, Action.PROPOSAL_CONFIRM}
"""Who may take it back, or say yes or no to it, needs no other way to stop it."""
"""What one proposed oneself, also for oneself, one takes back and does not stop."""


@dataclass(frozen=True)
class ShutOut:
    """A case that the reader is shut out of: nothing of it, until when, and whether they asked."""

    uid: UUID
    until: str
    asked: bool


@dataclass(frozen=True)
class ProposalsPage:
    """What waits for the reader’s word, what they proposed themselves, and what concerns them."""

    to_confirm: Sequence[ProposalText]
    own: Sequence[ProposalText]
    seconds: Mapping[UUID, Sequence[str]]
    """Who could confirm what the reader proposed, by its uid."""
    about_me: Sequence[ProposalText]
    told: Sequence[ProposalText]
    """What waits for others, and the reader is to know of."""
    decided: Sequence[ProposalText]
    shut_out: Sequence[ShutOut]
    asked: Mapping[UUID, str]
    """What whoever is shut out asks, for whoever decides on it and may read it; by its uid."""
    recovers: bool


@bp.get("/confirmations")
@needs(Action.PROPOSAL_READ)
def waiting() -> Response:
    """Show what takes two people, as far as it is the reader’s to know."""
    actor = identity.actor()
    lines = queries.open_proposals(actor)
    texts = sorted(say_proposals(actor, lines), key=_is_over)
    own = [line for line in lines if OWN in line.may]
    page = ProposalsPage(
        [text for text in texts if Action.PROPOSAL_CONFIRM in text.may],
        [text for text in texts if OWN in text.may],
        {line.proposal.uid: queries.seconds_of(line.proposal) for line in own},
        [text for text in texts if Action.PROPOSAL_STOP in text.may and not text.may & NO_STOP],
        [text for text in texts if not text.may and text.status == ProposalStatus.WAITS],
        [text for text in texts if not text.may and text.status != ProposalStatus.WAITS],
        [
            ShutOut(row.uid, say_last_day(row.ends_at), asked)
            for row, asked in appeals.shut_out(actor)
        ],
        _asked(actor, lines),
        policy.could(actor, Action.CASE_RECOVER),
    )
    return show("admin/proposals.html", page)


def _is_over(text: ProposalText) -> bool:
    return text.status != ProposalStatus.WAITS


def _asked(actor: Actor, lines: Sequence[OpenProposal]) -> Mapping[UUID, str]:
    """Return what is asked of the reader, who does not only stand outside."""
    acts = [
        line.proposal
        for line in lines
        if line.proposal.action == Action.CASE_APPEAL and Action.PROPOSAL_CONFIRM in line.may
    ]
    words = {} if actor.only_confirms else appeals.words_of(act.subject_uid for act in acts)
    return {act.uid: words[act.subject_uid] for act in acts if act.subject_uid in words}


@bp.post("/confirmations/<uuid:uid>/<any(confirm, refuse, withdraw, stop):answer>")
@needs(Action.PROPOSAL_READ)
def decide(uid: UUID, answer: str) -> AnyResponse:
    """Confirm or refuse as the second person, take back one's own, or stop what concerns one."""
    actor = identity.actor()
    action, act, sentence = ANSWERS[answer]
    proposal = policy.fetch(actor, action, Proposal, uid)
    try:
        act(actor, proposal)
    except Stale as late:
        flash(say(late.reason), "warn")
        return redirect(url_for("law_proposed.proposed", uid=uid), 303)
    flash(gettext(sentence), "ok")
    return redirect(url_for("proposals.waiting"), 303)
