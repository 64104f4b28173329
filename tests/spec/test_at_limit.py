"""At a limit it is asked whether they are still there and whether an extension was seen."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay
from hrdtracker.proceedings.clocks.at_limit import at_limit, extension_seen, is_asked, still_there
from hrdtracker.proceedings.clocks.drafts import SeenExtension
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.model import CourtOrder, LegalTitle, Proceeding, TitleKind
from tests import courts, make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.statements import counted

ENDED = ARRIVED + timedelta(hours=48)
SEEN = When.minute(ARRIVED + timedelta(hours=47), make.ZONE)


@pytest.fixture(autouse=True)
def _an_hour_after_the_end(unit: None) -> Iterator[None]:
    with time_machine.travel(ARRIVED + timedelta(hours=10), tick=False) as time:
        incident = arrested(adult("Demo A"), adult("Demo B"))
        arrive(incident)
        case = make.case_of(incident)
        courts.charged(courts.opened(case), qualification=courts.FELONY)
        time.move_to(ENDED + timedelta(hours=1))
        yield


def limits() -> list[Clock]:
    session().expire_all()
    query = select(Clock).where(Clock.clock == "police_custody").order_by(Clock.id)
    return list(session().scalars(query))


def heard(kept: Clock) -> Stay:
    return session().get_one(Stay, kept.stay_id)


def test_at_a_limit_it_is_asked_until_somebody_says_that_they_are_still_there() -> None:
    first = limits()[0]
    assert is_asked(first, heard(first).confirmed_at)
    still_there(make.actor("monitor"), first, rows=2)
    assert [is_asked(kept, heard(kept).confirmed_at) for kept in limits()] == [False, False]
    assert {heard(kept).confirmed_at for kept in limits()} == {clock.now()}


def test_before_a_limit_nothing_is_asked_of_it() -> None:
    first = limits()[0]
    with time_machine.travel(ENDED - timedelta(minutes=1), tick=False):
        assert not is_asked(first, heard(first).confirmed_at)


def test_of_whom_it_is_said_is_who_the_page_showed() -> None:
    with pytest.raises(WrongStatus):
        still_there(make.actor("monitor"), limits()[0], rows=1)
    assert clock.now() not in {heard(kept).confirmed_at for kept in limits()}


def test_an_extension_that_was_seen_is_recorded_for_all_and_moves_the_limit() -> None:
    draft = SeenExtension(SEEN, "prosecutor", in_writing=True, known_by="document")
    extension_seen(make.actor("monitor"), limits()[0], 2, draft)
    assert {kept.ends_earliest for kept in limits()} == {ENDED + timedelta(hours=24)}
    assert session().scalar(select(func.count()).select_from(CourtOrder)) == 2
    titles = session().scalars(select(LegalTitle)).all()
    began = LegalTitle.began.part(LegalTitle, "earliest")
    assert {row.kind for row in titles} == {"police_custody"}
    assert set(session().scalars(select(began))) == {ARRIVED}


def test_a_second_extension_of_the_same_people_needs_no_second_ground() -> None:
    for hours in (40, 47):
        seen = When.minute(ARRIVED + timedelta(hours=hours), make.ZONE)
        extension_seen(make.actor("monitor"), limits()[0], 2, SeenExtension(seen))
    assert session().scalar(select(func.count()).select_from(LegalTitle)) == 2


def test_whoever_was_released_and_is_held_again_has_a_new_ground_that_is_extended() -> None:
    case = session().scalars(select(Case)).one()
    released = When.minute(ARRIVED - timedelta(days=2), make.ZONE)
    courts.held(case, began=When.minute(ARRIVED - timedelta(days=4), make.ZONE), ended=released)
    extension_seen(make.actor("monitor"), limits()[0], 2, SeenExtension(SEEN))
    assert {kept.ends_latest for kept in limits()} == {ENDED + timedelta(hours=24)}
    assert session().scalar(select(func.count()).select_from(LegalTitle)) == 4


@pytest.mark.parametrize("of_proceeding", [True, False])
def test_an_extension_that_was_seen_counts_for_whoever_stands_in_two_proceedings(
    *, of_proceeding: bool
) -> None:
    case = session().scalars(select(Case)).one()
    courts.charged(courts.opened(case), qualification=courts.FELONY)
    first = session().scalars(select(Proceeding).order_by(Proceeding.id)).first()
    began = When.minute(ARRIVED, make.ZONE)
    courts.held(case, began=began, proceeding=first.uid if first and of_proceeding else None)
    extension_seen(make.actor("monitor"), limits()[0], 2, SeenExtension(SEEN))
    assert {kept.ends_latest for kept in limits()} == {ENDED + timedelta(hours=24)}
    orders = set(session().scalars(select(CourtOrder.proceeding_id)))
    assert orders == {first.id if first and of_proceeding else None}


@pytest.mark.parametrize("is_on_record", [True, False])
def test_an_extension_that_was_seen_extends_the_ground_of_each(*, is_on_record: bool) -> None:
    case = session().scalars(select(Case)).one()
    first, second = courts.people(case)
    proceeding = session().scalars(select(Proceeding)).one()
    began = When.minute(ARRIVED, make.ZONE)
    courts.held(case, people=(first,), began=began, proceeding=proceeding.uid)
    if is_on_record:
        courts.held(case, people=(second,), began=began)
    extension_seen(make.actor("monitor"), limits()[0], 2, SeenExtension(SEEN))
    orders = session().execute(select(CourtOrder.person_id, CourtOrder.legal_title_id))
    grounds = session().execute(select(LegalTitle.person_id, LegalTitle.id))
    assert sorted(map(tuple, orders)) == sorted(map(tuple, grounds))
    assert {kept.ends_latest for kept in limits()} == {ENDED + timedelta(hours=24)}


def test_an_extension_that_was_seen_in_one_proceeding_extends_no_ground_of_another() -> None:
    case = session().scalars(select(Case)).one()
    first, second = courts.people(case)
    own = session().scalars(select(Proceeding)).one()
    other = courts.opened(case, accused=(second,))
    courts.charged(other, qualification=courts.FELONY)
    began = When.minute(ARRIVED, make.ZONE)
    for person, proceeding in ((first, None), (second, own.uid), (second, other.uid)):
        detained = {"people": (person,), "began": began, "proceeding": proceeding}
        courts.held(case, kind=TitleKind.PRETRIAL_DETENTION, **detained)
    query = select(Clock).where(Clock.clock == "pre_trial_detention")
    kept = session().scalars(query.where(Clock.proceeding_id == own.id)).first()
    assert kept is not None
    extension_seen(make.actor("monitor"), kept, 2, SeenExtension(SEEN))
    extended = select(LegalTitle.proceeding_id).where(
        LegalTitle.id.in_(select(CourtOrder.legal_title_id))
    )
    assert set(session().scalars(extended)) == {None, own.id}


def test_an_extension_of_many_takes_as_many_statements_as_one_of_two() -> None:
    few = limits()
    incident = arrested(*(adult(f"Demo {number}") for number in range(12)))
    arrive(incident)
    courts.charged(courts.opened(make.case_of(incident)), qualification=courts.FELONY)
    many = limits()[len(few) :]
    monitor, draft = make.actor("monitor"), SeenExtension(SEEN)
    first = counted(lambda: extension_seen(monitor, few[0], 2, draft))
    assert counted(lambda: extension_seen(monitor, many[0], 12, draft)) == first
    assert session().scalar(select(func.count(CourtOrder.id))) == 14
    assert {kept.ends_latest for kept in limits()} == {ENDED + timedelta(hours=24)}


def test_what_the_law_does_not_extend_is_refused() -> None:
    kept = session().scalars(select(Clock).where(Clock.clock != "police_custody")).first()
    assert kept is not None
    with pytest.raises(WrongStatus):
        extension_seen(make.actor("monitor"), kept, 2, SeenExtension(SEEN))


def test_nobody_outside_the_case_answers_for_it() -> None:
    first = limits()[0]
    assert at_limit(make.actor("stranger"), first).clocks == []
    with pytest.raises(NotAllowed):
        still_there(make.actor("stranger"), first, rows=2)
    with pytest.raises(NotAllowed):
        extension_seen(make.actor("stranger"), first, 2, SeenExtension(SEEN))
