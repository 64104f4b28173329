"""What a proposed change of the law would move: looked at before anybody confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.accounts import queries
from hrdtracker.accounts.model import Proposal
from hrdtracker.core.errors import NotFound
from hrdtracker.core.suppression import LEAST
from hrdtracker.core.when.say import say_length
from hrdtracker.proceedings.clocks.comparing import ChangePreview, MovedLimit, preview
from hrdtracker.proceedings.clocks.recount import KEPT
from hrdtracker.proceedings.limits.model import Limit
from hrdtracker.web.law.words import say_because
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import in_a_row, with_what
from hrdtracker.web.words.limits import STANDINGS, say_clock, say_window
from hrdtracker.web.words.proposals import ProposalText, say_proposals

bp = Blueprint("law_proposed", __name__, url_prefix="/rules")
SHOWN = 100


@dataclass(frozen=True)
class MovedLine:
    """A limit that would move: what and whose, how it ends today and then, by how much, and why."""

    what: str
    before: str
    after: str
    by: str
    because: str


@dataclass(frozen=True)
class ProposedPage:
    """A change of the law that waits, and what it would move; `seen` is the law it was seen by.

    Of fewer than `least` people and groups nothing is told of cases that the reader does not read.
    """

    text: ProposalText
    found: ChangePreview
    lines: Sequence[MovedLine]
    more: int
    least: int
    seen: int


@bp.get("/proposed/<uuid:uid>")
@needs(Action.PROPOSAL_READ)
def proposed(uid: UUID) -> Response:
    """Show whose limits would move, by how much and why, if a change of the law counted."""
    actor = identity.actor()
    proposal = policy.fetch(actor, Action.PROPOSAL_READ, Proposal, uid)
    lines = [one for one in queries.open_proposals(actor) if one.proposal.id == proposal.id]
    if proposal.action != Action.LAW_CHANGE or not lines or lines[0].holds:
        raise NotFound
    found = preview(actor, proposal)
    page = ProposedPage(
        say_proposals(actor, lines)[0],
        found,
        [_line(one) for one in found.shown[:SHOWN]],
        max(len(found.shown) - SHOWN, 0),
        LEAST,
        queries.organisation_of(proposal).rules_version,
    )
    return show("law/proposed.html", page)


def _line(moved: MovedLimit) -> MovedLine:
    whose = in_a_row(moved.code, say_letter(moved.letter) if moved.letter else "")
    return MovedLine(
        with_what(say_clock(moved.clock), whose),
        _end(moved.before),
        _end(moved.after),
        _by(moved.before, moved.after),
        say_because(moved.because),
    )


def _end(counted: Limit | None) -> str:
    if counted is None:
        return str(gettext("does not run"))
    window = counted.window
    if window is not None and window.earliest is not None:
        return say_window(window.earliest, window.latest)
    standing = KEPT.get(counted.state)
    return str(gettext(STANDINGS[standing])) if standing else str(gettext("does not run"))


def _by(before: Limit | None, after: Limit | None) -> str:
    """Return by how much the earlier end moves, or that only how sure it is changes."""
    one, other = _earliest(before), _earliest(after)
    if one is None or other is None:
        return ""
    if one == other:
        return str(gettext("The date stays; how sure it is changes."))
    length = say_length(abs(other - one), locale())
    if other < one:
        return str(gettext("%(length)s earlier", length=length))
    return str(gettext("%(length)s later", length=length))


def _earliest(counted: Limit | None) -> datetime | None:
    return counted.window.earliest if counted and counted.window else None
