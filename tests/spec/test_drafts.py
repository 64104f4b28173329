"""A draft is its author’s alone: nothing of it shows anywhere before it is sent."""

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Sensitivity
from hrdtracker.audit.queries import Sought, entries
from hrdtracker.cases import sharing
from hrdtracker.cases.case_file import case_file
from hrdtracker.cases.contacts import add_contact, somebody_in
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.cases.queries import CaseFilter, outlines
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound
from hrdtracker.core.seal import ring
from hrdtracker.incidents import facts, service
from hrdtracker.incidents.case_view import cases, story
from hrdtracker.incidents.drafts import InvolvementDraft, Location, SourceDraft
from hrdtracker.incidents.model import Incident, Involvement, PlaceKind, Source
from hrdtracker.incidents.of_person import links_of
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Contact, Person
from tests import make
from tests.security.rows import YEAR

pytestmark = pytest.mark.usefixtures("unit")
SOMEBODY = Victim(described=PersonDraft((NameDraft("Demo B"),)))
PHONE = ContactDraft("phone", "012 345 678")


def reads(login: str, case: Case, action: Action = Action.CASE_READ) -> bool:
    """Tell whether somebody of the cast may read a case."""
    return policy.allows(make.actor(login), action, case)


def letters(login: str, case: Case) -> list[str]:
    """Return who is named on the page of a case, as somebody sees it."""
    make.load_keys(case)
    return [each.letter for each in case_file(make.actor(login), case.uid).people]


def victim_of(incident: Incident) -> Person:
    """Return the one victim of an incident."""
    (violation,) = service.violations_of(incident).values()
    return session().get_one(Person, violation.victim_id)


def send(incident: Incident, login: str = "monitor") -> None:
    """Send a draft."""
    service.submit(make.actor(login), incident)


def draft_in(case: Case, victim: Victim = SOMEBODY) -> Incident:
    """Add a draft of the monitor's to a case."""
    told = make.draft(type="threat", victims=(victim,), send=False)
    return service.log_incident(make.actor("monitor"), told, case)


# The case that a draft opens ---------------------------------------------------------------------


@pytest.mark.parametrize("action", [Action.CASE_READ, Action.CASE_OUTLINE])
@pytest.mark.parametrize(
    ("login", "before", "after"),
    [
        ("monitor", True, True),
        ("director", False, True),
        ("national", False, True),
        ("colleague", False, False),
        ("stranger", False, False),
        ("admin", False, False),
    ],
)
def test_who_reads_the_case_that_a_draft_opened_before_and_after_it_is_sent(
    login: str, action: Action, *, before: bool, after: bool
) -> None:
    incident = make.incident(send=False)
    case = make.case_of(incident)
    assert reads(login, case, action) is before
    send(incident)
    assert reads(login, case, action) is after


def test_a_fund_officer_has_no_outline_of_a_case_of_which_nothing_was_sent() -> None:
    incident = make.incident(send=False, areas=frozenset({"judiciary"}))
    assert outlines(make.actor("fund"), CaseFilter(), None).rows == []
    send(incident)
    (line,) = outlines(make.actor("fund"), CaseFilter(), None).rows
    assert line.province == "12"


@pytest.mark.parametrize(
    "wanted", [CaseFilter(), CaseFilter(type="arrest"), CaseFilter(province="12")]
)
def test_no_list_and_no_filter_tells_of_a_draft_s_case(wanted: CaseFilter) -> None:
    make.incident(send=False)
    assert cases(make.actor("director"), wanted, None).total == 0
    assert cases(make.actor("monitor"), wanted, None).total == 1


def test_the_people_of_a_draft_are_seen_by_its_author_alone() -> None:
    incident = make.incident(send=False)
    person = victim_of(incident)
    director = make.actor("director")
    assert policy.allows(make.actor("monitor"), Action.PERSON_READ, person)
    assert not policy.allows(director, Action.PERSON_READ, person)
    send(incident)
    assert policy.allows(director, Action.PERSON_READ, person)


