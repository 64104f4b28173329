"""The demonstration's invented cases and incidents: the acts are those of the pages."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from hrdtracker.access.model import Sensitivity
from hrdtracker.accounts import proposals
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
from hrdtracker.cli.demo.people import DemoPeople
from hrdtracker.cli.demo.timeline import Act, Timeline, TomlTable
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.when.model import When, midnight
from hrdtracker.core.when.parse import read_when
from hrdtracker.incidents import decisions, facts
from hrdtracker.incidents import service as incidents
from hrdtracker.incidents.closing import close_case
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
from hrdtracker.people.drafts import ContactDraft, Victim
from hrdtracker.people.model import Person

KHMER = re.compile(r"[\u1780-\u17ff]")
OPENING = timedelta(minutes=2)
REVIEWED_AFTER = 2.0
NATIONAL = "national"
CONTACT_WORDS = ("value", "hours", "name_to_use", "code_word", "who_may_answer", "never")


class DemoCase:
    """One case; its first incident opens it."""

    def __init__(self, timeline: Timeline, people: DemoPeople, table: TomlTable) -> None:
        self.timeline, self.people, self.table = timeline, people, table
        self.login: str = table["by"]
        self.owner = timeline.actor(self.login)
        self.director = timeline.actor(timeline.cast.reviewers[table["office"]])
        self.opened: Case | None = None

    @property
    def record(self) -> Case:
        """The case, once it is opened."""
        assert self.opened is not None  # noqa: S101 - acts are played in the order of time
        return self.opened

    def schedule(self) -> None:
        """Schedule every act of the case."""
        logged = [DemoIncident(self, table) for table in self.table["incident"]]
        for incident in logged:
            incident.schedule()
        first = min(incident.at for incident in logged) + OPENING
        last = max(incident.at for incident in logged) + OPENING
        ago = self.timeline.ago
        self._schedule_each("members", self._add_member, lambda _: first)
        if "sensitivity" in self.table:
            self.timeline.schedule(first, self._set_sensitivity)
        self._schedule_each("blocked", self._block, lambda _: first)
        self.timeline.schedule(last, self._edit)
        self._schedule_each("contacts", self._add_contact, lambda _: last)
        self._schedule_each(
            "tasks", self._add_task, lambda task: max(last, ago(20 - min(task["due"], 0)))
        )
        self._schedule_each(
            "follow_ups", self._add_follow_up, lambda follow_up: max(last, ago(-follow_up["in"]))
        )
        if "closed" in self.table:
            self.timeline.schedule(ago(self.table["closed"]["ago"]), self._close)
        if "reopened" in self.table:
            self.timeline.schedule(ago(self.table["reopened"]), self._reopen)

    def _schedule_each(
        self, name: str, act: Callable[[TomlTable], None], at: Callable[[TomlTable], datetime]
    ) -> None:
        for table in self.table.get(name, ()):
            self.timeline.schedule(at(table), partial(act, table))

    def _set_sensitivity(self) -> None:
        grade, case = Sensitivity(self.table["sensitivity"]), self.record
        sharing.set_sensitivity(self.director, case, grade, case.version)
        self._confirm(case)

    def _add_member(self, member: TomlTable) -> None:
        user = self.timeline.actor(member["user"]).uid
        draft = MemberDraft(user, member["reason"], self.timeline.ago(-member["days"]))
        sharing.add_member(self.director, self.record, draft)

    def _block(self, block: TomlTable) -> None:
        draft = BlockDraft(self.timeline.actor(block["user"]).uid, block["reason"])
        self._confirm(sharing.block(self.director, self.record, draft))

    def _confirm(self, subject: Entity) -> None:
        """Let the owner confirm what the director did; the national director, of the owner."""
        waiting = proposals.waiting_for(subject)
        assert waiting is not None  # noqa: S101 - it was proposed just now
        own = self.owner.id == self.director.id
        proposals.confirm(self.timeline.actor(NATIONAL) if own else self.owner, waiting)

    def _edit(self) -> None:
        case, days = self.record, self.table.get("look")
        next_look = None if days is None else self.timeline.present_day(days)
        draft = CaseDraft(self.table.get("title"), frozenset(self.table["areas"]), next_look)
        service.edit_case(self.owner, case, draft, case.version)

    def _add_contact(self, contact: TomlTable) -> None:
        checked = self.timeline.present_day(-contact["checked"])
        draft = ContactDraft(
            contact["kind"],
            **{name: contact.get(name) for name in CONTACT_WORDS},
            checked_on=min(checked, self.timeline.played_day()),
        )
        uid = self.people.uid(self.login, contact["of"])
        person = session().scalars(select(Person).where(Person.uid == uid)).one()
        contacts.add_contact(self.owner, self.record, person, draft)

    def _add_task(self, task: TomlTable) -> None:
        assignee = self.timeline.actor(task["to"])
        draft = TaskDraft(task["what"], self.timeline.present_day(task["due"]), assignee.uid)
        uid = work.add_task(self.owner, self.record, draft).uid
        if task.get("done"):
            work.finish_task(assignee, self.record, uid)

    def _add_follow_up(self, follow_up: TomlTable) -> None:
        hour = time.fromisoformat(follow_up.get("at", "00:00"))
        day = midnight(self.timeline.present_day(follow_up["in"]), self.timeline.cast.zone)
        at = day + timedelta(hours=hour.hour, minutes=hour.minute)
        draft = FollowUpDraft(follow_up["kind"], at, "at" in follow_up, follow_up["note"])
        work.add_follow_up(self.owner, self.record, draft)

    def _close(self) -> None:
        closing, case = self.table["closed"], self.record
        areas = frozenset(self.table["areas"])
        draft = ClosingDraft(closing["outcome"], closing["reason"], areas)
        close_case(self.director, case, draft, case.version)

    def _reopen(self) -> None:
        service.reopen_case(self.director, self.record, self.record.version)


class DemoIncident:
    """One incident of a case; what is typed into it is typed by the owner of the case."""

    def __init__(self, case: DemoCase, table: TomlTable) -> None:
        self.case, self.timeline, self.table = case, case.timeline, table
        self.at = self.timeline.ago(table["logged"])
        self.logged: Incident | None = None

    @property
    def record(self) -> Incident:
        """The incident, once it is logged."""
        assert self.logged is not None  # noqa: S101 - acts are played in the order of time
        return self.logged

    def schedule(self) -> None:
        """Schedule every act about the incident."""
        self._schedule(0, self._log)
        for source in self.table.get("sources", ()):
            self._schedule(0.05, partial(self._add_source, source))
        for involvement in self.table.get("alleged", ()):
            self._schedule(0.1, partial(self._add_involvement, involvement))
        for update in self.table.get("updates", ()):
            self._schedule(update["after"], partial(self._update_victims, update))
        for name, act in (
            ("returned", self._return),
            ("corrected", self._correct),
            ("review", self._review),
        ):
            if name in self.table:
                self._schedule(self.table[name].get("after", REVIEWED_AFTER), act)

    def _schedule(self, days: float, act: Act) -> None:
        self.timeline.schedule(self.at + timedelta(days=days), act)

    def _log(self) -> None:
        case, keys = self.case, self.table["people"]
        into = case.opened or self.timeline.cast.offices[case.table["office"]]
        victims = tuple(case.people.victim(case.login, key) for key in keys)
        self.logged = incidents.log_incident(
            case.owner, self._draft(self.table["text"], victims), into
        )
        case.opened = case.opened or session().get_one(Case, self.logged.case_id)
        case.people.note_victims(case.login, keys, self.logged)

    def _draft(self, text: str, victims: tuple[Victim, ...]) -> IncidentDraft:
        table = self.table
        return IncidentDraft(
            type=table["type"],
            occurred=self._when(table["when"]),
            place=_place(table),
            victims=victims,
            custody=Custody(
                arrived=self._when(table["arrived"]) if "arrived" in table else None,
                place_held=table.get("held"),
                lawyer_contacted=table.get("lawyer"),
            ),
            narrative=text,
            language="km" if KHMER.search(text) else "en",
            tie=table.get("tie"),
            urgency=Urgency.URGENT if table.get("urgent") else Urgency.NORMAL,
            connection=table["via"],
            areas=frozenset(self.case.table["areas"]),
            send=not table.get("draft"),
        )

    def _when(self, words: str) -> When:
        zone = self.timeline.cast.zone
        return read_when(words, clock.day_of(self.at, zone), zone)

    def _add_source(self, source: TomlTable) -> None:
        draft = SourceDraft(
            source["via"],
            reliability=source.get("reliability"),
            material=source.get("material"),
            identity=source.get("identity"),
            remarks=source.get("remarks"),
            supports=tuple(incidents.violations_of(self.record)),
            readers=tuple(self.timeline.actor(login).uid for login in source.get("readers", ())),
        )
        facts.add_source(self.case.owner, self.record, draft, self.record.version)

    def _add_involvement(self, involvement: TomlTable) -> None:
        case, key = self.case, involvement.get("who")
        draft = InvolvementDraft(
            involvement["type"],
            words=involvement.get("words"),
            degree=involvement.get("degree"),
            certainty=involvement.get("certainty"),
            alleged_perpetrator=key
            and case.people.alleged_perpetrator(case.owner, case.login, key),
        )
        facts.add_involvement(case.owner, self.record, draft, self.record.version)

    def _update_victims(self, update: TomlTable) -> None:
        people = [self.case.people.uid(self.case.login, key) for key in update["people"]]
        query = (
            select(Violation.uid)
            .join(Person, Person.id == Violation.victim_id)
            .where(Violation.incident_id == self.record.id, Person.uid.in_(people))
        )
        draft = VictimUpdate(
            tuple(session().scalars(query)),
            status_at_end=update.get("status"),
            place_held=update.get("held"),
        )
        facts.update_victims(self.case.owner, self.record, draft, self.record.version)

    def _return(self) -> None:
        reason = self.table["returned"]["reason"]
        decisions.return_incident(self.case.director, self.record, reason, self.record.version)

    def _correct(self) -> None:
        draft = self._draft(self.table["corrected"]["text"], ())
        incidents.edit_incident(self.case.owner, self.record, draft, self.record.version)
        incidents.submit(self.case.owner, self.record)

    def _review(self) -> None:
        review, incident = self.table["review"], self.record
        assessment = Assessment(
            tuple(incidents.violations_of(incident)),
            Established(review["established"]),
            review["sources"],
            Finding(review["finding"]),
            review.get("right"),
        )
        decisions.review_incident(self.case.director, incident, [assessment], incident.version)


def _place(table: TomlTable) -> Location:
    if "online" in table:
        return Location(PlaceKind.ONLINE, **table["online"])
    if "abroad" in table:
        return Location(PlaceKind.ABROAD, **table["abroad"])
    return read_place(table.get("where"))
