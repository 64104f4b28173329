"""The one thing to do next in a case: what runs out, came back, waits, or is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.cases.case_file import CaseFile
from hrdtracker.cases.completeness import Completeness
from hrdtracker.cases.model import CaseStatus
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_day
from hrdtracker.incidents.case_view import CaseHistory, Happening
from hrdtracker.incidents.model import IncidentStatus
from hrdtracker.incidents.workflow import INCIDENT
from hrdtracker.web.shell.context import locale, number, zone
from hrdtracker.web.words.cases import due
from hrdtracker.web.words.custody import say_held


@dataclass(frozen=True)
class NextThing:
    """What, until when, why, and the one button."""

    what: str
    why: str = ""
    kind: str = ""
    word: str = ""
    until: str = ""
    url: str = ""
    label: str = ""
    confirm: UUID | None = None
    """The incident whose people are said to be held, where one act confirms them all."""


@dataclass(frozen=True)
class NextStepFacts:
    """All that the choice is made from; `actor_id` is who reads the page."""

    actor_id: int
    file: CaseFile
    history: CaseHistory
    completeness: Completeness
    gap_url: str


def next_thing(facts: NextStepFacts) -> NextThing | None:
    """Return the first that applies; nothing where all is done."""
    for choose in CHOICES:
        thing = choose(facts)
        if thing is not None:
            return thing
    return None


def _closed(facts: NextStepFacts) -> NextThing | None:
    case = facts.file.standing.case
    if case.status != CaseStatus.CLOSED:
        return None
    outcome = terms().label("case_outcome", case.outcome, locale())
    return NextThing(
        gettext("This case is closed: %(outcome)s", outcome=outcome),
        why=case.closing_reason or "",
        kind="closed",
        word=gettext("Closed"),
    )


def _pressing(facts: NextStepFacts) -> NextThing | None:
    """Return the earliest day to come, if it is over or within a week."""
    thing = _dated(facts)
    return thing if thing is not None and thing.kind != "later" else None


def _dated(facts: NextStepFacts) -> NextThing | None:
    days = [*_days(facts)]
    if not days:
        return None
    day, thing = min(days, key=lambda pair: pair[0])
    badge = due(day)
    return NextThing(
        thing.what,
        why=thing.why,
        kind=badge.kind,
        word=badge.word,
        until=say_day(day, locale()) if badge.kind != "later" else "",
        url=thing.url,
        label=thing.label,
    )


def _days(facts: NextStepFacts) -> Iterator[tuple[date, NextThing]]:
    """Yield every day to come: tasks, what is planned, the next look."""
    file, case = facts.file, facts.file.standing.case
    for task in file.tasks:
        if task.due_on is not None:
            who = file.labels.get(task.assigned_to_id, "")
            yield task.due_on, NextThing(task.what or "", who, url="#due", label=gettext("See it"))
    for follow_up in file.follow_ups:
        if follow_up.is_to_come(clock.now()):
            label = terms().label("follow_up_kind", follow_up.kind, locale())
            thing = NextThing(label, follow_up.note or "", url="#timeline", label=gettext("See it"))
            yield clock.day_of(follow_up.at, zone()), thing
    if case.next_look_on is not None:
        url = url_for("cases.edit", uid=case.uid) + "#next_look_on"
        label = gettext("Set the next day")
        yield case.next_look_on, NextThing(gettext("Look at it again"), url=url, label=label)


def _returned(facts: NextStepFacts) -> NextThing | None:
    """Return what a director sent back to the reader."""
    for happening in facts.history.happenings:
        incident = happening.incident
        if incident.status == IncidentStatus.RETURNED and incident.recorded_by_id == facts.actor_id:
            return NextThing(
                gettext("%(what)s was returned to you", what=_kind(happening)),
                why=incident.returned_reason or "",
                kind="returned",
                word=gettext("Returned"),
                url=url_for("incidents.incident", uid=incident.uid),
                label=gettext("Correct it"),
            )
    return None


def _to_review(facts: NextStepFacts) -> NextThing | None:
    """Return what waits for the reader's decision, the oldest first."""
    for happening in reversed(facts.history.happenings):
        if happening.may_review and Action.INCIDENT_REVIEW in INCIDENT.open_to(happening.incident):
            return NextThing(
                gettext("%(what)s waits for your review", what=_kind(happening)),
                kind="submitted",
                word=gettext("Sent"),
                url=url_for("review.review", uid=happening.incident.uid),
                label=gettext("Review it"),
            )
    return None


def _kind(happening: Happening) -> str:
    return terms().label("incident_type", happening.incident.type, locale())


def _held(facts: NextStepFacts) -> NextThing | None:
    """Return that people are still held, and the way to say what became of them."""
    fates, held = facts.history.fates, facts.history.held
    if not held:
        return None
    incidents = {fates[number].happening.incident.uid for number in held}
    return NextThing(
        say_held(facts.history.held_count(clock.now()), facts.history.victims),
        url=url_for("incident_facts.people", uid=next(iter(incidents))),
        label=gettext("Say what happened to them"),
        confirm=incidents.pop() if len(incidents) == 1 else None,
    )


def _missing(facts: NextStepFacts) -> NextThing | None:
    count = len(facts.completeness.gaps)
    if not count:
        return None
    return NextThing(
        ngettext(
            "%(count)s thing is not known yet",
            "%(count)s things are not known yet",
            count,
            count=number(count),
        ),
        url=facts.gap_url,
        label=gettext("Add the first"),
    )


CHOICES: tuple[Callable[[NextStepFacts], NextThing | None], ...] = (
    _closed,
    _pressing,
    _returned,
    _to_review,
    _held,
    _dated,
    _missing,
)
"""In order of precedence: the first that applies is the next thing."""
