"""What was imported is accepted by a sample: a few are reviewed one by one, then the others."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.audit import chain
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.incidents import decisions, sampling, service
from hrdtracker.incidents.batch import Origin, WholeIncident, log_together
from hrdtracker.incidents.model import Incident, IncidentStatus, ReviewKind, Urgency
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
LIST = "a list"
SAMPLE = 3


@pytest.fixture(autouse=True)
def _small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SAMPLE", SAMPLE)


def imported(count: int, login: str = "monitor", days_ago: int = 400, **changes: Any) -> None:
    """Import some incidents of a day so long ago."""
    day = clock.today(make.ZONE) - timedelta(days=days_ago)
    values = {"occurred": When.day(day, make.ZONE, "then"), "victims": (), **changes}
    wholes = [
        WholeIncident(make.draft(**values), Origin(LIST, uuid4().hex, uuid4().hex))
        for _ in range(count)
    ]
    log_together(make.actor(login), wholes)


def incident(uid: UUID) -> Incident:
    return session().scalars(select(Incident).where(Incident.uid == uid)).one()


def review_the_sample(login: str = "director") -> list[UUID]:
    """Review each incident of the sample, and return which they were."""
    actor = make.actor(login)
    drawn = list(sampling.sample(actor, LIST).to_review)
    for uid in drawn:
        decisions.review_incident(actor, incident(uid), [], incident(uid).version)
    return drawn


def kinds() -> list[str]:
    """Return how everything that is reviewed was reviewed."""
    return sorted(session().scalars(select(Incident.review_kind).where(Incident.review_kind != "")))


def test_once_each_of_a_sample_is_reviewed_the_others_are_accepted_and_told_apart() -> None:
    imported(8)
    director = make.actor("director")
    [sample] = sampling.samples(director)
    assert (sample.source, sample.size, len(sample.to_review), sample.others) == (LIST, 3, 3, 5)
    with pytest.raises(WrongStatus):
        sampling.accept(director, LIST)
    drawn = review_the_sample()
    assert sampling.accept(director, LIST) == 5
    assert kinds() == ["each"] * 3 + ["sample"] * 5
    assert sampling.samples(director) == []
    others = select(Incident).where(Incident.uid.not_in(drawn))
    assert {(row.status, row.reviewed_by_id) for row in session().scalars(others)} == {
        ("reviewed", director.id)
    }


def test_what_was_drawn_stays_drawn_while_it_is_reviewed() -> None:
    imported(8)
    director = make.actor("director")
    drawn = set(sampling.sample(director, LIST).to_review)
    first = incident(min(drawn))
    decisions.review_incident(director, first, [], first.version)
    left = sampling.sample(director, LIST)
    assert set(left.to_review) == drawn - {first.uid}
    assert (left.size, left.others) == (3, 5)


def test_one_of_a_sample_that_goes_back_keeps_the_others_waiting_until_it_is_corrected() -> None:
    imported(8)
    director, monitor = make.actor("director"), make.actor("monitor")
    wrong, *_ = sampling.sample(director, LIST).to_review
    decisions.return_incident(director, incident(wrong), "Which day?", incident(wrong).version)
    review_the_sample()
    assert sampling.sample(director, LIST).returned == 1
    with pytest.raises(WrongStatus):
        sampling.accept(director, LIST)
    service.submit(monitor, incident(wrong))
    assert review_the_sample() == [wrong]
    assert sampling.accept(director, LIST) == 5


def test_whoever_imported_or_changed_an_incident_does_not_accept_it() -> None:
    imported(8, "director")
    assert sampling.samples(make.actor("director")) == []
    assert not sampling.is_offered(make.actor("director"))
    assert sampling.is_offered(make.actor("director2"))
    changed = session().scalars(select(Incident).order_by(Incident.uid.desc()).limit(1)).one()
    actor = make.actor("director2")
    service.edit_incident(actor, changed, make.draft(victims=()), changed.version)
    review_the_sample("director2")
    assert sampling.accept(actor, LIST) == 4
    assert changed.status == IncidentStatus.SUBMITTED


def test_what_is_urgent_or_of_this_week_is_reviewed_one_by_one() -> None:
    imported(5)
    imported(1, days_ago=2)
    imported(1, urgency=Urgency.URGENT)
    director = make.actor("director")
    review_the_sample()
    assert sampling.accept(director, LIST) == 2
    waits = select(Incident).where(Incident.status == IncidentStatus.SUBMITTED)
    assert len(list(session().scalars(waits))) == 2


def test_a_list_no_longer_than_a_sample_is_reviewed_one_by_one() -> None:
    imported(SAMPLE)
    assert sampling.samples(make.actor("director")) == []


def test_an_act_accepts_some_at_once_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "MOST", 4)
    imported(9)
    director = make.actor("director")
    review_the_sample()
    assert [sampling.accept(director, LIST) for _ in range(3)] == [4, 2, 0]


def test_the_trail_keeps_of_each_who_accepted_it_and_how_in_its_own_case() -> None:
    imported(5)
    director = make.actor("director")
    review_the_sample()
    sampling.accept(director, LIST)
    query = select(AuditEntry).where(AuditEntry.action == Action.INCIDENT_ACCEPT_SAMPLED)
    entries = list(session().scalars(query))
    accepted = select(Incident).where(Incident.review_kind == ReviewKind.SAMPLE)
    rows = {row.uid: row.scope_id for row in session().scalars(accepted)}
    assert {entry.subject_uid: entry.scope_id for entry in entries} == rows
    assert all(b"review_kind" in entry.payload for entry in entries)
    assert chain.verify().holds


def test_what_was_accepted_and_is_changed_waits_to_be_reviewed_by_itself() -> None:
    imported(5)
    review_the_sample()
    sampling.accept(make.actor("director"), LIST)
    accepted = (
        session()
        .scalars(select(Incident).where(Incident.review_kind == ReviewKind.SAMPLE).limit(1))
        .one()
    )
    service.edit_incident(make.actor("monitor"), accepted, make.draft(victims=()), accepted.version)
    assert (accepted.status, accepted.review_kind) == (IncidentStatus.SUBMITTED, None)


def test_a_monitor_accepts_nothing() -> None:
    imported(5)
    with pytest.raises(NotAllowed):
        sampling.accept(make.actor("monitor"), LIST)
