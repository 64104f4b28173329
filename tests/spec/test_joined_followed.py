"""Whoever stands in a proceeding that was joined is followed in the other, by all that read it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.fund.reading.court_standing import court_standing
from hrdtracker.fund.requests import service as requests
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import hearings, joining, observing, opening, parties, titles
from hrdtracker.proceedings.annex import accused_in
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.at_once.everybody import everybody, of_proceeding
from hrdtracker.proceedings.clocks.at_limit import extension_seen
from hrdtracker.proceedings.clocks.disputes import dispute
from hrdtracker.proceedings.clocks.drafts import DisputeDraft, SeenExtension
from hrdtracker.proceedings.clocks.model import IDENTITY, Clock
from hrdtracker.proceedings.clocks.recount import COUNTED, count_all
from hrdtracker.proceedings.drafts.at_once import CourtAct, ManyDraft
from hrdtracker.proceedings.drafts.hearings import ConclusionDraft, HearingDraft
from hrdtracker.proceedings.drafts.proceedings import EndDraft, JoiningDraft, PartiesDraft
from hrdtracker.proceedings.drafts.titles import OrderDraft
from hrdtracker.proceedings.model import (
    Charge,
    HearingStatus,
    LegalTitle,
    OrderKind,
    Party,
    PartyRole,
    Proceeding,
    TrialObservation,
)
from hrdtracker.proceedings.reading.hearings import hearing_line
from hrdtracker.proceedings.reading.observed import due_observations
from hrdtracker.proceedings.reading.of_case import proceedings_of
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from tests import courts, fund, make, tried
from tests.observations import heard, proceeding_against, say, seen

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now().replace(second=0, microsecond=0)


def at(hours: float) -> When:
    return When.minute(NOW + timedelta(hours=hours), make.ZONE)


def join(row: Proceeding, into: Proceeding, day: When | None = None) -> Proceeding:
    draft = JoiningDraft(into.uid, day or courts.on(20), "document")
    return joining.join(make.actor("monitor"), row, draft, row.version)


def chain(case: Case) -> tuple[Proceeding, Proceeding, Proceeding]:
    """Return three proceedings, each against one of a case: of C, of B, and of A, which goes on."""
    a, b, c = courts.people(case)
    rows = [courts.opened(case, accused=(uid,)) for uid in (c, b, a)]
    join(rows[0], rows[1])
    join(rows[1], rows[2])
    return rows[0], rows[1], rows[2]


def begun(proceeding: Proceeding, **changes: Any) -> TrialObservation:
    return observing.begin(make.actor("monitor"), heard(proceeding, **changes))


# Who reads ----------------------------------------------------------------------------------------


def _on_its_page(row: Proceeding, _case: Case) -> list[str]:
    return [line.letter for line in proceeding_details(make.actor("monitor"), row.uid).parties]


def _asked_about_at_a_hearing(row: Proceeding, _case: Case) -> list[str]:
    return sorted(one.letter for one in seen(begun(row, starts=courts.on(18))).accused)


def _named_of_many(row: Proceeding, case: Case) -> list[str]:
    people = of_proceeding(everybody(make.actor("monitor"), case), row.uid, case.scope_id)
    return sorted(each.letter for each in people)


@pytest.mark.parametrize("read", [_on_its_page, _asked_about_at_a_hearing, _named_of_many])
@pytest.mark.parametrize(("place", "letters"), [(0, "C"), (1, "BC"), (2, "ABC")])
def test_who_stands_in_it_is_whoever_was_joined_with_it_along_the_whole_chain(
    read: Callable[[Proceeding, Case], list[str]], place: int, letters: str
) -> None:
    case = courts.case_with(3)
    assert sorted(read(chain(case)[place], case)) == list(letters)


@pytest.mark.parametrize("twice", [False, True])
def test_how_many_are_accused_counts_whoever_was_joined_and_nobody_twice(*, twice: bool) -> None:
    case = courts.case_with(3)
    _, _, last = chain(case)
    if twice:
        join(courts.opened(case), last)
    listed = {row.uid: row.accused for row in proceedings_of(make.actor("monitor"), case.scope_id)}
    assert listed[last.uid] == 3
    assert hearing_line(make.actor("monitor"), heard(last).uid).accused == 3


def test_nobody_is_added_who_stands_in_it_through_one_that_was_joined() -> None:
    case = courts.case_with(3)
    _, _, last = chain(case)
    again = PartiesDraft(PartyRole.ACCUSED, (Victim(known=courts.people(case)[2]),))
    with pytest.raises(Refused):
        parties.add_parties(make.actor("monitor"), last, case, again)
    parties.add_parties(make.actor("monitor"), courts.opened(case, accused=()), case, again)


def apart() -> tuple[Case, Proceeding, Proceeding]:
    """Return a case of somebody else, a proceeding that concerns it too, and one that does not.

    The first goes on in the second; B is of the other case and stands in the first.
    """
    here, there = courts.case_with(1), courts.case_with(1, "stranger")
    first, second = courts.opened(here), courts.opened(here, accused=())
    courts.tied(first, there)
    draft = PartiesDraft(PartyRole.ACCUSED, (Victim(known=courts.people(there)[0]),))
    parties.add_parties(make.actor("stranger"), first, there, draft)
    join(first, second)
    return there, first, second


def test_nobody_goes_on_in_a_proceeding_that_does_not_concern_their_case() -> None:
    _, first, second = apart()
    national = make.actor("national")
    assert hearing_line(national, heard(first, starts=courts.on(18)).uid).accused == 2
    assert hearing_line(national, heard(second).uid).accused == 1
    assert len(proceeding_details(national, second.uid).parties) == 1
    found = accused_in(national, [first.id, second.id])
    assert (len(found[first.id]), len(found[second.id])) == (2, 1)


def test_limits_of_a_case_that_the_other_does_not_concern_stay_where_they_are() -> None:
    there, first, second = apart()
    courts.judged(first, "national", pronounced=courts.on(18))
    query = select(Clock.scope_id, Clock.proceeding_id).where(Clock.proceeding_id.is_not(None))

    def where() -> set[tuple[int, int]]:
        session().expire_all()
        return {(scope, row) for scope, row in session().execute(query) if row}

    before = where()
    here = courts.case_of(second)
    assert before == {(there.scope_id, first.id), (here.scope_id, second.id)}
    count_all(clock.now())
    assert where() == before


# At the hearing -----------------------------------------------------------------------------------


def test_whoever_stands_in_both_is_asked_about_once_and_as_one_of_the_proceeding_itself() -> None:
    first = proceeding_against(34)
    second = courts.opened(courts.case_of(first))
    courts.charged(first)
    before = begun(second)
    say(before, "counsel", "none")
    join(first, second)
    (one,) = seen(before).accused
    assert one.party.uid == courts.parties(second)[0]
    assert seen(before).answered == 1


def test_what_was_answered_of_a_trial_is_not_asked_again_where_it_goes_on() -> None:
    case = courts.case_with(3)
    first, _, last = chain(case)
    say(begun(first, starts=courts.on(18)), "judgment_public", "no")
    further = seen(begun(last, kind="judgment")).find("judgment_public")
    assert further is not None
    assert further.is_answered


def test_a_charge_in_either_says_whether_they_were_under_18_at_it() -> None:
    first = proceeding_against(19)
    second = courts.opened(courts.case_of(first))
    observation = begun(second)
    courts.charged(second, alleged=courts.on(1))
    courts.charged(first, alleged=When.year(2024, make.ZONE))
    assert not seen(observation).accused[0].is_juvenile
    join(first, second)
    assert seen(observation).accused[0].is_juvenile
    say(observation, "guardian", "no")


def test_an_observer_is_asked_about_juveniles_of_one_that_was_joined_until_that_is_said() -> None:
    second = proceeding_against(34, 16)
    adult_, young = courts.people(courts.case_of(second))
    case = courts.case_of(second)
    first, last = (courts.opened(case, accused=(uid,)) for uid in (young, adult_))
    observation = begun(last)
    observing.finish(make.actor("monitor"), observation)

    def open_annexes() -> list[UUID]:
        due = due_observations(make.actor("monitor"))
        return [each.observation.uid for each in due if each.observation and each.opens_annex]

    assert open_annexes() == []
    join(first, last)
    assert open_annexes() == [observation.uid]
    for asked in seen(observation).asked:
        if asked.question.part == "juvenile":
            say(observation, asked.question.key, next(iter(asked.question.choices), "16"))
    assert open_annexes() == []


# Many at once -------------------------------------------------------------------------------------


def did(case: Case, kind: CustodyEvent, row: Proceeding, letter: str, **said: Any) -> None:
    who = [each.uid for each in everybody(make.actor("monitor"), case) if each.letter == letter]
    act = CourtAct(proceeding=row.uid, decided_by="first_instance", **said)
    draft = ManyDraft(kind, happened=at(-1), stays=tuple(who), court=act)
    service.record(make.actor("monitor"), case, draft)


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (CustodyEvent.ACQUITTAL, "acquitted"),
        (CustodyEvent.DROPPED, "dropped"),
        (CustodyEvent.SENTENCED, "convicted"),
    ],
)
@pytest.mark.parametrize("stands_in_both", [False, True])
def test_what_a_court_decides_closes_the_charges_of_one_that_was_joined(
    kind: CustodyEvent, step: str, *, stands_in_both: bool
) -> None:
    case = courts.case_with(3)
    first, _, last = chain(case)
    if stands_in_both:
        join(courts.opened(case, accused=(courts.people(case)[2],)), last)
    courts.charged(first)
    before = session().scalar(select(func.count()).select_from(Party))
    did(case, kind, last, "C")
    assert session().scalars(select(Charge.last_step)).all() == [step]
    assert session().scalar(select(func.count()).select_from(Party)) == before


def test_nobody_new_is_charged_in_a_proceeding_that_was_joined() -> None:
    case = courts.case_with(3)
    first, *_ = chain(case)
    before = courts.parties(first)
    with pytest.raises(Refused) as why:
        did(case, CustodyEvent.CHARGED, first, "A", qualifications=(courts.INCITEMENT,))
    assert set(why.value.reasons) == {"proceeding"}
    assert courts.parties(first) == before


# Limits -------------------------------------------------------------------------------------------


def kept() -> set[tuple[Any, ...]]:
    session().expire_all()
    columns = [getattr(Clock, name) for name in ("uid", *IDENTITY, *COUNTED)]
    return {tuple(row) for row in session().execute(select(*columns))}


def final(row: Proceeding) -> None:
    draft = EndDraft(tried.at(tried.JUDGED + timedelta(hours=3)), "final_judgment")
    opening.end_proceeding(make.actor("monitor"), row, draft, row.version)


def trial_held(row: Proceeding) -> None:
    starts = tried.at(tried.JUDGED - timedelta(hours=1))
    draft = HearingDraft(starts, "trial")
    hearing = hearings.add_hearing(make.actor("monitor"), row, draft)
    said = ConclusionDraft(HearingStatus.HELD)
    hearings.conclude(make.actor("monitor"), hearing, said, hearing.version)


def onward(row: Proceeding) -> None:
    further = courts.opened(courts.case_of(row), accused=())
    join(row, further, tried.at(tried.JUDGED + timedelta(hours=1)))


def back(row: Proceeding) -> None:
    onward(row)
    opening.reopen_proceeding(make.actor("monitor"), row, row.version)


@pytest.mark.parametrize("happens", [final, trial_held, onward, back])
def test_what_happens_where_a_proceeding_goes_on_is_counted_at_once_for_whoever_stands_in_it(
    happens: Callable[[Proceeding], None],
) -> None:
    with time_machine.travel(tried.JUDGED + timedelta(hours=5), tick=False):
        first = tried.tried()
        tried.sentenced(first, suspended=tried.HALF_A_YEAR)
        case = courts.case_of(first)
        middle, last = (courts.opened(case, accused=()) for _ in range(2))
        join(first, middle, tried.at(tried.JUDGED))
        join(middle, last, tried.at(tried.JUDGED))
        happens(last)
        before = kept()
        count_all(clock.now())
        assert kept() == before


def test_a_judgment_that_became_final_where_it_goes_on_begins_the_window_of_a_suspension() -> None:
    with time_machine.travel(tried.JUDGED + timedelta(hours=5), tick=False):
        first = tried.tried()
        tried.sentenced(first, suspended=tried.HALF_A_YEAR)
        last = courts.opened(courts.case_of(first), accused=())
        join(first, last, tried.at(tried.JUDGED))
        assert not tried.limits("suspended_window")
        final(last)
        assert tried.limits("suspended_window")


def test_a_trial_that_began_at_the_end_of_a_chain_began_for_whoever_stands_at_its_beginning() -> (
    None
):
    with time_machine.travel(tried.JUDGED + timedelta(hours=5), tick=False):
        first = tried.tried()
        case = courts.case_of(first)
        kept_detained = OrderDraft(
            courts.people(case),
            OrderKind.SENT_TO_TRIAL,
            tried.at(tried.ORDERED + timedelta(days=1)),
            keeps_detained=True,
            proceeding=first.uid,
        )
        titles.add_orders(make.actor("monitor"), case, kept_detained)
        middle, last = (courts.opened(case, accused=()) for _ in range(2))
        join(first, middle, tried.at(tried.ORDERED + timedelta(days=2)))
        join(middle, last, tried.at(tried.ORDERED + timedelta(days=2)))
        assert tried.limits("closing_to_trial")
        trial_held(last)
        assert not tried.limits("closing_to_trial")


def test_an_extension_is_of_the_ground_in_the_proceeding_that_was_joined() -> None:
    with time_machine.travel(tried.ORDERED + timedelta(days=20), tick=False):
        first = tried.tried()
        last = courts.opened(courts.case_of(first), accused=())
        join(first, last, tried.at(tried.ORDERED))
        (limit,) = tried.limits("pre_trial_detention")
        assert limit.proceeding_id == last.id
        seen_on = tried.at(tried.ORDERED + timedelta(days=10))
        extension_seen(make.actor("monitor"), limit, 1, SeenExtension(seen_on))
        assert session().scalar(select(func.count()).select_from(LegalTitle)) == 1


def test_what_is_disputed_stays_so_when_its_proceeding_is_joined() -> None:
    with time_machine.travel(tried.ORDERED + timedelta(days=20), tick=False):
        first = tried.tried()
        case = courts.case_of(first)
        (limit,) = tried.limits("pre_trial_detention")
        until = clock.now() + timedelta(days=30)
        member = MemberDraft(make.user("legal").uid, "She follows the case.", until)
        sharing.add_member(make.actor("director"), case, member)
        said = tried.ORDERED + timedelta(days=3)
        dispute(make.actor("legal"), limit, DisputeDraft(said, "The order says less."))
        last = courts.opened(case, accused=())
        join(first, last, tried.at(tried.ORDERED))
        (after,) = tried.limits("pre_trial_detention")
        assert (after.proceeding_id, after.disputed_end) == (last.id, said)


# The fund -----------------------------------------------------------------------------------------


def test_fund_officers_see_how_far_the_proceeding_is_in_which_that_of_the_person_goes_on() -> None:
    case = courts.case_with(3)
    _, _, last = chain(case)
    draft = fund.draft(beneficiary=Victim(known=courts.people(case)[2]))
    request = requests.ask(make.actor("monitor"), case, draft)
    requests.submit(make.actor("monitor"), request, request.version)
    hearings.add_hearing(make.actor("monitor"), last, HearingDraft(at(48), "trial"))
    (one,) = court_standing(make.actor("fund"), request)
    assert (one.stages, one.next_hearing) == (("investigation",), at(48))
