"""Whoever may have been under 18 at anything that is recorded is a minor until somebody knows."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.people import service
from hrdtracker.people.ages import Born, WhyMasked, grown_up_on, why_masked
from hrdtracker.people.drafts import Birth, NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.minors import may_have_been_minor_at, may_have_been_minors
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.model import TitleKind
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")
DAY = date(2026, 11, 16)
"""The day of the arrests of the tests."""
SEVENTEEN = Born.of_age(17, 17, DAY)
EIGHTEEN = Born.of_age(18, 18, DAY)
FIFTEEN_TO_NINETEEN = Born.of_age(15, 19, DAY)
ADULT = Born.of_age(34, 34, DAY)
BORN_IN_2008 = Born.of_birth(Birth(2008))


def proven(born: Born) -> Born:
    return Born(born.first, born.last, is_proven=True)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([ADULT], None),
        ([EIGHTEEN], None),
        ([SEVENTEEN], WhyMasked.SAID),
        ([FIFTEEN_TO_NINETEEN], WhyMasked.SAID),
        ([BORN_IN_2008], WhyMasked.SAID),
        ([Born.of_birth(Birth(2008, 11, 16))], None),
        ([Born.of_birth(Birth(2008, 11, 17))], WhyMasked.SAID),
        ([Born.of_birth(Birth(2008, 11))], WhyMasked.SAID),
        ([Born.of_birth(Birth(2008, 10))], None),
        ([], WhyMasked.UNKNOWN),
        ([ADULT, SEVENTEEN], WhyMasked.DISPUTED),
        ([proven(ADULT), SEVENTEEN], None),
        ([ADULT, proven(SEVENTEEN)], WhyMasked.SAID),
        ([proven(ADULT), proven(SEVENTEEN)], WhyMasked.DISPUTED),
    ],
)
def test_the_youngest_age_that_counts_decides_and_a_document_outweighs_what_is_said(
    said: list[Born], why: WhyMasked | None
) -> None:
    assert why_masked(said, DAY) == why


def test_to_whom_nothing_happened_nobody_asks_an_age() -> None:
    assert why_masked([], None) is None


@pytest.mark.parametrize(
    ("born", "adult"),
    [
        (date(2008, 11, 16), date(2026, 11, 16)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2010, 2, 28), date(2028, 2, 28)),
    ],
)
def test_somebody_is_surely_18_from_a_birthday_on_and_of_29_february_from_1_march(
    born: date, adult: date
) -> None:
    assert grown_up_on(born) == adult


def test_who_is_18_on_a_day_was_17_the_day_before() -> None:
    assert why_masked([EIGHTEEN], DAY - timedelta(days=1)) is WhyMasked.SAID


# What is recorded --------------------------------------------------------------------------------


def named(**known: Any) -> PersonDraft:
    return PersonDraft((NameDraft("Demo M"),), **known)


def arrested(person: PersonDraft, day: date = DAY) -> tuple[Person, Case]:
    """Return somebody who was arrested on a day, and the case of it."""
    when = When.day(day, make.ZONE)
    case = make.case_of(make.incident(occurred=when, victims=(Victim(described=person),)))
    (uid,) = courts.people(case)
    return session().scalars(select(Person).where(Person.uid == uid)).one(), case


def masked(person: Person) -> WhyMasked | None:
    return may_have_been_minors([person.id]).get(person.id)


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (named(age=17, age_on=DAY), WhyMasked.SAID),
        (named(age=18, age_on=DAY), None),
        (named(birth=Birth(2008, 11, 17)), WhyMasked.SAID),
        (named(birth=Birth(2008)), WhyMasked.SAID),
        (named(birth=Birth(1990)), None),
        (named(), WhyMasked.UNKNOWN),
        (PersonDraft((NameDraft("Demo"),), unit=CountingUnit.COMMUNITY, head_count=12), None),
    ],
)
def test_whom_an_incident_names_is_masked_by_what_is_known_of_their_age(
    person: PersonDraft, why: WhyMasked | None
) -> None:
    assert masked(arrested(person)[0]) == why


def test_who_was_under_18_then_stays_masked_when_they_are_grown_up() -> None:
    person, _ = arrested(named(birth=Birth(2004, 1, 1)), date(2020, 5, 2))
    assert masked(person) is WhyMasked.SAID


def test_an_earlier_offence_masks_whoever_was_grown_up_at_the_arrest() -> None:
    person, case = arrested(named(birth=Birth(2007, 6, 1)))
    assert masked(person) is None
    proceeding = courts.opened(case)
    courts.charged(proceeding, alleged=When.day(date(2025, 5, 31), make.ZONE))
    assert masked(person) is WhyMasked.SAID


def test_an_offence_of_no_known_day_may_have_been_five_years_before_the_charge() -> None:
    young, older = named(birth=Birth(2004, 1, 1)), named(birth=Birth(2002, 1, 1))
    people = [arrested(young), arrested(older)]
    for _, case in people:
        courts.charged(courts.opened(case))
    assert [masked(person) for person, _ in people] == [WhyMasked.SAID, None]


def test_an_earlier_ground_of_custody_counts_as_well() -> None:
    person, case = arrested(named(birth=Birth(2007, 6, 1)))
    began = When.day(date(2025, 1, 1), make.ZONE)
    courts.held(case, kind=TitleKind.SENTENCE, began=began)
    assert masked(person) is WhyMasked.SAID


def test_a_child_to_whom_nothing_happened_is_masked_and_somebody_of_no_known_age_is_not() -> None:
    actor = make.actor("monitor")
    child = service.record_person(actor, named(age=9, age_on=DAY))
    somebody = service.record_person(actor, named())
    assert [masked(child), masked(somebody)] == [WhyMasked.SAID, None]


@pytest.mark.parametrize(
    ("day", "minor"),
    [(date(2026, 5, 31), True), (date(2026, 6, 1), False), (None, False)],
)
def test_somebody_may_have_been_a_minor_at_one_thing_and_not_at_another(
    day: date | None,
    minor: bool,  # noqa: FBT001 - a column of the table
) -> None:
    person, _ = arrested(named(birth=Birth(2008, 6, 1)))
    when = When.day(day, make.ZONE) if day else When.unknown("", make.ZONE)
    assert may_have_been_minor_at(person, when) is minor


# Nobody unmasks anybody alone ---------------------------------------------------------------------

CHANGES: dict[str, list[dict[str, Any]]] = {
    "names": [{"names": ()}],
    "unit": [
        {"unit": unit, "age": None, "age_on": None}
        for unit in CountingUnit
        if unit != CountingUnit.PERSON
    ],
    "sex": [{"sex": Sex.MALE}],
    "age": [{"age": 34}, {"age": None, "age_on": None}],
    "age_on": [{"age_on": date(2012, 1, 1)}],
    "birth": [{"birth": Birth(1990)}, {"birth": Birth(1990), "age": None, "age_on": None}],
    "head_count": [{"head_count": 5, "unit": CountingUnit.FAMILY, "age": None, "age_on": None}],
    "head_count_about": [{"head_count_about": True}],
    "family_count": [{"family_count": 2, "unit": CountingUnit.FAMILY, "age": None, "age_on": None}],
    "family_count_about": [{"family_count_about": True}],
    "categories": [{"categories": frozenset({"land"})}],
    "interpreter_language": [{"interpreter_language": "km"}],
    "remarks": [{"remarks": "Grown up."}],
}
"""By what somebody might try to unmask whoever is 16, field by field."""


def changed(person: Person, known: dict[str, Any]) -> set[str]:
    """Change what is known of somebody; return beside which fields that is refused."""
    draft = PersonDraft(**{"names": (NameDraft("Demo M"),), **known})
    refused = make.refused(
        lambda: service.edit_person(make.actor("monitor"), person, draft, person.version)
    )
    session().expire_all()
    return refused


def test_every_field_of_a_person_is_tried_to_unmask_somebody_by() -> None:
    assert {field.name for field in fields(PersonDraft)} == CHANGES.keys()


TRIED = [(field, change) for field, changes in CHANGES.items() for change in changes]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("field", "change"), TRIED)
def test_nobody_unmasks_alone_by_another_word_whoever_is_called_under_18(
    field: str, change: dict[str, Any]
) -> None:
    young = {"age": 16, "age_on": DAY}
    person, _ = arrested(named(**young))
    changed(person, {**young, **change})
    assert masked(person) is not None, field


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("field", "change"), [each for each in TRIED if each[0] not in {"age", "age_on", "birth"}]
)
def test_of_no_known_age_nothing_but_an_age_unmasks_them(
    field: str, change: dict[str, Any]
) -> None:
    person, _ = arrested(named())
    changed(person, change)
    assert masked(person) is WhyMasked.UNKNOWN, field


def test_a_masked_person_becomes_no_group_and_it_is_said_beside_its_field() -> None:
    person, _ = arrested(named())
    assert changed(person, {"unit": CountingUnit.FAMILY}) == {"unit"}


def test_whom_nobody_masks_may_turn_out_to_be_a_group() -> None:
    person = service.record_person(make.actor("monitor"), named())
    assert changed(person, {"unit": CountingUnit.FAMILY, "head_count": 5}) == set()
    assert person.unit == CountingUnit.FAMILY
