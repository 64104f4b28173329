"""A hearing that somebody observed, for the tests: how it is begun, answered and confirmed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.actor import operator
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.proceedings import hearings, observing
from hrdtracker.proceedings.checklists.load import load_first_checklist
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.observations import AnswerDraft, Answered, Noted, RightDraft
from hrdtracker.proceedings.model import Hearing, Proceeding, TrialObservation
from hrdtracker.proceedings.reading.observations import (
    AskedQuestion,
    ObservationDetails,
    observation_details,
)
from tests import courts, make

HOURS_AGO = 2
AGED_ON = date(2026, 11, 1)


def proceeding_against(*ages: int | None, login: str = "monitor") -> Proceeding:
    """Return a proceeding against people of these ages, on a day of this month."""
    people = [
        PersonDraft(
            (NameDraft(f"Demo {number}"),), age=age, age_on=date(2026, 11, 1) if age else None
        )
        for number, age in enumerate(ages)
    ]
    victims = tuple(Victim(described=person) for person in people)
    return courts.opened(make.case_of(make.incident(login, victims=victims)), login)


def heard(proceeding: Proceeding, login: str = "monitor", **changes: Any) -> Hearing:
    """Return a hearing that began two hours ago; the checklist is loaded."""
    organisation = make.organisation()
    load_first_checklist(operator(organisation.id), organisation)
    starts = When.minute(clock.now() - timedelta(hours=HOURS_AGO), make.ZONE)
    draft = HearingDraft(**{"starts": starts, "kind": "trial", **changes})
    return hearings.add_hearing(make.actor(login), proceeding, draft)


def observed(*ages: int | None, login: str = "monitor", **changes: Any) -> TrialObservation:
    """Return an observation of a hearing of people of these ages."""
    proceeding = proceeding_against(*(ages or (34,)), login=login)
    return observing.begin(make.actor(login), heard(proceeding, login, **changes))


def seen(observation: TrialObservation, login: str = "monitor") -> ObservationDetails:
    """Return an observation as somebody sees it."""
    return observation_details(make.actor(login), observation.uid)


def asked(observation: TrialObservation, key: str, login: str = "monitor") -> AskedQuestion:
    """Return one question as it is asked there."""
    found = seen(observation, login).find(key)
    assert found is not None, key
    return found


def parties(observation: TrialObservation, login: str = "monitor") -> list[UUID]:
    """Return the accused whom somebody sees."""
    return [one.party.uid for one in seen(observation, login).accused]


def say(
    observation: TrialObservation,
    key: str,
    *answers: str | None,
    login: str = "monitor",
    **changes: Any,
) -> int:
    """Answer one question: about the hearing, or about each accused in their order."""
    question = asked(observation, key, login)
    uids: Sequence[UUID | None] = [one.party.uid for one in question.accused]
    whom = uids if question.question.is_of_each else [None]
    said = tuple(Answered(answer, uid) for answer, uid in zip(answers, whom, strict=False))
    draft = AnswerDraft(
        **{"question": key, "version": question.version, "answers": said, **changes}
    )
    return observing.answer(make.actor(login), observation, draft)


def note(text: str | None, case: UUID | None = None) -> tuple[Noted, ...]:
    """Return what was seen besides."""
    return (Noted(text, case),)


def confirm(observation: TrialObservation, *in_question: str, login: str = "monitor") -> None:
    """Say of each proposed right, in order, whether it is in question: “yes” or “no”."""
    rights = seen(observation, login).rights
    drafts = [
        RightDraft(right.row.uid, right.row.version, said == "yes")
        for right, said in zip(rights, in_question, strict=False)
    ]
    observing.confirm(make.actor(login), observation, drafts)


def soon(hours: float) -> When:
    """Return a minute so many hours from now."""
    return When.minute(clock.now() + timedelta(hours=hours), make.ZONE)


def last_case() -> Case:
    """Return the case that was made last."""
    return session().scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
