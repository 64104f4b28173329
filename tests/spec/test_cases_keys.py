"""Which keys open a case: those of its office, or its own where it is secret."""

from collections.abc import Iterable

import pytest
from sqlalchemy import select

from hrdtracker.access.model import Office, Scope, Sensitivity
from hrdtracker.cases import service, sharing
from hrdtracker.cases.drafts import CaseDraft
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.seal import DataKeyWrap, ring
from hrdtracker.incidents.service import log_incident
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person, PersonName, PersonScope
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


def case_of(login: str = "monitor") -> Case:
    """Return a new case of somebody of the cast."""
    return make.case_of(make.incident(login))


def make_sensitive(case: Case, sensitivity: Sensitivity) -> None:
    """Decide how sensitive a case is."""
    sharing.set_sensitivity(make.actor("director"), case, sensitivity, case.version)


def holders(key_id: int) -> set[int]:
    """Return the compartments that can unwrap a key."""
    query = select(DataKeyWrap.compartment_id).where(DataKeyWrap.data_key_id == key_id)
    return set(session().scalars(query))


def people_of(case: Case) -> list[Person]:
    """Return who is named in a case."""
    query = select(Person).join(PersonScope, PersonScope.person_id == Person.id)
    return list(session().scalars(query.where(PersonScope.scope_id == case.scope_id)))


def wraps(cases: Iterable[Case]) -> set[bytes]:
    """Return the wrapped keys of some cases and of their people."""
    rows = [row for case in cases for row in (case, *people_of(case))]
    keys = [row.data_key_id for row in rows]
    return set(
        session().scalars(select(DataKeyWrap.wrapped).where(DataKeyWrap.data_key_id.in_(keys)))
    )


def compartment(code: str) -> int:
    """Return the compartment of an office."""
    return session().scalars(select(Office.compartment_id).where(Office.code == code)).one()


def test_the_key_of_a_secret_case_leaves_the_compartment_of_its_office_and_comes_back() -> None:
    case = case_of("monitor")
    office = compartment(make.HERE)
    keys = [case.data_key_id, people_of(case)[0].data_key_id]
    make_sensitive(case, Sensitivity.SECRET)
    own = session().get_one(Scope, case.scope_id).compartment_id
    assert own != office
    assert [holders(key) for key in keys] == [{own}, {own}]
    make_sensitive(case, Sensitivity.RESTRICTED)
    assert [holders(key) for key in keys] == [{office}, {office}]


def test_a_person_named_in_another_case_too_stays_readable_there() -> None:
    case = case_of("monitor")
    (person,) = people_of(case)
    draft = make.draft(victims=(Victim(known=person.uid),))
    other = log_incident(make.actor("national"), draft, make.office(make.THERE))
    assert holders(person.data_key_id) == {compartment(make.HERE), compartment(make.THERE)}
    make_sensitive(case, Sensitivity.SECRET)
    own = session().get_one(Scope, case.scope_id).compartment_id
    assert holders(person.data_key_id) == {own, compartment(make.THERE)}
    assert holders(other.data_key_id) == {compartment(make.THERE)}


def test_the_keys_of_other_cases_and_of_one_that_stays_in_its_office_are_not_touched() -> None:
    case, others = case_of("monitor"), (case_of("colleague"), case_of("stranger"))
    (person,) = people_of(case)
    before = wraps(others)
    make_sensitive(case, Sensitivity.SECRET)
    assert wraps(others) == before
    assert len(holders(person.data_key_id)) == 1
    make_sensitive(others[0], Sensitivity.RESTRICTED)
    assert wraps(others) == before


def test_what_a_secret_case_says_is_still_read_by_who_may() -> None:
    case = case_of("monitor")
    service.edit_case(make.actor("monitor"), case, CaseDraft("Strike line"), case.version)
    make_sensitive(case, Sensitivity.SECRET)
    session().info.pop("ring")
    session().expire_all()
    name = session().scalars(select(PersonName)).one()
    ring().load([case.data_key_id, name.data_key_id])
    assert (case.title, name.name) == ("Strike line", "Demo A")
