"""Who is held by what the record says, and how long a word that they are still held is good."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import Terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import Confirmation, confirmation, count_held, is_held, says_held
from hrdtracker.custody.told import HELD
from hrdtracker.incidents import decisions, facts, reviewing, service
from hrdtracker.incidents.batch import log_together
from hrdtracker.incidents.case_view import story
from hrdtracker.incidents.custody import CustodyWord, arrests_in, stays_in
from hrdtracker.incidents.drafts import Custody, VictimUpdate, ViolationDraft
from hrdtracker.incidents.held import held_now
from hrdtracker.incidents.model import Incident, IncidentStatus, Violation
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from tests import make
from tests.web.somebody import statements

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now()


def people(count: int) -> tuple[Victim, ...]:
    return tuple(Victim(described=PersonDraft((NameDraft(f"Demo {n}"),))) for n in range(count))


def arrest(**changes: Any) -> Incident:
    """Log an arrest of today."""
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    return make.incident(**{"occurred": today, "victims": people(2), **changes})


def stays(incident: Incident) -> list[Stay]:
    """Return where the victims are, in their order."""
    return sorted(stays_in(incident), key=lambda row: row.id)


def violations(incident: Incident) -> list[Violation]:
    return list(service.violations_of(incident).values())


def say(incident: Incident, status: str, *places: int) -> None:
    """Say as the monitor what became of some people, by their place in the list."""
    rows = violations(incident)
    update = VictimUpdate(tuple(rows[place].uid for place in places), status)
    facts.update_victims(make.actor("monitor"), incident, update, incident.version)


# --- how good a word is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confirmed_at", "state"),
    [
        (None, Confirmation.UNKNOWN),
        (NOW, Confirmation.FRESH),
        (NOW - timedelta(hours=23, minutes=59), Confirmation.FRESH),
        (NOW - timedelta(hours=24), Confirmation.LAPSED),
        (NOW - timedelta(days=6, hours=23), Confirmation.LAPSED),
        (NOW - timedelta(days=7), Confirmation.UNKNOWN),
        (NOW - timedelta(days=700), Confirmation.UNKNOWN),
    ],
)
def test_a_word_is_good_for_a_day_and_after_a_week_nobody_knows(
    confirmed_at: datetime | None, state: Confirmation
) -> None:
    assert confirmation(confirmed_at, NOW) == state


@pytest.mark.parametrize(
    "hours", [None, 0, 23, 24, 25, 167, 168, 169], ids=lambda hours: f"{hours} h ago"
)
def test_people_are_counted_by_the_same_words_in_the_database(hours: int | None) -> None:
    incident = arrest(victims=people(1))
    with time_machine.travel(clock.now(), tick=False):
        (row,) = stays(incident)
        moment = clock.now() - timedelta(hours=hours or 0)
        if hours is None:
            moment = clock.now() - timedelta(days=60)
        with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
            row.confirmed_at = moment
        (line,) = held_now(make.actor("director"), 9)
        expected = count_held([(moment, 1)], clock.now())
    assert (line.fresh, line.lapsed, line.unknown) == (
        expected.fresh,
        expected.lapsed,
        expected.unknown,
    )


# --- what the record says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "custody", "is_held"),
    [
        ("threat", Custody(), False),
        ("arrest", Custody(), True),
        ("summons", Custody(place_held="Sample unit"), True),
        ("summons", Custody(When.day(make.DAY, make.ZONE, "16 November")), True),
    ],
)
def test_an_arrest_an_arrival_or_a_place_of_custody_implies_that_somebody_is_held(
    kind: str,
    custody: Custody,
    is_held: bool,  # noqa: FBT001 - a column of the table
) -> None:
    rows = stays(arrest(type=kind, custody=custody, victims=people(1)))
    assert [says_held(row) for row in rows] == [True] * is_held
    assert [row.confirmed_by_id for row in rows] == [make.user("monitor").id] * is_held


def test_what_the_case_says_later_of_the_same_person_is_the_last_word() -> None:
    incident = arrest()
    first, _ = violations(incident)
    person = session().get_one(Person, first.victim_id)
    draft = make.draft(
        type="threat",
        occurred=When.day(clock.today(make.ZONE), make.ZONE, "today"),
        victims=(Victim(known=person.uid),),
    )
    later = service.log_incident(make.actor("monitor"), draft, make.case_of(incident))
    (line,) = held_now(make.actor("director"), 9)
    assert (line.people, line.fresh) == (2, 2)
    say(later, "released", 0)
    (line,) = held_now(make.actor("director"), 9)
    assert (line.people, line.fresh) == (2, 1)


@pytest.mark.parametrize("days_before", [0, 3], ids=lambda days: f"{days} days before")
@pytest.mark.parametrize("is_draft", [False, True], ids=["sent", "a draft"])
def test_the_page_of_a_case_and_the_lists_agree_on_the_last_word_of_everybody(
    days_before: int,
    is_draft: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Each person of 36 has one word in each of two incidents, none of them twice alike."""
    words = (None, "held", "held_trial", "released", "in_hiding", "charged")
    today = clock.today(make.ZONE)
    first = arrest(
        victims=people(len(words) ** 2),
        occurred=When.day(today - timedelta(days=days_before), make.ZONE, "then"),
    )
    known = [session().get_one(Person, row.victim_id).uid for row in violations(first)]
    second = make.draft(
        type="threat",
        occurred=When.day(today, make.ZONE, "today"),
        victims=tuple(Victim(known=uid) for uid in known),
        send=not is_draft,
    )
    later = service.log_incident(make.actor("monitor"), second, make.case_of(first))
    pairs = list(product(words, words))
    for incident, said in ((first, 0), (later, 1)):
        for word in words[1:]:
            say(incident, str(word), *[n for n, pair in enumerate(pairs) if pair[said] == word])
    assert _on_the_page(first) == _on_lists()
    assert len(_on_lists()) == (24 if is_draft else 20)
    if is_draft:
        service.submit(make.actor("monitor"), later)
        assert len(_on_lists()) == len(_on_the_page(first)) == 20


