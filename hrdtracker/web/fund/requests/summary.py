"""A request at a glance: by when, who is next, what is left on its line, who was helped before."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext, ngettext

from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_day
from hrdtracker.fund.budget.line_choice import left_on
from hrdtracker.fund.model import Capacity, PaymentStatus, RequestStatus
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.requests.service import UNSENT
from hrdtracker.web.shell.context import locale, number, today
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.requests import WordedLine, by_on, money, say_rate_of

WANTED = {
    Capacity.OFFICER: N_("a fund officer"),
    Capacity.DIRECTOR: N_("a director"),
    Capacity.BOARD: N_("whom the board named"),
}
THIRD = N_("a third who may decide")
DIRECTOR, OFFICER = N_("A director of the office"), N_("A fund officer")
DECIDES = N_("Whoever decides on it")
FINANCE, LOOKS = N_("A finance officer"), N_("Whoever looks again before it is paid")
HEARS, ASKS = N_("Whoever hears that it arrived"), N_("Whoever asks whether it helped")
NEXT = {RequestStatus.SUBMITTED: DIRECTOR, RequestStatus.APPROVED: OFFICER}
PAYS = {RequestStatus.COMMITTED, RequestStatus.PART_PAID, RequestStatus.PAID}


def glance(
    actor: Actor, details: RequestDetails, lines: Sequence[WordedLine], who: str
) -> list[tuple[str, str]]:
    """Return what a request says before it is read; `who` is next, nothing where all is done."""
    facts = [(gettext("Needed by"), begin(by_on("", details.request.needed_by)))]
    counts_as = _counts_as(details)
    if counts_as:
        facts.append((gettext("Counts as"), counts_as))
    if who:
        facts.append((gettext("Who is next"), who))
    line = _line(actor, details, lines)
    if line:
        facts.append((gettext("Budget line"), line))
    return facts


def _counts_as(details: RequestDetails) -> str:
    """Return what a request in another currency comes to, at the rate that says who must decide."""
    request, rate = details.request, details.level_rate
    if rate is None or request.reference_amount is None or request.reference_currency is None:
        return ""
    return str(
        gettext(
            "%(worth)s, at the rate for the levels of %(day)s: %(rate)s",
            worth=money(request.reference_amount, request.reference_currency),
            rate=say_rate_of(rate),
            day=say_day(rate.day, locale(), today()),
        )
    )


def helped_before(warnings: Sequence[str]) -> tuple[str, str]:
    """Return whether somebody in a request was helped before, for whoever decides on it."""
    some, none = gettext("Read the warning"), gettext("Nobody here, in 12 months")
    return gettext("Helped before"), some if warnings else none


def say_wanted(details: RequestDetails) -> str:
    """Return whose approval is still wanted; an emergency's third may be anybody who decides."""
    board = THIRD if details.request.emergency else WANTED[Capacity.BOARD]
    words = {**WANTED, Capacity.BOARD: board}
    return ", ".join(gettext(words[capacity]) for capacity in details.needed)


def say_next(details: RequestDetails, users: Mapping[int, str]) -> str:
    """Return who does the next thing; nothing where all is done."""
    if details.request.stuck_since is not None and not details.hides_whether_stuck:
        return str(gettext("Nobody yet: somebody must be named"))
    return _next(details, users)


def _next(details: RequestDetails, users: Mapping[int, str]) -> str:
    request = details.request
    status = RequestStatus(request.status)
    if request.households is not None and status == RequestStatus.APPROVED:
        return str(gettext("Whoever draws for a household"))
    if details.asks and status == RequestStatus.RECOMMENDED:
        return str(gettext(DECIDES))
    if details.needed and (status == RequestStatus.RECOMMENDED or request.emergency):
        return begin(say_wanted(details))
    if status in UNSENT:
        return users.get(request.requested_by_id, "")
    if status == RequestStatus.VERIFYING:
        return users.get(request.verified_by_id or 0, "")
    if status in PAYS:
        return _of_money(details, users)
    if status == RequestStatus.ACQUITTED:
        return str(gettext(OFFICER) if details.outcome else gettext(ASKS))
    return str(gettext(NEXT[status]) if status in NEXT else "")


def _of_money(details: RequestDetails, users: Mapping[int, str]) -> str:
    """Return who does the next thing about the money: the earliest instalment comes first."""
    live = details.live_payments
    for instalment in details.instalments:
        paid = live.get(instalment.id)
        if paid is None:
            looked_again = instalment.still_there and instalment.still_needed
            return str(gettext(OFFICER) if looked_again else gettext(LOOKS))
        if paid.payment.status == PaymentStatus.PREPARED:
            return str(gettext(FINANCE))
        if paid.payment.status == PaymentStatus.PAID:
            return str(gettext(HEARS))
    return _of_accounts(details, users)


def _of_accounts(details: RequestDetails, users: Mapping[int, str]) -> str:
    """Return who does the next thing about what accounts for the money."""
    accounts = [paid.acquittal for paid in details.live_payments.values()]
    given = [account for account in accounts if account is not None]
    if len(given) < len(accounts):
        return users.get(details.request.requested_by_id, "")
    returned = [account for account in given if account.sent_back_at]
    if returned:
        return users.get(returned[0].recorded_by_id, "")
    if any(account.reviewed_at is None for account in given):
        return str(gettext(OFFICER))
    is_back = all(account.back_on or not account.returned for account in given)
    return str(gettext(OFFICER if is_back else FINANCE))


def _line(actor: Actor, details: RequestDetails, lines: Sequence[WordedLine]) -> str:
    line, grant = details.line, details.grant
    if line is not None and grant is not None:
        name, left = f"{line.code} {line.title}", left_on(actor, line, grant)
        if grant.has_ended:
            return str(gettext("%(line)s: its donor ended the grant", line=name))
        says = gettext("%(line)s: %(left)s left", line=name, left=number(left))
        return name if left is None else says
    if not lines:
        return ""
    fitting = [line for line in lines if line.fits]
    if len(fitting) == 1:
        return str(gettext("%(line)s: %(left)s left", line=fitting[0].name, left=fitting[0].left))
    if not fitting:
        return str(gettext("No line fits"))
    many = len(fitting)
    return str(ngettext("%(count)s line fits", "%(count)s lines fit", many, count=number(many)))
