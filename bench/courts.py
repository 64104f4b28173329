"""A mass arrest before the courts: forty people who are held, twenty proceedings, hearings."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import cycle
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bench.client import Answer, Ask, Browser
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.incidents.drafts import IncidentDraft
from hrdtracker.incidents.service import log_incident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person, PersonScope
from hrdtracker.proceedings import charging, hearings, opening
from hrdtracker.proceedings.drafts.charges import ChargeDraft, Qualification
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.proceedings import OpeningDraft, ProceedingDraft
from hrdtracker.proceedings.model import Party

PEOPLE, PROCEEDINGS, HEARINGS = 40, 20, 60
ZONE = ZoneInfo("Asia/Phnom_Penh")
FIELD = r'name="{}"[^>]*value="([^"]*)"'
UNDO = re.compile(r'action="([^"]*/undo)"')


@dataclass(frozen=True)
class Strike:
    """The cases of a mass arrest: one of many people, one of many proceedings."""

    many: UUID
    before_courts: UUID


def ready(actor: Actor, now: datetime) -> Strike:
    """Record a mass arrest in two cases, and proceedings, charges and hearings in the second."""
    many, second = (_arrest(actor, now, people) for people in (PEOPLE, 5))
    days = cycle(range(28))
    for number in range(PROCEEDINGS):
        facts = ProceedingDraft("trial", court="first_instance_12", court_number=f"No. {number}")
        row = opening.open_proceeding(actor, second, OpeningDraft(facts, _people(second)))
        parties = select(Party.uid).where(Party.proceeding_id == row.id)
        charged = When.day(now.date(), ZONE, "today")
        draft = ChargeDraft(tuple(session().scalars(parties)), Qualification("kh_cc_495"), charged)
        charging.add_charges(actor, row, draft)
        for _ in range(HEARINGS // PROCEEDINGS):
            starts = now.astimezone(UTC).replace(day=1 + next(days), minute=0, second=0)
            at = When.minute(starts.replace(microsecond=0), ZONE, "then")
            hearings.add_hearing(actor, row, HearingDraft(at, "trial"))
    return Strike(many.uid, second.uid)


def _arrest(actor: Actor, now: datetime, people: int) -> Case:
    named = (PersonDraft((NameDraft(f"Bench {number}"),)) for number in range(people))
    victims = tuple(Victim(described=person) for person in named)
    day = When.day((now - timedelta(days=1)).astimezone(ZONE).date(), ZONE, "yesterday")
    draft = IncidentDraft(type="arrest", occurred=day, victims=victims, connection="witness")
    return session().get_one(Case, log_incident(actor, draft).case_id)


def _people(case: Case) -> tuple[UUID, ...]:
    query = (
        select(Person.uid)
        .join(PersonScope, PersonScope.person_id == Person.id)
        .where(PersonScope.scope_id == case.scope_id)
        .order_by(PersonScope.letter)
    )
    return tuple(session().scalars(query))


@dataclass(frozen=True)
class Release:
    """Forty people are released in one sending, which is measured; then that is taken back.

    One after another: the same people are not released by two at once.
    """

    path: str
    secrets: dict[str, str]
    lock: Lock

    def done_by(self, browser: Browser) -> Answer:
        """Look at what is recorded, record it, take it back; return what the second cost."""
        with self.lock:
            page = browser.ask(Ask(self.path)).text
            form: dict[str, str | list[str]] = {
                **self.secrets,
                "stays": re.findall(r'name="stays"[^>]*value="(\w+)"', page),
                "what": "released",
                "when": "today 00:00",
                "submission_id": _value(page, "submission_id"),
            }
            look = browser.ask(Ask(self.path, {**form, "look": "1"}))
            form |= {"looked": _value(look.text, "looked"), "record": "1"}
            answer = browser.ask(Ask(self.path, form, expects=303))
            undo = UNDO.search(browser.ask(Ask(self.path)).text)
            assert undo, "nothing was recorded"
            browser.ask(Ask(unescape(undo.group(1)), self.secrets, expects=303))
            return answer


def _value(page: str, name: str) -> str:
    found = re.search(FIELD.format(name), page)
    assert found, f"the page has no {name}"
    return unescape(found.group(1))
