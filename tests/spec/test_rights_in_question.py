"""Rights in question: proposed by answers, confirmed by a person, read and counted by few."""

import pytest
from sqlalchemy import select

from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.core.seal import ring
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import observing
from hrdtracker.proceedings import parties as standing
from hrdtracker.proceedings.drafts.observations import RightDraft
from hrdtracker.proceedings.drafts.proceedings import PartiesDraft
from hrdtracker.proceedings.model import (
    AccusedAnswer,
    Hearing,
    PartyRole,
    Proceeding,
    TrialObservation,
)
from hrdtracker.proceedings.observing import AnswerRow
from hrdtracker.proceedings.reading.confirmed_rights import ConfirmedRight, confirmed_rights
from tests import courts, make
from tests.observations import (
    asked,
    confirm,
    heard,
    note,
    observed,
    proceeding_against,
    say,
    seen,
)
from tests.statements import counted

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


def yes_to(*answers: AnswerRow) -> list[RightDraft]:
    """Return that the rights which these answers, as they are now, put in question are so."""
    return [RightDraft(row.uid, row.version, in_question=True) for row in answers]


def said(observation: TrialObservation, *answers: AnswerRow, login: str = "monitor") -> None:
    """Say that the rights which these answers put in question are in question."""
    observing.confirm(make.actor(login), observation, yes_to(*answers))


def stand(proceeding: Proceeding, case: Case, role: PartyRole, login: str = "monitor") -> None:
    """Let everybody of a case stand in a proceeding as something."""
    draft = PartiesDraft(role, tuple(Victim(uid) for uid in courts.people(case)))
    standing.add_parties(make.actor(login), proceeding, case, draft)


# Rights in question -------------------------------------------------------------------------------


def test_rights_in_question_are_proposed_by_the_answers_and_by_nothing_else() -> None:
    observation = observed(34, 25)
    say(observation, "public_hearing", "yes")
    say(observation, "adequate_time", "yes", "partly")
    say(observation, "torture_confession", "yes", "no")
    say(observation, "counsel", "unknown", "none")
    found = [("counsel", "B"), ("adequate_time", "B"), ("torture_confession", "A")]
    assert proposed(observation) == found
    assert [each.in_question for each in seen(observation).rights] == [None] * 3


def test_a_person_confirms_each_or_says_no() -> None:
    observation = observed(34, 25)
    say(observation, "adequate_time", "no", "no")
    confirm(observation, "yes", "no")
    rights = seen(observation).rights
    assert [each.in_question for each in rights] == [True, False]
    assert [each.said_by and each.said_by.login for each in rights] == ["monitor"] * 2


def test_a_colleague_who_reads_the_case_may_confirm() -> None:
    observation = observed()
    say(observation, "adequate_time", "no")
    confirm(observation, "yes", login="director")
    (right,) = seen(observation).rights
    assert right.said_by is not None
    assert right.said_by.login == "director"


def test_nobody_else_confirms() -> None:
    observation = observed()
    say(observation, "adequate_time", "no")
    (right,) = seen(observation).rights
    with pytest.raises(NotAllowed):
        said(observation, right.row, login="stranger")


def test_a_confirmation_is_void_when_the_answer_changes() -> None:
    observation = observed()
    say(observation, "adequate_time", "no")
    confirm(observation, "yes")
    say(observation, "adequate_time", "partly")
    (right,) = seen(observation).rights
    assert (right.in_question, right.said_by) == (None, None)


def test_a_right_is_confirmed_only_of_the_answer_that_was_seen() -> None:
    observation = observed()
    say(observation, "torture_confession", "yes")
    say(observation, "adequate_time", "no")
    before = yes_to(*(each.row for each in seen(observation, "director").rights))
    say(observation, "adequate_time", "partly")
    with pytest.raises(Refused):
        observing.confirm(make.actor("director"), observation, before)
    assert [each.in_question for each in seen(observation).rights] == [None, None]


def test_of_two_who_confirm_the_second_sees_first_what_the_other_said() -> None:
    observation = observed()
    say(observation, "adequate_time", "no")
    (right,) = seen(observation, "director").rights
    before = yes_to(right.row)
    confirm(observation, "no")
    with pytest.raises(Refused):
        observing.confirm(make.actor("director"), observation, before)
    (right,) = seen(observation).rights
    assert (right.in_question, right.said_by and right.said_by.login) == (False, "monitor")
    confirm(observation, "yes", login="director")
    assert [each.in_question for each in seen(observation).rights] == [True]


def test_what_is_sent_as_it_stands_stays_with_whoever_said_it() -> None:
    observation = observed(34, 25)
    say(observation, "adequate_time", "no", "no")
    before = yes_to(*(each.row for each in seen(observation).rights))
    confirm(observation, "yes")
    observing.confirm(make.actor("director"), observation, before)
    by = [each.said_by and each.said_by.login for each in seen(observation).rights]
    assert by == ["monitor", "director"]


def test_a_note_leaves_a_confirmation_as_it_is() -> None:
    observation = observed()
    say(observation, "public_hearing", "no")
    confirm(observation, "yes")
    say(observation, "public_hearing", notes=note("No seat."))
    assert [each.in_question for each in seen(observation).rights] == [True]


