"""Who is alleged to have done it: a person or body on record, or only a type and words."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.access.policy import allows
from hrdtracker.cases import sharing
from hrdtracker.cases.case_file import case_file
from hrdtracker.cases.completeness import completeness
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.seal import DataKeyWrap, ring
from hrdtracker.incidents import decisions, facts, queries, reviewing, service
from hrdtracker.incidents.case_view import cases, story
from hrdtracker.incidents.drafts import InvolvementDraft
from hrdtracker.incidents.known_facts import case_facts
from hrdtracker.incidents.model import Incident, IncidentStatus, Involvement
from hrdtracker.incidents.of_person import links_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit, Person, PersonName, PersonScope
from hrdtracker.people.search import offered
from hrdtracker.people.service import record_person
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
COMPANY = "Demo Timber Company"


def body(login: str = "monitor", name: str = COMPANY) -> Person:
    """Record a company that no case names yet."""
    draft = PersonDraft((NameDraft(name),), unit=CountingUnit.COMPANY)
    return record_person(make.actor(login), draft)


def accuse(incident: Incident, who: UUID | None, words: str | None = None) -> Involvement:
    """Say as the monitor who is alleged to have done it."""
    draft = InvolvementDraft("company", words, alleged_perpetrator=who)
    facts.add_involvement(make.actor("monitor"), incident, draft, incident.version)
    query = select(Involvement).where(Involvement.incident_id == incident.id)
    return list(session().scalars(query.order_by(Involvement.id)))[-1]


def letters(incident: Incident) -> dict[int, str]:
    """Return who is named in the case of an incident, by their letters."""
    query = select(PersonScope.person_id, PersonScope.letter)
    rows = session().execute(query.where(PersonScope.scope_id == incident.scope_id))
    return {row.person_id: row.letter for row in rows}


def test_a_body_on_record_is_tied_to_the_incident_and_named_in_its_case() -> None:
    incident, company = make.incident(), body()
    assert not allows(make.actor("director"), Action.PERSON_READ, company)
    row = accuse(incident, company.uid)
    assert row.alleged_perpetrator_id == company.id
    assert letters(incident)[company.id] == "B"
    assert allows(make.actor("director"), Action.PERSON_READ, company)
    assert not allows(make.actor("stranger"), Action.PERSON_READ, company)


def test_a_type_and_words_are_enough_and_name_nobody() -> None:
    incident = make.incident()
    before = letters(incident)
    row = accuse(incident, None, "Men in plain clothes")
    assert (row.alleged_perpetrator_id, row.words) == (None, "Men in plain clothes")
    assert letters(incident) == before


def test_somebody_named_in_the_case_already_keeps_their_letter() -> None:
    incident, company = make.incident(), body()
    accuse(incident, company.uid)
    before = letters(incident)
    accuse(incident, company.uid)
    assert letters(incident) == before


def test_somebody_of_another_office_is_refused_like_somebody_who_is_missing() -> None:
    incident, hidden = make.incident(), body("stranger")
    answers = []
    for who in (hidden.uid, uuid4()):
        with pytest.raises(NotFound) as refused:
            accuse(incident, who)
        answers.append(str(refused.value.reason))
    assert answers[0] == answers[1] == str(NotFound().reason)
    assert session().scalar(select(func.count()).select_from(Involvement)) == 0
    assert hidden.id not in letters(incident)


def test_somebody_of_a_secret_case_is_tied_by_who_may_see_them_and_read_where_named() -> None:
    hidden = make.incident("director")
    (person,) = session().scalars(select(Person))
    case = make.case_of(hidden)
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)
    incident = make.incident(victims=())
    with pytest.raises(NotFound):
        accuse(incident, person.uid)
    draft = InvolvementDraft("police", alleged_perpetrator=person.uid)
    facts.add_involvement(make.actor("director"), incident, draft, incident.version)
    session().info.pop("ring")
    session().expire_all()
    name = session().scalars(select(PersonName)).one()
    scope = session().get_one(Scope, incident.scope_id)
    assert scope.compartment_id in holders(person)
    ring().load([name.data_key_id])
    assert name.name == "Demo A"


def holders(person: Person) -> set[int]:
    """Return the compartments whose people can read about somebody."""
    query = select(DataKeyWrap.compartment_id)
    return set(session().scalars(query.where(DataKeyWrap.data_key_id == person.data_key_id)))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (COMPANY, None),
        ("demo  TIMBER company", None),
        ("Guards of Demo Timber Company", "Guards of Demo Timber Company"),
        (None, None),
    ],
)
def test_a_name_that_is_on_record_is_not_kept_a_second_time(
    words: str | None, kept: str | None
) -> None:
    incident, company = make.incident(), body()
    assert accuse(incident, company.uid, words).words == kept


def test_the_words_lie_sealed_in_the_database() -> None:
    row = accuse(make.incident(), body().uid, "Guards at the gate")
    assert b"Guards" not in (Involvement.words.ciphertext(row) or b"Guards")


def test_the_case_lacks_no_perpetrator_any_more_and_asks_no_age_of_them() -> None:
    incident = make.incident(victims=())
    suspect = record_person(make.actor("monitor"), PersonDraft((NameDraft("Demo Chief"),)))
    assert "Who is alleged to have done it" in missing(incident)
    accuse(incident, suspect.uid)
    assert missing(incident).isdisjoint(
        {"Who is alleged to have done it", "Age of %(who)s", "Sex of %(who)s"}
    )
    told = story(make.actor("monitor"), make.case_of(incident))
    assert told.alleged == {suspect.id}


def missing(incident: Incident) -> set[str]:
    """Return what a case lacks."""
    actor, case = make.actor("monitor"), make.case_of(incident)
    found = completeness(case_facts(case_file(actor, case.uid), story(actor, case)))
    return {gap.what for gap in found.gaps}


def test_a_case_does_not_tell_who_is_alleged_in_a_draft_that_one_may_not_read() -> None:
    case = make.case_of(make.incident())
    draft = service.log_incident(make.actor("monitor"), make.draft(send=False, victims=()), case)
    company = body()
    accuse(draft, company.uid)
    mine, theirs = (story(make.actor(login), case) for login in ("monitor", "director"))
    assert mine.alleged == {company.id}
    assert mine.perpetrators == {draft.id: ("company",)}
    assert theirs.alleged == set()
    assert theirs.perpetrators == {}


def concerned(login: str, incident: Incident) -> int:
    """Return how many people a case concerns, on which its page and the list of cases agree."""
    actor, case = make.actor(login), make.case_of(incident)
    (row,) = [row for row in cases(actor, CaseFilter(), None).rows if row.case.id == case.id]
    told = story(actor, case)
    on_page = sum(told.concerns(each) for each in case_file(actor, case.uid).people)
    assert row.people == on_page
    return on_page


def test_a_case_concerns_nobody_who_is_only_alleged_to_have_done_it() -> None:
    incident, company = make.incident(), body()
    make.incident()
    accuse(incident, company.uid)
    assert letters(incident)[company.id] == "B"
    assert [concerned(login, incident) for login in ("monitor", "director", "national")] == [1] * 3


def test_a_case_concerns_a_victim_who_is_alleged_to_have_done_something_too() -> None:
    incident = make.incident()
    (victim,) = session().scalars(select(Person))
    accuse(incident, victim.uid)
    assert concerned("director", incident) == 1


def test_a_case_concerns_whom_it_names_even_where_another_case_alleges_they_did_it() -> None:
    incident, other = make.incident(), make.incident(victims=())
    victim = session().scalars(select(Person)).one()
    accuse(other, victim.uid)
    assert (concerned("director", incident), concerned("director", other)) == (1, 0)


def test_whom_only_a_draft_makes_a_victim_the_case_concerns_for_its_author_alone() -> None:
    incident, company = make.incident(), body()
    accuse(incident, company.uid)
    victims = (Victim(known=company.uid),)
    draft = make.draft(send=False, victims=victims)
    service.log_incident(make.actor("monitor"), draft, make.case_of(incident))
    assert (concerned("monitor", incident), concerned("director", incident)) == (2, 1)


def test_whom_only_a_draft_alleges_the_case_concerns_no_more_and_no_less() -> None:
    incident = make.incident()
    case = make.case_of(incident)
    draft = service.log_incident(make.actor("monitor"), make.draft(send=False, victims=()), case)
    (victim,) = session().scalars(select(Person))
    accuse(draft, victim.uid)
    assert (concerned("monitor", incident), concerned("director", incident)) == (1, 1)
    company = body()
    accuse(draft, company.uid)
    assert (concerned("monitor", incident), concerned("director", incident)) == (1, 1)


def test_who_is_alleged_to_have_done_it_has_the_incident_on_their_page() -> None:
    incident, company = make.incident(), body()
    accuse(incident, company.uid)
    (row,) = links_of(make.actor("director"), company).incidents.rows
    assert (row.incident.id, row.as_alleged, row.as_victim) == (incident.id, True, False)


def test_a_reviewed_incident_goes_back_and_its_reviewer_sees_whom_it_names() -> None:
    incident, company = make.incident(), body()
    director = make.actor("director")
    decisions.review_incident(director, incident, [], incident.version)
    accuse(incident, company.uid, "Guards at the gate")
    assert incident.status == IncidentStatus.SUBMITTED
    found = {each.column: each.after for each in reviewing.differences(director, incident)}
    assert found["alleged_perpetrator_id"] == "B"
    assert found["words"] == "Guards at the gate"


def test_the_page_names_by_letter_whom_the_case_names_and_nobody_else() -> None:
    incident, company = make.incident(), body()
    accuse(incident, None)
    row = accuse(incident, company.uid)
    page = queries.incident_details(make.actor("director"), incident.uid)
    assert [(each.person, each.letter) for each in page.involvements] == [
        (None, ""),
        (company, "B"),
    ]
    assert page.involvements[1].involvement is row


def test_who_was_chosen_stays_offered_for_other_words_without_their_name() -> None:
    company, actor = body(), make.actor("monitor")
    assert [each.name for each in offered(actor, "Demo Timber")] == [COMPANY]
    (same,) = offered(actor, COMPANY, company.uid.hex)
    assert same.name == COMPANY
    (chosen,) = offered(actor, "Something else", company.uid.hex)
    assert (chosen.uid, chosen.name, chosen.unit) == (company.uid, "", "company")
    assert offered(actor, "") == []


@pytest.mark.parametrize("who", ["hidden", "missing", "no uid"])
def test_nobody_hidden_or_missing_stays_offered(who: str) -> None:
    hidden = make.incident("stranger", victims=(Victim(described=PersonDraft()),))
    assert hidden.id
    (person,) = session().scalars(select(Person))
    chosen = {"hidden": person.uid.hex, "missing": uuid4().hex, "no uid": "nonsense"}[who]
    with pytest.raises(NotFound):
        offered(make.actor("monitor"), "Something else", chosen)
