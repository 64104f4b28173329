"""Plays the demonstration's invented past: each act on its day, by its person, as on the pages."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Sensitivity
from hrdtracker.cases import contacts, service, sharing, work
from hrdtracker.cases.drafts import (
    BlockDraft,
    CaseDraft,
    ClosingDraft,
    FollowUpDraft,
    MemberDraft,
    TaskDraft,
)
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When, midnight
from hrdtracker.core.when.parse import read_when
from hrdtracker.incidents import decisions, facts
from hrdtracker.incidents import service as incidents
from hrdtracker.incidents.drafts import (
    Assessment,
    Custody,
    IncidentDraft,
    InvolvementDraft,
    Location,
    SourceDraft,
    VictimUpdate,
)
from hrdtracker.incidents.gazetteer import read_place
from hrdtracker.incidents.model import (
    Established,
    Finding,
    Incident,
    PlaceKind,
    Urgency,
    Violation,
)
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft, Victim
from hrdtracker.people.line_words import Sex
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.people.service import record_person

FILE = Path(__file__).resolve().parent / "data" / "demo.toml"
KHMER = re.compile(r"[\u1780-\u17ff]")
OPENING = timedelta(minutes=2)
REVIEWED_AFTER = 2.0
Told = Mapping[str, Any]
Do = Callable[[], object]


@dataclass(frozen=True)
class Cast:
    """Who plays: everybody by user name, the offices, and who reviews what an office sends."""

    actors: Mapping[str, Actor]
    offices: Mapping[str, Office]
    reviewers: Mapping[str, str]
    zone: ZoneInfo


@dataclass
class _Act:
    """One act of the story; `place` keeps acts of the same moment in the order they are told."""

    at: datetime
    place: int
    do: Do


class DemoStory:
    """The acts of every case, in the order of time."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.present = cast, clock.now()
        told = tomllib.loads(FILE.read_text("utf-8"))
        self.people: Mapping[str, Told] = told["people"]
        self.known: dict[tuple[str, str], UUID] = {}
        self.acts: list[_Act] = []
        for case in told["case"]:
            _CaseTold(self, case).tell()

    def play(self) -> None:
        """Do every act as of its moment."""
        for act in sorted(self.acts, key=lambda each: (each.at, each.place)):
            with clock.as_of(act.at):
                act.do()

    def ago(self, days: float) -> datetime:
        """Return the moment so many days before the present."""
        return self.present - timedelta(days=days)

    def will(self, at: datetime, do: Do) -> None:
        """Let something be done at a moment; what would lie ahead is done last."""
        self.acts.append(_Act(min(at, self.present), len(self.acts), do))

    def victim(self, login: str, key: str) -> Victim:
        """Return somebody whom this person has recorded already, or how they are told here."""
        if (login, key) in self.known:
            return Victim(known=self.known[login, key])
        return Victim(described=_person(self.people[key]))

    def alleged(self, login: str, key: str) -> UUID:
        """Return somebody alleged to have done something, whom this person records at first."""
        if (login, key) not in self.known:
            person = record_person(self.cast.actors[login], _person(self.people[key]))
            self.known[login, key] = person.uid
        return self.known[login, key]

    def keep(self, login: str, keys: Iterable[str], incident: Incident) -> None:
        """Remember whom an incident has recorded."""
        query = (
            select(Person.uid)
            .join(Violation, Violation.victim_id == Person.id)
            .where(Violation.incident_id == incident.id)
            .order_by(Violation.id)
        )
        for key, uid in zip(keys, session().scalars(query), strict=True):
            self.known[login, key] = uid


