"""A draft whose form comes again: it is changed where it was begun, and nothing else is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.model import Office, UserState
from hrdtracker.audit.receipts import SentOtherwise
from hrdtracker.cases.drafts import CaseDraft, MemberDraft
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.cases.service import edit_case
from hrdtracker.cases.sharing import add_member
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.core.when.model import When
from hrdtracker.incidents import decisions, facts, model
from hrdtracker.incidents.custody import stays_in
from hrdtracker.incidents.drafts import (
    Assessment,
    InvolvementDraft,
    SourceDraft,
    VictimUpdate,
    ViolationDraft,
)
from hrdtracker.incidents.model import (
    Established,
    Finding,
    Incident,
    IncidentStatus,
    IncidentWriter,
)
from hrdtracker.incidents.service import discard, edit_incident, log_incident, violations_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from hrdtracker.people.service import record_person
from tests import make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
LAND = frozenset({"land_and_natural_resources"})


def _victims(*names: str) -> tuple[Victim, ...]:
    return tuple(Victim(described=PersonDraft((NameDraft(name),))) for name in names)


def _keep(key: UUID, text: str, into: Case | Office | None = None, *names: str) -> Incident:
    """Keep a draft of the national director's: the form with this key says this text."""
    draft = make.draft(
        send=False, narrative=text, areas=LAND, victims=_victims(*names), sending=Sending(key, text)
    )
    return log_incident(make.actor("national"), draft, into)


def _is_changed(begun: Case | Office, again: Case | Office | None, *, edited: bool = False) -> bool:
    """Tell whether a draft that was begun in one place is changed by its form from another."""
    key = uuid4()
    incident = _keep(key, "First.", begun)
    case = make.case_of(incident)
    if edited:
        edit_case(make.actor("national"), case, CaseDraft("Title", LAND), case.version)
    try:
        assert _keep(key, "Corrected.", again) is incident
    except SentOtherwise:
        session().rollback()
    make.load_keys(incident)
    assert incident.status == IncidentStatus.DRAFT
    return incident.narrative == "Corrected."


def test_a_draft_is_changed_only_where_it_was_begun_and_never_sent_by_that() -> None:
    here, there = make.office(make.HERE), make.office(make.THERE)
    case, other = (make.case_of(make.incident("monitor")) for _ in range(2))
    places = {
        ("here", "here"): _is_changed(here, here),
        ("here", "anywhere"): _is_changed(here, None),
        ("here", "there"): _is_changed(here, there),
        ("here", "case"): _is_changed(here, case),
        ("case", "case"): _is_changed(case, case),
        ("case", "other"): _is_changed(case, other),
        ("case", "anywhere"): _is_changed(case, None),
        ("here, edited", "here"): _is_changed(here, here, edited=True),
    }
    changed = {("here", "here"), ("here", "anywhere"), ("case", "case")}
    assert {place for place, is_changed in places.items() if is_changed} == changed
    areas = select(CaseArea.area).where(CaseArea.case_id.in_([case.id, other.id]))
    assert session().scalars(areas).all() == []


def test_what_is_kept_again_as_it_was_is_not_written_again() -> None:
    key, here = uuid4(), make.office(make.HERE)
    version = _keep(key, "First.", here).version
    assert _keep(key, "First.", here).version == version


def test_what_is_kept_again_as_it_was_is_not_asked_about_once_the_draft_was_edited() -> None:
    key, here = uuid4(), make.office(make.HERE)
    incident = _keep(key, "First.", here)
    draft = make.draft(send=False, narrative="Edited.", victims=())
    edit_incident(make.actor("national"), incident, draft, incident.version)
    assert _keep(key, "First.", here) is incident


def test_a_draft_that_is_discarded_takes_nothing_of_another_incident_with_it() -> None:
    other, kept = make.incident(), make.incident(send=False)
    monitor, (violation,) = make.actor("monitor"), violations_of(other)
    source = SourceDraft("witness", supports=(violation,), readers=(make.user("colleague").uid,))
    facts.add_source(monitor, other, source, other.version)
    facts.add_involvement(monitor, other, InvolvementDraft("police"), other.version)
    of_kept = {model.Source: 1, model.SourceSupport: 1, model.Violation: 1}
    tables = (*of_kept, model.SourceReader, model.Involvement)
    before = {table: session().query(table).count() - of_kept.get(table, 0) for table in tables}
    discard(monitor, kept)
    assert {table: session().query(table).count() for table in tables} == before


def test_somebody_recorded_meanwhile_is_not_taken_for_one_whom_the_draft_describes() -> None:
    key, here = uuid4(), make.office(make.HERE)
    _keep(key, "First.", here, "Demo A")
    person = record_person(make.actor("national"), PersonDraft((NameDraft("Demo Z"),)))
    _keep(key, "Corrected.", here, "Demo A", "Demo C")
    assert person.version == 1


# What a change leaves as it is -------------------------------------------------------------------


def test_a_draft_that_is_edited_was_not_sent_by_that_and_leads_its_case() -> None:
    incident = make.incident(send=False)
    draft = make.draft(type="threat", victims=_victims("Demo B"))
    edit_incident(make.actor("monitor"), incident, draft, incident.version)
    assert (incident.status, incident.submitted_at) == (IncidentStatus.DRAFT, None)
    assert make.case_of(incident).lead_type == "threat"


