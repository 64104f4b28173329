"""A request for support from draft to paid, by everybody whom it takes; and the fund’s pages."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import count, cycle
from random import Random
from secrets import randbelow
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select

from bench.client import Answer, Ask, Browser, Work
from bench.dataset import SEED
from bench.staff import DIRECTOR, FINANCE, FUND, MONITOR
from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Role, Scope, Sensitivity, User
from hrdtracker.accounts import sessions
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.fund.model import RequestStatus, SupportRequest

COOKIE = "day"
TEAM = (MONITOR, DIRECTOR, FUND, FINANCE)
CASES = 50
TOKEN = re.compile(r'name="csrf_token"\s+value="([^"]+)"')
LINE = re.compile(r'name="line"[^>]*value="(\w+)"')
PAYMENT = re.compile(r"/payments/([0-9a-f-]{36})")
INSTALMENT = re.compile(r"/instalments/([0-9a-f-]{36})/check")
HIDDEN = re.compile(r'name="(version|submission_id)"[^>]*value="(\w+)"')
DECIDED = {"reason": "As verified, and within the line."}
SAID = {
    "risk_reasons": "He was followed twice to his house.",
    "threats": "Calls at night.",
    "vulnerabilities": "He lives alone.",
    "capacities": "Neighbours who watch.",
    "tie": "He spoke for the workers.",
    "tried": "Nothing yet.",
    "asked_elsewhere": "Nobody.",
    "expected": "The family keeps its home.",
}
ASKED = {
    "beneficiary": "new",
    "support_type": "family",
    "amount": "400",
    "currency": "USD",
    "need": "Rent for two months while he is held.",
    "needed_by": "tomorrow",
    "urgency": "normal",
    "payee": "same",
    "method": "mobile_money",
    "consented_on": "today",
    "keep": "y",
}


@dataclass(frozen=True)
class Seat:
    """One of those who work on a request: their session, and the token of their forms."""

    uid: UUID
    browser: Browser
    token: str


@dataclass(frozen=True)
class Readied:
    """What the workload takes: a session for each of the team, and cases in which to ask."""

    sessions: Mapping[str, tuple[UUID, str]]
    cases: tuple[UUID, ...]


def ready() -> Readied:
    """Begin the sessions, and choose normal cases of the monitor’s; inside a unit of work."""
    users = {
        user.login: user for user in session().scalars(select(User).where(User.login.in_(TEAM)))
    }
    asked = (
        select(Case.uid)
        .join(Scope, Scope.id == Case.scope_id)
        .where(Scope.owner_id == users[MONITOR].id, Scope.sensitivity == Sensitivity.NORMAL)
        .order_by(Case.id)
        .limit(CASES)
    )
    begun = {name: (user.uid, sessions.begin(user, "Bench")) for name, user in users.items()}
    return Readied(begun, tuple(session().scalars(asked)))


def whole_lives(port: int, readied: Readied) -> Callable[[], Work]:
    """Return what begins one request after another and brings each to its payment."""
    seats = {name: _seat(port, *known) for name, known in readied.sessions.items()}
    cases, numbers = cycle(readied.cases), count(1)
    return lambda: Life(seats, next(cases), next(numbers))


def _seat(port: int, uid: UUID, token: str) -> Seat:
    browser = Browser(port, {COOKIE: token})
    answer = browser.ask(Ask("/fund"))
    browser.keep_cookies(answer)
    found = TOKEN.search(answer.text)
    assert found, "the page has no token"
    return Seat(uid, browser, unescape(found[1]))


@dataclass
class Hand:
    """What one person does to a request; every page they open and form they send is counted."""

    seat: Seat
    answers: list[Answer]

    def open(self, path: str) -> str:
        """Open a page."""
        self.answers.append(self.seat.browser.ask(Ask(path)))
        return self.answers[-1].text

    def send(self, path: str, seen: str, **data: str) -> str:
        """Send a form that stood on a page; return where the answer leads."""
        form = {"csrf_token": self.seat.token, "_as": self.seat.uid.hex}
        form |= dict(reversed(HIDDEN.findall(seen)))
        self.answers.append(self.seat.browser.ask(Ask(path, {**form, **data}, expects=303)))
        return urlsplit(self.answers[-1].headers["location"]).path

    def fill(self, path: str, **data: str) -> str:
        """Open a form, fill it in and send it."""
        return self.send(path, self.open(path), **data)


@dataclass(frozen=True)
class Life:
    """One request, from draft to paid: each opens its page, and sends the form that is theirs."""

    seats: Mapping[str, Seat]
    case: UUID
    number: int
    answers: list[Answer] = field(default_factory=list)

    def done_by(self, _: Browser) -> Answer:
        """Do it; the answer tells of all answers together, and what it weighs is the largest."""
        page = self._asked()
        self._verified(page)
        self._promised(page)
        self._paid(page)
        return Answer(
            status=200,
            headers={},
            body=max((each.body for each in self.answers), key=len),
            took_ms=sum(each.took_ms for each in self.answers),
            statements=sum(each.statements for each in self.answers),
        )

    def _by(self, login: str) -> Hand:
        return Hand(self.seats[login], self.answers)

    def _asked(self) -> str:
        """Ask and send; return the address of the page of the request."""
        author = self._by(MONITOR)
        whom = {
            "beneficiary_name": f"Bench F{self.number}",
            "payee_details": f"Wing 0{10**8 + randbelow(9 * 10**8)}",  # one account would add up
        }
        page = author.fill(f"/fund/requests/new?case={self.case}", **whom, **ASKED)
        author.fill(f"{page}/why", risk_level="medium", **SAID)
        author.send(f"{page}/send", author.open(page))
        return page

    def _verified(self, page: str) -> None:
        director = self._by(DIRECTOR)
        director.send(f"{page}/declare", director.open(page), knows="no")
        found = {"identity": "Met her.", "situation": "Court list.", "need": "Saw the rent book."}
        director.fill(f"{page}/verify", **found)
        director.send(f"{page}/recommend", director.open(page), **DECIDED)

    def _promised(self, page: str) -> None:
        officer = self._by(FUND)
        officer.send(f"{page}/declare", officer.open(page), knows="no")
        officer.send(f"{page}/approve", officer.open(page), **DECIDED)
        choice = officer.open(f"{page}/commit")
        officer.send(f"{page}/commit", choice, line=LINE.findall(choice)[0])

    def _paid(self, page: str) -> None:
        author, officer, finance = self._by(MONITOR), self._by(FUND), self._by(FINANCE)
        found = INSTALMENT.findall(author.open(page))
        where = f"{page}/instalments/{found[0]}"
        author.fill(f"{where}/check", still_there="yes", still_needed="yes")
        officer.send(f"{where}/prepare", officer.open(page))
        payment = f"/fund/payments/{PAYMENT.findall(officer.open(page))[0]}"
        told = {"paid_on": "today", "proof": "Transfer 4711"}
        finance.send(f"{payment}/release", finance.open(payment), **told)


# The pages ---------------------------------------------------------------------------------------


def pages(actor: Actor, requests: Sequence[UUID]) -> dict[str, list[str]]:
    """Return the addresses of the fund’s pages that somebody may open, by what they are called."""
    found = {"fund_page": ["/fund"]}
    if not actor.holds(Role.FINANCE_OFFICER):
        found |= {"fund_queue": ["/fund/queue"]}
        found |= {"fund_request": [f"/fund/requests/{uid}" for uid in requests]}
    else:
        found |= {"fund_payments": ["/fund/payments"], "fund_books": ["/fund/ledger"]}
    return {name: paths for name, paths in found.items() if paths}


def figures_asked(actor: Actor) -> dict[str, str]:
    """Return the form that asks for the exact figures of a year; nothing for others."""
    if not policy.could(actor, Action.FUND_REPORT_INTERNAL):
        return {}
    today = clock.now().date()
    return {"grant": "", "first": f"{today.year - 1}-{today:%m}", "last": f"{today:%Y-%m}"}


def requests_of(actor: Actor, most: int) -> tuple[UUID, ...]:
    """Return requests at random that somebody may open; inside a unit of work."""
    query = policy.visible(actor, Action.FUND_REQUEST_READ, SupportRequest).with_only_columns(
        SupportRequest.uid
    )
    sent = query.where(SupportRequest.status != RequestStatus.DRAFT).order_by(SupportRequest.id)
    uids = list(session().scalars(sent))
    return tuple(Random(SEED).sample(uids, min(most, len(uids))))
