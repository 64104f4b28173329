"""Rights in question that a person confirmed, counted by right, court and year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
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


class ConfirmedAnswer(NamedTuple):
    """An answer at one hearing by which a person says that a right is in question; of whom."""

    right: str
    hearing: Hearing
    person_id: int | None

    @property
    def year(self) -> int | None:
        """Return the year of the hearing on its own calendar."""
        day = self.hearing.day
        return clock.day_of(day.earliest, ZoneInfo(day.zone)).year if day.earliest else None


def confirmed_rights(actor: Actor) -> Sequence[ConfirmedRight]:
    """Return what somebody may know of, by right, then year and court; three statements."""
    return counted_rights(confirmed_answers(actor))


def counted_rights(answers: Iterable[ConfirmedAnswer]) -> Sequence[ConfirmedRight]:
    """Return some confirmed answers counted, by right, then year and court."""
    hearings, people = defaultdict[Key, set[int]](set), defaultdict[Key, set[int]](set)
    for each in answers:
        key = each.right, each.hearing.court, each.year
        hearings[key].add(each.hearing.id)
        people[key] |= {each.person_id} if each.person_id else set()
    return [
        ConfirmedRight(*key, len(found), len(people[key]))
        for key, found in sorted(hearings.items(), key=lambda item: _place(item[0]))
    ]


def _place(key: Key) -> tuple[str, int, str]:
    right, court, year = key
    return right, -(year or 0), court or ""


def confirmed_answers(actor: Actor) -> list[ConfirmedAnswer]:
    """Return each answer that somebody may know of and a person confirmed, a right a line."""
    rows = [*_of_hearings(actor), *_of_accused(actor)]
    query = select(Checklist).where(Checklist.organisation_id == actor.organisation_id)
    lists = {row.id: row for row in session().scalars(query)}
    rights = {
        number: {question.key: question.rights for question in questions_of(row)}
        for number, row in lists.items()
    }
    return [
        ConfirmedAnswer(right, hearing, person_id)
        for number, question, hearing, person_id in rows
        for right in rights[number][question]
    ]


def _of_hearings(actor: Actor) -> list[tuple[int, str, Hearing, int | None]]:
    may = policy.condition(actor, Action.PROCEEDING_READ, HearingAnswer)
    query = (
        select(TrialObservation.checklist_id, HearingAnswer.question, Hearing)
        .join(TrialObservation, TrialObservation.id == HearingAnswer.observation_id)
        .join(Hearing, Hearing.id == TrialObservation.hearing_id)
        .where(HearingAnswer.in_question.is_(True), may)
    )
    return [(number, key, hearing, None) for number, key, hearing in session().execute(query)]


def _of_accused(actor: Actor) -> list[tuple[int, str, Hearing, int | None]]:
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