class _CaseTold:
    """The acts of one case."""

    def __init__(self, story: DemoStory, told: Told) -> None:
        self.story, self.told, self.cast = story, told, story.cast
        self.login: str = told["by"]
        self.owner = self.cast.actors[self.login]
        self.director = self.cast.actors[self.cast.reviewers[told["office"]]]
        self.case: Case | None = None

    def tell(self) -> None:
        """Add every act of the case to the story."""
        happened = [_IncidentTold(self, each) for each in self.told["incident"]]
        for incident in happened:
            incident.tell()
        opened = min(incident.at for incident in happened)
        will, after = self.story.will, opened + OPENING
        if self.told.get("sensitivity"):
            will(after, self._hide)
        for login, reason, days in self._members():
            will(after, partial(self._let_in, login, reason, days))
        for one in self.told.get("blocked", ()):
            will(after, partial(self._shut_out, one))
        latest = max(incident.at for incident in happened) + OPENING
        will(latest, self._describe)
        for one in self.told.get("contacts", ()):
            will(latest, partial(self._reach, one))
        for one in self.told.get("tasks", ()):
            will(max(latest, self.story.ago(20 - min(one["due"], 0))), partial(self._plan, one))
        for one in self.told.get("follow_ups", ()):
            will(max(latest, self.story.ago(-one["in"])), partial(self._follow, one))
        self._tell_the_end()

    def the(self) -> Case:
        """Return the case, which its first incident has opened."""
        assert self.case is not None  # noqa: S101 - acts are played in the order of time
        return self.case

    def _tell_the_end(self) -> None:
        if "closed" in self.told:
            self.story.will(self.story.ago(self.told["closed"]["ago"]), self._close)
        if "reopened" in self.told:
            again = partial(self._with_version, service.reopen_case)
            self.story.will(self.story.ago(self.told["reopened"]), again)

    def _with_version(self, do: Callable[[Actor, Case, int], None]) -> None:
        do(self.director, self.the(), self.the().version)

    def _members(self) -> Iterator[tuple[str, str, int]]:
        for one in self.told.get("members", ()):
            yield one["user"], one["reason"], one["days"]

    def _let_in(self, login: str, reason: str, days: int) -> None:
        ends = self.story.present + timedelta(days=days)
        draft = MemberDraft(self.cast.actors[login].uid, reason, ends)
        sharing.add_member(self.director, self.the(), draft)

    def _shut_out(self, one: Told) -> None:
        draft = BlockDraft(self.cast.actors[one["user"]].uid, one["reason"])
        sharing.block(self.director, self.the(), draft)

    def _hide(self) -> None:
        grade, case = Sensitivity(self.told["sensitivity"]), self.the()
        sharing.set_sensitivity(self.director, case, grade, case.version)

    def _describe(self) -> None:
        case, days = self.the(), self.told.get("look")
        look = None if days is None else self._day(days)
        draft = CaseDraft(self.told.get("title"), frozenset(self.told["areas"]), look)
        service.edit_case(self.owner, case, draft, case.version)

    def _reach(self, one: Told) -> None:
        words = ("value", "hours", "name_to_use", "code_word", "who_may_answer", "never")
        checked = self._day(-one["checked"])
        draft = ContactDraft(
            one["kind"],
            **{name: one.get(name) for name in words},
            checked_on=min(checked, clock.today(self.cast.zone)),
        )
        uid = self.story.known[self.login, one["of"]]
        person = session().scalars(select(Person).where(Person.uid == uid)).one()
        contacts.add_contact(self.owner, self.the(), person, draft)

    def _plan(self, one: Told) -> None:
        assignee = self.cast.actors[one["to"]]
        draft = TaskDraft(one["what"], self._day(one["due"]), assignee.uid)
        task = work.add_task(self.owner, self.the(), draft)
        if one.get("done"):
            work.finish_task(assignee, self.the(), task.uid)

    def _follow(self, one: Told) -> None:
        hour, timed = time.fromisoformat(one.get("at", "00:00")), "at" in one
        at = midnight(self._day(one["in"]), self.cast.zone) + timedelta(
            hours=hour.hour, minutes=hour.minute
        )
        draft = FollowUpDraft(one["kind"], at, timed, one["note"])
        work.add_follow_up(self.owner, self.the(), draft)

    def _close(self) -> None:
        end, case = self.told["closed"], self.the()
        areas = frozenset(self.told["areas"])
        draft = ClosingDraft(end["outcome"], end["reason"], areas)
        service.close_case(self.director, case, draft, case.version)

    def _day(self, days: int) -> Any:
        return clock.day_of(self.story.present + timedelta(days=days), self.cast.zone)


