"""What an older version kept of custody in violations is moved to stays, once and whole."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised, writing_derived
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay, StayStanding
from hrdtracker.custody.states import is_held
from hrdtracker.incidents import older_custody, service
from hrdtracker.incidents.custody import stays_in
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from hrdtracker.proceedings.clocks.model import Clock
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
CAME = When.minute(clock.now() - timedelta(hours=3), make.ZONE, "three hours ago")


def older(incident: Incident, **said: Any) -> Incident:
    """Let an incident stand as an older version wrote it: its violations say all, no stay does."""
    with authorised(operator(), Action.STATE_RECORD, on=None):
        stays = stays_in(incident)
        with writing_derived():
            counted = delete(Clock).where(Clock.stay_id.in_([stay.id for stay in stays]))
            session().connection().execute(counted)
        for stay in stays:
            session().delete(stay)
        for row in service.violations_of(incident).values():
            for name, value in said.items():
                setattr(row, name, value)
    return incident


def move() -> int:
    organisation = make.organisation()
    return older_custody.move_all(operator(organisation.id), organisation, lambda _: None)


def moved(incident: Incident) -> list[tuple[str, str | None]]:
    return [
        (row.situation, row.end_kind)
        for row in stays_in(service.fetch(make.actor("director"), incident.uid))
    ]


def again(incident: Incident, **changes: Any) -> Incident:
    """Log a later incident against the same person in the same case."""
    (row,) = service.violations_of(incident).values()
    person = session().get_one(Person, row.victim_id)
    draft = make.draft(victims=(Victim(known=person.uid),), **changes)
    return service.log_incident(make.actor("monitor"), draft, make.case_of(incident))


def test_a_place_an_arrival_and_who_confirmed_it_are_sealed_anew_in_a_stay() -> None:
    monitor = make.user("monitor")
    confirmed = {"confirmed_at": clock.now(), "confirmed_by_id": monitor.id}
    incident = older(make.incident(), arrived=CAME, place_held="Sample unit", **confirmed)
    recorded = incident.recorded_at
    assert older_custody.waits() == 1
    assert move() == 1
    (row,) = stays_in(service.fetch(make.actor("director"), incident.uid))
    assert (row.place_held, row.began, row.since) == ("Sample unit", CAME, CAME.earliest)
    assert (row.confirmed_at, row.confirmed_by_id) == tuple(confirmed.values())
    assert (row.recorded_by_id, row.recorded_at) == (monitor.id, recorded)
    (violation,) = session().scalars(select(Violation))
    assert (violation.arrived, violation.place_held, violation.confirmed_at) == (None, None, None)


@pytest.mark.parametrize(
    ("status", "situations", "kept"),
    [
        (None, [("held", None)], None),
        ("held_trial", [("held_trial", None)], None),
        ("released_on_promise", [("held", "released_on_promise")], None),
        ("fled", [("held", "unknown"), ("fled", None)], None),
        ("charged", [("held", "unknown")], "charged"),
        ("injured", [("held", "unknown")], "injured"),
    ],
)
def test_a_status_that_is_a_place_moves_and_another_stays(
    status: str | None, situations: list[tuple[str, str | None]], kept: str | None
) -> None:
    incident = older(make.incident(), status_at_end=status)
    assert move() == 1
    assert moved(incident) == situations
    assert session().scalars(select(Violation.status_at_end)).all() == [kept]


def test_what_is_moved_once_is_not_moved_again() -> None:
    incident = older(make.incident(), status_at_end="released", place_held="Sample unit")
    newer = make.incident()
    assert move() == 1
    before = moved(incident), moved(newer)
    assert (older_custody.waits(), move()) == (0, 0)
    assert (moved(incident), moved(newer)) == before


def test_the_last_word_of_a_case_stays_the_last_word() -> None:
    day = clock.today(make.ZONE) - timedelta(days=9)
    first = make.incident(occurred=When.day(day, make.ZONE, "then"))
    later = again(first, type="threat", occurred=CAME)
    for incident, said in ((first, None), (later, "charged")):
        older(incident, status_at_end=said)
    assert move() == 1
    assert moved(first) == [("held", "unknown")]
    assert session().scalars(select(Stay).where(is_held())).all() == []


def test_what_somebody_only_drafted_ends_nothing() -> None:
    first = make.incident()
    draft = again(first, send=False)
    for incident in (first, draft):
        older(incident, status_at_end=None)
    assert move() == 1
    standing = select(Stay.standing, Stay.end_kind).order_by(Stay.id)
    assert session().execute(standing).all() == [
        (StayStanding.TOLD, None),
        (StayStanding.DRAFTED, None),
    ]


def test_each_case_has_an_entry_of_the_operator() -> None:
    incidents = [older(make.incident(), place_held="Sample unit") for _ in range(2)]
    scopes = [incident.scope_id for incident in incidents]
    before = session().scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1))
    move()
    query = select(AuditEntry).where(AuditEntry.seq > before).order_by(AuditEntry.seq)
    entries = session().scalars(query).all()
    assert [entry.action for entry in entries] == [Action.STATE_RECORD] * 2
    assert [entry.scope_id for entry in entries] == scopes


def test_whoever_stops_in_the_middle_goes_on_where_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        older(make.incident(), place_held="Sample unit")
    monkeypatch.setattr(older_custody, "AT_ONCE", 2)

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    organisation = make.organisation()
    with pytest.raises(KeyboardInterrupt):
        older_custody.move_all(operator(organisation.id), organisation, stop)
    assert older_custody.waits() == 1
    assert move() == 1
