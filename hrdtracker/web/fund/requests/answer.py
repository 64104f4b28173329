"""How the pages of a request answer: who may be there, what is done, where it leads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import note_refusal
from hrdtracker.core.errors import NotAllowed, Stale, WrongStatus
from hrdtracker.forms.base import Form
from hrdtracker.fund.guards import HAS_ANSWERED
from hrdtracker.fund.model import Payment, SupportRequest
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.own_part import Followed
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.workflow import OF_REQUEST
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.words.requests import title_of

WORK = frozenset(action for action, guards in OF_REQUEST.items() if HAS_ANSWERED in guards)
"""What nobody does who has not said whether they know the people of a request."""


@dataclass(frozen=True)
class ActionPage:
    """What a page of one act is about, and where it leads back to."""

    asked: SupportRequest
    record: SupportRequest | Payment
    title: str
    code: str
    back: str
    told: RequestDetails | None = None


def story_for(actor: Actor, uid: UUID, action: Action) -> RequestDetails:
    """Return a request for a page of one act; raises NotFound, NotAllowed, WrongStatus."""
    told = request_reading.story(actor, uid)
    if action in told.may:
        if action in WORK and told.declared is None:
            raise WrongStatus(HAS_ANSWERED.refusal)
        return told
    if action in told.hindered:
        raise WrongStatus(told.hindered[action])
    note_refusal(actor, action, SupportRequest.__tablename__, uid)
    raise NotAllowed


def is_asked_first(told: RequestDetails) -> bool:
    """Tell whether the reader must say whether they know the people, before anything else."""
    return told.declared is None and bool(told.may & WORK)


def to_request(uid: UUID, part: str = "") -> Response:
    """Send the reader to the request, or to a part of its page."""
    return redirect(url_for("fund.story", uid=uid) + part, 303)


def place_of(told: RequestDetails) -> ActionPage:
    """Return that a page is about a request whose story the reader may open."""
    back = url_for("fund.story", uid=told.request.uid)
    return ActionPage(told.request, told.request, title_of(told), told.request.code, back, told)


def place_followed(held: Followed) -> ActionPage:
    """Return that a page is about a payment, or a request, of which one may see no more."""
    uid = held.request.uid
    back = url_for("fund.story", uid=uid) if held.opens else url_for("home.today")
    return ActionPage(held.request, held.record, "", held.code, back)


def act_on_request(
    place: ActionPage, form: Form, act: Callable[[], str], template: str, **values: Any
) -> Response:
    """Do what a form about a request asks, and go back there.

    `act` does it and returns the sentence that says so.
    """

    def show(late: Stale | None) -> Response:
        if late is not None:
            form.version.data = str(place.record.version)
        shown = {"place": place, "asked": place.asked, "stale": late is not None}
        return answer(template, form, **shown, **values)

    return carry_out(form, lambda: (act(), place.back), show)
