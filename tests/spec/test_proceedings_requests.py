"""Requests of the defence: filed, decided, appealed; which times to decide run from them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.proceedings import joining, parties, requests
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.drafts.proceedings import JoiningDraft, PartiesDraft
from hrdtracker.proceedings.drafts.requests import DefenceRequestDraft, DefenceRequestUpdate
from hrdtracker.proceedings.model import (
    DefenceRequest,
    PartyRole,
    Proceeding,
    RequestKind,
    RequestStanding,
)
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from hrdtracker.proceedings.reading.requests import request_details, requests_of
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")
RELEASE, BAIL = RequestKind.RELEASE, RequestKind.BAIL
UNDECIDED, GRANTED, PARTLY, REFUSED, WITHDRAWN = RequestStanding
DECISIONS = (GRANTED, PARTLY, REFUSED)
NOON = time_machine.travel("2026-12-01T12:00:00+07:00", tick=False)


def _asked(
    row: Proceeding | None = None, kind: RequestKind = RELEASE, day: int = 18, **changes: Any
) -> DefenceRequest:
    row = row or courts.opened(courts.case_with(1))
    values = {"parties": courts.parties(row)[:1], "kind": kind, "filed": courts.on(day), **changes}
    return requests.file_requests(make.actor("monitor"), row, DefenceRequestDraft(**values))


def _became(row: DefenceRequest, standing: RequestStanding = UNDECIDED, **changes: Any) -> None:
    if standing in DECISIONS:
        changes = {"decided": courts.on(22), **changes}
    draft = DefenceRequestUpdate(standing, **changes)
    requests.update_request(make.actor("monitor"), row, draft, row.version)


def _reasons(row: DefenceRequest, standing: RequestStanding = UNDECIDED, **said: Any) -> set[str]:
    with pytest.raises(Refused) as why:
        _became(row, standing, **said)
    return set(why.value.reasons)


def _ends() -> dict[str, datetime | None]:
    session().expire_all()
    return dict(session().execute(select(Clock.clock, Clock.ends_earliest)).all())


# What is recorded --------------------------------------------------------------------------------


def test_a_request_is_filed_for_several_accused_and_stands_on_the_proceeding_and_the_case() -> None:
    case = courts.case_with(2)
    row = courts.opened(case)
    _asked(row, parties=courts.parties(row), filed_by="lawyer", known_by="lawyer")
    details = proceeding_details(make.actor("monitor"), row.uid)
    assert [line.requests[0].kind for line in details.parties] == ["release", "release"]
    listed = requests_of(make.actor("monitor"), case.scope_id)
    assert {(one.letter, one.request.status) for one in listed} == {
        ("A", "undecided"),
        ("B", "undecided"),
    }


def test_undecided_requests_come_first_and_a_stranger_reads_none() -> None:
    case = courts.case_with(1)
    row = courts.opened(case)
    first, second = _asked(row), _asked(row, BAIL)
    _became(second, REFUSED)
    listed = requests_of(make.actor("monitor"), case.scope_id)
    assert [one.request.id for one in listed] == [first.id, second.id]
    assert requests_of(make.actor("stranger"), case.scope_id) == []
    with pytest.raises(NotFound):
        request_details(make.actor("stranger"), first.uid)


def test_who_does_not_read_the_case_neither_asks_nor_decides() -> None:
    row = courts.opened(courts.case_with(1))
    asked = _asked(row)
    stranger = make.actor("stranger")
    with pytest.raises(NotAllowed):
        requests.file_requests(
            stranger, row, DefenceRequestDraft(courts.parties(row), RELEASE, courts.on(18))
        )
    with pytest.raises(NotAllowed):
        requests.update_request(stranger, asked, DefenceRequestUpdate(WITHDRAWN), asked.version)


def test_the_defence_asks_only_for_accused() -> None:
    case = courts.case_with(1)
    row = courts.opened(case)
    witness = Victim(described=PersonDraft((NameDraft("Demo witness"),)))
    draft = PartiesDraft(PartyRole.WITNESS, (witness,))
    party = parties.add_parties(make.actor("monitor"), row, case, draft)
    with pytest.raises(Refused) as why:
        _asked(row, parties=(party.uid,))
    assert set(why.value.reasons) == {"parties"}


def test_a_request_in_a_proceeding_that_was_joined_is_filed_in_the_other() -> None:
    case = courts.case_with(1)
    first, second = courts.opened(case), courts.opened(case)
    draft = JoiningDraft(second.uid, courts.on(20))
    joining.join(make.actor("monitor"), first, draft, first.version)
    with pytest.raises(Refused) as why:
        _asked(first, day=21)
    assert set(why.value.reasons) == {"filed"}
    _asked(second, parties=courts.parties(first), day=21)
    details = proceeding_details(make.actor("monitor"), second.uid)
    assert [len(line.requests) for line in details.parties] == [1]


@pytest.mark.parametrize("standing", [GRANTED, PARTLY, REFUSED, WITHDRAWN])
def test_what_became_of_it_is_taken_back_before_it_is_said_otherwise(
    standing: RequestStanding,
) -> None:
    row = _asked()
    _became(row, standing)
    assert row.status == standing
    other = REFUSED if standing != REFUSED else GRANTED
    assert _reasons(row, other) == {"standing"}
    _became(row)
    _became(row, other)
    assert row.status == other


def test_what_is_said_again_of_a_decision_changes_what_else_is_known() -> None:
    row = _asked()
    _became(row, REFUSED)
    _became(row, REFUSED, decided_by="investigating_judge", notified=courts.on(23))
    assert (row.status, row.decided_by) == ("refused", "investigating_judge")


def test_what_another_changed_meanwhile_is_not_written_over() -> None:
    row = _asked()
    version = row.version
    _became(row, REFUSED)
    with pytest.raises(Stale):
        requests.update_request(
            make.actor("monitor"), row, DefenceRequestUpdate(UNDECIDED), version
        )


@pytest.mark.parametrize(
    ("standing", "said", "beside"),
    [
        (UNDECIDED, {"opinion_received": 17}, "opinion_received"),
        (REFUSED, {"decided": 17}, "decided"),
        (REFUSED, {"notified": 21}, "notified"),
        (REFUSED, {"appealed": 21}, "appealed"),
        (UNDECIDED, {"decided": 22}, "decided"),
        (UNDECIDED, {"appealed": 22}, "appealed"),
        (WITHDRAWN, {"notified": 22}, "notified"),
    ],
)
def test_no_day_lies_before_what_it_follows(
    standing: RequestStanding, said: dict[str, int], beside: str
) -> None:
    dates = {name: courts.on(day) for name, day in said.items()}
    assert _reasons(_asked(), standing, **dates) == {beside}


def test_a_decision_says_when_and_nothing_lies_ahead() -> None:
    row = _asked()
    assert _reasons(row, GRANTED, decided=None) == {"decided"}
    assert _reasons(row, GRANTED, decided=courts.on(24, 12)) == {"decided"}
    _became(row, GRANTED, decided=When.unknown("not known", make.ZONE))
    assert row.status == "granted"


# The times that run ------------------------------------------------------------------------------


@NOON
def test_the_time_to_decide_runs_from_the_opinion_until_it_is_decided() -> None:
    row = _asked(day=26)
    assert "release_request_decision" not in _ends()
    _became(row, opinion="opposes", opinion_received=courts.on(27))
    assert _ends()["release_request_decision"] is not None
    _became(row, REFUSED, decided=courts.on(28), opinion_received=courts.on(27))
    assert "release_request_decision" not in _ends()
    assert "release_request_again" in _ends()


@NOON
@pytest.mark.parametrize(
    ("kind", "standing", "runs"),
    [
        (RELEASE, UNDECIDED, True),
        (BAIL, REFUSED, True),
        (RELEASE, PARTLY, True),
        (RELEASE, GRANTED, False),
        (RELEASE, WITHDRAWN, False),
        (RequestKind.EXPERT, REFUSED, False),
    ],
)
def test_a_month_after_the_last_request_for_release_a_new_one_is_open(
    kind: RequestKind, standing: RequestStanding, *, runs: bool
) -> None:
    row = _asked(kind=kind)
    if standing != UNDECIDED:
        _became(row, standing)
    assert ("release_request_again" in _ends()) is runs


@NOON
def test_the_chamber_decides_on_an_appeal_against_detention_in_time() -> None:
    row = _asked(kind=RequestKind.APPEAL_DETENTION, day=27)
    assert "ic_decision_detention" in _ends()
    _became(row, REFUSED, decided=courts.on(28))
    assert "ic_decision_detention" not in _ends()


@NOON
def test_the_time_to_appeal_an_order_runs_from_when_they_were_told_until_they_appeal() -> None:
    row = _asked(day=20)
    judge = {"decided_by": "investigating_judge"}
    _became(row, REFUSED, decided=courts.on(26), **judge)
    assert "appeal_ij_order" not in _ends()
    told = {"decided": courts.on(26), "notified": courts.on(27), **judge}
    _became(row, REFUSED, **told)
    end = _ends()["appeal_ij_order"]
    assert end is not None
    told_on = courts.on(27).earliest
    assert told_on is not None
    assert end > told_on + timedelta(days=5)
    _became(row, REFUSED, **told, appealed=courts.on(28))
    assert "appeal_ij_order" not in _ends()


@NOON
def test_a_decision_of_another_court_is_no_order_of_the_judge() -> None:
    row = _asked(day=20)
    _became(
        row, REFUSED, decided=courts.on(26), notified=courts.on(27), decided_by="first_instance"
    )
    assert "appeal_ij_order" not in _ends()
