"""Who people are, who sees them, and how what is known of them changes."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Block, Scope, Sensitivity
from hrdtracker.access.policy import fetch, visible
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale
from hrdtracker.core.seal import ring
from hrdtracker.incidents.model import Incident
from hrdtracker.people import queries, service
from hrdtracker.people.drafts import Birth, NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit, Person, PersonName, PersonScope
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


def person_of(incident: Incident) -> Person:
    """Return the one victim of an incident."""
    query = select(Person).join(PersonScope, PersonScope.person_id == Person.id)
    return session().scalars(query.where(PersonScope.scope_id == incident.scope_id)).one()


def record(login: str = "monitor", *names: str, **changes: Any) -> Person:
    """Record somebody who is in no case yet."""
    drafts = tuple(NameDraft(name) for name in names or ("Demo A",))
    return service.record_person(make.actor(login), PersonDraft(drafts, **changes))


def sees(login: str, person: Person) -> bool:
    """Tell whether somebody of the cast sees a person."""
    query = visible(make.actor(login), Action.PERSON_READ, Person)
    return session().scalar(query.where(Person.id == person.id)) is not None


def readers(person: Person) -> set[str]:
    """Return who of the cast sees a person."""
    return {login for login in make.NAMES if sees(login, person)}


def names_of(person: Person) -> list[tuple[str, str | None]]:
    """Return the names of a person with their kinds, as they are kept now."""
    session().expire_all()
    return [(each.kind, each.name) for each in queries.card_of(person).names]


def make_secret(incident: Incident) -> None:
    """Make the case of an incident secret; its director decides."""
    director, case = make.actor("director"), make.case_of(incident)
    with authorised(director, Action.CASE_SENSITIVITY, on=case):
        scope = session().get_one(Scope, case.scope_id)
        scope.sensitivity, scope.decider_id = Sensitivity.SECRET, director.id


# --- who sees whom -------------------------------------------------------------------------------


def test_a_person_is_seen_by_who_may_read_a_case_that_names_them_and_by_nobody_else() -> None:
    person = person_of(make.incident("monitor"))
    assert readers(person) == {"monitor", "director", "director2", "national"}


def test_one_visible_case_is_enough_to_see_a_person_who_is_also_in_hidden_ones() -> None:
    incident = make.incident("monitor")
    person = person_of(incident)
    assert not sees("stranger", person)
    director = make.actor("national")
    scope = session().get_one(Scope, make.incident("stranger", victims=()).scope_id)
    with authorised(director, Action.CASE_EXTEND, on=scope):
        ring().load([person.data_key_id])
        service.name_in_case([person], scope, draft_of=None)
    assert sees("stranger", person)
    make_secret(incident)
    assert sees("stranger", person)


def test_until_somebody_is_in_a_case_only_who_recorded_them_sees_them() -> None:
    assert readers(record("monitor")) == {"monitor"}


def test_once_somebody_is_in_a_case_who_recorded_them_sees_them_only_through_a_case() -> None:
    person = record("colleague")
    make.load_keys(person)
    incident = make.incident("colleague", victims=(Victim(known=person.uid),))
    assert sees("colleague", person)
    make_secret(incident)
    scope = session().get_one(Scope, incident.scope_id)
    with authorised(make.actor("director"), Action.CASE_ASSIGN, on=make.case_of(incident)):
        scope.owner_id = make.user("monitor").id
    assert not sees("colleague", person)
    assert sees("monitor", person)


def test_people_of_a_secret_case_are_seen_by_the_people_named_for_it_alone() -> None:
    incident = make.incident("monitor")
    make_secret(incident)
    assert readers(person_of(incident)) == {"monitor", "director"}


def test_who_is_shut_out_of_the_case_does_not_see_its_people() -> None:
    incident = make.incident("monitor")
    person, case = person_of(incident), make.case_of(incident)
    with authorised(make.actor("director"), Action.CASE_BLOCK, on=case):
        session().add(
            Block(
                scope_id=case.scope_id,
                data_key_id=case.data_key_id,
                user_id=make.user("monitor").id,
                blocked_by_id=make.user("director").id,
                starts_at=clock.now() - timedelta(minutes=1),
            )
        )
    assert not sees("monitor", person)


def test_nobody_is_linked_to_an_incident_whom_its_author_may_not_see() -> None:
    hidden = person_of(make.incident("monitor"))
    with pytest.raises(NotFound):
        make.incident("stranger", victims=(Victim(known=hidden.uid),))


def may_record(login: str) -> bool:
    """Tell whether somebody of the cast may record a person."""
    try:
        record(login)
    except NotAllowed:
        return False
    return True


def test_only_who_works_on_cases_records_a_person() -> None:
    kept_out = {login for login in make.NAMES if not may_record(login)}
    of_money = {"fund", "fund2", "finance", "board"}
    assert kept_out == of_money | {"auditor", "admin", "admin2", "nobody", "second"}


# --- what is kept --------------------------------------------------------------------------------


def test_every_name_keeps_its_kind_its_order_and_its_script() -> None:
    names = (
        NameDraft("គំរូ ក"),
        NameDraft("Demo A", "transliteration"),
        NameDraft("Venerable Demo", "monastic"),
    )
    person = service.record_person(make.actor("monitor"), PersonDraft(names))
    assert names_of(person) == [
        ("as_told", "គំរូ ក"),
        ("transliteration", "Demo A"),
        ("monastic", "Venerable Demo"),
    ]


def test_what_says_who_somebody_is_lies_sealed_in_the_database() -> None:
    person = record("monitor", "Canary Name", birth=Birth(1990, 3, 12), remarks="canary remark")
    name = session().scalar(
        select(PersonName.__table__.c.name_sealed).where(PersonName.person_id == person.id)
    )
    kept = b"".join(
        filter(
            None, [name, Person.birth_date.ciphertext(person), Person.remarks.ciphertext(person)]
        )
    )
    assert len(kept) > 100
    assert b"anary" not in kept
    assert b"1990" not in kept


def test_a_date_of_birth_is_kept_as_finely_as_it_is_known() -> None:
    births = [Birth(1990), Birth(1990, 3), Birth(1990, 3, 12), None]
    people = [record(birth=birth) for birth in births]
    assert [person.birth_date for person in people] == ["1990", "1990-03", "1990-03-12", None]
    assert [queries.card_of(person).birth for person in people] == births


def test_an_age_without_a_day_is_of_today_and_keeps_that_day_until_it_changes() -> None:
    person = record(age=34, age_on=date(2020, 1, 2))
    edit(person, age=34)
    assert person.age_on == date(2020, 1, 2)
    edit(person, age=35)
    assert person.age_on == clock.day_of(clock.now(), make.ZONE)


def test_taking_an_age_away_takes_its_day_away() -> None:
    person = record(age=34, age_on=date(2020, 1, 2))
    edit(person)
    assert [person.age, person.age_on] == [None, None]


def test_a_group_has_a_head_count_that_may_be_rough() -> None:
    person = record(unit=CountingUnit.COMMUNITY, head_count=200, head_count_about=True)
    assert (person.unit, person.head_count, person.head_count_about) == ("community", 200, True)


def test_a_code_that_no_list_holds_is_refused() -> None:
    draft = PersonDraft((NameDraft("Demo A", "invented"),))
    with pytest.raises(Refused, match="needs correcting"):
        service.record_person(make.actor("monitor"), draft)
    with pytest.raises(Refused) as refused:
        record(categories=frozenset({"invented"}))
    assert [name.split(".")[0] for name in refused.value.reasons] == ["categories"]


# --- change --------------------------------------------------------------------------------------


def edit(person: Person, *names: str, login: str = "monitor", **changes: Any) -> None:
    """Change a person as the form would, from the version that is kept now."""
    session().expire_all()
    drafts = tuple(NameDraft(name) for name in names)
    service.edit_person(make.actor(login), person, PersonDraft(drafts, **changes), person.version)


def test_names_are_added_changed_and_taken_away_and_a_name_that_stays_keeps_its_row() -> None:
    person = record("monitor", "Demo A", "Demo B")
    before = {each.name: each.uid for each in queries.card_of(person).names}
    edit(person, "Demo C", "Demo B", "Demo D")
    after = {each.name: each.uid for each in queries.card_of(person).names}
    assert [name for _, name in names_of(person)] == ["Demo C", "Demo B", "Demo D"]
    assert after["Demo B"] == before["Demo B"]
    assert after["Demo C"] == before["Demo A"]
    edit(person, "Demo D", " ", "Demo B")
    again = {each.name: each.uid for each in queries.card_of(person).names}
    assert again == {name: after[name] for name in ("Demo D", "Demo B")}
    edit(person, "Demo D")
    assert names_of(person) == [("as_told", "Demo D")]


def test_the_same_name_may_be_kept_twice_and_one_of_them_taken_away() -> None:
    person = record("monitor", "Demo A", "Demo A")
    edit(person, "Demo A")
    assert names_of(person) == [("as_told", "Demo A")]


CHANGES: list[dict[str, Any]] = [
    {"names": (NameDraft("Demo B"),)},
    {"names": (NameDraft("Demo A", "legal"),)},
    {"names": ()},
    {"categories": frozenset({"land"})},
    {"categories": frozenset()},
    {"remarks": "New."},
]


def is_new_version(changes: dict[str, Any]) -> bool:
    """Tell whether a change of somebody new makes a new version and a later day of change."""
    person = record(categories=frozenset({"union"}))
    version, changed_at = person.version, person.changed_at
    values = {"names": (NameDraft("Demo A"),), "categories": frozenset({"union"}), **changes}
    service.edit_person(make.actor("monitor"), person, PersonDraft(**values), version)
    return person.version > version and person.changed_at > changed_at


def test_any_change_makes_a_new_version_and_a_day_of_change() -> None:
    assert [changes for changes in CHANGES if not is_new_version(changes)] == []


def test_saving_without_a_change_leaves_no_difference_and_no_new_version() -> None:
    person = record(sex=Sex.FEMALE, birth=Birth(1990), remarks="Same.")
    version = person.version
    edit(person, "Demo A", sex=Sex.FEMALE, birth=Birth(1990), remarks="Same.")
    assert person.version == version
    assert _last().payload == b""


def test_a_stale_save_is_refused_and_changes_nothing() -> None:
    person = record()
    seen = person.version
    edit(person, "Demo B")
    with pytest.raises(Stale):
        service.edit_person(
            make.actor("monitor"), person, PersonDraft((NameDraft("Demo C"),)), seen
        )
    assert names_of(person) == [("as_told", "Demo B")]


def test_who_may_not_see_a_person_may_not_change_them_either() -> None:
    person = person_of(make.incident("monitor"))
    with pytest.raises(NotAllowed):
        service.edit_person(make.actor("stranger"), person, PersonDraft(), person.version)


def test_a_change_stands_on_the_trail_without_a_readable_name() -> None:
    person = record("monitor", "Canary One")
    edit(person, "Canary Two")
    entry = _last()
    assert (entry.action, entry.subject_uid) == ("person.edit", person.uid)
    assert b"person_name" in entry.payload
    assert b"Canary" not in entry.payload


# --- showing a name ------------------------------------------------------------------------------


def test_showing_a_name_stands_on_the_trail() -> None:
    person = person_of(make.incident("monitor"))
    service.reveal_names(make.actor("director"), person)
    entry = _last()
    assert (entry.action, entry.outcome) == ("person.reveal", "done")
    assert (entry.subject_uid, entry.actor_uid) == (person.uid, make.user("director").uid)


def test_a_name_is_not_shown_to_who_may_not_see_the_person_and_the_attempt_is_kept() -> None:
    person = person_of(make.incident("monitor"))
    with pytest.raises(NotAllowed):
        service.reveal_names(make.actor("stranger"), person)
    assert (_last().action, _last().outcome) == ("person.reveal", "refused")


# --- the list ------------------------------------------------------------------------------------


def listed(login: str, **wanted: str) -> list[UUID]:
    """Return whom somebody's list of people holds."""
    page = queries.people(make.actor(login), queries.PersonFilter(**wanted), None).page
    return [row.uid for row in page.rows]