def test_nobody_is_given_a_case_of_which_nothing_was_sent() -> None:
    incident = make.incident("director", send=False)
    case, director = make.case_of(incident), make.actor("director")
    with pytest.raises(NotAllowed):
        sharing.assign(director, case, make.user("monitor").uid, case.version)
    send(incident, "director")
    sharing.assign(director, case, make.user("monitor").uid, case.version)
    assert reads("monitor", case)


def test_whom_a_case_is_for_can_be_said_before_anything_of_it_is_sent() -> None:
    incident = make.incident("director", send=False)
    case, director = make.case_of(incident), make.actor("director")
    sharing.set_sensitivity(director, case, Sensitivity.SECRET, case.version)
    member = MemberDraft(make.user("stranger").uid, "Knows the family.", clock.now() + YEAR)
    sharing.add_member(director, case, member)
    assert not reads("stranger", case)
    send(incident, "director")
    assert reads("stranger", case)
    assert not reads("national", case)


def test_a_case_leads_with_the_first_of_its_incidents_that_were_sent() -> None:
    monitor, first = make.actor("monitor"), make.incident(send=False)
    case = make.case_of(first)
    assert case.lead_type == "arrest"
    service.log_incident(monitor, make.draft(type="threat", victims=()), case)
    assert reads("director", case)
    assert case.lead_type == "threat"
    changed = make.draft(type="detention", victims=())
    service.edit_incident(monitor, first, changed, first.version)
    assert case.lead_type == "threat", "a draft is told to nobody"
    send(first)
    assert case.lead_type == "detention"


def test_a_case_whose_only_draft_was_discarded_begins_with_what_is_sent_next() -> None:
    monitor, first = make.actor("monitor"), make.incident(send=False)
    case = make.case_of(first)
    service.discard(monitor, first)
    assert not reads("director", case)
    told = make.draft(type="threat", victims=())
    service.log_incident(monitor, told, case)
    assert reads("director", case)
    assert case.lead_type == "threat"


# A draft in a case that others read --------------------------------------------------------------


def test_whom_only_a_draft_names_is_seen_in_the_case_once_it_is_sent() -> None:
    case = make.case_of(make.incident())
    incident = draft_in(case)
    assert letters("monitor", case) == ["A", "B"]
    assert letters("director", case) == ["A"]
    assert [row.people for row in cases(make.actor("director"), CaseFilter(), None).rows] == [1]
    assert not policy.allows(make.actor("director"), Action.PERSON_READ, victim_of(incident))
    send(incident)
    assert letters("director", case) == ["A", "B"]
    assert [row.people for row in cases(make.actor("director"), CaseFilter(), None).rows] == [2]


def test_whom_something_sent_names_too_is_seen_in_the_case() -> None:
    case = make.case_of(make.incident())
    person = victim_of(draft_in(case))
    told = make.draft(victims=(Victim(known=person.uid),))
    service.log_incident(make.actor("monitor"), told, case)
    assert letters("director", case) == ["A", "B"]


def test_a_draft_hides_nobody_who_was_named_before() -> None:
    first = make.incident()
    case = make.case_of(first)
    draft_in(case, Victim(known=victim_of(first).uid))
    assert letters("director", case) == ["A"]


def test_a_draft_does_not_tell_that_somebody_known_is_named_in_the_case() -> None:
    known = victim_of(make.incident())
    case = make.case_of(make.incident(victims=()))
    monitor, director = make.actor("monitor"), make.actor("director")
    incident = draft_in(case, Victim(known=known.uid))
    add_contact(monitor, case, known, PHONE)
    assert len(links_of(monitor, known).cases.rows) == 2
    assert len(links_of(director, known).cases.rows) == 1
    assert links_of(director, known).contacts == ()
    with pytest.raises(NotFound):
        somebody_in(director, case, known.uid)
    with pytest.raises(NotFound):
        add_contact(director, case, known, PHONE)
    send(incident)
    assert len(links_of(director, known).cases.rows) == 2
    assert len(links_of(director, known).contacts) == 1