class _IncidentTold:
    """The acts about one incident."""

    def __init__(self, case: _CaseTold, told: Told) -> None:
        self.case, self.story, self.told = case, case.story, told
        self.at = self.story.ago(told["logged"])
        self.incident: Incident | None = None

    def tell(self) -> None:
        """Add every act about the incident to the story."""
        self._will(0, self._log)
        for one in self.told.get("sources", ()):
            self._will(0.05, partial(self._add_source, one))
        for one in self.told.get("alleged", ()):
            self._will(0.1, partial(self._accuse, one))
        for one in self.told.get("updates", ()):
            self._will(one["after"], partial(self._update, one))
        if "returned" in self.told:
            self._will(self.told["returned"]["after"], self._return)
        if "corrected" in self.told:
            self._will(self.told["corrected"]["after"], self._correct)
        if "review" in self.told:
            self._will(self.told["review"].get("after", REVIEWED_AFTER), self._review)

    def _will(self, days: float, do: Do) -> None:
        self.story.will(self.at + timedelta(days=days), do)

    def the(self) -> Incident:
        """Return the incident, once it is logged."""
        assert self.incident is not None  # noqa: S101 - acts are played in the order of time
        return self.incident

    def _log(self) -> None:
        case = self.case
        into = case.case or case.cast.offices[case.told["office"]]
        victims = (self.story.victim(case.login, key) for key in self.told["people"])
        draft = self._draft(self.told["text"], tuple(victims))
        self.incident = incidents.log_incident(case.owner, draft, into)
        case.case = case.case or session().get_one(Case, self.incident.case_id)
        self.story.keep(case.login, self.told["people"], self.incident)

    def _draft(self, text: str, victims: tuple[Victim, ...]) -> IncidentDraft:
        told = self.told
        return IncidentDraft(
            type=told["type"],
            occurred=self._when(told["when"]),
            place=_place(told),
            victims=victims,
            custody=Custody(
                arrived=self._when(told["arrived"]) if "arrived" in told else None,
                place_held=told.get("held"),
                lawyer_contacted=told.get("lawyer"),
            ),
            narrative=text,
            language="km" if KHMER.search(text) else "en",
            tie=told.get("tie"),
            urgency=Urgency.URGENT if told.get("urgent") else Urgency.NORMAL,
            connection=told["via"],
            areas=frozenset(self.case.told["areas"]),
            send=not told.get("draft"),
        )

    def _when(self, words: str) -> When:
        return read_when(words, clock.day_of(self.at, self.case.cast.zone), self.case.cast.zone)

    def _add_source(self, one: Told) -> None:
        draft = SourceDraft(
            one["via"],
            reliability=one.get("reliability"),
            material=one.get("material"),
            identity=one.get("identity"),
            remarks=one.get("remarks"),
            supports=tuple(incidents.violations_of(self.the())),
            readers=tuple(self.case.cast.actors[login].uid for login in one.get("readers", ())),
        )
        facts.add_source(self.case.owner, self.the(), draft, self.the().version)

    def _accuse(self, one: Told) -> None:
        who = self.story.alleged(self.case.login, one["who"]) if "who" in one else None
        words, degree, certainty = (one.get(name) for name in ("words", "degree", "certainty"))
        draft = InvolvementDraft(one["type"], words, degree, certainty, alleged_perpetrator=who)
        facts.add_involvement(self.case.owner, self.the(), draft, self.the().version)

    def _update(self, one: Told) -> None:
        known = [self.story.known[self.case.login, key] for key in one["people"]]
        query = (
            select(Violation.uid)
            .join(Person, Person.id == Violation.victim_id)
            .where(Violation.incident_id == self.the().id, Person.uid.in_(known))
        )
        update = VictimUpdate(
            tuple(session().scalars(query)),
            status_at_end=one.get("status"),
            place_held=one.get("held"),
        )
        facts.update_victims(self.case.owner, self.the(), update, self.the().version)

    def _return(self) -> None:
        reason = self.told["returned"]["reason"]
        decisions.return_incident(self.case.director, self.the(), reason, self.the().version)

    def _correct(self) -> None:
        incident = self.the()
        draft = self._draft(self.told["corrected"]["text"], ())
        incidents.edit_incident(self.case.owner, incident, draft, incident.version)
        incidents.submit(self.case.owner, incident)

    def _review(self) -> None:
        found, incident = self.told["review"], self.the()
        assessment = Assessment(
            tuple(incidents.violations_of(incident)),
            Established(found["established"]),
            found["sources"],
            Finding(found["finding"]),
            found.get("right"),
        )
        decisions.review_incident(self.case.director, incident, [assessment], incident.version)


def _person(told: Told) -> PersonDraft:
    """Return a person or group as the file tells of them; their age is of the day it is told."""
    names = (
        ("as_told", told.get("km") or told.get("latin")),
        ("transliteration", told.get("latin") if "km" in told else None),
        ("monastic", told.get("monastic")),
        ("nickname", told.get("nickname")),
    )
    return PersonDraft(
        tuple(NameDraft(name, kind) for kind, name in names if name),
        unit=CountingUnit(told.get("unit", CountingUnit.PERSON)),
        sex=Sex(told["sex"]) if "sex" in told else None,
        age=told.get("age"),
        head_count=told.get("count"),
        head_count_about=told.get("about", False),
        categories=frozenset(told.get("is", ())),
        remarks=told.get("remarks"),
        interpreter_language=told.get("interpreter"),
    )


def _place(told: Told) -> Location:
    online, abroad = told.get("online"), told.get("abroad")
    if online:
        return Location(
            PlaceKind.ONLINE,
            platform=online["platform"],
            account=online.get("account"),
            link=online.get("link"),
        )
    if abroad:
        return Location(PlaceKind.ABROAD, country=abroad["country"], words=abroad["words"])
    return read_place(told.get("where"))