def test_the_list_holds_whom_one_may_see_the_latest_first() -> None:
    mine = person_of(make.incident("monitor"))
    make.incident("stranger")
    latest = record("monitor")
    assert listed("monitor") == [latest.uid, mine.uid]
    assert queries.people(make.actor("monitor"), queries.PersonFilter(), None).page.total == 2


NARROWED: list[tuple[dict[str, str], list[str]]] = [
    ({"category": "land"}, ["land"]),
    ({"sex": "F"}, ["woman"]),
    ({"sex": "unknown"}, ["group", "land"]),
    ({"unit": "group"}, ["group"]),
    ({"unit": "person"}, ["land", "woman"]),
    ({"unit": "person", "sex": "unknown", "category": "land"}, ["land"]),
    ({"sex": "M"}, []),
]


def test_the_list_is_narrowed_by_category_sex_and_unit() -> None:
    people = {
        record(sex=Sex.FEMALE, categories=frozenset({"union"})).uid: "woman",
        record(categories=frozenset({"land", "community"})).uid: "land",
        record(unit=CountingUnit.FAMILY, head_count=5).uid: "group",
    }
    found = [sorted(people[uid] for uid in listed("monitor", **wanted)) for wanted, _ in NARROWED]
    assert found == [names for _, names in NARROWED]


def test_a_person_of_another_office_is_missing_and_not_merely_forbidden() -> None:
    person = person_of(make.incident("monitor"))
    with pytest.raises(NotFound):
        fetch(make.actor("stranger"), Action.PERSON_READ, Person, person.uid)


def _last() -> AuditEntry:
    return session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
