"""How the fund decides, for administrators; and who decides in somebody's absence."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import active
from hrdtracker.core.errors import Stale
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.money.settings import DelegationForm, FundSettingsForm
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.decisions.delegation import StandIn
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.rules import settings
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out, say_late
from hrdtracker.web.shell.context import locale, office_name, today, word
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_settings", __name__)


@dataclass(frozen=True)
class DelegationsPage:
    """Who decides for the reader, and for whom the reader decides."""

    stand_ins: Sequence[StandIn]


@bp.route("/admin/fund", methods=["GET", "POST"])
@needs(Action.FUND_SETTINGS_CHANGE)
def fund() -> AnyResponse:
    """Change how the fund decides here."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_SETTINGS_CHANGE)
    rules = settings.settings_of(organisation.id)
    values = FundSettingsForm.values(rules, settings.board_of(rules))
    form = FundSettingsForm.received(**values).offer(active(actor, oneself=True))

    def act() -> tuple[str, str]:
        settings.change_settings(actor, organisation, form.draft(), version_of(form))
        sentence = gettext("Proposed. The settings count once a second person confirms them.")
        return sentence, url_for("proposals.waiting")

    def draw(late: Stale | None) -> Response:
        say_late(form, late, settings.settings_of(organisation.id).version or 0)
        return show("fund/money/settings.html", form=form)

    return carry_out(form, act, draw)


@bp.route("/fund/delegations", methods=["GET", "POST"])
@needs(Action.FUND_DELEGATE)
def delegations() -> AnyResponse:
    """Show who decides for whom, and name who decides in one's own absence."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_DELEGATE)
    form = _offered(DelegationForm.received(from_day=say_day(today(), locale())), actor)

    def act() -> tuple[str, str]:
        delegation.delegate(actor, organisation, form.draft(reader()))
        return gettext("Saved. Below stands from when they decide."), url_for(
            "fund_money_settings.delegations"
        )

    def draw(_: Stale | None) -> Response:
        page = DelegationsPage(delegation.stand_ins(actor))
        return show("fund/money/delegations.html", page, form)

    return carry_out(form, act, draw)


@bp.post("/fund/delegations/<uuid:uid>/end")
@needs(Action.FUND_DELEGATE)
def end(uid: UUID) -> AnyResponse:
    """End a delegation of one's own now."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_DELEGATE)
    delegation.end_delegation(actor, organisation, uid)
    flash(gettext("It has ended."), "ok")
    return redirect(url_for("fund_money_settings.delegations"), 303)


def _offered(form: DelegationForm, actor: Actor) -> DelegationForm:
    """Offer as what and where this person decides; where there is one way, it is chosen."""
    mine = {capacity: delegation.offices_of(actor, capacity) for capacity in delegation.HERE}
    capacities = [(capacity.value, word(capacity)) for capacity in mine if mine[capacity]]
    if len(capacities) == 1 and not form.capacity.data:
        form.capacity.data = capacities[0][0]
    named = {place.uid.hex: office_name(place) for offices in mine.values() for place in offices}
    everywhere = any(delegation.decides_everywhere(actor, capacity) for capacity in mine)
    places = sorted(named.items(), key=lambda pair: pair[1])
    return form.offer(delegation.may_be_named(actor), capacities, places, everywhere=everywhere)
