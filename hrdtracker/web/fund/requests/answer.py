"""How the pages of a request answer: who may be there, what is done, where it leads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import note_refusal
from hrdtracker.core.errors import NotAllowed, Stale, WrongStatus
from hrdtracker.forms.base import Form
from hrdtracker.fund.guards import HAS_ANSWERED
from hrdtracker.fund.model import Acquittal, Payment, SupportRequest
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.own_part import Followed, FollowedPayment
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.workflow import OF_REQUEST
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import SavedMeanwhile, saved_meanwhile
from hrdtracker.web.shell.page import show
from hrdtracker.web.words.requests import title_of

WORK = frozenset(action for action, guards in OF_REQUEST.items() if HAS_ANSWERED in guards)
"""What nobody does who has not said whether they know the people of a request."""


@dataclass(frozen=True)
class Subject:
    """What a page of one act is about, and where it leads back to."""

    request: SupportRequest
    record: SupportRequest | Payment | Acquittal
    title: str
    code: str
    back: str


@dataclass(frozen=True, kw_only=True)
class ActionPage:
    """The page of one act: what it is about, and who changed that meanwhile."""

    subject: Subject
    saved: SavedMeanwhile | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionPage(ActionPage):
    """The page of a decision: what it is, what follows from it, and what its button says."""

    what: str
    sentence: str
    label: str


@dataclass(frozen=True, kw_only=True)
class FollowedPaymentPage(ActionPage):
    """The page of an act on a payment, of whose request one may see no more."""

    followed: FollowedPayment


def story_for(actor: Actor, uid: UUID, action: Action) -> RequestDetails:
    """Return a request for a page of one act; raises NotFound, NotAllowed, WrongStatus."""
    details = request_reading.story(actor, uid)
    if action in details.may:
        if action in WORK and details.declared is None:
            raise WrongStatus(HAS_ANSWERED.refusal)
        return details
    if action in details.hindered:
        raise WrongStatus(details.hindered[action])
    note_refusal(actor, action, SupportRequest.__tablename__, uid)
    raise NotAllowed


def is_asked_first(details: RequestDetails) -> bool:
    """Tell whether the reader must say whether they know the people, before anything else."""
    return details.declared is None and bool(details.may & WORK)


def to_request(uid: UUID, anchor: str = "") -> Response:
    """Send the reader to the request, or to a part of its page."""
    return redirect(url_for("fund.story", uid=uid) + anchor, 303)


def subject_of(details: RequestDetails) -> Subject:
    """Return that a page is about a request whose story the reader may open."""
    request = details.request
    back = url_for("fund.story", uid=request.uid)
    return Subject(request, request, title_of(details), request.code, back)


def subject_followed(followed: Followed) -> Subject:
    """Return that a page is about a payment, or a request, of which one may see no more."""
    uid = followed.request.uid
    back = url_for("fund.story", uid=uid) if followed.opens else url_for("home.today")
    return Subject(followed.request, followed.record, "", followed.code, back)


def act_on_request(
    template: str,
    page: ActionPage,
    form: Form,
    act: Callable[[], str],
    version: Callable[[], int] | None = None,
) -> Response:
    """Do what a form about a request asks, and go back there.

    `act` does it and returns the sentence that says so. `version` reads the present one, where the
    form is not about that of the record itself.
    """

    def show_again(late: Stale | None) -> Response:
        if late is not None:
            form.version.data = str(version() if version else page.subject.record.version)
        saved = saved_meanwhile(identity.actor(), page.subject.record.uid, late)
        return show(template, replace(page, saved=saved), form)

    return carry_out(form, lambda: (act(), _still_open(page.subject)), show_again)


def _still_open(subject: Subject) -> str:
    """Return where an act leads back to: the first page, where it closed the request to the actor.

    So for whom the board named, once it is returned and no longer theirs to decide.
    """
    readable = policy.allows(identity.actor(), Action.FUND_REQUEST_READ, subject.request)
    return subject.back if readable else url_for("home.today")
