"""What the money pages share: the ways between them, and how their addresses are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request, url_for
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.forms.base import read_version
from hrdtracker.web.shell.reader import reader

# Complaints: the board may name anybody to hear one, so that who may read some cannot be told from
# roles. National directors have the list; whom the board named finds each on the first page.
WAYS = (
    (N_("Requests"), "fund.queue", Action.FUND_ASK),
    (N_("Requests"), "fund.queue", Action.FUND_COMMIT),
    (N_("Payments"), "fund_money_payments.payments", Action.FUND_PAYMENT_READ),
    (N_("Advances"), "fund_money_payments.advances", Action.FUND_REQUEST_READ),
    (N_("Grants"), "fund_money_grants.grants", Action.FUND_DONOR_READ),
    (N_("Exchange rates"), "fund_money_rates.rates", Action.FUND_READ),
    (N_("Books"), "fund_money_books.ledger", Action.FUND_LEDGER_READ),
    (N_("Reports"), "fund_money_reports.register", Action.FUND_READ),
    (N_("Complaints"), "fund_complaints.index", Action.FUND_LIFT),
    (N_("In your absence"), "fund_money_settings.delegations", Action.FUND_DELEGATE),
)


@dataclass(frozen=True)
class FundLink:
    """One of the pages about money: what it is called, and where."""

    label: str
    url: str


def ways(actor: Actor) -> list[FundLink]:
    """Return the pages about money that the actor may open, each once."""
    links = [
        FundLink(gettext(label), url_for(endpoint))
        for label, endpoint, action in WAYS
        if policy.could(actor, action)
    ]
    return list(dict.fromkeys(links))


def version_sent() -> int:
    """Return the version that a button was pressed on; 0, always stale, where it is no number."""
    return read_version(request.form.get("version"))


def chosen(names: Iterable[str]) -> dict[str, str]:
    """Return the filters that are on, as they stand in the address or in what was sent."""
    return {name: value for name in names if (value := request.values.get(name, "").strip())}


def day_or_none(text: str | None) -> date | None:
    """Return a day that stands in an address as a person or a page wrote it; None for none."""
    if not text:
        return None
    here = reader()
    when = here.when(text)
    return clock.day_of(when.earliest, here.zone) if when.earliest else None


def last_day_or_none(text: str | None) -> date | None:
    """Return the last day of what stands in an address: of a month, its last one."""
    if not text:
        return None
    here = reader()
    when = here.when(text)
    if when.latest is None:
        return None
    return clock.day_of(when.latest - timedelta(microseconds=1), here.zone)