def _on_lists() -> set[int | None]:
    return set(session().scalars(select(Stay.person_id).where(is_held())))


def _on_the_page(incident: Incident) -> set[int | None]:
    return set(story(make.actor("monitor"), make.case_of(incident)).held)


# --- when it was confirmed ------------------------------------------------------------------------


def test_whoever_records_or_changes_how_somebody_is_confirms_it() -> None:
    incident = arrest()
    with time_machine.travel(clock.now() + timedelta(hours=30)):
        say(incident, "held_trial", 0)
        held, other = stays(incident)
        assert held.confirmed_at is not None
        assert other.confirmed_at is not None
        assert held.confirmed_at - other.confirmed_at > timedelta(hours=29)
        say(incident, "released", 1)
    assert [row.confirmed_by_id is None for row in stays(incident)] == [False, True]


def test_an_arrest_of_long_ago_that_is_typed_in_today_says_nothing_about_today() -> None:
    day = clock.today(make.ZONE) - timedelta(days=400)
    row, _ = stays(arrest(occurred=When.day(day, make.ZONE, "then")))
    assert confirmation(row.confirmed_at, clock.now()) == Confirmation.UNKNOWN


def test_what_is_added_later_is_confirmed_by_who_adds_it() -> None:
    incident = arrest(type="threat", victims=())
    facts.add_violation(
        make.actor("director"), incident, ViolationDraft("detention", people(1)), incident.version
    )
    (row,) = stays(incident)
    assert row.confirmed_by_id == make.user("director").id


def test_an_import_confirms_nothing_until_somebody_does() -> None:
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    whole = WholeIncident(
        make.draft(occurred=today, victims=people(2)),
        Origin("a list", uuid4().hex, uuid4().hex),
        status_at_end="held",
    )
    (written,) = log_together(make.actor("monitor"), [whole])
    incident = service.fetch(make.actor("monitor"), written.uid)
    assert [row.confirmed_at for row in stays(incident)] == [None, None]
    assert held_now(make.actor("director"), 9) == []
    one = violations(incident)[0]
    facts.confirm_held(make.actor("director"), incident, [one.uid])
    (line,) = held_now(make.actor("director"), 9)
    assert (line.fresh, line.unknown) == (1, 1)


def test_still_held_is_said_of_all_at_once_and_changes_nothing_else() -> None:
    incident, director = arrest(victims=people(3)), make.actor("director")
    say(incident, "released", 2)
    decisions.review_incident(director, incident, [], incident.version)
    version = incident.version
    with time_machine.travel(clock.now() + timedelta(hours=30)):
        facts.confirm_held(make.actor("director2"), incident)
        states = [confirmation(row.confirmed_at, clock.now()) for row in stays(incident)]
    assert states == [Confirmation.FRESH, Confirmation.FRESH, Confirmation.UNKNOWN]
    assert (incident.status, incident.version) == (IncidentStatus.REVIEWED, version)
    assert reviewing.differences(director, incident) == []
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.subject_uid) == ("incident.confirm_held", incident.uid)


def test_who_confirms_that_people_are_held_may_still_review_the_incident() -> None:
    incident, director = arrest(), make.actor("director")
    facts.confirm_held(director, incident)
    decisions.review_incident(director, incident, [], incident.version)
    assert incident.status == IncidentStatus.REVIEWED


