"""What happened to many people before the upgrade is linked as what happens now, and taken back."""

from datetime import timedelta

import flask_migrate
from flask import Flask
from sqlalchemy import text

from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyAct, CustodyEvent
from hrdtracker.custody.people import people_in
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import make
from tests.make import open_session

BEFORE = "observations"
LINKS = "SELECT id, follows_id, gave_way_to_id FROM stay ORDER BY id"


def _acted(case: Case, kind: CustodyEvent, hours: int, count: int | None = None) -> CustodyAct:
    """Let something happen to everybody of a case, or to some of each group."""
    people = people_in(case.scope_id)
    draft = ManyDraft(
        kind=kind,
        happened=When.minute(clock.now() - timedelta(hours=hours), make.ZONE),
        stays=tuple(row.uid for row in people),
        counts={row.uid: count for row in people if row.is_group and count},
        place_held="Elsewhere",
    )
    return service.record(make.actor("monitor"), case, draft)


def _case(*people: PersonDraft) -> Case:
    victims = tuple(Victim(described=person) for person in people)
    return make.case_of(make.incident(victims=victims, type="arrest"))


def _fill() -> tuple[int, int]:
    """Let people arrive and be moved, of a group some; return a case and its arrival."""
    named = [PersonDraft((NameDraft(f"Demo {number}"),)) for number in range(3)]
    case = _case(*named)
    arrival = _acted(case, CustodyEvent.ARRIVED, 9)
    other = _case(*named)
    for kind, hours in (
        (CustodyEvent.ARRIVED, 8),
        (CustodyEvent.MOVED, 7),
        (CustodyEvent.MOVED, 6),
    ):
        _acted(other, kind, hours)
    workers = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=40)
    group = _case(workers)
    _acted(group, CustodyEvent.ARRIVED, 8)
    _acted(group, CustodyEvent.MOVED, 7, 10)
    return case.id, arrival.id


def test_which_stay_went_on_in_which_is_filled_in_and_an_arrival_can_be_taken_back(
    app: Flask,
) -> None:
    def links() -> list[tuple[int | None, ...]]:
        with app.extensions["sqlalchemy"].engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(LINKS))]

    with app.app_context():
        with unit_of_work(open_session(app)):
            case_id, arrival_id = _fill()
        app.extensions["sqlalchemy"].session.remove()
        now = links()
        flask_migrate.downgrade(revision=BEFORE)
        flask_migrate.upgrade()
        assert links() == now
        with unit_of_work(open_session(app)):
            case, act = session().get_one(Case, case_id), session().get_one(CustodyAct, arrival_id)
            service.undo(make.actor("monitor"), case, act.uid)
            assert [row.is_held for row in people_in(case.scope_id)] == [True] * 3
