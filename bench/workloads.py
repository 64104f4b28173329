"""The work that is measured: what each workload asks for, and what it should cost at most."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from itertools import count, cycle
from random import Random
from threading import Lock
from types import MappingProxyType
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from bench import courts, fund
from bench.client import Ask, Browser, Work
from bench.dataset import SEED, Dataset
from bench.staff import MEASURED, WITH_MONEY
from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Role, User
from hrdtracker.accounts import sessions
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session, unit_of_work
from hrdtracker.core.page import Cursor
from hrdtracker.incidents.model import Incident
from hrdtracker.people.model import Person

Asks = Callable[[], Work]
COOKIE = "day"
RECORDS = 200
BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token"\s+value="([^"]+)"')
LINK = r'href="(/{}\?[^"]*page=[^"]+)"'
LIST = "/incidents"
FILTER = "area=land_and_natural_resources&from=2020&to=2024"
OPENED: Mapping[str, tuple[Action, type[Entity], str]] = MappingProxyType(
    {
        "open_case": (Action.CASE_READ, Case, "cases"),
        "open_person": (Action.PERSON_READ, Person, "people"),
        "open_incident": (Action.INCIDENT_READ, Incident, "incidents"),
    }
)


@dataclass(frozen=True)
class Goal:
    """What a workload should cost at most: the median in milliseconds, and statements."""

    p50_ms: float
    statements: int | None = None


GOALS: Mapping[str, Goal] = MappingProxyType(
    {
        "list_first": Goal(8, 4),
        "list_deep": Goal(8, 4),
        "search_rare": Goal(15),
        "search_1pct": Goal(15),
        "search_common": Goal(15),
        "search_none": Goal(15),
        "filter": Goal(10, 4),
        "open_case": Goal(15, 15),
        "open_person": Goal(15, 15),
        "open_incident": Goal(15, 15),
        "create": Goal(25, 25),
        "fund": Goal(12 * 25 + 15 * 15),
    }
)
"""A request from draft to paid takes 12 forms, each at most what creating costs, and 15 pages."""
OF_FUND: Mapping[str, Goal] = MappingProxyType(
    {
        "fund_page": Goal(20),
        "fund_queue": Goal(25),
        "fund_payments": Goal(25),
        "fund_books": Goal(25),
        "fund_request": Goal(15),
        "fund_report": Goal(150),
    }
)
"""The pages of the fund, measured beside the workloads that were agreed."""
OF_CUSTODY: Mapping[str, Goal] = MappingProxyType(
    {
        "today": Goal(100),
        "clocks": Goal(50),
        "open_case_courts": Goal(20),
        "hearings_month": Goal(20),
        "release_40": Goal(150),
        "numbers": Goal(150),
    }
)
"""Where many people are held at once, limits run for them, and courts deal with them."""
FIGURES = "/fund/reports/internal"
NOT_BUILT = (
    *("search_rare", "search_1pct", "search_common", "search_none"),
    *("statistics", "export"),
)


@dataclass(frozen=True)
class Measured:
    """Somebody whose pages are measured: a session, and records that they may open."""

    who: str
    actor: Actor
    token: str
    records: Mapping[str, tuple[UUID, ...]]
    """What there is to open, by the workload; nothing for those who work with money alone."""
    requests: tuple[UUID, ...] = ()
    strike: courts.Strike | None = None
    """The mass arrest that all who work on cases may open."""


def prepare(app: Flask) -> tuple[list[Measured], fund.Readied]:
    """Begin a session for each measured user of an instance, and choose records at random."""
    database = app.extensions["sqlalchemy"]
    with app.app_context():
        with unit_of_work(database.session()):
            found = [_measured(who, login) for who, login in MEASURED.items()]
            strike = courts.ready(found[-1].actor, clock.now())
            found = [replace(someone, strike=strike) for someone in found]
            found += [_with_money(who, login) for who, login in WITH_MONEY.items()]
            team = fund.ready()
        database.session.remove()
        database.engine.dispose()
    return found, team


def _with_money(who: str, login: str) -> Measured:
    user = session().scalars(select(User).where(User.login == login)).one()
    actor = actor_of(user)
    token = sessions.begin(user, "Bench")
    return Measured(who, actor, token, {}, fund.requests_of(actor, RECORDS))


def _measured(who: str, login: str) -> Measured:
    one, records = _with_money(who, login), {}
    actor = one.actor
    for name, (action, model, _) in OPENED.items():
        query = policy.visible(actor, action, model).with_only_columns(model.uid)
        uids = list(session().scalars(query.order_by(model.id)))
        records[name] = tuple(Random(SEED).sample(uids, min(RECORDS, len(uids))))
    return replace(one, records=records)


def is_built(app: Flask, path: str) -> bool:
    """Tell whether the application has a page at this path."""
    try:
        app.url_map.bind("").match(path)
    except HTTPException:
        return False
    return True


def workloads(app: Flask, browser: Browser, someone: Measured) -> dict[str, Asks]:
    """Return, by its name, what each workload that is built asks for next."""
    browser.cookies[COOKIE] = someone.token
    asks = _on_cases(app, browser, someone) if someone.records else {}
    for name, paths in fund.pages(someone.actor, someone.requests).items():
        asks[name] = _one_of(paths)
    if someone.records:
        asks["create"] = creating(browser, someone.actor)
    if someone.strike:
        asks |= _on_courts(browser, someone.actor, someone.strike)
    year = fund.figures_asked(someone.actor)
    if year:
        figures = {**_secrets(browser, FIGURES, someone.actor), **year}
        asks["fund_report"] = lambda: Ask(FIGURES, figures)
    return asks


def _secrets(browser: Browser, path: str, actor: Actor) -> dict[str, str]:
    """Return what a page sends along with its form by itself."""
    answer = browser.ask(Ask(path))
    browser.keep_cookies(answer)
    token = TOKEN.search(answer.text)
    assert token, "the form has no token"
    return {"csrf_token": unescape(token.group(1)), "_as": actor.uid.hex}


def _on_cases(app: Flask, browser: Browser, someone: Measured) -> dict[str, Asks]:
    asks: dict[str, Asks] = {
        "today": _always("/"),
        "clocks": _always("/clocks"),
        "list_first": _always(LIST),
        "list_deep": _always(last_page(browser)),
        "filter": _always(f"{LIST}?{FILTER}"),
    }
    if policy.could(someone.actor, Action.FIGURES_READ):
        asks["numbers"] = _always("/numbers")
    for name, (_, _, place) in OPENED.items():
        uids = someone.records[name]
        if uids and is_built(app, f"/{place}/{uids[0]}"):
            asks[name] = _one_of([f"/{place}/{uid}" for uid in uids])
    return asks


def _on_courts(browser: Browser, actor: Actor, strike: courts.Strike) -> dict[str, Asks]:
    path = f"/cases/{strike.many}/custody"
    release = courts.Release(path, _secrets(browser, path, actor), Lock())
    return {
        "open_case_courts": _always(f"/cases/{strike.before_courts}"),
        "hearings_month": _always("/hearings?view=month"),
        "release_40": lambda: release,
    }


def _always(path: str) -> Asks:
    return lambda: Ask(path)


def _one_of(paths: list[str]) -> Asks:
    chosen = cycle(paths)
    return lambda: Ask(next(chosen))


def last_page(browser: Browser) -> str:
    """Return the address of the last page, as somebody reaches it who turns every page.

    The list is entered from its end, then a page back and a page on.
    """
    end = Cursor(BEFORE_ALL, 0, back=True).token()
    last = browser.ask(Ask(f"{LIST}?page={end}")).text
    before = browser.ask(Ask(_links(last)[0])).text
    return _links(before)[-1]


def _links(page: str) -> list[str]:
    found = [unescape(each) for each in re.findall(LINK.format(LIST.strip("/")), page)]
    assert found, "the list fits on one page"
    return found


def creating(browser: Browser, actor: Actor) -> Asks:
    """Return the forms that log incidents: 120 words, type, date, place, two people."""
    secrets = _secrets(browser, "/incidents/new", actor)
    texts, numbers = cycle(_texts()), count(1)
    office = {} if actor.offices(Role.MONITOR) else {"office": "PNH"}

    def ask() -> Ask:
        number = next(numbers)
        form = {
            **secrets,
            "submission_id": uuid4().hex,
            "type": "arrest",
            "when": "16 June 2026",
            "where": "Phnom Penh",
            "who": f"Bench A{number}, F, 34\nBench B{number}, M, 29",
            "same-0-name": f"Bench A{number}",  # the page has asked while they were typed
            "same-1-name": f"Bench B{number}",
            "narrative": next(texts),
            "connection": "witness",
            **office,
        }
        return Ask("/incidents/new", form, expects=303)

    return ask


def _texts() -> list[str]:
    words, draw = Dataset(0, 0).words, Random(SEED)
    return [" ".join(draw.choices(words, k=120)) for _ in range(RECORDS)]
