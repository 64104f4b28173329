"""What cannot be said of a person, a group or a contact, and at which field that is told."""

from datetime import date, timedelta
from typing import Any

import pytest

from hrdtracker.core import clock
from hrdtracker.core.errors import Refused
from hrdtracker.people.drafts import Birth, ContactDraft, NameDraft, PersonDraft
from hrdtracker.people.model import CountingUnit

TOMORROW_BUT_ONE = clock.now().date() + timedelta(days=2)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("names", {"names": (NameDraft("x" * 201),)}),
        ("names", {"names": (NameDraft("nul\0"),)}),
        ("names", {"names": (NameDraft("lone \ud800 surrogate"),)}),
        ("names", {"names": tuple(NameDraft(f"Demo {n}") for n in range(21))}),
        ("remarks", {"remarks": "x" * 20_001}),
        ("remarks", {"remarks": "bell \a"}),
        ("age", {"age": 121}),
        ("age", {"age": -1}),
        ("age", {"age": 3, "unit": CountingUnit.FAMILY}),
        ("age_on", {"age": 3, "age_on": TOMORROW_BUT_ONE}),
        ("birth", {"birth": Birth(TOMORROW_BUT_ONE.year + 1)}),
        ("birth", {"birth": Birth(1850)}),
        ("birth", {"birth": Birth(1990), "unit": CountingUnit.COMPANY}),
        ("head_count", {"head_count": 0, "unit": CountingUnit.FAMILY}),
        ("head_count", {"head_count": 1_000_001, "unit": CountingUnit.FAMILY}),
        ("head_count", {"head_count": 5}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, values: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        PersonDraft(**values)
    assert set(refused.value.reasons) == {field}


@pytest.mark.parametrize("parts", [(0,), (10_000,), (1990, 13), (1990, 2, 30), (1990, None, 1)])
def test_a_date_of_birth_that_no_calendar_has_is_refused(parts: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        Birth(*parts)


@pytest.mark.parametrize(
    ("birth", "first", "written"),
    [
        (Birth(1990), date(1990, 1, 1), "1990"),
        (Birth(1990, 3), date(1990, 3, 1), "1990-03"),
        (Birth(1990, 3, 12), date(1990, 3, 12), "1990-03-12"),
    ],
)
def test_a_date_of_birth_says_how_finely_it_is_known(
    birth: Birth, first: date, written: str
) -> None:
    assert birth.first == first
    assert str(birth) == written
    assert Birth.read(written) == birth


def test_nobody_need_be_named_to_be_recorded() -> None:
    assert PersonDraft().names == ()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", {"kind": ""}),
        ("value", {"value": None}),
        ("value", {"value": "0" * 301}),
        ("value", {"value": "012\0"}),
        ("hours", {"hours": "x" * 301}),
        ("name_to_use", {"name_to_use": "x" * 301}),
        ("code_word", {"code_word": "\ud800"}),
        ("who_may_answer", {"who_may_answer": "x" * 301}),
        ("never", {"never": "x" * 301}),
        ("checked_on", {"checked_on": TOMORROW_BUT_ONE}),
    ],
)
def test_a_contact_that_cannot_be_is_refused_at_its_field(
    field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        ContactDraft(**{"kind": "phone", "value": "012 000 000", **values})
    assert set(refused.value.reasons) == {field}


def test_a_contact_may_be_a_note_without_a_number() -> None:
    assert ContactDraft("in_person", hours="After the prayer").value is None