def test_nobody_is_confirmed_as_held_who_is_not() -> None:
    incident = arrest(type="threat")
    with pytest.raises(WrongStatus):
        facts.confirm_held(make.actor("monitor"), incident)
    with pytest.raises(WrongStatus):
        facts.confirm_held(make.actor("monitor"), arrest(), [])


# --- where people are held ------------------------------------------------------------------------


def test_the_most_urgent_comes_first_and_of_whom_nobody_heard_for_a_week_last() -> None:
    with time_machine.travel(clock.now() + timedelta(days=9)):
        make.load_keys()
        two, one = arrest(victims=people(2)), arrest(victims=people(1))
        urgent = arrest(victims=people(1), urgency="urgent")
        lines = held_now(make.actor("director"), 9)
    assert [line.uid for line in lines] == [urgent.uid, two.uid, one.uid]
    with time_machine.travel(clock.now() + timedelta(days=30)):
        facts.confirm_held(make.actor("director"), one)
        lines = held_now(make.actor("director"), 9)
    assert [line.uid for line in lines] == [one.uid, urgent.uid, two.uid]


def test_people_are_counted_for_whom_may_read_of_them_alone() -> None:
    arrest()
    assert len(held_now(make.actor("monitor"), 9)) == 1
    assert held_now(make.actor("stranger"), 9) == []
    assert held_now(make.actor("far_director"), 9) == []


def test_where_people_are_held_takes_one_statement() -> None:
    director = make.actor("director")
    make.load_keys()
    for _ in range(4):
        arrest()
    assert statements(lambda: held_now(director, 9)) == 1


def test_a_type_that_was_retired_goes_on_saying_of_old_records_that_people_are_held() -> None:
    lists = Terms(
        [
            ("incident_type", "round_up", None, "Round-up", "", True, '{"opens": "arrest"}'),
            ("incident_type", "threat", None, "Threat", "", False, "{}"),
        ]
    )
    assert arrests_in(lists) == ("round_up",)


# --- what becomes of somebody ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "situations", "kept"),
    [
        (None, [(HELD, None)], None),
        ("held_trial", [("held_trial", None)], None),
        ("released_on_bail", [(HELD, "released_on_bail")], None),
        ("escaped", [(HELD, "escaped")], None),
        ("in_hiding", [(HELD, "unknown"), ("in_hiding", None)], None),
        ("dead", [(HELD, "died"), ("dead", None)], None),
        ("charged", [(HELD, "unknown")], "charged"),
        ("unknown", [(HELD, "unknown")], "unknown"),
    ],
)
def test_a_status_that_an_import_brings_is_said_by_stays_as_far_as_it_is_a_place(
    status: str | None, situations: list[tuple[str, str | None]], kept: str | None
) -> None:
    whole = WholeIncident(
        make.draft(victims=people(1)),
        Origin("a list", uuid4().hex, uuid4().hex),
        (),
        frozenset(),
        status,
    )
    (written,) = log_together(make.actor("monitor"), [whole])
    incident = service.fetch(make.actor("monitor"), written.uid)
    assert [(row.situation, row.end_kind) for row in stays(incident)] == situations
    assert [row.status_at_end for row in violations(incident)] == [kept]
    assert CustodyWord(status).kept == kept


def test_whoever_is_charged_is_still_held() -> None:
    incident = arrest(victims=people(1))
    say(incident, "charged", 0)
    (row,) = stays(incident)
    assert says_held(row)
    assert violations(incident)[0].status_at_end == "charged"


def test_whoever_was_released_by_mistake_of_the_pen_is_held_again() -> None:
    incident = arrest(victims=people(1))
    say(incident, "released", 0)
    say(incident, "held", 0)
    (row,) = stays(incident)
    assert (row.end_kind, row.ended) == (None, None)


def test_an_end_corrected_is_said_once() -> None:
    incident = arrest(victims=people(1))
    say(incident, "released", 0)
    say(incident, "released_on_bail", 0)
    assert [row.end_kind for row in stays(incident)] == ["released_on_bail"]


def test_a_draft_that_is_discarded_takes_its_stays_along() -> None:
    incident = arrest(send=False)
    assert len(stays(incident)) == 2
    service.discard(make.actor("monitor"), incident)
    assert session().scalars(select(Stay)).all() == []


def test_another_date_of_an_arrest_moves_the_stay_of_whoever_has_no_arrival() -> None:
    incident = arrest(victims=people(1))
    day = When.day(clock.today(make.ZONE) - timedelta(days=3), make.ZONE, "three days ago")
    draft = make.draft(occurred=day, victims=())
    service.edit_incident(make.actor("monitor"), incident, draft, incident.version)
    (row,) = stays(incident)
    assert row.since == day.earliest
