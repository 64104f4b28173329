"""Two people set the end of a disputed limit, and why; an input that moves asks them again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.incidents.model import Incident
from hrdtracker.people import service as people
from hrdtracker.people.model import Person
from hrdtracker.proceedings.clocks import disputes, replacing
from hrdtracker.proceedings.clocks.drafts import DisputeDraft, ReplacementDraft
from hrdtracker.proceedings.clocks.model import Clock, ClockDispute
from hrdtracker.proceedings.clocks.reading import due_until
from hrdtracker.proceedings.clocks.recount import count_all
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive

COUNTED = ARRIVED + timedelta(hours=48)
LATER = COUNTED + timedelta(hours=6)
PAPER = ReplacementDraft("paper_seen")


@pytest.fixture(autouse=True)
def _this_evening() -> Iterator[None]:
    with time_machine.travel(ARRIVED + timedelta(hours=10), tick=False):
        yield


@pytest.fixture
def custody(unit: None) -> Clock:
    """Return the custody of somebody that a legal officer disputes: it ends six hours later."""
    incident = arrested(adult())
    arrive(incident)
    until = clock.now() + timedelta(days=30)
    member = MemberDraft(make.user("legal").uid, "She follows the custody.", until)
    sharing.add_member(make.actor("director"), make.case_of(incident), member)
    draft = DisputeDraft(LATER, "The order names another hour.")
    disputes.dispute(make.actor("legal"), present(), draft)
    return present()


def present() -> Clock:
    session().expire_all()
    query = select(Clock).where(Clock.clock == "police_custody")
    return session().scalars(query).one()


def propose() -> Proposal:
    return replacing.propose_replacing(make.actor("legal"), present(), PAPER)


def set_by_two(by: str = "director") -> Clock:
    proposals.confirm(make.actor(by), propose())
    return present()


def arrive_earlier() -> None:
    """Correct the arrival: it was five hours before."""
    incident = session().scalars(select(Incident)).one()
    arrive(incident, When.minute(ARRIVED - timedelta(hours=5), make.ZONE))


def test_one_person_alone_sets_no_end(custody: Clock) -> None:
    propose()
    assert (present().ends_earliest, present().ends_latest) == (COUNTED, LATER)
    assert present().uid == custody.uid


def test_the_end_that_two_people_set_stands_alone_with_its_reason(custody: Clock) -> None:
    found = set_by_two()
    assert (found.ends_earliest, found.ends_latest, found.replaced_for) == (
        LATER,
        LATER,
        "paper_seen",
    )
    assert (found.uid, found.is_reviewed, found.asks) == (custody.uid, False, "")


@pytest.mark.usefixtures("custody")
def test_an_end_that_two_people_set_outlives_what_moves_nothing_of_it() -> None:
    set_by_two()
    count_all(clock.now())
    person = session().scalars(select(Person)).one()
    draft = adult("Demo A", sex=None)
    people.edit_person(make.actor("monitor"), person, draft, person.version)
    assert present().ends_earliest == LATER


@pytest.mark.usefixtures("custody")
def test_where_an_input_moves_it_is_asked_again_and_the_earlier_end_stands_on_today() -> None:
    set_by_two()
    arrive_earlier()
    found = present()
    earlier = COUNTED - timedelta(hours=5)
    assert (found.ends_earliest, found.ends_latest) == (earlier, LATER)
    assert (found.asks.split()[0], found.replaced_for) == ("replaced", None)
    lines = due_until(make.actor("monitor"), COUNTED)
    assert earlier in {line.ends_earliest for line in lines}


@pytest.mark.usefixtures("custody")
def test_two_people_say_again_that_it_stands() -> None:
    set_by_two()
    arrive_earlier()
    found = set_by_two()
    assert (found.ends_earliest, found.asks) == (LATER, "")


@pytest.mark.usefixtures("custody")
def test_what_moved_between_the_two_is_confirmed_by_nobody() -> None:
    proposal = propose()
    arrive_earlier()
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("director"), proposal)


@pytest.mark.usefixtures("custody")
@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("director", True),
        ("legal", False),
        ("monitor", False),
        ("stranger", False),
        ("admin", False),
        ("national", True),
    ],
)
def test_the_second_is_a_director_or_another_legal_officer_who_reads_the_case(
    who: str, *, may: bool
) -> None:
    proposal = propose()
    if may:
        proposals.confirm(make.actor(who), proposal)
        assert present().ends_earliest == LATER
    else:
        with pytest.raises(NotAllowed):
            proposals.confirm(make.actor(who), proposal)


@pytest.mark.usefixtures("custody")
@pytest.mark.parametrize("who", ["monitor", "director", "national", "stranger"])
def test_only_a_legal_officer_proposes_another_end(who: str) -> None:
    with pytest.raises(NotAllowed):
        replacing.propose_replacing(make.actor(who), present(), PAPER)


@pytest.mark.usefixtures("custody")
def test_what_stands_is_not_proposed_twice() -> None:
    set_by_two()
    with pytest.raises(WrongStatus):
        propose()


@pytest.mark.usefixtures("custody")
def test_it_takes_two_to_let_it_end_as_it_is_counted_again() -> None:
    set_by_two()
    with pytest.raises(WrongStatus):
        disputes.end_dispute(make.actor("legal"), present())
    proposal = replacing.propose_counting(make.actor("legal"), present())
    assert present().ends_earliest == LATER
    proposals.confirm(make.actor("director"), proposal)
    found = present()
    assert (found.ends_earliest, found.ends_latest, found.disputed_end) == (COUNTED, COUNTED, None)


@pytest.mark.usefixtures("custody")
def test_a_dispute_that_nobody_confirmed_ends_by_one_and_takes_its_proposal_along() -> None:
    proposal = propose()
    disputes.end_dispute(make.actor("legal"), present())
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("director"), proposal)
    with pytest.raises(WrongStatus):
        replacing.propose_counting(make.actor("legal"), present())


@pytest.mark.usefixtures("custody")
def test_why_it_is_set_is_one_of_the_list() -> None:
    with pytest.raises(Refused):
        ReplacementDraft("")
    with pytest.raises(Refused):
        replacing.propose_replacing(make.actor("legal"), present(), ReplacementDraft("so"))
    assert session().scalars(select(ClockDispute)).one().replaced_at is None