def test_what_is_no_concern_is_not_confirmed_and_nothing_of_the_rest_is() -> None:
    observation = observed(34, 25)
    say(observation, "adequate_time", "no", "yes")
    rows = session().scalars(select(AccusedAnswer).order_by(AccusedAnswer.id)).all()
    with pytest.raises(Refused):
        said(observation, *rows)
    assert [each.in_question for each in seen(observation).rights] == [None]


# Who reads what -----------------------------------------------------------------------------------


def of_two_cases() -> tuple[TrialObservation, Proceeding]:
    """Return an observation of a proceeding that concerns a case here, and one elsewhere."""
    proceeding = proceeding_against(34)
    elsewhere = courts.case_with(1, "stranger")
    courts.tied(proceeding, elsewhere)
    stand(proceeding, elsewhere, PartyRole.ACCUSED, "stranger")
    return begin(heard(proceeding), "national"), proceeding


def test_of_the_accused_of_another_case_nobody_reads_an_answer_or_a_note() -> None:
    observation, _ = of_two_cases()
    here, there = seen(observation, "national").accused
    say(observation, "public_hearing", "no", login="national")
    notes = (*note("Of here.", here.case.uid), *note("Of there.", there.case.uid))
    say(observation, "counsel", "none", "none", login="national", notes=notes)
    question = asked(observation, "counsel")
    assert [one.case.uid for one in question.accused] == [here.case.uid]
    assert (question.note(here.case.scope_id), question.note(there.case.scope_id)) == (
        "Of here.",
        None,
    )
    assert proposed(observation) == [("public_hearing", ""), ("counsel", here.letter)]


def test_nobody_confirms_what_they_do_not_read() -> None:
    observation, _ = of_two_cases()
    say(observation, "counsel", "none", "none", login="national")
    theirs = [each.row for each in seen(observation, "national").rights]
    with pytest.raises(Refused):
        said(observation, *theirs)


def test_what_is_said_of_an_accused_stands_on_the_trail_of_their_case() -> None:
    observation = observed()
    say(observation, "counsel", "none")
    case = seen(observation).accused[0].case
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).all()
    assert {(row.action, row.scope_id) for row in entry[:2]} == {
        ("observation.answer", None),
        ("proceeding.record", case.scope_id),
    }


# Counted ------------------------------------------------------------------------------------------


def test_confirmed_rights_are_counted_by_right_court_and_year() -> None:
    observation = observed(34, 25, court="first_instance_02", starts=courts.on(12))
    say(observation, "public_hearing", "no")
    say(observation, "torture_confession", "yes", "yes")
    say(observation, "witnesses", "no")
    confirm(observation, "yes", "no", "yes", "yes")
    court = "first_instance_02"
    assert confirmed_rights(make.actor("director")) == [
        ConfirmedRight("iccpr_14_1", court, 2026, 1, 0),
        ConfirmedRight("iccpr_14_3_g", court, 2026, 1, 2),
        ConfirmedRight("iccpr_7", court, 2026, 1, 2),
    ]


def test_what_is_only_proposed_is_not_counted() -> None:
    say(observed(), "public_hearing", "no")
    assert confirmed_rights(make.actor("director")) == []


def test_what_two_observers_confirmed_of_one_hearing_counts_once() -> None:
    hearing = heard(proceeding_against(34))
    for login in ("monitor", "director"):
        observation = begin(hearing, login)
        say(observation, "counsel", "none", login=login)
        confirm(observation, "yes", login=login)
    (right,) = confirmed_rights(make.actor("director"))
    assert (right.hearings, right.people) == (1, 1)


@pytest.mark.parametrize("login", ["stranger", "far_director", "fund", "auditor", "admin"])
def test_nobody_counts_what_they_may_not_read(login: str) -> None:
    observation = observed()
    say(observation, "counsel", "none")
    confirm(observation, "yes")
    assert confirmed_rights(make.actor(login)) == []


def test_of_each_case_its_readers_count_its_own_accused() -> None:
    observation, _ = of_two_cases()
    say(observation, "counsel", "none", "none", login="national")
    confirm(observation, "yes", "yes", login="national")
    counts = {
        login: confirmed_rights(make.actor(login))[0].people
        for login in ("national", "monitor", "stranger")
    }
    assert counts == {"national": 2, "monitor": 1, "stranger": 1}


# Cost ---------------------------------------------------------------------------------------------


def test_an_observation_of_ten_accused_is_as_many_statements_as_of_one() -> None:
    def cost(*ages: int) -> int:
        observation = observed(*ages, kind="appeal")
        say(observation, "counsel", *["none"] * len(ages))
        afresh()
        organisation = make.organisation()  # a page holds it all along
        number = counted(lambda: seen(observation))
        assert organisation.id
        return number

    assert cost(34, 16) == cost(*[34] * 9, 16)


def test_counting_is_three_statements_whatever_there_is() -> None:
    for _ in range(3):
        observation = observed()
        say(observation, "counsel", "none")
        confirm(observation, "yes")
    afresh()
    assert counted(lambda: confirmed_rights(make.actor("director"))) <= 6
