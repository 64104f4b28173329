"""The first page: the next things to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.fund.decisions.delegation import decides_for_others
from hrdtracker.incidents.today import SHOWN, today_for
from hrdtracker.proceedings.legal_rules.queries import ReviewCount, review_count
from hrdtracker.web.home.backups import backups_not_in_order
from hrdtracker.web.home.cases import parts_of
from hrdtracker.web.home.clocks import limits_due
from hrdtracker.web.home.duty import duty_today, duty_waits, say_duty
from hrdtracker.web.home.fund import complaints_wait, fund_stuck, fund_waits
from hrdtracker.web.home.hearings import appointments_soon, hearings_soon
from hrdtracker.web.home.notices import NoticeSection, told_to
from hrdtracker.web.home.observations import observations_due
from hrdtracker.web.home.page import HomeLine, HomeSection, in_order, the_first
from hrdtracker.web.home.roles import PendingRole, confirmations, own_roles
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import today as this_day
from hrdtracker.web.shell.context import zone
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import SIGNED_IN, needs

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class TodayPage:
    """What comes next for whoever is here: the first thing, then all that waits, part by part.

    `pending` are the reader’s own roles that somebody has to confirm, `told` is what they are told
    of; of each part, `shown` lines are shown. `decides`: without a role, they decide in the fund,
    as the board’s named person or in somebody’s place.
    """

    day: date
    first: HomeLine | None
    parts: Sequence[HomeSection]
    pending: Sequence[PendingRole]
    told: NoticeSection | None
    shown: int
    has_role: bool
    decides: bool
    sees_backups: bool
    may_lock: bool
    duty: str
    rules: ReviewCount | None
    """How many rules of law a lawyer has reviewed, for those who answer for what is called over."""


@bp.get("/")
@needs(SIGNED_IN)
def today() -> Response:
    """Show what comes next for whoever is here."""
    actor = identity.actor()
    on_duty = duty_today(actor)
    parts = [*_parts(actor), *duty_waits(actor, on_duty)]
    page = TodayPage(
        this_day(),
        the_first(parts),
        in_order(parts),
        own_roles(actor),
        told_to(actor),
        SHOWN,
        has_role=actor.has_role,
        decides=not actor.has_role and decides_for_others(actor),
        sees_backups=could(actor, Action.BACKUP_READ),
        may_lock=could(actor, Action.SERVER_LOCK),
        duty=say_duty(actor, on_duty),
        rules=_reviewed(actor),
    )
    return show("home/today.html", page)


def _parts(actor: Actor) -> list[HomeSection]:
    """Return all that waits for the actor, part by part."""
    return [
        *limits_due(actor),
        *hearings_soon(actor),
        *appointments_soon(actor),
        *observations_due(actor),
        *parts_of(today_for(actor, zone())),
        *fund_waits(actor),
        *fund_stuck(actor),
        *complaints_wait(actor),
        *confirmations(actor),
        *backups_not_in_order(actor),
    ]


def _reviewed(actor: Actor) -> ReviewCount | None:
    """Return how many rules of law are reviewed, for who directs cases or changes the law."""
    answers = could(actor, Action.CASE_CLOSE) or could(actor, Action.LAW_CHANGE)
    return review_count(actor) if answers else None
