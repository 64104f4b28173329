"""Proceedings that are joined, or some of the accused separated: who reads what, and where."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from hrdtracker.accounts import proposals
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import hearings, joining, judging, opening, parties, tying
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.judgments import JudgmentDraft
from hrdtracker.proceedings.drafts.proceedings import (
    JoiningDraft,
    LawyerDraft,
    PartiesDraft,
    ProceedingDraft,
    SeparationDraft,
)
from hrdtracker.proceedings.guarding import JOINED_ALREADY
from hrdtracker.proceedings.model import (
    Charge,
    ChargeStep,
    LegalTitle,
    Party,
    PartyRole,
    Proceeding,
    TitleKind,
)
from hrdtracker.proceedings.reading.of_case import proceedings_of
from hrdtracker.proceedings.reading.proceeding import ProceedingDetails, proceeding_details
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")


def _read(row: Proceeding, login: str = "monitor") -> ProceedingDetails:
    return proceeding_details(make.actor(login), row.uid)


def _join(row: Proceeding, into: Proceeding, day: int = 20) -> Proceeding:
    draft = JoiningDraft(into.uid, courts.on(day), "document")
    return joining.join(make.actor("monitor"), row, draft, row.version)


def _separate(row: Proceeding, *uids: UUID, day: int = 20, month: int = 11) -> Proceeding:
    draft = SeparationDraft(uids, courts.on(day, month), ProceedingDraft("trial"), "lawyer")
    return joining.separate(make.actor("monitor"), row, draft)


def _two() -> tuple[Case, Proceeding, Proceeding]:
    """Return a case with two people, both charged in one proceeding, and a second one of both."""
    case = courts.case_with(2)
    first, second = courts.opened(case), courts.opened(case)
    courts.charged(first)
    return case, first, second


def _accused(row: Proceeding) -> list[tuple[str, int]]:
    return [(line.letter, len(line.charges)) for line in _read(row).parties]


# Joined ------------------------------------------------------------------------------------------


def test_what_was_joined_is_shown_once_with_the_other_and_says_where_it_went() -> None:
    case, first, second = _two()
    _join(first, second)
    assert _accused(second) == [("A", 1), ("B", 1)]
    assert _accused(first) == [("A", 1), ("B", 1)]
    relatives = _read(first).relatives, _read(second).relatives
    assert relatives[0].joined_into == second
    assert relatives[1].joined == (first,)
    rows = proceedings_of(make.actor("monitor"), case.scope_id)
    assert [(row.uid, row.end_kind) for row in rows] == [(second.uid, None), (first.uid, "joined")]
    assert session().scalar(select(func.count()).select_from(Charge)) == 2


def test_what_happens_after_the_day_it_was_joined_is_recorded_in_the_other() -> None:
    _, first, second = _two()
    _join(first, second, day=20)
    with pytest.raises(Refused) as why:
        courts.charged(first, charged=courts.on(21))
    assert set(why.value.reasons) == {"charged"}
    draft = JudgmentDraft(courts.parties(first), courts.on(21), "first_instance")
    with pytest.raises(Refused) as why:
        judging.add_judgments(make.actor("monitor"), first, draft)
    assert set(why.value.reasons) == {"pronounced"}
    with pytest.raises(Refused) as why:
        hearings.add_hearing(make.actor("monitor"), first, HearingDraft(courts.on(21), "trial"))
    assert set(why.value.reasons) == {"when"}
    charge = session().scalars(select(Charge)).first()
    assert charge is not None
    courts.stepped(second, charge, ChargeStep.DROPPED, decided=courts.on(21))
    judging.add_judgments(make.actor("monitor"), second, draft)
    assert [len(line.judgments) for line in _read(second).parties] == [1, 1]


def test_what_happened_before_it_was_joined_may_be_typed_in_late() -> None:
    _, first, second = _two()
    _join(first, second, day=20)
    courts.charged(first, charged=courts.on(18))
    assert _accused(second) == [("A", 2), ("B", 2)]


def test_a_joining_by_mistake_is_undone_and_each_goes_on_by_itself() -> None:
    _, first, second = _two()
    _join(first, second)
    opening.reopen_proceeding(make.actor("monitor"), first, first.version)
    assert _accused(second) == [("A", 0), ("B", 0)]
    assert (first.joined_into_id, first.end_kind, first.end_known_by) == (None, None, None)
    courts.charged(first, charged=courts.on(21))


def test_nothing_is_joined_twice_or_with_itself_or_in_a_circle() -> None:
    _, first, second = _two()
    with pytest.raises(Refused):
        _join(first, first)
    _join(first, second)
    with pytest.raises(WrongStatus):
        _join(first, second)
    with pytest.raises(Refused):
        _join(second, first)


def test_a_proceeding_that_was_joined_ends_and_is_tied_only_through_the_other() -> None:
    _, first, second = _two()
    _join(first, second)
    with pytest.raises(WrongStatus):
        courts.tie(first, courts.case_with(1), "monitor")


def test_a_tie_that_waits_is_not_confirmed_after_its_proceeding_was_joined() -> None:
    case, first, second = _two()
    waits = courts.waiting(first, courts.case_with(1, "stranger"))
    _join(first, second)
    before = courts.readers(first)
    with pytest.raises(WrongStatus) as why:
        proposals.confirm(make.actor("director"), waits)
    assert str(why.value.reason) == JOINED_ALREADY
    assert joining.cases_of(make.actor("national"), first) == {case.scope_id}
    assert courts.readers(first) == before


def test_nobody_is_added_to_a_proceeding_that_was_joined() -> None:
    case, first, second = _two()
    _join(first, second)
    monitor = make.actor("monitor")
    witness = PartiesDraft(PartyRole.WITNESS, (Victim(known=courts.people(case)[0]),))
    with pytest.raises(WrongStatus):
        parties.add_parties(monitor, first, case, witness)
    lawyer = LawyerDraft(courts.parties(first), "Lawyer One")
    with pytest.raises(WrongStatus):
        parties.add_lawyer(monitor, first, lawyer)
    parties.add_lawyer(monitor, second, lawyer)


def test_a_chain_of_joined_proceedings_is_shown_whole() -> None:
    case, first, second = _two()
    third = courts.opened(case)
    _join(first, second)
    _join(second, third)
    assert _accused(third) == [("A", 1), ("B", 1)]


def test_a_proceeding_is_joined_with_none_that_leaves_out_a_case_of_it_that_one_reads() -> None:
    here, further = courts.case_with(1), courts.case_with(1)
    first, second = courts.opened(here), courts.opened(here)
    courts.tie(first, further, "monitor")
    with pytest.raises(Refused) as why:
        _join(first, second)
    assert set(why.value.reasons) == {"into"}
    courts.tie(second, further, "monitor")
    _join(first, second)


def test_joining_lets_nobody_read_more_than_before() -> None:
    here, there = courts.case_with(1), courts.case_with(1, "stranger")
    first, second = courts.opened(here), courts.opened(here)
    courts.tied(first, there)
    before = courts.readers(second)
    _join(first, second)
    assert "stranger" not in before
    assert courts.readers(second) == before
    read = _read(first, "stranger")
    assert (read.proceeding.end_kind, read.relatives.joined_into) == ("joined", None)
    courts.tied(second, there)
    assert {line.letter for line in _read(second, "stranger").parties} == set()


def test_who_does_not_read_the_other_proceeding_joins_nothing_with_it() -> None:
    first = courts.opened(courts.case_with(1))
    second = courts.opened(courts.case_with(1, "stranger"), "stranger")
    with pytest.raises(Refused):
        _join(first, second)


def test_the_day_of_a_joining_lies_neither_ahead_nor_after_the_end_of_the_other() -> None:
    _, first, second = _two()
    with pytest.raises(Refused) as why:
        joining.join(
            make.actor("monitor"),
            first,
            JoiningDraft(second.uid, courts.on(24, 12)),
            first.version,
        )
    assert set(why.value.reasons) == {"joined"}


# Separated ---------------------------------------------------------------------------------------


def test_who_was_separated_goes_on_elsewhere_with_all_that_is_said_of_them() -> None:
    case, first, _ = _two()
    courts.held(case, kind=TitleKind.PRETRIAL_DETENTION, proceeding=first.uid)
    made = _separate(first, courts.parties(first)[1])
    assert _accused(first) == [("A", 1)]
    assert _accused(made) == [("B", 1)]
    assert [len(line.titles) for line in _read(made).parties] == [1]
    assert _read(made).relatives.separated_from == first
    assert _read(first).relatives.separated == (made,)
    assert (made.separation_known_by, made.stage) == ("lawyer", "trial")
    titles = select(LegalTitle.proceeding_id).order_by(LegalTitle.id)
    assert list(session().scalars(titles)) == [first.id, made.id]


def test_no_clock_moves_where_people_are_separated_or_joined() -> None:
    case, first, second = _two()
    courts.held(case, kind=TitleKind.PRETRIAL_DETENTION, proceeding=first.uid)
    ends = select(Clock.person_id, Clock.clock, Clock.ends_earliest).order_by(Clock.id)
    before = session().execute(ends).all()
    made = _separate(first, courts.parties(first)[1])
    _join(made, second)
    assert before
    assert session().execute(ends).all() == before


def test_a_separation_by_mistake_is_undone_by_joining_the_two_again() -> None:
    _, first, _ = _two()
    made = _separate(first, courts.parties(first)[1])
    _join(made, first)
    assert _accused(first) == [("A", 1), ("B", 1)]


def test_somebody_stays_and_only_accused_are_separated() -> None:
    case, first, _ = _two()
    with pytest.raises(Refused) as why:
        _separate(first, *courts.parties(first))
    assert set(why.value.reasons) == {"parties"}
    draft = PartiesDraft(PartyRole.WITNESS, (Victim(known=courts.people(case)[0]),))
    witness = parties.add_parties(make.actor("monitor"), first, case, draft)
    with pytest.raises(Refused) as why:
        _separate(first, witness.uid)
    assert str(why.value.reasons["parties"]) == joining.NOT_ACCUSED
    with pytest.raises(Refused) as why:
        _separate(first, courts.parties(first)[0], month=12)
    assert set(why.value.reasons) == {"separated"}


def test_who_stands_in_both_of_two_that_were_joined_is_not_torn_apart() -> None:
    _, first, second = _two()
    _join(first, second)
    with pytest.raises(Refused) as why:
        _separate(second, courts.parties(second)[0], day=21)
    assert str(why.value.reasons["parties"]) == joining.TWICE


def test_whom_two_cases_name_is_separated_for_both_or_for_none() -> None:
    here = courts.case_with(2)
    first = courts.opened(here)
    who = Victim(known=courts.people(here)[0])
    there = make.case_of(make.incident(victims=(who,)))
    monitor = make.actor("monitor")
    tying.concern_case(monitor, first, there)
    draft = PartiesDraft(PartyRole.ACCUSED, (who,))
    again = parties.add_parties(monitor, first, there, draft)
    with pytest.raises(Refused) as why:
        _separate(first, again.uid)
    assert str(why.value.reasons["parties"]) == joining.BY_SEVERAL_CASES
    assert [letter for letter, _ in _accused(first)] == ["A", "B", "A"]
    made = _separate(first, again.uid, courts.parties(first)[0])
    assert [letter for letter, _ in _accused(first)] == ["B"]
    assert [letter for letter, _ in _accused(made)] == ["A", "A"]


def test_a_new_proceeding_of_those_separated_concerns_only_their_cases() -> None:
    here, there = courts.case_with(2), courts.case_with(1, "stranger")
    proceeding = courts.opened(here)
    courts.tied(proceeding, there)
    made = _separate(proceeding, courts.parties(proceeding)[0])
    assert "stranger" in courts.readers(proceeding)
    assert "stranger" not in courts.readers(made)
    assert session().scalar(select(func.count()).select_from(Party)) == 2
