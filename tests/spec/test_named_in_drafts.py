"""Whom a draft names: who knows of it, and whom a draft that is corrected corrects."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from hrdtracker.cases import sharing
from hrdtracker.cases.contacts import is_named_in
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.sending import Sending
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.service import log_incident, submit, violations_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import (
    Person,
    PersonCategory,
    PersonName,
    PersonScope,
    PersonScopeDraft,
)
from hrdtracker.people.service import edit_person, record_person
from tests import make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
NOTHING = None


def _described(name: str) -> Victim:
    return Victim(described=PersonDraft((NameDraft(name),)))


def _log(login: str, case: Case, victim: Victim, *, send: bool = False) -> Incident:
    return log_incident(make.actor(login), make.draft(victims=(victim,), send=send), case)


def _victim(incident: Incident) -> Person:
    (violation,) = violations_of(incident).values()
    return session().get_one(Person, violation.victim_id)


def _case_of_two() -> Case:
    """Return a case to which the monitor and a colleague add drafts."""
    case = make.case_of(make.incident("monitor", victims=()))
    until = clock.now() + timedelta(days=9)
    draft = MemberDraft(make.user("colleague").uid, "Helps", until)
    sharing.add_member(make.actor("director"), case, draft)
    return case


def _knows(login: str, person: Person, case: Case) -> bool:
    return is_named_in(make.actor(login), person, case)


# Who knows of it ---------------------------------------------------------------------------------


def test_a_draft_that_is_sent_tells_of_whom_it_names_there_and_of_nobody_else() -> None:
    case, other = _case_of_two(), make.case_of(make.incident("monitor", victims=()))
    sent = _log("monitor", case, _described("Demo B"))
    person = _victim(sent)
    kept = _victim(_log("colleague", case, _described("Demo C")))
    _log("monitor", other, Victim(known=person.uid))
    submit(make.actor("monitor"), sent)
    assert _knows("director", person, case)
    assert not _knows("director", kept, case)
    assert not _knows("director", person, other)


def test_each_author_of_a_draft_knows_whom_it_names_in_each_case() -> None:
    case, other = _case_of_two(), _case_of_two()
    known = make.incident("colleague", victims=(Victim(described=PersonDraft()),))
    person = _victim(known)
    sharing.add_member(
        make.actor("director"),
        make.case_of(known),
        MemberDraft(make.user("monitor").uid, "Helps", clock.now() + timedelta(days=9)),
    )
    for login in ("monitor", "colleague"):
        for place in (case, other):
            _log(login, place, Victim(known=person.uid))
    told = {(login, place) for login in ("monitor", "colleague", "director") for place in (0, 1)}
    assert {
        (login, place) for login, place in told if _knows(login, person, (case, other)[place])
    } == told - {("director", 0), ("director", 1)}


def test_whom_something_sent_names_no_draft_keeps_a_note_of() -> None:
    case = make.case_of(make.incident("monitor"))
    place = select(Person).join(PersonScope, PersonScope.person_id == Person.id)
    person = session().scalars(place.where(PersonScope.scope_id == case.scope_id)).one()
    _log("monitor", case, Victim(known=person.uid))
    assert session().scalar(select(func.count()).select_from(PersonScopeDraft)) == 0


def test_a_name_of_spaces_is_none_and_what_one_person_is_says_nothing_of_another() -> None:
    monitor, kinds = make.actor("monitor"), frozenset({"union"})
    names = (NameDraft(" "), NameDraft("Demo A"))
    first, other = (record_person(monitor, PersonDraft(names, categories=kinds)) for _ in range(2))
    edit_person(monitor, first, PersonDraft(names), first.version)
    kept = select(PersonCategory.person_id)
    assert session().scalars(kept).all() == [other.id]
    assert session().scalar(select(func.count()).select_from(PersonName)) == 2


def test_somebody_known_is_not_recorded_anew_whatever_is_said_of_them() -> None:
    person = record_person(make.actor("monitor"), PersonDraft((NameDraft("Demo A"),)))
    described = PersonDraft((NameDraft("Demo B"),))
    incident = make.incident(victims=(Victim(known=person.uid, described=described),))
    assert _victim(incident) is person
    assert session().scalar(select(func.count()).select_from(Person)) == 1


# Whom it corrects --------------------------------------------------------------------------------


def _keep(key: UUID, text: str, case: Case, victim: Victim) -> Incident:
    draft = make.draft(send=False, victims=(victim,), sending=Sending(key, text))
    return log_incident(make.actor("monitor"), draft, case)


def _edit(person: Person, _case: Case) -> None:
    draft = PersonDraft((NameDraft("Demo D"),))
    edit_person(make.actor("monitor"), person, draft, person.version)


def _name_elsewhere(person: Person, _case: Case) -> None:
    make.incident("monitor", victims=(Victim(known=person.uid),), send=False)


def _name_in_what_is_sent(person: Person, case: Case) -> None:
    _log("monitor", case, Victim(known=person.uid), send=True)


MEANWHILE: dict[str, tuple[Callable[[Person, Case], None] | None, bool]] = {
    "nothing happened": (NOTHING, False),
    "somebody changed them": (_edit, False),
    "another case names them": (_name_elsewhere, False),
    "something sent names them": (_name_in_what_is_sent, False),
    "they were on record before": (NOTHING, True),
}


def _is_corrected(meanwhile: Callable[[Person, Case], None] | None, *, known: bool) -> bool:
    case, key = make.case_of(make.incident("monitor", victims=())), uuid4()
    victim = _described("Demo A")
    if known:
        draft = PersonDraft((NameDraft("Demo A"),))
        victim = Victim(known=record_person(make.actor("monitor"), draft).uid)
    person = _victim(_keep(key, "First.", case, victim))
    if meanwhile is not None:
        meanwhile(person, case)
    _keep(key, "Corrected.", case, _described("Demo B"))
    name = session().scalars(select(PersonName).where(PersonName.person_id == person.id)).one()
    make.load_keys(person)
    return name.name == "Demo B"


def _keep_all(key: UUID, case: Case, *victims: Victim) -> dict[str, Person]:
    """Keep a draft of several people; return those on record whom it names, by their names."""
    text = ",".join(str(victim.described) for victim in victims)
    draft = make.draft(send=False, victims=victims, sending=Sending(key, text))
    incident = log_incident(make.actor("monitor"), draft, case)
    numbers = [row.victim_id for row in violations_of(incident).values()]
    people = session().scalars(select(Person).where(Person.id.in_(numbers))).all()
    make.load_keys(*people)
    query = select(PersonName).where(PersonName.person_id.in_(numbers))
    by_id = {person.id: person for person in people}
    return {name.name or "": by_id[name.person_id] for name in session().scalars(query)}


def test_who_keeps_a_name_is_the_same_person_and_the_others_are_corrected_in_order() -> None:
    case, key = make.case_of(make.incident("monitor", victims=())), uuid4()
    union = record_person(make.actor("monitor"), PersonDraft((NameDraft("Union"),)))
    first = _keep_all(key, case, _described("Demo A"), _described("Demo B"))
    second = _keep_all(
        key, case, Victim(known=union.uid), _described("Demo B"), _described("Demo C")
    )
    assert second == {"Union": union, "Demo B": first["Demo B"], "Demo C": first["Demo A"]}
    third = _keep_all(key, case, _described("Demo C"), _described("Demo D"))
    assert third == {"Demo C": first["Demo A"], "Demo D": first["Demo B"]}


def test_a_draft_corrects_only_whom_it_recorded_and_nothing_else_names_or_changed() -> None:
    corrected = {
        what: _is_corrected(meanwhile, known=known)
        for what, (meanwhile, known) in MEANWHILE.items()
    }
    assert [what for what, is_corrected in corrected.items() if is_corrected] == [
        "nothing happened"
    ]