def test_two_authors_whose_drafts_name_the_same_person_both_see_them_in_the_case() -> None:
    known = victim_of(make.incident())
    case = make.case_of(make.incident(victims=()))
    first = draft_in(case, Victim(known=known.uid))
    director, told = make.actor("director"), Victim(known=known.uid)
    other = make.draft(type="threat", victims=(told,), send=False)
    second = service.log_incident(director, other, case)
    assert letters("monitor", case) == letters("director", case) == ["A"]
    assert letters("national", case) == []
    add_contact(director, case, somebody_in(director, case, known.uid), PHONE)
    service.discard(make.actor("monitor"), first)
    assert letters("director", case) == ["A"], "the other draft still names them"
    send(second, "director")
    assert letters("national", case) == ["A"]


def test_the_same_person_named_in_two_drafts_of_one_author_is_in_the_case_once() -> None:
    case = make.case_of(make.incident(victims=()))
    person = victim_of(draft_in(case))
    draft_in(case, Victim(known=person.uid))
    assert letters("monitor", case) == ["A"]


def test_how_to_reach_somebody_is_not_read_where_only_a_draft_names_them() -> None:
    case = make.case_of(make.incident())
    incident = draft_in(case)
    contact = add_contact(make.actor("monitor"), case, victim_of(incident), PHONE)
    director = make.actor("director")
    assert not policy.allows(director, Action.CONTACT_REVEAL, contact)
    send(incident)
    assert list(session().scalars(policy.visible(director, Action.CONTACT_READ, Contact)))


def test_an_alleged_perpetrator_of_a_draft_shows_once_it_is_sent() -> None:
    alleged = victim_of(make.incident())
    case = make.case_of(make.incident(victims=()))
    monitor, incident = make.actor("monitor"), draft_in(case)
    involved = InvolvementDraft("police", alleged_perpetrator=alleged.uid)
    facts.add_involvement(monitor, incident, involved, incident.version)
    director = make.actor("director")
    assert story(director, case).perpetrators == {}
    assert letters("director", case) == []
    send(incident)
    assert story(director, case).perpetrators == {incident.id: ("police",)}
    assert letters("director", case) == ["A", "B"]


def test_a_draft_is_discarded_with_all_that_hangs_on_it() -> None:
    case = make.case_of(make.incident(connection=None))
    monitor, incident = make.actor("monitor"), draft_in(case)
    ring().load([incident.data_key_id])
    facts.add_involvement(monitor, incident, InvolvementDraft("police"), incident.version)
    reader = make.user("director").uid
    source = SourceDraft("witness", identity="Demo C", readers=(reader,))
    facts.add_source(monitor, incident, source, incident.version)
    service.discard(monitor, incident)
    assert session().scalars(select(Involvement)).all() == []
    assert session().scalars(select(Source)).all() == []
    assert letters("director", case) == ["A"]


# The trail ---------------------------------------------------------------------------------------


def test_an_auditor_reads_of_a_draft_s_case_only_that_something_was_done() -> None:
    incident = make.incident(send=False)
    auditor, logged = make.actor("auditor"), Sought(action=Action.INCIDENT_LOG)
    assert entries(auditor, Sought()).lines[0].hidden
    assert entries(auditor, logged).total == 0
    send(incident)
    assert entries(auditor, logged).total == 1


def test_the_trail_does_not_tell_with_what_a_draft_led_its_case_before_something_was_sent() -> None:
    case = make.case_of(make.incident(send=False))
    sent = make.draft(type="threat", place=Location(PlaceKind.CAMBODIA, "08"), victims=())
    service.log_incident(make.actor("monitor"), sent, case)
    line = entries(make.actor("auditor"), Sought()).lines[0]
    told = {each.column: (each.before, each.after) for each in line.changes}
    assert told["lead_type"] == (None, "threat")
    assert told["lead_province"] == (None, "08")
    assert told["begun_at"][1] is not None
