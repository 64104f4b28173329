"""How many people, families and groups some records stand for together."""

import pytest

from hrdtracker.people.drafts import PersonDraft
from hrdtracker.people.model import CountingUnit
from hrdtracker.people.sizes import NONE, Count, Size, size_of

ONE = PersonDraft()
GROUP = PersonDraft(unit=CountingUnit.COMMUNITY)
TWELVE = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=12)
ROUGHLY_FORTY = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=40, head_count_about=True)
FAMILIES = PersonDraft(unit=CountingUnit.COMMUNITY, family_count=120, family_count_about=True)
BOTH = PersonDraft(unit=CountingUnit.COMMUNITY, family_count=30, head_count=150)


@pytest.mark.parametrize(
    ("records", "size"),
    [
        ((), Size()),
        ((ONE, ONE), Size(people=Count(2))),
        ((ONE, TWELVE), Size(people=Count(13))),
        ((ONE, ROUGHLY_FORTY), Size(people=Count(41, is_about=True))),
        ((GROUP, ONE), Size(people=Count(1), groups=1)),
        ((FAMILIES,), Size(families=Count(120, is_about=True))),
        ((BOTH, BOTH), Size(families=Count(60), in_families=Count(300))),
        ((BOTH, FAMILIES), Size(families=Count(150, is_about=True), in_families=NONE)),
        ((FAMILIES, BOTH, ONE), Size(Count(1), Count(150, is_about=True), NONE)),
    ],
)
def test_families_are_never_added_to_people(records: tuple[PersonDraft, ...], size: Size) -> None:
    assert size_of(records) == size
