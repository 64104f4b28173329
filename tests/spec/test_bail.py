"""On what terms somebody was released on bail: how much, who paid, under which conditions."""

from typing import Any
from uuid import UUID

import pytest

from hrdtracker.cases.model import Case
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.core.when.model import When
from hrdtracker.custody.bail import bail_of, record_bail
from hrdtracker.custody.drafts import BailDraft
from hrdtracker.custody.model import Bail, CustodyEvent
from hrdtracker.custody.people import people_in
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")
TERMS = BailDraft(Money(50_000, "USD"), "family", "Stays in the province.", "lawyer")


def _released(end_kind: str = "released_on_bail") -> tuple[Case, UUID]:
    case = make.case_of(make.incident(type="arrest"))
    (row,) = people_in(case.scope_id)
    draft = ManyDraft(
        kind=CustodyEvent.ENDED,
        happened=When.unknown("", make.ZONE),
        stays=(row.uid,),
        end_kind=end_kind,
    )
    service.record(make.actor("monitor"), case, draft)
    return case, row.uid


def _said(had: tuple[Case, UUID], version: int = 0, login: str = "monitor", **changes: Any) -> Bail:
    terms = {"bail": TERMS.bail, "conditions": TERMS.conditions, **changes}
    return record_bail(make.actor(login), *had, BailDraft(**terms), version)


def test_the_terms_of_a_release_on_bail_are_kept_and_corrected() -> None:
    had = _released()
    row = record_bail(make.actor("monitor"), *had, TERMS, 0)
    assert (row.amount, row.currency, row.paid_by) == (50_000, "USD", "family")
    again = _said(had, row.version, bail=None)
    assert (again.id, again.amount, again.conditions) == (row.id, None, "Stays in the province.")
    assert bail_of(*had)[1] == row


def test_what_another_said_meanwhile_is_not_written_over() -> None:
    had = _released()
    _said(had)
    with pytest.raises(Stale):
        _said(had)


def test_only_of_a_release_on_bail_terms_are_said() -> None:
    with pytest.raises(WrongStatus):
        _said(_released("released"))


def test_who_may_not_add_to_the_case_says_nothing_and_of_another_case_nobody_does() -> None:
    had, other = _released(), courts.case_with(1)
    with pytest.raises(NotAllowed):
        _said(had, login="stranger")
    with pytest.raises(NotFound):
        _said((other, had[1]))


def test_nothing_said_is_refused_and_who_paid_alone_says_too_little() -> None:
    with pytest.raises(Refused) as why:
        BailDraft(paid_by="family")
    assert set(why.value.reasons) == {"conditions"}
