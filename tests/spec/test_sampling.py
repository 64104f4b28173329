"""What was imported is accepted by a sample: a few are reviewed one by one, then the others."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Channel
from hrdtracker.audit import chain
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.incidents import decisions, imports, sampling, service
from hrdtracker.incidents.batch import log_together
from hrdtracker.incidents.model import (
    ImportBatch,
    Incident,
    IncidentStatus,
    ReviewKind,
    Urgency,
)
from hrdtracker.incidents.sampling import Sample
from hrdtracker.incidents.whole import Origin, WholeIncident
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
LIST = "a list"
SAMPLE = 3


@pytest.fixture(autouse=True)
def _small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SAMPLE", SAMPLE)


def imported(
    count: int, login: str = "monitor", days_ago: int = 400, batch: int = 0, **changes: Any
) -> int:
    """Import some incidents of a day so long ago; return the number of the import."""
    day = clock.today(make.ZONE) - timedelta(days=days_ago)
    values = {"occurred": When.day(day, make.ZONE, "then"), "victims": (), **changes}
    wholes = [
        WholeIncident(make.draft(**values), Origin(LIST, uuid4().hex, uuid4().hex))
        for _ in range(count)
    ]
    actor = make.actor(login, Channel.IMPORT)
    number = batch or imports.begin_import(actor, LIST)
    log_together(actor, wholes, None, number)
    if not batch:
        imports.finish_import(actor, number)
    return number


def latest() -> UUID:
    """Return the import that was begun last."""
    latest_first = select(ImportBatch).order_by(ImportBatch.id.desc())
    return session().scalars(latest_first.limit(1)).one().uid


def drawn(login: str = "director", batch: UUID | None = None) -> Sample:
    """Return the sample of an import."""
    return sampling.sample(make.actor(login), batch or latest()) or pytest.fail("nothing is drawn")


def accept(login: str = "director", batch: UUID | None = None) -> int:
    return sampling.accept(make.actor(login), batch or latest())


def incident(uid: UUID) -> Incident:
    return session().scalars(select(Incident).where(Incident.uid == uid)).one()


def review(uid: UUID, login: str = "director") -> None:
    decisions.review_incident(make.actor(login), incident(uid), [], incident(uid).version)


def change(uid: UUID, login: str = "monitor", channel: Channel = Channel.WEB) -> None:
    draft = make.draft(occurred=incident(uid).occurred, victims=())
    service.edit_incident(make.actor(login, channel), incident(uid), draft, incident(uid).version)


def review_the_sample(login: str = "director") -> list[UUID]:
    """Review each incident of the sample, and return which they were."""
    uids = list(drawn(login).to_review)
    for uid in uids:
        review(uid, login)
    return uids


def kinds() -> list[str]:
    """Return how everything that is reviewed was reviewed."""
    return sorted(session().scalars(select(Incident.review_kind).where(Incident.review_kind != "")))


def test_the_others_are_those_that_wait_and_that_nobody_corrected() -> None:
    imported(6)
    query = select(Incident.uid).where(Incident.uid.not_in(drawn().to_review))
    reviewed, corrected, _ = session().scalars(query.order_by(Incident.id)).all()
    review(reviewed)
    assert drawn().others == 2
    change(corrected)
    assert drawn().others == 1


def test_once_each_of_a_sample_is_reviewed_the_others_are_accepted_and_told_apart() -> None:
    imported(8)
    director = make.actor("director")
    [sample] = sampling.samples(director)
    assert (sample.source, sample.size, len(sample.to_review), sample.others) == (LIST, 3, 3, 5)
    with pytest.raises(WrongStatus):
        accept()
    looked_at = review_the_sample()
    assert accept() == 5
    assert kinds() == ["each"] * 3 + ["sample"] * 5
    assert sampling.samples(director) == []
    others = select(Incident).where(Incident.uid.not_in(looked_at))
    assert {(row.status, row.reviewed_by_id) for row in session().scalars(others)} == {
        ("reviewed", director.id)
    }


def test_what_was_drawn_stays_drawn_while_it_is_reviewed() -> None:
    imported(8)
    uids = set(drawn().to_review)
    first = min(uids)
    review(first)
    left = drawn()
    assert set(left.to_review) == uids - {first}
    assert (left.size, left.others) == (3, 5)


def test_for_each_of_a_sample_that_goes_back_more_are_drawn() -> None:
    imported(12)
    wrong, *_ = drawn().to_review
    decisions.return_incident(
        make.actor("director"), incident(wrong), "Which day?", incident(wrong).version
    )
    review_the_sample()
    assert (drawn().returned, drawn().corrected, drawn().size) == (1, 1, 6)
    with pytest.raises(WrongStatus):
        accept()
    service.submit(make.actor("monitor"), incident(wrong))
    assert review_the_sample() == [wrong]
    assert accept() == 6


def test_correcting_what_is_drawn_before_it_is_reviewed_does_not_make_the_sample_pass() -> None:
    imported(12)
    for uid in list(drawn().to_review):
        change(uid)
    assert (drawn().size, drawn().corrected, drawn().others) == (12, 3, 0)
    review_the_sample()
    assert accept() == 0
    assert kinds() == ["each"] * 12


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.IMPORT])
def test_what_was_changed_since_it_came_is_reviewed_by_itself(channel: Channel) -> None:
    imported(8)
    uids = set(drawn().to_review)
    others = select(Incident.uid).where(Incident.uid.not_in(uids))
    changed = session().scalars(others.limit(1)).one()
    change(changed, channel=channel)
    review_the_sample()
    assert accept() == 4
    assert incident(changed).status == IncidentStatus.SUBMITTED


def test_what_was_accepted_and_is_changed_is_never_accepted_again_by_the_same_sample() -> None:
    imported(5)
    review_the_sample()
    accept()
    sampled = select(Incident).where(Incident.review_kind == ReviewKind.SAMPLE)
    accepted = session().scalars(sampled.limit(1)).one()
    change(accepted.uid)
    assert accept() == 0
    assert (accepted.status, accepted.review_kind) == (IncidentStatus.SUBMITTED, None)
    assert not sampling.is_offered(make.actor("director"))
    assert sampling.samples(make.actor("director")) == []


def test_what_was_accepted_by_a_sample_is_never_drawn_as_if_it_had_been_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sampling, "MOST", 8)
    imported(12)
    first, *_ = review_the_sample()
    assert accept() == 8
    change(first)
    assert (drawn().size, len(drawn().to_review)) == (4, 2)


def test_a_later_import_of_the_same_list_has_a_sample_of_its_own() -> None:
    imported(8)
    review_the_sample()
    first = latest()
    imported(8)
    assert accept(batch=first) == 5
    with pytest.raises(WrongStatus):
        accept()
    assert (drawn().size, len(drawn().to_review)) == (3, 3)


def test_nothing_is_accepted_of_an_import_that_goes_on_or_is_being_undone() -> None:
    director, monitor = make.actor("director"), make.actor("monitor", Channel.IMPORT)
    number = imports.begin_import(monitor, LIST)
    imported(8, batch=number)
    assert sampling.samples(director) == []
    assert not sampling.is_offered(director)
    imports.finish_import(monitor, number)
    review_the_sample()
    assert [
        progress.withdrawn for progress in imports.undo(monitor, number, keep_changed=True)
    ] == [
        0,
        5,
    ]
    with pytest.raises(WrongStatus):
        accept()


def test_an_import_that_one_may_not_review_looks_like_none() -> None:
    imported(8)
    for batch in (latest(), uuid4(), None):
        with pytest.raises(WrongStatus) as refused:
            sampling.accept(make.actor("far_director"), batch)
        assert str(refused.value.reason) == sampling.NOT_YET
    assert sampling.sample(make.actor("far_director"), latest()) is None


def test_whoever_imported_or_changed_an_incident_does_not_accept_it() -> None:
    imported(8, "director")
    assert sampling.samples(make.actor("director")) == []
    assert not sampling.is_offered(make.actor("director"))
    assert sampling.is_offered(make.actor("director2"))
    latest_uid = select(Incident.uid).order_by(Incident.uid.desc()).limit(1)
    changed = incident(session().scalars(latest_uid).one())
    change(changed.uid, "director2")
    review_the_sample("director2")
    assert accept("director2") == 4
    assert changed.status == IncidentStatus.SUBMITTED


def test_what_is_urgent_or_of_this_week_is_reviewed_one_by_one() -> None:
    monitor = make.actor("monitor", Channel.IMPORT)
    number = imports.begin_import(monitor, LIST)
    imported(5, batch=number)
    imported(1, days_ago=2, batch=number)
    imported(1, urgency=Urgency.URGENT, batch=number)
    imports.finish_import(monitor, number)
    review_the_sample()
    assert accept() == 2
    waits = select(Incident).where(Incident.status == IncidentStatus.SUBMITTED)
    assert len(list(session().scalars(waits))) == 2


def test_a_list_no_longer_than_a_sample_is_reviewed_one_by_one() -> None:
    imported(SAMPLE)
    assert sampling.samples(make.actor("director")) == []


def test_an_act_accepts_some_at_once_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "MOST", 4)
    imported(9)
    review_the_sample()
    assert [accept() for _ in range(3)] == [4, 2, 0]


def test_the_trail_keeps_of_each_who_accepted_it_and_how_in_its_own_case() -> None:
    imported(5)
    review_the_sample()
    accept()
    query = select(AuditEntry).where(AuditEntry.action == Action.INCIDENT_ACCEPT_SAMPLED)
    entries = list(session().scalars(query))
    accepted = select(Incident).where(Incident.review_kind == ReviewKind.SAMPLE)
    rows = {row.uid: row.scope_id for row in session().scalars(accepted)}
    assert {entry.subject_uid: entry.scope_id for entry in entries} == rows
    assert all(b"review_kind" in entry.payload for entry in entries)
    assert chain.verify().holds


def test_a_monitor_accepts_nothing() -> None:
    imported(5)
    with pytest.raises(NotAllowed):
        accept("monitor")
