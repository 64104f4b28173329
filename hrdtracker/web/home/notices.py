"""What somebody is told of on the first page, and their word that they have understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.actor import Actor
from hrdtracker.notices import service
from hrdtracker.notices.kinds import RULES
from hrdtracker.notices.queries import LISTED, Told, gathered, unseen
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.route_permission import SIGNED_IN, needs

bp = Blueprint("notices", __name__)


@dataclass(frozen=True)
class NoticeLine:
    """One thing that somebody is told of: in a sentence, since when, and where it leads."""

    uid: UUID
    sentence: str
    at: datetime
    link: str = ""
    url: str = ""


@dataclass(frozen=True)
class NoticeSection:
    """All that somebody is told of, and how many these are."""

    lines: Sequence[NoticeLine]
    count: str


def told_to(actor: Actor) -> NoticeSection | None:
    """Return what the actor is told of; None where there is nothing."""
    notices = unseen(actor)
    if not notices:
        return None
    lines = [_line(together[0], len(together)) for together in gathered(notices[:LISTED])]
    shown = number(min(len(notices), LISTED))
    count = gettext("more than %(count)s", count=shown) if len(notices) > LISTED else shown
    return NoticeSection(lines, count)


def _line(notice: Told, count: int) -> NoticeLine:
    """Return a notice as its reader may read it, the newest of `count` that are told together.

    Of what they may not open, only that it was.
    """
    if not notice.is_open:
        sentence = gettext("You were told of something you may not open any more")
        return NoticeLine(notice.uid, sentence, notice.at)
    rule = RULES[notice.kind]
    sentence = gettext(rule.sentence)
    if count > 1:
        sentence = gettext("%(what)s (%(count)s)", what=sentence, count=number(count))
    if not rule.page:
        return NoticeLine(notice.uid, sentence, notice.at)
    uid = notice.about if rule.takes_uid else None
    url = url_for(rule.page, uid=uid, _anchor=rule.anchor or None)
    return NoticeLine(notice.uid, sentence, notice.at, gettext(rule.link), url)


@bp.post("/notices/<uuid:uid>/understood")
@needs(SIGNED_IN)
def understood(uid: UUID) -> AnyResponse:
    """Take somebody’s word that they have understood a notice."""
    service.see(identity.actor(), uid)
    return redirect(url_for("home.today"), 303)
