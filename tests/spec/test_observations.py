"""What an observer answers, what that proposes, who confirms it, and who may read it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import BlockDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When
from hrdtracker.people import service as people
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from hrdtracker.proceedings import hearings, observing
from hrdtracker.proceedings import parties as standing
from hrdtracker.proceedings.drafts.hearings import ConclusionDraft, HearingDraft
from hrdtracker.proceedings.drafts.observations import AnswerDraft, Answered
from hrdtracker.proceedings.drafts.proceedings import PartiesDraft
from hrdtracker.proceedings.model import (
    Hearing,
    HearingAnswer,
    HearingStatus,
    PartyRole,
    Proceeding,
    TrialObservation,
)
from hrdtracker.proceedings.reading.observed import MOST, due_observations
from tests import courts, make
from tests.observations import (
    asked,
    heard,
    note,
    observed,
    parties,
    proceeding_against,
    say,
    seen,
)

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now()


def begin(hearing: Hearing, login: str = "monitor") -> TrialObservation:
    return observing.begin(make.actor(login), hearing)


def proposed(observation: TrialObservation, login: str = "monitor") -> list[tuple[str, str]]:
    """Return what is proposed: the question, and the letter of whom it is about."""
    rights = seen(observation, login).rights
    return [(each.question.key, each.accused.letter if each.accused else "") for each in rights]


def afresh() -> None:
    """Forget the rows that were read, as between two requests."""
    session().expunge_all()
    ring().forget_rows()


def stand(proceeding: Proceeding, case: Case, role: PartyRole, login: str = "monitor") -> None:
    """Let everybody of a case stand in a proceeding as something."""
    draft = PartiesDraft(role, tuple(Victim(uid) for uid in courts.people(case)))
    standing.add_parties(make.actor(login), proceeding, case, draft)


# When, and whose ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "may"), [(-30, True), (-1, True), (0, True), (1, False)])
def test_a_hearing_is_observed_from_its_day_on(
    days: int,
    may: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    day = clock.today(make.ZONE) + timedelta(days=days)
    hearing = heard(proceeding_against(34), starts=When.day(day, make.ZONE))
    assert (not observing.why_not(hearing)) is may


def test_nobody_observes_what_is_still_to_come() -> None:
    tomorrow = When.minute(NOW + timedelta(days=2), make.ZONE)
    with pytest.raises(WrongStatus):
        begin(heard(proceeding_against(34), starts=tomorrow))


def test_nobody_observes_a_hearing_without_a_day() -> None:
    with pytest.raises(WrongStatus):
        begin(heard(proceeding_against(34), starts=When.unknown("", make.ZONE)))


def test_nobody_observed_what_was_cancelled() -> None:
    hearing = heard(proceeding_against(34))
    said = ConclusionDraft(HearingStatus.CANCELLED)
    hearings.conclude(make.actor("monitor"), hearing, said, hearing.version)
    with pytest.raises(WrongStatus):
        begin(hearing)


def test_nobody_observes_before_a_checklist_is_loaded() -> None:
    yesterday = When.minute(NOW - timedelta(days=1), make.ZONE)
    draft = HearingDraft(yesterday, "trial")
    hearing = hearings.add_hearing(make.actor("monitor"), proceeding_against(34), draft)
    with pytest.raises(WrongStatus):
        begin(hearing)


def test_who_begins_twice_has_one_observation() -> None:
    hearing = heard(proceeding_against(34))
    assert begin(hearing).uid == begin(hearing).uid


def test_two_observers_of_one_hearing_have_an_observation_each() -> None:
    hearing = heard(proceeding_against(34))
    first, second = begin(hearing), begin(hearing, "director")
    say(first, "public_hearing", "yes")
    say(second, "public_hearing", "no", login="director")
    assert asked(first, "public_hearing").said() == "yes"
    assert asked(second, "public_hearing").said() == "no"


@pytest.mark.parametrize("login", ["director", "national"])
def test_nobody_answers_in_the_observation_of_somebody_else(login: str) -> None:
    observation = observed()
    with pytest.raises(NotAllowed):
        say(observation, "public_hearing", "no", login=login)
    with pytest.raises(NotAllowed):
        observing.finish(make.actor(login), observation)


def test_who_cannot_open_the_case_neither_observes_nor_reads() -> None:
    observation = observed()
    with pytest.raises(NotFound):
        seen(observation, "stranger")
    hearing = session().get_one(Hearing, observation.hearing_id)
    with pytest.raises(NotAllowed):
        begin(hearing, "stranger")


def test_who_is_shut_out_of_the_case_answers_no_more() -> None:
    hearing = heard(proceeding_against(34))
    observation = begin(hearing, "director")
    case = courts.case_of(session().get_one(Proceeding, hearing.proceeding_id))
    block = BlockDraft(make.actor("director").uid, "A cousin of the accused")
    sharing.block(make.actor("director2"), case, block)
    draft = AnswerDraft("public_hearing", 0, (Answered("no"),))
    with pytest.raises(NotAllowed):
        observing.answer(make.actor("director"), observation, draft)


# What is asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "count"),
    [("first_appearance", 21), ("detention", 21), ("trial", 22), ("judgment", 22), ("appeal", 23)],
)
def test_the_judgment_and_the_appeal_are_asked_of_hearings_where_they_can_be(
    kind: str, count: int
) -> None:
    assert len(seen(observed(34, kind=kind)).asked) == count


def test_all_28_questions_are_asked_on_appeal_where_one_accused_was_under_18() -> None:
    assert len(seen(observed(34, 16, 25, kind="appeal")).asked) == 28


def test_what_is_not_asked_of_a_hearing_is_not_answered() -> None:
    observation = observed(34, kind="detention")
    for key in ("judgment_public", "appeal_whole", "moon"):
        with pytest.raises(Refused):
            observing.answer(
                make.actor("monitor"), observation, AnswerDraft(key, 0, (Answered("no"),))
            )


def test_what_was_answered_of_the_trial_is_not_asked_again_at_its_next_hearing() -> None:
    proceeding = proceeding_against(34)
    first, second = begin(heard(proceeding)), begin(heard(proceeding, kind="judgment"))
    say(first, "judgment_public", "no")
    question = asked(second, "judgment_public")
    assert question.earlier is not None
    assert (question.is_answered, question.earlier.answer) == (True, "no")
    assert proposed(second) == []
    say(second, "judgment_public", "yes")
    assert asked(second, "judgment_public").earlier is None


def test_a_witness_or_a_civil_party_is_no_accused() -> None:
    proceeding = proceeding_against(34)
    case = courts.case_of(proceeding)
    observation = begin(heard(proceeding))
    stand(proceeding, case, PartyRole.WITNESS)
    witness = courts.parties(proceeding)[-1]
    assert parties(observation) == [courts.parties(proceeding)[0]]
    draft = AnswerDraft("counsel", 0, (Answered("none", witness),))
    with pytest.raises(Refused):
        observing.answer(make.actor("monitor"), observation, draft)


def test_what_is_not_finished_is_asked_for_however_many_later_ones_are() -> None:
    proceeding, monitor = proceeding_against(34), make.actor("monitor")
    earlier = When.minute(NOW - timedelta(days=30), make.ZONE)
    open_one = begin(heard(proceeding, starts=earlier))
    for _ in range(MOST):
        observing.finish(monitor, begin(heard(proceeding)))
    assert [one.observation for one in due_observations(monitor)] == [open_one]


# Juveniles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "opens"), [(16, True), (17, True), (19, False), (None, True)])
def test_the_annex_opens_for_whoever_may_have_been_under_18(
    age: int | None,
    opens: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    assert bool(asked(observed(age), "guardian").places) is opens


def test_the_annex_is_asked_only_of_those_who_may_have_been_under_18() -> None:
    observation = observed(34, 16)
    question = asked(observation, "guardian")
    assert [one.letter for one in question.accused] == ["B"]
    adult = parties(observation)[0]
    with pytest.raises(Refused):
        observing.answer(
            make.actor("monitor"), observation, AnswerDraft("guardian", 0, (Answered("no", adult),))
        )


def test_who_was_under_18_at_the_offence_stays_in_the_annex_when_grown_up() -> None:
    proceeding = proceeding_against(19)
    observation = begin(heard(proceeding))
    assert len(seen(observation).asked) == 22
    courts.charged(proceeding, alleged=When.year(2024, make.ZONE))
    assert len(seen(observation).asked) == 27


def test_an_age_that_turns_out_under_18_opens_the_annex_of_past_hearings() -> None:
    observation = observed(34)
    observing.finish(make.actor("monitor"), observation)
    person = session().scalars(select(Person).order_by(Person.id.desc())).first()
    assert person is not None
    younger = PersonDraft((NameDraft("Demo 0"),), age=17, age_on=date(2026, 11, 1))
    people.edit_person(make.actor("monitor"), person, younger, person.version)
    found = seen(observation)
    assert len(found.asked) == 27
    assert found.answered == 0


# Answers ------------------------------------------------------------------------------------------


def test_answers_of_each_accused_and_a_note_are_kept() -> None:
    observation = observed(34, 25)
    case = seen(observation).accused[0].case
    say(observation, "adequate_time", "yes", "partly", notes=note("The file came today.", case.uid))
    question = asked(observation, "adequate_time")
    assert [question.said(place) for place in question.places] == ["yes", "partly"]
    assert question.note(case.scope_id) == "The file came today."


def test_a_note_about_the_hearing_is_kept_with_its_answer() -> None:
    observation = observed()
    say(observation, "public_hearing", "partly", notes=note("Two seats."))
    assert asked(observation, "public_hearing").note() == "Two seats."


def test_hours_an_age_and_words_are_kept_as_they_are_read() -> None:
    observation = observed(16)
    say(observation, "duration", "8.42-")
    say(observation, "age", "16")
    say(observation, "outcome", "Six months.")
    assert asked(observation, "duration").said() == "08:42-"
    found = [asked(observation, key) for key in ("age", "outcome")]
    assert [each.said(each.places[0]) for each in found] == ["16", "Six months."]


def test_an_answer_can_be_taken_back() -> None:
    observation = observed()
    say(observation, "public_hearing", "no")
    say(observation, "public_hearing", None)
    assert asked(observation, "public_hearing").said() is None
    assert not asked(observation, "public_hearing").is_answered


def test_a_question_is_answered_once_each_accused_is() -> None:
    observation = observed(34, 25)
    say(observation, "counsel", "chosen")
    assert not asked(observation, "counsel").is_answered
    say(observation, "counsel", "chosen", "none")
    assert asked(observation, "counsel").is_answered


@pytest.mark.parametrize(
    "draft",
    [
        {"answers": (Answered("no"),)},  # of nobody
        {"notes": note("It is so.")},
    ],
    ids=["an answer of nobody", "a note without a case"],
)
def test_what_is_asked_of_each_accused_says_of_whom(draft: dict[str, Any]) -> None:
    observation = observed()
    with pytest.raises(Refused):
        say(observation, "presumption", **draft)


def test_nothing_is_said_of_somebody_in_another_proceeding() -> None:
    observation, other = observed(), observed(25)
    with pytest.raises(Refused):
        say(observation, "presumption", answers=(Answered("no", parties(other)[0]),))


def test_what_is_asked_of_the_hearing_is_said_of_no_accused() -> None:
    observation = observed()
    with pytest.raises(Refused):
        say(observation, "public_hearing", answers=(Answered("no", parties(observation)[0]),))
    case = seen(observation).accused[0].case
    with pytest.raises(Refused):
        say(observation, "public_hearing", notes=note("It is so.", case.uid))


def test_a_note_names_a_case_of_the_proceeding() -> None:
    observation, other = observed(), observed(25)
    with pytest.raises(NotFound):
        say(observation, "presumption", notes=note("x", seen(other).accused[0].case.uid))


def test_entry_refused_is_an_observation_and_proposes_the_right_to_a_public_hearing() -> None:
    observation = observed()
    say(observation, "entry", "refused", notes=note("The guard said: not today."))
    assert seen(observation).is_refused
    assert proposed(observation) == [("entry", "")]


# Sent again, and changed elsewhere ----------------------------------------------------------------


def test_what_is_sent_again_changes_nothing_and_is_no_conflict() -> None:
    observation = observed()
    draft = AnswerDraft("public_hearing", 0, (Answered("no"),), note("No seat."))
    first = observing.answer(make.actor("monitor"), observation, draft)
    before = session().scalar(select(func.count(HearingAnswer.id)))
    assert observing.answer(make.actor("monitor"), observation, draft) == first
    assert session().scalar(select(func.count(HearingAnswer.id))) == before


def test_an_answer_over_one_that_was_not_seen_is_a_conflict_and_nothing_is_lost() -> None:
    observation = observed(34, 25)
    say(observation, "counsel", "chosen", "chosen")
    first = parties(observation)[0]
    late = AnswerDraft("counsel", 0, (Answered("none", first),))
    with pytest.raises(Stale):
        observing.answer(make.actor("monitor"), observation, late)
    assert asked(observation, "counsel").said(asked(observation, "counsel").places[0]) == "chosen"


def test_answers_to_different_questions_never_meet() -> None:
    observation = observed()
    say(observation, "witnesses", "no")
    draft = AnswerDraft("interpreter", 0, (Answered("yes"),))
    assert observing.answer(make.actor("monitor"), observation, draft) == 1
