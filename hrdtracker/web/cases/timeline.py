"""The timeline of a case in words: plans above now, and what happened, the latest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext

from hrdtracker.cases.case_file import CaseFile
from hrdtracker.cases.model import CaseStatus, FollowUp, Task
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.model import midnight
from hrdtracker.core.when.say import say_day, say_instant, say_when
from hrdtracker.custody.model import CustodyAct
from hrdtracker.incidents.case_view import CaseHistory, Happening
from hrdtracker.incidents.model import Established, IncidentStatus
from hrdtracker.web.shell.context import locale, today, zone
from hrdtracker.web.shell.sentences import begin, with_what
from hrdtracker.web.words.cases import say_letters
from hrdtracker.web.words.custody_acts import say_whom

EXCERPT = 240
NEARLY_A_DAY = timedelta(days=1) - timedelta(seconds=1)


@dataclass(frozen=True)
class TimelineEntry:
    """One line; `kind` is event, call, plan or now. `status` and `grade` become badges."""

    at: datetime
    kind: str
    when: str
    what: str = ""
    time: str = ""
    more: str = ""
    url: str = ""
    status: str = ""
    grade: str = ""
    urgency: str = ""


def timeline(file: CaseFile, history: CaseHistory) -> list[TimelineEntry]:
    """Return the whole timeline of a case, the latest first."""
    letters = {named.person.id: named.letter for named in file.people}
    moment = clock.now()
    entries = [
        *(_event(happening, letters) for happening in history.happenings),
        *_of_many(history),
        *(_follow_up(follow_up, moment) for follow_up in file.follow_ups),
        *(_task(task, file.labels) for task in file.tasks if task.due_on is not None),
        *_of_the_case(file),
        TimelineEntry(
            moment, "now", gettext("Now, %(at)s", at=say_instant(moment, zone(), locale()))
        ),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def shown(entries: Sequence[TimelineEntry], past_most: int) -> list[TimelineEntry]:
    """Return all that is to come, and the latest of what is past."""
    here = next(place for place, entry in enumerate(entries) if entry.kind == "now")
    return list(entries[: here + 1 + past_most])


def say_what(happening: Happening, letters: Mapping[int, str]) -> str:
    """Return what happened and to whom, by letters: "Arrest: A., B."."""
    kind = terms().label("incident_type", happening.incident.type, locale())
    known_letters = [letters[number] for number in happening.victims if number in letters]
    return with_what(kind, say_letters(sorted(known_letters, key=_in_order)))


def _in_order(letter: str) -> tuple[int, str]:
    return (len(letter), letter)


def _event(happening: Happening, letters: Mapping[int, str]) -> TimelineEntry:
    incident = happening.incident
    return TimelineEntry(
        at=incident.occurred_sort,
        kind="event",
        when=begin(say_when(happening.when, locale(), today(), brief=True)),
        what=say_what(happening, letters),
        more=_excerpt(incident.narrative),
        url=url_for("incidents.incident", uid=incident.uid),
        status=incident.status,
        grade=_least(happening),
        urgency=incident.urgency,
    )


def _of_many(history: CaseHistory) -> Iterator[TimelineEntry]:
    """Yield what was recorded of several people at once: a line for all of them."""
    people: dict[CustodyAct, int] = {}
    of_incidents = (one for happening in history.happenings for one in happening.acts)
    for one in (*of_incidents, *history.court_acts):
        people[one.act] = people.get(one.act, 0) + one.people
    for act, count in people.items():
        when = CustodyAct.happened.plain(act)
        is_known = when is not None and when.is_known
        yield TimelineEntry(
            at=(when and when.earliest) or act.recorded_at,
            kind="event",
            when=begin(say_when(when, locale(), today(), brief=True)) if is_known and when else "",
            what=say_whom(act, count),
            more=act.place_held or terms().label("prison", act.prison, locale()),
        )


def _excerpt(text: str | None) -> str:
    """Return the beginning of a narrative, cut at a space."""
    if text is None or len(text) <= EXCERPT:
        return text or ""
    return text[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _least(happening: Happening) -> str:
    """Return how far the least established of its violations is, once it is reviewed."""
    if happening.incident.status != IncidentStatus.REVIEWED:
        return ""
    order = [str(grade) for grade in Established]
    grades = [violation.established for violation in happening.violations if violation.established]
    return min(grades, key=order.index) if grades else ""


def _follow_up(follow_up: FollowUp, moment: datetime) -> TimelineEntry:
    day = clock.day_of(follow_up.at, zone())
    comes = follow_up.is_to_come(moment)
    return TimelineEntry(
        at=follow_up.at + NEARLY_A_DAY if comes and not follow_up.timed else follow_up.at,
        kind="plan" if comes else "call",
        when=_at(follow_up.at) if follow_up.timed else _on(day),
        what=terms().label("follow_up_kind", follow_up.kind, locale()),
        more=_excerpt(follow_up.note),
    )


def _task(task: Task, labels: Mapping[int, str]) -> TimelineEntry:
    assert task.due_on is not None  # noqa: S101 - the caller leaves out what has no day
    return TimelineEntry(
        at=midnight(task.due_on, zone()) + NEARLY_A_DAY,
        kind="plan",
        when=_on(task.due_on),
        what=task.what or "",
        more=labels.get(task.assigned_to_id, ""),
        url="#due",
    )


def _at(instant: datetime) -> str:
    return begin(say_instant(instant, zone(), locale(), today()))


def _on(day: date) -> str:
    return begin(say_day(day, locale(), today(), brief=True))


def _of_the_case(file: CaseFile) -> Iterator[TimelineEntry]:
    """Yield when the case was closed, or when somebody means to look at it again."""
    case = file.standing.case
    if case.closed_at is not None:
        outcome = terms().label("case_outcome", case.outcome, locale())
        yield TimelineEntry(
            at=case.closed_at,
            kind="event",
            when=_at(case.closed_at),
            what=gettext("Closed: %(outcome)s", outcome=outcome),
            more=_excerpt(case.closing_reason),
        )
    if case.next_look_on is not None and case.status != CaseStatus.CLOSED:
        yield TimelineEntry(
            at=midnight(case.next_look_on, zone()) + NEARLY_A_DAY,
            kind="plan",
            when=_on(case.next_look_on),
            what=gettext("Look at it again"),
            url=url_for("cases.edit", uid=case.uid) + "#next_look_on",
        )
