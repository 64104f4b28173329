"""The list of what a case still lacks."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from hrdtracker.cases import service, work
from hrdtracker.cases.case_file import case_file
from hrdtracker.cases.completeness import (
    CHECKS,
    CaseFacts,
    Completeness,
    EventFacts,
    VictimFacts,
    completeness,
)
from hrdtracker.cases.drafts import CaseDraft, ClosingDraft, TaskDraft
from hrdtracker.cases.model import Case
from hrdtracker.core.when.model import When
from hrdtracker.custody import steps
from hrdtracker.custody.drafts import StepsDraft
from hrdtracker.custody.model import CustodyStep
from hrdtracker.custody.people import people_in
from hrdtracker.incidents import facts
from hrdtracker.incidents.case_view import story
from hrdtracker.incidents.drafts import Custody, InvolvementDraft, Location, VictimUpdate
from hrdtracker.incidents.known_facts import case_facts
from hrdtracker.incidents.model import PlaceKind
from hrdtracker.incidents.service import log_incident, violations_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit
from tests import make

CASE, EVENT, PERSON = uuid4(), uuid4(), uuid4()
KNOWN_EVENT = EventFacts(
    EVENT,
    is_arrest=True,
    date=True,
    place=True,
    victims=True,
    source=True,
    perpetrator=True,
    lawyer=True,
)
KNOWN_VICTIM = VictimFacts(
    PERSON,
    "A",
    is_group=False,
    age=True,
    sex=True,
    arrest=EVENT,
    arrived=True,
    place_held=True,
    fate=True,
    steps=frozenset(CustodyStep),
)
KNOWN = CaseFacts(
    CASE, is_open=True, areas=True, next_look=True, events=[KNOWN_EVENT], victims=[KNOWN_VICTIM]
)


def test_a_case_of_which_all_is_known_lacks_nothing() -> None:
    assert completeness(KNOWN) == Completeness(len(CHECKS), ())


@pytest.mark.parametrize(
    ("facts_of_case", "field", "uid"),
    [
        (replace(KNOWN, areas=False), "areas", CASE),
        (replace(KNOWN, next_look=False), "next_look_on", CASE),
        (replace(KNOWN, events=[replace(KNOWN_EVENT, date=False)]), "when", EVENT),
        (replace(KNOWN, events=[replace(KNOWN_EVENT, place=False)]), "place", EVENT),
        (replace(KNOWN, events=[replace(KNOWN_EVENT, victims=False)]), "victims", EVENT),
        (replace(KNOWN, events=[replace(KNOWN_EVENT, perpetrator=False)]), "perpetrator", EVENT),
        (replace(KNOWN, events=[replace(KNOWN_EVENT, source=False)]), "source", EVENT),
        (replace(KNOWN, events=[replace(KNOWN_EVENT, lawyer=False)]), "lawyer", EVENT),
        (replace(KNOWN, victims=[replace(KNOWN_VICTIM, arrived=False)]), "custody", EVENT),
        (replace(KNOWN, victims=[replace(KNOWN_VICTIM, place_held=False)]), "custody", EVENT),
        (replace(KNOWN, victims=[replace(KNOWN_VICTIM, fate=False)]), "custody", EVENT),
        (replace(KNOWN, victims=[replace(KNOWN_VICTIM, age=False)]), "age", PERSON),
        (replace(KNOWN, victims=[replace(KNOWN_VICTIM, sex=False)]), "sex", PERSON),
    ],
)
def test_what_is_not_known_is_one_line_that_leads_to_its_field(
    facts_of_case: CaseFacts, field: str, uid: UUID
) -> None:
    found = completeness(facts_of_case)
    assert [(gap.field, gap.uid) for gap in found.gaps] == [(field, uid)]
    assert (found.known, found.total) == (len(CHECKS) - 1, len(CHECKS))


def test_people_who_lack_the_same_stand_in_one_line() -> None:
    nameless = replace(KNOWN_VICTIM, age=False)
    victims = [nameless, replace(nameless, letter="B"), replace(KNOWN_VICTIM, letter="C")]
    (gap,) = completeness(replace(KNOWN, victims=victims)).gaps
    assert gap.letters == ("A", "B")


def test_what_does_not_apply_is_not_asked() -> None:
    threat = replace(KNOWN_EVENT, is_arrest=False, lawyer=False)
    group = replace(
        KNOWN_VICTIM, is_group=True, age=False, sex=False, arrest=None, fate=False, steps=None
    )
    of_a_threat = CaseFacts(
        CASE, is_open=False, areas=True, next_look=False, events=[threat], victims=[group]
    )
    assert completeness(of_a_threat) == Completeness(6, ())


def test_a_case_without_an_incident_is_asked_about_itself_alone() -> None:
    empty = CaseFacts(CASE, is_open=True, areas=False, next_look=False)
    assert [gap.field for gap in completeness(empty).gaps] == ["areas", "next_look_on"]


# From the database ------------------------------------------------------------------------------


def missing(case: Case, login: str = "monitor") -> set[str]:
    """Return what a case lacks, as somebody of the cast sees it."""
    actor = make.actor(login)
    file = case_file(actor, case.uid)
    found = completeness(case_facts(file, story(actor, file.standing.case)))
    return {gap.what for gap in found.gaps}


@pytest.mark.usefixtures("unit")
def test_an_arrest_that_was_just_logged_lacks_what_nobody_said() -> None:
    bare = make.incident(
        occurred=When.unknown("a while ago", make.ZONE),
        place=Location(),
        victims=(Victim(described=PersonDraft((NameDraft("Demo A"),))),),
        connection=None,
    )
    assert missing(make.case_of(bare)) == {check.what for check in CHECKS} - {"Who it was done to"}


@pytest.mark.usefixtures("unit")
def test_what_is_added_no_longer_stands_in_the_list() -> None:
    monitor = make.actor("monitor")
    arrived = When.day(date(2026, 11, 16), make.ZONE, "16 November")
    incident = make.incident(custody=Custody(arrived, "Municipal police", "yes"))
    case = make.case_of(incident)
    draft = CaseDraft(areas=frozenset({"judiciary"}), next_look_on=date(2027, 1, 1))
    service.edit_case(monitor, case, draft, case.version)
    facts.add_involvement(monitor, incident, InvolvementDraft("police"), incident.version)
    update = VictimUpdate(tuple(violations_of(incident)), status_at_end="held")
    facts.update_victims(monitor, incident, update, incident.version)
    held = tuple(row.uid for row in people_in(case.scope_id))
    steps.record_steps(monitor, case, StepsDraft(held, dict.fromkeys(CustodyStep, arrived)))
    assert missing(case) == set()


@pytest.mark.usefixtures("unit")
def test_a_task_with_a_day_is_a_next_look_and_a_closed_case_needs_none() -> None:
    case, closed = (make.case_of(make.incident()) for _ in range(2))
    work.add_task(make.actor("monitor"), case, TaskDraft("Call", date(2027, 1, 1)))
    closing = ClosingDraft("released", "Done", frozenset({"judiciary"}))
    service.close_case(make.actor("director"), closed, closing, closed.version)
    assert "When to look at it again" not in missing(case)
    assert "When to look at it again" not in missing(closed)


@pytest.mark.usefixtures("unit")
def test_cambodia_alone_is_no_place_and_a_group_has_no_age() -> None:
    group = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=20)
    incident = make.incident(place=Location(PlaceKind.CAMBODIA), victims=(Victim(described=group),))
    found = missing(make.case_of(incident))
    assert "Where it happened" in found
    assert found.isdisjoint({"Age of %(who)s", "Sex of %(who)s"})


@pytest.mark.usefixtures("unit")
def test_a_draft_that_one_may_not_read_is_not_asked_about() -> None:
    first = make.incident("monitor")
    case = make.case_of(first)
    before = missing(case, "director")
    log_incident(make.actor("monitor"), make.draft(connection=None, send=False, victims=()), case)
    assert missing(case, "director") == before
    assert "How we know" in missing(case, "monitor") - before
