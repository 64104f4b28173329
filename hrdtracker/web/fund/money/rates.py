"""What currencies are worth, and what for: who must decide, and what the bank gave."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Organisation
from hrdtracker.core.errors import Stale
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.fund.money.rates import RateForm, ReportingRateForm, TierRateForm
from hrdtracker.fund.model import ExchangeRate, RateKind
from hrdtracker.fund.reading.money import fund_of
from hrdtracker.fund.rules import rates as worth
from hrdtracker.fund.rules import reporting_rates, tier_rates
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_rates", __name__)
LAST = 5
"""How many rates stand beside the form for the next one."""


@dataclass(frozen=True)
class RatesPage:
    """The rates of each kind, the newest day first; what waits; what the reader may record."""

    tier: Sequence[ExchangeRate]
    waiting: Sequence[ExchangeRate]
    booking: Sequence[ExchangeRate]
    reporting: Sequence[ExchangeRate]
    may_propose: bool
    may_record: bool


@dataclass(frozen=True)
class RateFormPage:
    """A rate to record: those of its kind that counted last, what waits, and the way back."""

    last: Sequence[ExchangeRate]
    waiting: Sequence[ExchangeRate]
    back: str


@bp.get("/fund/rates")
@needs(Action.FUND_READ)
def rates() -> Response:
    """Show what currencies are worth, kind by kind, and what waits for a second person."""
    actor = identity.actor()
    organisation = fund_of(actor, Action.FUND_READ)
    page = RatesPage(
        worth.recorded(organisation, RateKind.TIER),
        tier_rates.waiting_rates(organisation.id),
        worth.recorded(organisation, RateKind.BOOKING),
        worth.recorded(organisation, RateKind.REPORTING),
        policy.could(actor, Action.FUND_TIER_RATE),
        policy.could(actor, Action.FUND_RATE_RECORD),
    )
    return show("fund/money/rates.html", page)


@bp.route("/fund/rates/levels", methods=["GET", "POST"])
@needs(Action.FUND_TIER_RATE)
def propose() -> AnyResponse:
    """Propose a rate that says who must decide."""
    actor = identity.actor()
    organisation = fund_of(actor, Action.FUND_TIER_RATE)
    form = TierRateForm.received(**_start()).offer()

    def act() -> tuple[str, str]:
        tier_rates.propose_tier_rate(actor, organisation, form.draft(reader()))
        sentence = gettext("Proposed. The rate counts once a second person confirms it.")
        return sentence, url_for("proposals.waiting")

    def draw(_: Stale | None) -> Response:
        return show("fund/money/rate_levels.html", _beside(organisation, RateKind.TIER), form)

    return carry_out(form, act, draw)


@bp.route("/fund/rates/bank", methods=["GET", "POST"])
@needs(Action.FUND_RATE_RECORD)
def record() -> AnyResponse:
    """Record what the bank gave, with the line that proves it."""
    actor = identity.actor()
    organisation = fund_of(actor, Action.FUND_RATE_RECORD)
    form = RateForm.received(**_start()).offer()

    def act() -> tuple[str, str]:
        worth.record_rate(actor, organisation, form.draft(reader()))
        return gettext("The rate is recorded."), url_for("fund_money_rates.rates")

    def draw(_: Stale | None) -> Response:
        return show("fund/money/rate_bank.html", _beside(organisation, RateKind.BOOKING), form)

    return carry_out(form, act, draw)


@bp.route("/fund/rates/reports", methods=["GET", "POST"])
@needs(Action.FUND_RATE_RECORD)
def record_list() -> AnyResponse:
    """Record what a list says of a month."""
    actor = identity.actor()
    organisation = fund_of(actor, Action.FUND_RATE_RECORD)
    form = ReportingRateForm.received(**_start()).offer()

    def act() -> tuple[str, str]:
        reporting_rates.record_reporting_rate(actor, organisation, form.draft(reader()))
        return gettext("The rate is recorded."), url_for("fund_money_rates.rates")

    def draw(_: Stale | None) -> Response:
        return show("fund/money/rate_reports.html", _beside(organisation, RateKind.REPORTING), form)

    return carry_out(form, act, draw)


def _start() -> dict[str, str]:
    """Return what the form begins with: the currency from the address, where one stands there."""
    quote = request.args.get("quote", "KHR")
    return {"base": "USD", "quote": quote, "day": say_day(today(), locale())}


def _beside(organisation: Organisation, kind: RateKind) -> RateFormPage:
    """Return what stands beside the form for a rate of a kind."""
    reads = policy.could(identity.actor(), Action.FUND_READ)
    back = "fund_money_rates.rates" if reads else "organisation.settings"
    waiting = tier_rates.waiting_rates(organisation.id) if kind == RateKind.TIER else []
    return RateFormPage(worth.recorded(organisation, kind, LAST), waiting, url_for(back))