def test_whoever_adds_somebody_who_is_held_said_so() -> None:
    incident, director = make.incident(), make.actor("director")
    draft = make.draft(victims=_victims("Demo B"), occurred=_today())
    edit_incident(director, incident, draft, incident.version)
    update = VictimUpdate(tuple(violations_of(incident))[:1], "held")
    facts.update_victims(make.actor("monitor"), incident, update, incident.version)
    said = {row.violation_id: row.confirmed_by_id for row in stays_in(incident)}
    assert [said[row.id] for row in violations_of(incident).values()] == [
        make.actor("monitor").id,
        director.id,
    ]


def _today() -> When:
    day = clock.day_of(clock.now(), make.ZONE) - timedelta(days=1)
    return When.day(day, make.ZONE, str(day))


def test_whoever_adds_to_what_was_reviewed_is_an_author_and_it_is_reviewed_again() -> None:
    incident, director, colleague = make.incident(), make.actor("director"), make.actor("colleague")
    until = clock.now() + timedelta(days=9)
    add_member(director, make.case_of(incident), MemberDraft(colleague.uid, "Helps", until))
    held = VictimUpdate(tuple(violations_of(incident)), "held")
    adds: tuple[Callable[[int], object], ...] = (
        partial(facts.add_source, colleague, incident, SourceDraft("witness")),
        partial(facts.add_violation, colleague, incident, ViolationDraft("threat")),
        partial(facts.update_victims, colleague, incident, held),
        partial(facts.add_involvement, colleague, incident, InvolvementDraft("police")),
    )

    def outcome_of(add: Callable[[int], object]) -> tuple[str, datetime | None]:
        decisions.review_incident(director, incident, [], incident.version)
        add(incident.version)
        return incident.status, incident.reviewed_at

    outcomes = [outcome_of(add) for add in adds]
    assert outcomes == [(IncidentStatus.SUBMITTED, None)] * len(adds)
    writers = select(IncidentWriter.user_id).where(IncidentWriter.incident_id == incident.id)
    assert colleague.id in session().scalars(writers).all()


def test_sources_have_letters_of_their_incident_and_readers_at_work() -> None:
    incident, monitor = make.incident(), make.actor("monitor")
    make.incident()
    draft = SourceDraft("witness", readers=(make.user("colleague").uid,))
    assert facts.add_source(monitor, incident, draft, incident.version).letter == "B"
    make.bring(make.user("colleague"), UserState.LOCKED)
    for readers in ((make.user("colleague").uid,), (uuid4(),)):
        draft = SourceDraft("witness", readers=readers)
        act = partial(facts.add_source, monitor, incident, draft, incident.version)
        assert make.refused(act) == {"readers"}


@pytest.mark.parametrize(("status", "is_news"), [("held", True), (None, False)])
def test_an_arrival_of_long_ago_says_nothing_of_today_and_news_do(
    status: str | None, *, is_news: bool
) -> None:
    incident = make.incident()
    (row,), (violation,) = stays_in(incident), violations_of(incident)
    before, long_ago = row.confirmed_at, When.day(date(2020, 1, 1), make.ZONE, "2020")
    update = VictimUpdate((violation,), status, long_ago)
    facts.update_victims(make.actor("monitor"), incident, update, incident.version)
    assert before is not None
    assert (row.confirmed_at != before) is is_news


def test_who_was_released_by_what_is_said_later_is_not_confirmed_as_held() -> None:
    incident, _ = make.incident(), make.incident()
    (row,) = violations_of(incident).values()
    person, monitor = session().get_one(Person, row.victim_id), make.actor("monitor")
    draft = make.draft(type="threat", victims=(Victim(known=person.uid),))
    later = log_incident(monitor, draft, make.case_of(incident))
    released = VictimUpdate(tuple(violations_of(later)), "released")
    facts.update_victims(monitor, later, released, later.version)
    with pytest.raises(WrongStatus):
        facts.confirm_held(monitor, incident)


def test_who_is_held_elsewhere_is_not_confirmed_with_those_of_this_incident() -> None:
    incident, _ = make.incident(type="threat"), make.incident()
    with pytest.raises(WrongStatus):
        facts.confirm_held(make.actor("monitor"), incident)


# What is not of this incident ---------------------------------------------------------------------


def test_nothing_is_said_of_a_violation_of_another_incident() -> None:
    incident, other = make.incident(), make.incident()
    (foreign,) = violations_of(other)
    monitor, version = make.actor("monitor"), incident.version
    half_made = Assessment((foreign,), None, None, None, final=False)
    acts = {
        "": lambda: decisions.return_incident(
            make.actor("director"), incident, "When?", version, [half_made]
        ),
        "people": lambda: facts.update_victims(
            monitor, incident, VictimUpdate((foreign,), "held"), version
        ),
        "supports": lambda: facts.add_source(
            monitor, incident, SourceDraft("witness", supports=(foreign,)), version
        ),
        "violation": lambda: facts.add_involvement(
            monitor, incident, InvolvementDraft("police", violation=foreign), version
        ),
    }
    assert {name: make.refused(act) for name, act in acts.items()} == {
        name: {name} for name in acts
    }


def test_a_right_is_kept_only_of_what_violated_one() -> None:
    incident = make.incident()
    uids = tuple(violations_of(incident))
    found = Assessment(uids, Established.ALLEGED, None, Finding.NO, "life")
    decisions.review_incident(make.actor("director"), incident, [found], incident.version)
    assert [row.right for row in violations_of(incident).values()] == [None]
