"""Donors, their grants, and the lines of their budgets."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import Stale
from hrdtracker.core.money import Money
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.money.grants import BudgetLineForm, DonorForm, GrantChangeForm, GrantForm
from hrdtracker.fund.budget import grants as service
from hrdtracker.fund.model import Donor, DonorGrant, GrantState
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.money import GrantFigures
from hrdtracker.web.fund.money.answer import version_sent
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_grants", __name__)
TURNS = {
    "suspend": GrantState.SUSPENDED,
    "end": GrantState.TERMINATED,
    "use": GrantState.ACTIVE,
}
TO_LISTS = {"area": "thematic_area", "province": "province", "support_type": "support_type"}


@bp.get("/fund/grants")
@needs(Action.FUND_DONOR_READ)
def grants() -> str:
    """List the donors and their grants."""
    actor = identity.actor()
    money_reading.fund_of(actor, Action.FUND_DONOR_READ)
    held: dict[int, list[object]] = {}
    for row in money_reading.grants(actor):
        held.setdefault(row[1].id, []).append((row[0], Money(row[0].total, row[0].currency)))
    return render_template(
        "fund/money/grants.html",
        donors=[(donor, held.get(donor.id, [])) for donor in money_reading.donors(actor)],
        changes=policy.could(actor, Action.FUND_GRANT_CHANGE),
    )


@bp.route("/fund/donors/new", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def new_donor() -> Response:
    """Add a donor."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_GRANT_CHANGE)
    form = DonorForm.received()

    def act() -> tuple[str, str]:
        made = service.add_donor(actor, organisation, form.draft())
        said = gettext("The donor %(code)s is added.", code=made.code)
        return said, url_for("fund_money_grants.new_grant", uid=made.uid)

    return carry_out(form, act, lambda _: answer("fund/money/donor.html", form))


@bp.route("/fund/donors/<uuid:uid>/grants/new", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def new_grant(uid: UUID) -> Response:
    """Add a grant of a donor."""
    actor = identity.actor()
    donor = policy.fetch(actor, Action.FUND_GRANT_CHANGE, Donor, uid)
    form = GrantForm.received(starts_on=say_day(today(), locale())).offer(reader())

    def act() -> tuple[str, str]:
        made = service.add_grant(actor, donor, form.draft(reader()))
        said = gettext("The grant %(code)s is added. Now give it its lines.", code=made.code)
        return said, url_for("fund_money_grants.grant", uid=made.uid)

    return carry_out(form, act, lambda _: answer("fund/money/grant_new.html", form, donor=donor))


@bp.get("/fund/grants/<uuid:uid>")
@needs(Action.FUND_DONOR_READ)
def grant(uid: UUID) -> str:
    """Show a grant: its donor, what it is limited to, its lines with their figures."""
    actor = identity.actor()
    held = money_reading.grant(actor, uid)
    currency = held.grant.currency
    budgeted = sum(line.amount.amount for line in held.lines)
    return render_template(
        "fund/money/grant.html",
        held=held,
        grant=held.grant,
        total=Money(held.grant.total, currency),
        unlined=Money(held.grant.total - budgeted, currency),
        ceilings=_ceilings(held.grant),
        lists=TO_LISTS,
        may=policy.allowed(actor, [Action.FUND_GRANT_CHANGE], held.grant),
    )


@bp.route("/fund/grants/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def edit(uid: UUID) -> Response:
    """Change what is said of a grant; a stale save shows what stands there now."""
    actor = identity.actor()
    held = _to_change(actor, uid)
    form = GrantChangeForm.received(**GrantChangeForm.values(held, locale())).offer(reader())

    def act() -> tuple[str, str]:
        service.change_grant(actor, held.grant, form.draft(reader(), held), version_of(form))
        return gettext("Saved."), url_for("fund_money_grants.grant", uid=uid)

    def show(late: Stale | None) -> Response:
        theirs = money_reading.grant(actor, uid) if late else None
        if theirs is not None:
            form.version.data = str(theirs.grant.version)
        return answer("fund/money/grant_edit.html", form, grant=held.grant, theirs=theirs)

    return carry_out(form, act, show)


@bp.post("/fund/grants/<uuid:uid>/<any(suspend, end, use):turn>")
@needs(Action.FUND_GRANT_CHANGE)
def turn(uid: UUID, turn: str) -> Response:
    """Suspend a grant, end it for its donor, or let it be used again."""
    actor = identity.actor()
    held = _to_change(actor, uid).grant
    service.set_grant_state(actor, held, TURNS[turn], version_sent())
    flash(gettext("Saved."), "ok")
    return redirect(url_for("fund_money_grants.grant", uid=uid), 303)


@bp.route("/fund/grants/<uuid:uid>/lines/new", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def new_line(uid: UUID) -> Response:
    """Add a line to a grant's budget."""
    actor = identity.actor()
    held = _to_change(actor, uid)
    form = BudgetLineForm.received()

    def act() -> tuple[str, str]:
        made = service.add_line(actor, held.grant, form.draft(held.grant.currency))
        said = gettext("The line %(code)s is added.", code=made.code)
        return said, url_for("fund_money_grants.grant", uid=uid)

    budgeted = sum(line.amount.amount for line in held.lines)
    left = Money(held.grant.total - budgeted, held.grant.currency)
    return carry_out(
        form, act, lambda _: answer("fund/money/line_new.html", form, grant=held.grant, left=left)
    )


def _to_change(actor: Actor, uid: UUID) -> GrantFigures:
    """Return a grant that the actor may change; raises NotFound."""
    policy.fetch(actor, Action.FUND_GRANT_CHANGE, DonorGrant, uid)
    return money_reading.grant(actor, uid)


def _ceilings(held: DonorGrant) -> dict[str, Money | None]:
    """Return the ceilings of a grant as money."""
    found = {"request_most": held.request_most, "alternative_most": held.alternative_most}
    return {
        name: None if amount is None else Money(amount, held.currency)
        for name, amount in found.items()
    }
