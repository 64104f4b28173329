"""Rights in question that a person confirmed, counted by right, court and year."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.proceedings.checklists.book import questions_of
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.model import (
    AccusedAnswer,
    Hearing,
    HearingAnswer,
    Party,
    TrialObservation,
)


@dataclass(frozen=True)
class ConfirmedRight:
    """How often a right was found in question, at one court in one year.

    `right` is of the list `fair_trial_right`, `court` of `court`. `hearings` counts hearings,
    `people` the accused of whom it was said: none where it was said of hearings alone. What two
    observers confirmed of the same counts once. None stands for a court or a year not known.
    """

    right: str
    court: str | None
    year: int | None
    hearings: int
    people: int


Key = tuple[str, str | None, int | None]


def confirmed_rights(actor: Actor) -> Sequence[ConfirmedRight]:
    """Return what somebody may know of, by right, then year and court; three statements."""
    hearings, people = defaultdict[Key, set[int]](set), defaultdict[Key, set[int]](set)
    for key, hearing_id, person_id in _confirmed(actor):
        hearings[key].add(hearing_id)
        people[key] |= {person_id} - {0}
    return [
        ConfirmedRight(*key, len(found), len(people[key]))
        for key, found in sorted(hearings.items(), key=lambda each: _place(each[0]))
    ]


def _place(key: Key) -> tuple[str, int, str]:
    right, court, year = key
    return right, -(year or 0), court or ""


def _confirmed(actor: Actor) -> Iterator[tuple[Key, int, int]]:
    """Yield each confirmed right with the hearing, and of whom it was said; 0 for nobody’s own."""
    rows = [*_of_hearings(actor), *_of_accused(actor)]
    query = select(Checklist).where(Checklist.organisation_id == actor.organisation_id)
    lists = {row.id: row for row in session().scalars(query)}
    for checklist_id, question, hearing, person_id in rows:
        asked = {each.key: each.rights for each in questions_of(lists[checklist_id])}
        for right in asked[question]:
            yield (right, hearing.court, _year(hearing.day)), hearing.id, person_id


def _of_hearings(actor: Actor) -> list[tuple[int, str, Hearing, int]]:
    may = policy.condition(actor, Action.PROCEEDING_READ, HearingAnswer)
    query = (
        select(TrialObservation.checklist_id, HearingAnswer.question, Hearing)
        .join(TrialObservation, TrialObservation.id == HearingAnswer.observation_id)
        .join(Hearing, Hearing.id == TrialObservation.hearing_id)
        .where(HearingAnswer.in_question.is_(True), may)
    )
    return [(number, key, hearing, 0) for number, key, hearing in session().execute(query)]


def _of_accused(actor: Actor) -> list[tuple[int, str, Hearing, int]]:
    may = policy.condition(actor, Action.PROCEEDING_READ, AccusedAnswer)
    query = (
        select(TrialObservation.checklist_id, AccusedAnswer.question, Hearing, Party.person_id)
        .join(TrialObservation, TrialObservation.id == AccusedAnswer.observation_id)
        .join(Hearing, Hearing.id == TrialObservation.hearing_id)
        .join(Party, Party.id == AccusedAnswer.party_id)
        .where(AccusedAnswer.in_question.is_(True), may)
    )
    return [
        (number, key, hearing, person_id)
        for number, key, hearing, person_id in session().execute(query)
    ]


def _year(day: When) -> int | None:
    """Return the year of a hearing on its own calendar."""
    return clock.day_of(day.earliest, ZoneInfo(day.zone)).year if day.earliest else None
