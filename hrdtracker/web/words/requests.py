"""Requests for support in the reader’s words: what one is for, how it stands, who did what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Message
from hrdtracker.core.money import Money, Rate
from hrdtracker.core.when.say import say_day, say_instant, say_left
from hrdtracker.forms.base import say
from hrdtracker.fund.budget.line_choice import LineChoice
from hrdtracker.fund.model import Acquittal, ExchangeRate, SupportRequest
from hrdtracker.fund.reading.own_part import FollowedPayment
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.requests.people import RequestedPerson
from hrdtracker.fund.workflow import ON_THE_WAY, UNDECIDED
from hrdtracker.web.shell.context import locale, number, today, word, zone
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.cases import due

TYPES_SHOWN = 2
BADGES = {
    "draft": ("draft", "edit"),
    "submitted": ("submitted", "send"),
    "verifying": ("submitted", "search"),
    "recommended": ("submitted", "check"),
    "approved": ("done", "check"),
    "returned": ("returned", "return"),
    "refused": ("closed", "cross"),
    "committed": ("submitted", "lock"),
    "part_paid": ("submitted", "money"),
    "paid": ("submitted", "money"),
    "acquitted": ("done", "check"),
    "closed": ("closed", "check"),
    "withdrawn": ("closed", "cross"),
    "cancelled": ("closed", "cross"),
    "prepared": ("submitted", "edit"),
    "received": ("done", "check"),
    "": ("none", "info"),
}
"""How each status looks: its colour and its drawing."""
ON_PAYMENT = {
    Action.FUND_RECEIVE: "fund_follow.receive",
    Action.FUND_ACQUIT: "fund_follow.account",
    Action.FUND_DECLARE_SPENT: "fund_follow.declare_spent",
    Action.FUND_REVIEW: "fund_follow.review",
    Action.FUND_COVER: "fund_commit.cover",
}
"""Where something is done to a payment of a request."""
DAY = timedelta(days=1)
RISKS = {"low": "none", "medium": "soon", "high": "urgent", "critical": "critical"}
"""How a risk looks; a low one needs no colour."""


@dataclass(frozen=True)
class Badge:
    """How something stands, as a badge says it."""

    kind: str
    word: str
    drawing: str | None = None


@dataclass(frozen=True)
class Somebody:
    """Somebody in a request: the letter, what they are in it; names only once revealed."""

    uid: UUID
    letter: str
    parts: str
    names: str


def money(amount: int, currency: str) -> str:
    """Return an amount of money as the reader sees it."""
    return number(Money(amount, currency))


def say_rate(rate: ExchangeRate | Rate) -> str:
    """Return what a rate says, in at most six decimals."""
    return number(f"{rate.numerator / rate.denominator:,.6f}".rstrip("0").rstrip("."))


def say_rate_of(rate: ExchangeRate | Rate) -> str:
    """Return a rate as a sentence: what one unit is in the other currency."""
    return str(
        gettext(
            "1 %(base)s is %(rate)s %(quote)s",
            base=rate.base,
            rate=say_rate(rate),
            quote=rate.quote,
        )
    )


def asked_for(request: SupportRequest) -> str:
    """Return what a request asks for; words where nothing was said yet."""
    if not request.amount:
        return str(gettext("No amount yet"))
    return money(request.amount, request.currency)


def status_badge(status: str) -> Badge:
    """Return how a request or a payment stands."""
    kind, drawing = BADGES[status]
    return Badge(kind, word(status), drawing)


def deadline_badge(row: Any) -> Badge | None:
    """Return how soon a request must be decided, or its money be there; None where nothing is."""
    if row.status in UNDECIDED and row.decide_by is not None:
        return until(row.decide_by)
    if row.status in ON_THE_WAY and row.needed_by is not None:
        return _due_badge(row.needed_by)
    return None


def until(moment: datetime) -> Badge:
    """Return how soon a moment is: hours within a day, else the day."""
    left = moment - clock.now()
    if left < timedelta():
        return Badge("overdue", begin(say_left(left, locale())))
    if left < DAY:
        return Badge("overdue", begin(say_left(left, locale())), "clock")
    return _due_badge(clock.day_of(moment, zone()))


def say_until(day: date | datetime | None) -> Badge:
    """Return how soon something is due, whether it is due on a day or at a minute."""
    if isinstance(day, datetime):
        return until(day)
    if day is None:
        return Badge("later", gettext("No day set"))
    return _due_badge(day)


def _due_badge(day: date) -> Badge:
    how_soon = due(day)
    return Badge(how_soon.kind, how_soon.word)


def say_types(codes: Iterable[str]) -> str:
    """Return what the money is for: the first kinds of support, and how many more."""
    kinds = list(dict.fromkeys(codes))
    labels = [terms().label("support_type", code, locale()) for code in kinds[:TYPES_SHOWN]]
    more = len(kinds) - TYPES_SHOWN
    if more > 0:
        labels.append(str(gettext("%(count)s more", count=number(more))))
    return ", ".join(labels) or str(gettext("Support"))


def title_of(details: RequestDetails) -> str:
    """Return what a request is called: what its money is for; never a name."""
    return say_title((item.support_type for item in details.items), details.request.households)


def say_title(codes: Iterable[str], many: int | None) -> str:
    """Return what the money is for, and of a plan for how many households."""
    title = say_types(codes)
    if many is None:
        return title
    values = {"what": title, "count": number(many)}
    return str(
        ngettext("%(what)s, %(count)s household", "%(what)s, %(count)s households", many, **values)
    )


def people_in(
    details: RequestDetails, names: Mapping[UUID, Sequence[str]] | None
) -> list[Somebody]:
    """Return everybody in a request once, with all that they are in it."""
    roles: dict[UUID, list[RequestedPerson]] = {}
    for named in details.people:
        roles.setdefault(named.person, []).append(named)
    return [
        Somebody(
            uid,
            say_letter(same[0].letter) or "?",
            ", ".join(word(named.part) for named in sorted(same, key=lambda named: named.part)),
            ", ".join(names.get(uid, ())) if names is not None else "",
        )
        for uid, same in roles.items()
    ]


def say_who(details: RequestDetails, role: str) -> str:
    """Return by letter who is what in a request."""
    people = [person for person in details.people if person.part == role]
    return ", ".join(f"{say_letter(person.letter) or '?'}." for person in people)


def by_at(who: str, at: datetime | None) -> str:
    """Return who did something and when."""
    moment = say_instant(at, zone(), locale(), today()) if at else ""
    return ", ".join(part for part in (who, moment) if part)


def by_on(who: str, day: date | None) -> str:
    """Return who did something, and on which day."""
    when = say_day(day, locale(), today(), brief=True) if day else ""
    return ", ".join(part for part in (who, when) if part)


def say_messages(messages: Iterable[Message]) -> list[str]:
    """Return sentences of the domain in the reader’s language, amounts in their digits."""
    return [say(message) for message in messages]


@dataclass(frozen=True)
class WordedLine:
    """A line on which money could be promised: what is left, and what speaks against it."""

    uid: UUID
    name: str
    left: str
    fits: bool
    against: list[str]


def worded_lines(lines: Iterable[LineChoice]) -> list[WordedLine]:
    """Return lines in the reader’s language."""
    return [
        WordedLine(
            choice.line.uid,
            f"{choice.grant.code} · {choice.line.code} {choice.line.title}",
            number(choice.left),
            choice.fits,
            say_messages(choice.against),
        )
        for choice in lines
    ]


def line_choices(lines: Iterable[WordedLine]) -> list[tuple[str, str]]:
    """Return the lines that a request may stand on, each with what is left on it."""
    says = N_("%(line)s: %(left)s left")
    return [
        (line.uid.hex, gettext(says, line=line.name, left=line.left)) for line in lines if line.fits
    ]


def shown_by(acquittal: Acquittal) -> str:
    """Return what shows that money was spent."""
    if acquittal.alternative:
        return str(gettext("A declaration in place of a document"))
    if not acquittal.document:
        return str(gettext("Nothing: a lump sum"))
    kind = terms().label("support_document", acquittal.document, locale())
    return ", ".join(part for part in (kind, acquittal.reference or "") if part)


def say_taken_back(account: Acquittal, currency: str) -> str:
    """Return what accounted for a payment until whoever recorded it reversed that."""
    users = labels_by_id([account.recorded_by_id])
    return str(
        gettext(
            "An account of %(spent)s was taken back with its payment (%(shown)s; %(by)s)",
            spent=money(account.spent, currency),
            shown=shown_by(account),
            by=by_at(users[account.recorded_by_id], account.withdrawn_at),
        )
    )


def what_left(followed: FollowedPayment) -> list[tuple[str, str]]:
    """Return what left of a payment and how much of it is over, for whoever covers that."""
    payment = followed.payment
    users = labels_by_id([payment.released_by_id])
    return [
        (gettext("Prepared"), number(followed.prepared)),
        (gettext("Paid"), number(followed.amount)),
        (gettext("Over the commitment"), number(followed.over)),
        (gettext("It left"), by_on(users.get(payment.released_by_id or 0, ""), payment.paid_on)),
    ]


def account_facts(followed: FollowedPayment) -> list[tuple[str, str]]:
    """Return what accounts for a payment, for whoever declares or reviews it."""
    account, currency = followed.acquittal, followed.payment.currency
    if account is None:
        return []
    facts = [
        (gettext("Paid"), number(followed.amount)),
        (gettext("Spent"), money(account.spent, currency)),
        (gettext("Came back"), money(account.returned, currency)),
        (gettext("Shown by"), shown_by(account)),
    ]
    if account.dated:
        facts.append((gettext("Its date"), say_day(account.dated, locale())))
    if account.danger:
        facts.append((gettext("Why no document"), account.danger))
    if account.head_count:
        facts.append((gettext("People helped"), number(account.head_count)))
    users = labels_by_id([account.recorded_by_id, account.declared_by_id])
    if account.sent_back_why:
        facts.append((gettext("Returned before"), account.sent_back_why))
    facts.append((gettext("Recorded"), by_at(users[account.recorded_by_id], account.recorded_at)))
    if account.declared_by_id:
        who = users.get(account.declared_by_id, "")
        facts.append((gettext("Declared"), by_at(who, account.declared_at)))
    return facts
