"""What the page of one case says: its people, where it stands, what is due, what is missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Sensitivity
from hrdtracker.cases.case_file import (
    CaseFile,
    Named,
    Standing,
    case_file,
    readings_of,
    with_people,
)
from hrdtracker.cases.completeness import Completeness, Gap, RecordKind, completeness
from hrdtracker.cases.model import Case, Task
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.incidents.case_view import (
    CaseHistory,
    Fate,
    age_of,
    story,
)
from hrdtracker.incidents.known_facts import case_facts
from hrdtracker.incidents.model import IncidentStatus, Urgency
from hrdtracker.incidents.queries import is_being_undone
from hrdtracker.people.sizes import Size, size_of
from hrdtracker.web.cases.next_step import NextStepFacts, NextThing, next_thing
from hrdtracker.web.cases.timeline import TimelineEntry, shown, timeline
from hrdtracker.web.fund.requests.list import RequestLine, support_of
from hrdtracker.web.shell.context import locale, number, office_name, today, word
from hrdtracker.web.shell.people import say_count, say_size, say_sizes
from hrdtracker.web.shell.sentences import begin, in_a_row, with_what
from hrdtracker.web.words.cases import (
    Due,
    case_title,
    due,
    say_last_day,
    say_letters,
    say_named,
    say_terms,
)
from hrdtracker.web.words.courts import ProceedingLine, proceeding_lines
from hrdtracker.web.words.custody import held_states, say_fate, say_place
from hrdtracker.web.words.openings import OpeningLines, opening_lines, say_opening

PEOPLE_SHOWN = 6
PAST_SHOWN = 30
WHERE = {
    (RecordKind.CASE, "areas"): ("cases.edit", "areas"),
    (RecordKind.CASE, "next_look_on"): ("cases.edit", "next_look_on"),
    (RecordKind.INCIDENT, "when"): ("incidents.edit", "when"),
    (RecordKind.INCIDENT, "place"): ("incidents.edit", "place_kind"),
    (RecordKind.INCIDENT, "lawyer"): ("incidents.edit", "lawyer"),
    (RecordKind.INCIDENT, "victims"): ("incidents.edit", "who"),
    (RecordKind.INCIDENT, "source"): ("incident_facts.source", "connection"),
    (RecordKind.INCIDENT, "perpetrator"): ("incident_facts.perpetrator", "perpetrator_type"),
    (RecordKind.INCIDENT, "custody"): ("incident_facts.people", "status"),
    **{
        (RecordKind.CASE, step): ("custody_steps.record", step)
        for step in ("family_informed", "told_reasons", "lawyer_seen", "medical_visit")
    },
    (RecordKind.PERSON, "age"): ("people.edit", "age"),
    (RecordKind.PERSON, "sex"): ("people.edit", "sex"),
}
"""The page and the field where each missing thing is added."""


@dataclass(frozen=True)
class HeldPerson:
    """Where it is said that somebody is held: what “Still held” and “Released” are about."""

    incident: UUID
    violation: UUID


@dataclass(frozen=True)
class CasePersonLine:
    """Somebody in a case as a line says it; no name."""

    named: Named
    label: str
    sub: str
    quiet: bool
    held: HeldPerson | None = None


@dataclass(frozen=True)
class TaskLine:
    """Something to do, by whom, and how soon."""

    task: Task
    who: str
    due: Due | None


@dataclass(frozen=True)
class GapLine:
    """Something missing, and the very field where it is added."""

    text: str
    url: str


@dataclass(frozen=True)
class CasePage:
    """One case with all that belongs to it; pairs are a word and what it stands for."""

    standing: Standing
    title: str
    summary: str
    urgency: str
    next_thing: NextThing | None
    facts: list[tuple[str, str]]
    people: list[CasePersonLine]
    people_count: str
    more_people: list[CasePersonLine]
    entries: list[TimelineEntry]
    entries_count: int
    tasks: list[TaskLine]
    gaps: list[GapLine]
    completeness: Completeness
    known_count: str
    access: list[tuple[str, str]]
    proceedings: Sequence[ProceedingLine]
    support: list[RequestLine]
    openings: list[tuple[str, str]]
    is_being_undone: bool
    says_held: bool
    """Whether it says that somebody is held."""


@dataclass(frozen=True)
class CasePeoplePage:
    """Everybody named in a case, by their letters."""

    case: Case
    people: list[CasePersonLine]
    people_count: str


@dataclass(frozen=True)
class CaseOpeningsPage:
    """When a case was opened and by whom, and when it was read of in lists, a part of each."""

    case: Case
    title: str
    openings: OpeningLines
    listings: OpeningLines


def case_page(actor: Actor, uid: UUID) -> CasePage:
    """Return the page of one case."""
    file = case_file(actor, uid)
    case = file.standing.case
    history = story(actor, case)
    progress = completeness(case_facts(file, history))
    gaps = [GapLine(_say_gap(gap), _gap_url(gap)) for gap in progress.gaps]
    first_gap = gaps[0].url if gaps else ""
    entries = timeline(file, history)
    people = [_person(named, history) for named in file.people]
    return CasePage(
        standing=file.standing,
        title=case_title(case),
        summary=_summary(file, history),
        urgency=_urgency(history),
        next_thing=next_thing(NextStepFacts(actor.id, file, history, progress, first_gap)),
        facts=_facts(file, history),
        people=people[:PEOPLE_SHOWN],
        people_count=_say_fates(file.people, history),
        more_people=people[PEOPLE_SHOWN:],
        entries=entries if "all" in request.args else shown(entries, PAST_SHOWN),
        entries_count=len(entries) - 1,
        tasks=[_task(task, file) for task in file.tasks],
        gaps=gaps,
        completeness=progress,
        known_count=_say_known(progress),
        access=_access(file),
        proceedings=proceeding_lines(actor, case.scope_id),
        support=support_of(actor, case),
        openings=_openings(file),
        is_being_undone=is_being_undone(happening.incident for happening in history.happenings),
        says_held=bool(history.held),
    )


def people_page(actor: Actor, uid: UUID) -> CasePeoplePage:
    """Return the page of everybody named in a case."""
    standing, people = with_people(actor, uid)
    history = story(actor, standing.case)
    lines = [_person(named, history) for named in people]
    return CasePeoplePage(standing.case, lines, _say_fates(people, history))


def openings_page(actor: Actor, standing: Standing) -> CaseOpeningsPage:
    """Return the page of who has opened a case, and of who has read of it in lists."""
    places = {name: request.args.get(name) for name in ("openings", "listings")}
    readings = readings_of(actor, standing, **places)

    def turn(**here: str | None) -> str:
        address: dict[str, Any] = {**places, **here}
        return url_for("cases.openings", uid=standing.case.uid, **address)

    return CaseOpeningsPage(
        case=standing.case,
        title=case_title(standing.case),
        openings=opening_lines(
            readings.openings, readings.labels, lambda token: turn(openings=token)
        ),
        listings=opening_lines(
            readings.listings, readings.labels, lambda token: turn(listings=token)
        ),
    )


def _openings(file: CaseFile) -> list[tuple[str, str]]:
    """Return who opened the case lately, each with the latest time."""
    return [say_opening(opened, file.labels) for opened in file.openings]


# What is said of people --------------------------------------------------------------------------


def _person(named: Named, history: CaseHistory) -> CasePersonLine:
    person, fate = named.person, history.fates.get(named.person.id)
    age = age_of(person, today())
    traits = [word(person.sex), number(age) if age is not None else "", say_size(person)]
    details = ", ".join(trait for trait in traits if trait)
    alleged = gettext("Alleged perpetrator") if named.person.id in history.alleged else ""
    return CasePersonLine(
        named=named,
        label=say_named(named),
        sub=in_a_row(alleged, details, _say_fate(fate) if fate else ""),
        quiet=fate is not None and fate.root is not None and not fate.is_held,
        held=HeldPerson(fate.happening.incident.uid, fate.violation.uid)
        if fate and fate.is_held
        else None,
    )


def _say_fate(fate: Fate) -> str:
    """Return what is known last of somebody: what was done, how they are, where they are held."""
    violation = fate.violation
    kind = terms().label("incident_type", violation.type, locale())
    place_held = say_place(fate.stay) if fate.is_held else ""
    return in_a_row(kind, begin(say_fate(fate)), begin(place_held))


def _concerned(people: Sequence[Named], history: CaseHistory) -> Size:
    """Return how many people the case concerns."""
    return size_of(named.person for named in people if history.concerns(named))


def _say_fates(people: Sequence[Named], history: CaseHistory) -> str:
    """Return how many people a case concerns and how they are: "12: 9 held, 3 released"."""
    fates = history.fates.values()
    roots = Counter(fate.root for fate in fates if fate.root and not fate.is_held)
    held = held_states(history.held_count(clock.now()))
    others = [
        (terms().label("victim_status", root, locale()), total)
        for root, total in roots.most_common()
    ]
    counts = [with_what(begin(words), number(total)) for words, total in (*held, *others)]
    count = say_count(_concerned(people, history))
    if not counts:
        return count
    return str(gettext("%(count)s (%(more)s)", count=count, more=", ".join(counts)))


# What is said of the case ------------------------------------------------------------------------


def _summary(file: CaseFile, history: CaseHistory) -> str:
    """Return one sentence that says how large the case is and how far it is reviewed."""
    incidents = len(history.happenings)
    reviewed = sum(
        happening.incident.status == IncidentStatus.REVIEWED for happening in history.happenings
    )
    parts = [
        say_sizes(_concerned(file.people, history)),
        ngettext("%(count)s incident", "%(count)s incidents", incidents, count=number(incidents)),
        ngettext("%(count)s reviewed", "%(count)s reviewed", reviewed, count=number(reviewed)),
    ]
    return ", ".join(parts if incidents else parts[:1])


def _urgency(history: CaseHistory) -> str:
    """Return the highest urgency of what is not reviewed yet, or after which somebody is held."""
    order = [str(grade) for grade in Urgency]
    held = set(history.held)
    urgencies = [
        happening.incident.urgency
        for happening in history.happenings
        if happening.incident.status != IncidentStatus.REVIEWED or held & {*happening.victims}
    ]
    return max(urgencies, key=order.index, default=order[0])


def _facts(file: CaseFile, history: CaseHistory) -> list[tuple[str, str]]:
    standing = file.standing
    kinds = dict.fromkeys(chain.from_iterable(history.perpetrators.values()))
    owner = file.labels.get(standing.scope.owner_id, "")
    facts = [
        (gettext("Area"), say_terms("thematic_area", standing.areas)),
        (gettext("Alleged perpetrator"), say_terms("perpetrator_type", kinds)),
        (gettext("Province"), terms().label("province", standing.case.lead_province, locale())),
        (gettext("Owner"), f"{owner}, {office_name(standing.office)}"),
    ]
    if standing.case.outcome:
        outcome = terms().label("case_outcome", standing.case.outcome, locale())
        facts.insert(3, (gettext("How it ended"), outcome))
    return facts


def _task(task: Task, file: CaseFile) -> TaskLine:
    who = file.labels.get(task.assigned_to_id, "")
    return TaskLine(task, who, due(task.due_on) if task.due_on else None)


def _say_gap(gap: Gap) -> str:
    return str(gettext(gap.what, who=say_letters(gap.letters)))


def _gap_url(gap: Gap) -> str:
    endpoint, field = WHERE[gap.about, gap.field]
    return url_for(endpoint, uid=gap.uid) + f"#{field}"


def _say_known(progress: Completeness) -> str:
    known, total = number(progress.known), number(progress.total)
    return str(gettext("%(known)s of %(total)s known", known=known, total=total))


def _access(file: CaseFile) -> list[tuple[str, str]]:
    """Return who may open the case, in words."""
    standing, labels = file.standing, file.labels
    lines = [(gettext("Owner"), labels.get(standing.scope.owner_id, ""))]
    if standing.scope.begun_at is None:
        return [*lines, (gettext("Everybody else"), gettext("Once something of it is sent"))]
    for member in file.members:
        text = in_a_row(labels.get(member.user_id, ""), say_last_day(member.ends_at))
        lines.append((gettext("Member"), text))
    if standing.scope.sensitivity == Sensitivity.NORMAL:
        lines.append(
            (gettext("Directors"), gettext("Of the office, and of the whole organisation"))
        )
    else:
        lines.append((gettext("Director"), labels.get(standing.scope.decider_id or 0, "")))
    lines += [(gettext("Shut out"), labels.get(block.user_id, "")) for block in file.blocks]
    return lines
