"""Donors, their grants, and the lines of their budgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import Stale
from hrdtracker.core.money import Money, Rate
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.money.grants import BudgetLineForm, DonorForm, GrantChangeForm, GrantForm
from hrdtracker.fund.budget import ending
from hrdtracker.fund.budget import grants as service
from hrdtracker.fund.model import Donor, DonorGrant, GrantState, SupportRequest
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.grant_money import GrantMoney, money_of
from hrdtracker.fund.reading.money import GrantFigures
from hrdtracker.fund.rules.reporting_rates import reporting_rates
from hrdtracker.web.fund.money.answer import version_sent
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import Conflict, conflict
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_grants", __name__)
TURNS = {
    "suspend": GrantState.SUSPENDED,
    "use": GrantState.ACTIVE,
}


@dataclass(frozen=True)
class DonorGrants:
    """A donor with the grants that it gives, each with its total."""

    donor: Donor
    grants: Sequence[tuple[DonorGrant, Money]]


@dataclass(frozen=True)
class GrantsPage:
    """Who gives money, and which grants; whether the reader may add some."""

    donors: Sequence[DonorGrants]
    changes: bool


@dataclass(frozen=True)
class GrantPage:
    """A grant with its lines, limits and money; whether the reader may change it.

    `takes_lines`: they may add one, and some of the grant is on none; `books`: they may book money.
    `promised` is how many requests have a promise of it; `opens` are those the reader may open.
    `rates` are those of its reports this month, by currency; None where its list has none yet.
    """

    figures: GrantFigures
    changes: bool
    takes_lines: bool
    books: bool
    money: GrantMoney
    promised: int
    opens: Sequence[SupportRequest]
    rates: Mapping[str, Rate | None]


@dataclass(frozen=True)
class NewGrantPage:
    """The donor to whom a grant is added."""

    donor: Donor


@dataclass(frozen=True)
class GrantEditPage:
    """A grant to change, and what somebody saved of it meanwhile."""

    grant: DonorGrant
    saved: Conflict | None


@bp.get("/fund/grants")
@needs(Action.FUND_DONOR_READ)
def grants() -> Response:
    """List the donors and their grants."""
    actor = identity.actor()
    money_reading.fund_of(actor, Action.FUND_DONOR_READ)
    given: dict[int, list[tuple[DonorGrant, Money]]] = {}
    for grant, donor in money_reading.grants(actor):
        given.setdefault(donor.id, []).append((grant, Money(grant.total, grant.currency)))
    donors = [DonorGrants(donor, given.get(donor.id, [])) for donor in money_reading.donors(actor)]
    changes = policy.could(actor, Action.FUND_GRANT_CHANGE)
    return show("fund/money/grants.html", GrantsPage(donors, changes))


@bp.route("/fund/donors/new", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def new_donor() -> AnyResponse:
    """Add a donor."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_GRANT_CHANGE)
    form = DonorForm.received()

    def act() -> tuple[str, str]:
        donor = service.add_donor(actor, organisation, form.draft())
        sentence = gettext("The donor %(code)s is added.", code=donor.code)
        return sentence, url_for("fund_money_grants.new_grant", uid=donor.uid)

    return carry_out(form, act, lambda _: show("fund/money/donor.html", form=form))


@bp.route("/fund/donors/<uuid:uid>/grants/new", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def new_grant(uid: UUID) -> AnyResponse:
    """Add a grant of a donor."""
    actor = identity.actor()
    donor = policy.fetch(actor, Action.FUND_GRANT_CHANGE, Donor, uid)
    form = GrantForm.received(starts_on=say_day(today(), locale())).offer(reader())

    def act() -> tuple[str, str]:
        grant = service.add_grant(actor, donor, form.draft(reader()))
        sentence = gettext("The grant %(code)s is added. Now give it its lines.", code=grant.code)
        return sentence, url_for("fund_money_grants.grant", uid=grant.uid)

    page = NewGrantPage(donor)
    return carry_out(form, act, lambda _: show("fund/money/grant_new.html", page, form))


@bp.get("/fund/grants/<uuid:uid>")
@needs(Action.FUND_DONOR_READ)
def grant(uid: UUID) -> Response:
    """Show a grant: its donor, what it is limited to, its lines with their figures."""
    actor = identity.actor()
    figures = money_reading.grant(actor, uid)
    changes = policy.allows(actor, Action.FUND_GRANT_CHANGE, figures.grant)
    ended = figures.grant.has_ended
    page = GrantPage(
        figures,
        changes,
        changes and not ended and figures.unallocated.amount > 0,
        policy.could(actor, Action.FUND_BOOK),
        money_of(figures.grant),
        ending.how_many_promises(figures.grant) if ended else 0,
        ending.promises(actor, figures.grant) if ended else (),
        reporting_rates(figures.grant, today()),
    )
    return show("fund/money/grant.html", page)


@bp.route("/fund/grants/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def edit(uid: UUID) -> AnyResponse:
    """Change what is said of a grant; a stale save shows what stands there now."""
    actor = identity.actor()
    figures = _to_change(actor, uid)
    form = GrantChangeForm.received(**GrantChangeForm.values(figures, locale())).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), figures.grant)
        service.change_grant(actor, figures.grant, draft, version_of(form))
        return gettext("Saved."), url_for("fund_money_grants.grant", uid=uid)

    def draw(late: Stale | None) -> Response:
        saved = None
        if late is not None:
            now = GrantChangeForm.values(money_reading.grant(actor, uid), locale())
            saved = conflict(actor, uid, form, now, lambda theirs: theirs.offer(reader()))
        return show("fund/money/grant_edit.html", GrantEditPage(figures.grant, saved), form)

    return carry_out(form, act, draw)


@bp.post("/fund/grants/<uuid:uid>/<any(suspend, use):turn>")
@needs(Action.FUND_GRANT_CHANGE)
def turn(uid: UUID, turn: str) -> AnyResponse:
    """Suspend a grant, or let it be used again."""
    actor = identity.actor()
    grant = _to_change(actor, uid).grant
    service.set_grant_state(actor, grant, TURNS[turn], version_sent())
    flash(gettext("Saved."), "ok")
    return redirect(url_for("fund_money_grants.grant", uid=uid), 303)


@bp.route("/fund/grants/<uuid:uid>/lines/new", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def new_line(uid: UUID) -> AnyResponse:
    """Add a line to a grant's budget."""
    actor = identity.actor()
    figures = _to_change(actor, uid)
    service.check_has_not_ended(figures.grant)
    form = BudgetLineForm.received()

    def act() -> tuple[str, str]:
        line = service.add_line(actor, figures.grant, form.draft(figures.grant.currency))
        sentence = gettext("The line %(code)s is added.", code=line.code)
        return sentence, url_for("fund_money_grants.grant", uid=uid)

    return carry_out(form, act, lambda _: show("fund/money/line_new.html", figures, form))


def _to_change(actor: Actor, uid: UUID) -> GrantFigures:
    """Return a grant that the actor may change; raises NotFound."""
    policy.fetch(actor, Action.FUND_GRANT_CHANGE, DonorGrant, uid)
    return money_reading.grant(actor, uid)
