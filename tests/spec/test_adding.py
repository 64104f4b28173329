"""New rows by statements of ours: in the tables and on the trail they stand as if flushed."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.audit import chain
from hrdtracker.audit.bulk_insert import Keep, add_all, add_many
from hrdtracker.audit.model import AuditEntry
from hrdtracker.audit.trail import Unsigned
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import FollowUp
from hrdtracker.core import clock
from hrdtracker.core.db import Base, begin_write, session
from hrdtracker.core.errors import Refused
from hrdtracker.incidents.model import Incident, IncidentWriter, Violation
from hrdtracker.incidents.service import new_incident, new_violation
from hrdtracker.people.model import Person
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
FRESH = {"uid", "narrative_sealed", "place_sealed", "occurred_as_told_sealed", "data_key_id"}
INSTANTS = {"recorded_at", "changed_at", "submitted_at"}
"""Columns that are never the same twice."""


def follow_up(incident: Incident, note: str) -> FollowUp:
    return FollowUp(
        scope_id=incident.scope_id,
        data_key_id=incident.data_key_id,
        kind="call",
        at=clock.now(),
        timed=True,
        note=note,
        recorded_by_id=make.user("monitor").id,
        recorded_at=clock.now(),
    )


def write(keep: Keep, into: Incident) -> Incident:
    """Add an incident with a violation and a writer to a case, in one act."""
    actor, case = make.actor("monitor"), make.case_of(into)
    with authorised(actor, Action.CASE_EXTEND, on=case):
        incident = new_incident(actor, case, make.draft(victims=()))
        keep([incident])
        keep([new_violation(incident, None), IncidentWriter(incident_id=incident.id, user_id=1)])
    return incident


def flush(rows: Iterable[Base]) -> None:
    """Add rows as SQLAlchemy does by itself."""
    session().add_all(rows)
    session().flush()


def payload(after: int) -> list[dict[str, Any]]:
    """Return the rows that the trail tells of since an entry, without what is never the same."""
    (found,) = session().scalars(select(AuditEntry.payload).where(AuditEntry.seq > after))
    rows = json.loads(found)
    for row in rows:
        row.pop("uid")
        row.pop("key")
        row["columns"] = {
            name: values
            for name, values in row["columns"].items()
            if name not in {*FRESH, *INSTANTS, "incident_id", "occurred_sort"}
        }
    return sorted(rows, key=lambda row: str(row["table"]))


@pytest.mark.parametrize("keep", [add_all, add_many])
def test_the_trail_tells_the_same_whichever_way_rows_were_written(keep: Keep) -> None:
    first = make.incident(victims=())
    one = chain.head().seq
    write(flush, first)
    by_flush = payload(one)
    two = chain.head().seq
    write(keep, first)
    assert payload(two) == by_flush
    assert [row["table"] for row in by_flush] == ["incident", "incident_writer", "violation"]
    assert chain.verify().holds


@pytest.mark.parametrize("keep", [add_all, add_many])
def test_the_rows_are_the_same_whichever_way_they_were_written(keep: Keep) -> None:
    first = make.incident(victims=())
    ids = [write(way, first).id for way in (flush, keep)]
    session().expire_all()
    columns = [
        column
        for column in Incident.__table__.columns
        if column.key not in {*FRESH, *INSTANTS, "id", "occurred_sort"}
    ]
    query = select(*columns).where(Incident.id.in_(ids)).order_by(Incident.id)
    by_flush, at_once = session().execute(query)
    assert tuple(by_flush) == tuple(at_once)
    assert at_once.version == 1
    assert at_once.status == "draft"


def test_each_record_learns_its_own_number_and_keeps_its_words() -> None:
    incident = make.incident(victims=())
    rows = [follow_up(incident, f"Note {number}") for number in range(150)]
    with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=make.case_of(incident)):
        add_many(rows)
    kept = {row.id: row for row in session().scalars(select(FollowUp))}
    assert len(kept) == 150
    assert all(kept[row.id].uid == row.uid for row in rows)
    assert all(kept[row.id].note == row.note for row in rows)


def test_what_the_session_knows_may_change_in_the_same_act() -> None:
    incident = make.incident(victims=())
    after, row = chain.head().seq, follow_up(incident, "A note")
    with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=make.case_of(incident)):
        add_all([row])
        assert session().get(FollowUp, row.id) is row
        row.timed = False
    assert [change["kind"] for change in payload(after)] == ["+", "~"]
    session().expire_all()
    assert (row.timed, row.note) == (False, "A note")


def test_what_a_rollback_took_back_does_not_stand_in_the_way_of_what_comes_next() -> None:
    incident = make.incident(victims=())
    case = make.case_of(incident)
    undone, row = follow_up(incident, "Undone"), follow_up(incident, "A note")

    def act(rows: list[FollowUp], *, refused: bool) -> None:
        with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=case):
            add_all(rows)
            if refused:
                raise Refused({})

    with pytest.raises(Refused):
        act([undone], refused=True)
    act([row], refused=False)
    assert session().scalars(select(FollowUp)).all() == [row]
    assert row.note == "A note"


def test_what_was_changed_before_is_written_before() -> None:
    incident = make.incident(victims=())
    after = chain.head().seq
    case = make.case_of(incident)
    with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=case):
        case.next_look_on = make.DAY
        add_many([follow_up(incident, "A note")])
    assert [row["table"] for row in payload(after)] == ["case_file", "follow_up"]


def test_a_row_that_fails_leaves_nothing_of_its_act() -> None:
    incident = make.incident(victims=())
    wrong = follow_up(incident, "A note")
    wrong.scope_id = 10**6
    before = chain.head()
    with (
        pytest.raises(Exception, match=r"FOREIGN KEY|foreign key"),
        authorised(make.actor("monitor"), Action.CASE_EXTEND, on=make.case_of(incident)),
    ):
        add_many([follow_up(incident, "A note"), wrong])
    assert session().scalar(select(func.count()).select_from(FollowUp)) == 0
    assert chain.head() == before


def test_nothing_is_added_without_an_open_act() -> None:
    incident = make.incident(victims=())
    row = follow_up(incident, "A note")
    with pytest.raises(Unsigned):
        add_many([row])
    begin_write(session())
    with pytest.raises(Unsigned):
        add_many([row])
    session().rollback()
    assert session().scalar(select(func.count()).select_from(FollowUp)) == 0


def test_nothing_at_all_is_nothing() -> None:
    incident = make.incident(victims=())
    with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=make.case_of(incident)):
        add_many([])
    assert session().scalar(select(func.count()).select_from(Violation)) == 1
    assert session().scalar(select(func.count()).select_from(Person)) == 0
