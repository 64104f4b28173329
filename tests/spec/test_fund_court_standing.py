"""Fund officers see how far the courts are with whom support is asked for, and nothing more."""

from datetime import timedelta
from typing import Any

import pytest

from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import sharing
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.custody.people import people_in
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading.court_standing import CourtStanding, court_standing
from hrdtracker.fund.requests import service as requests
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import hearings
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.model import Proceeding
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from tests import courts, fund, make
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now().replace(second=0, microsecond=0)


def asked_for(count: int = 2) -> tuple[Case, Proceeding, SupportRequest]:
    """Ask for support for the first of some people who are before the court."""
    case = courts.case_with(count)
    proceeding = courts.opened(case)
    actor = make.actor("monitor")
    draft = fund.draft(beneficiary=Victim(known=courts.people(case)[0]))
    request = requests.ask(actor, case, draft)
    requests.submit(actor, request, request.version)
    return case, proceeding, request


def seen(request: SupportRequest, login: str = "fund") -> list[CourtStanding]:
    return court_standing(make.actor(login), request)


def hearing(proceeding: Proceeding, day: When) -> None:
    hearings.add_hearing(make.actor("monitor"), proceeding, HearingDraft(starts=day, kind="trial"))


def at(hours: float) -> When:
    return When.minute(NOW + timedelta(hours=hours), make.ZONE)


def test_they_see_the_stage_where_the_person_is_held_and_the_next_hearing() -> None:
    case, proceeding, request = asked_for()
    hearing(proceeding, at(72))
    hearing(proceeding, at(48))
    hearing(proceeding, When.unknown("soon", make.ZONE))
    (row, _) = people_in(case.scope_id)
    moved: dict[str, Any] = {"kind": CustodyEvent.MOVED, "happened": at(-1), "prison": "cc1"}
    service.record(make.actor("monitor"), case, ManyDraft(stays=(row.uid,), **moved))
    (one,) = seen(request)
    assert (one.letter, one.stages, one.prison, one.is_held) == (
        "A",
        ("investigation",),
        "cc1",
        True,
    )
    assert one.next_hearing == at(48)


def test_they_see_nobody_else_of_the_case_and_no_word_of_it() -> None:
    case, proceeding, request = asked_for(3)
    (one,) = seen(request)
    assert set(vars(one)) == {
        "letter", "situation", "is_held", "prison", "since", "stages", "next_hearing",
    }  # fmt: skip
    with pytest.raises(NotFound):
        proceeding_details(make.actor("fund"), proceeding.uid)
    assert case.code not in str(one)


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        ("fund", True),
        ("fund2", True),
        ("finance", False),
        ("auditor", False),
        ("stranger", False),
        ("far_director", False),
        ("admin", False),
    ],
)
def test_only_whoever_holds_the_fund_sees_it(login: str, *, sees: bool) -> None:
    _, _, request = asked_for()
    assert bool(seen(request, login)) == sees


@pytest.mark.parametrize("grade", [Sensitivity.RESTRICTED, Sensitivity.SECRET])
def test_of_a_case_whose_outline_they_may_not_see_they_see_nothing(grade: Sensitivity) -> None:
    case, _, request = asked_for()
    sharing.set_sensitivity(make.actor("director"), case, grade, case.version)
    session().expire_all()
    assert not seen(request)


def test_nothing_is_seen_of_a_draft_nor_by_whoever_is_shut_out() -> None:
    case = courts.case_with(1)
    draft = fund.draft(beneficiary=Victim(known=courts.people(case)[0]))
    assert not seen(requests.ask(make.actor("monitor"), case, draft))


def test_somebody_who_is_free_and_before_no_court_is_said_to_be_so() -> None:
    request = fund.sent()
    (one,) = seen(request)
    assert (one.situation, one.stages, one.next_hearing) == (None, (), None)


def test_it_takes_two_statements_however_many_hearings_there_are() -> None:
    case, proceeding, request = asked_for()
    for hours in range(5):
        hearing(proceeding, at(24 + hours))
    for _ in range(3):
        courts.opened(case)
    read: list[Any] = []
    seen(request)
    actor = make.actor("fund")
    assert counted(lambda: read.extend(court_standing(actor, request))) == 2
    assert read[0].stages == ("investigation",)
