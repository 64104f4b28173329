"""Why people are held, until when, and what was ordered: several at once, each with their own."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import titles
from hrdtracker.proceedings.drafts.titles import OrderDraft, TitleUpdate
from hrdtracker.proceedings.model import CourtOrder, LegalTitle, OrderKind, TitleKind
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")
DETENTION, SUPERVISION = TitleKind.PRETRIAL_DETENTION, TitleKind.JUDICIAL_SUPERVISION


def _count(model: type[Any]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def _ordered(case: Any, title: LegalTitle | None = None, **changes: Any) -> CourtOrder:
    values: dict[str, Any] = {
        "people": courts.people(case),
        "kind": OrderKind.EXTENSION,
        "ordered": courts.on(18),
        "title": title.uid if title else None,
        **changes,
    }
    return titles.add_orders(make.actor("monitor"), case, OrderDraft(**values))


def test_forty_are_taken_in_one_act_and_each_has_a_title_of_their_own() -> None:
    case = courts.case_with(40)
    courts.held(case)
    assert _count(LegalTitle) == 40


def test_detention_begins_with_the_order_whose_day_is_given() -> None:
    case = courts.case_with(1)
    proceeding = courts.opened(case)
    courts.held(case, kind=DETENTION, ordered=courts.on(17), proceeding=proceeding.uid)
    (line,) = proceeding_details(make.actor("monitor"), proceeding.uid).parties
    assert [order.kind for order in line.orders] == ["detention"]
    assert line.orders[0].ordered == courts.on(17)
    assert line.orders[0].legal_title_id == line.titles[0].id


def test_police_custody_begins_with_no_order() -> None:
    case = courts.case_with(1)
    assert make.refused(lambda: courts.held(case, ordered=courts.on(17))) == {"ordered"}


def test_a_title_does_not_end_before_it_begins() -> None:
    case = courts.case_with(1)
    assert make.refused(lambda: courts.held(case, ended=courts.on(12))) == {"ended"}


def test_titles_may_overlap() -> None:
    case = courts.case_with(1)
    courts.held(case)
    courts.held(case, kind=TitleKind.SENTENCE)
    assert _count(LegalTitle) == 2


def test_only_who_is_supervised_reports() -> None:
    case, monday = courts.case_with(1), date(2026, 12, 7)
    assert make.refused(lambda: courts.held(case, next_report_on=monday)) == {"next_report_on"}
    title = courts.held(case, kind=SUPERVISION, next_report_on=monday)
    assert title.next_report_on == monday


def test_the_end_of_a_title_is_said_later() -> None:
    case = courts.case_with(1)
    monitor, title = make.actor("monitor"), courts.held(case)
    early = TitleUpdate(ended=courts.on(3))
    assert make.refused(lambda: titles.update_title(monitor, title, early, title.version)) == {
        "ended"
    }
    titles.update_title(monitor, title, TitleUpdate(ended=courts.on(18)), title.version)
    assert session().get_one(LegalTitle, title.id).ended == courts.on(18)


def test_who_is_in_custody_does_not_report() -> None:
    monitor, title = make.actor("monitor"), courts.held(courts.case_with(1))
    update = TitleUpdate(next_report_on=date(2026, 12, 7))
    assert make.refused(lambda: titles.update_title(monitor, title, update, title.version)) == {
        "next_report_on"
    }


def test_an_extension_extends_the_custody_of_each() -> None:
    case = courts.case_with(3)
    title = courts.held(case)
    _ordered(case, title, in_writing=True)
    orders = session().scalars(select(CourtOrder)).all()
    assert len({order.legal_title_id for order in orders}) == 3


def test_an_extension_names_what_it_extends() -> None:
    assert make.refused(lambda: _ordered(courts.case_with(1))) == {"title"}


def test_what_is_extended_has_begun_and_not_ended() -> None:
    case = courts.case_with(1)
    title = courts.held(case, ended=courts.on(17))
    assert make.refused(lambda: _ordered(case, title)) == {"ordered"}
    assert make.refused(lambda: _ordered(case, title, ordered=courts.on(12))) == {"ordered"}


@pytest.mark.parametrize("other_is_over", [True, False])
def test_an_extension_is_of_the_ground_of_each_that_held_then_in_the_same_proceeding(
    *, other_is_over: bool
) -> None:
    case = courts.case_with(2)
    one, other = courts.opened(case), courts.opened(case)
    courts.held(case, proceeding=one.uid)
    named = session().scalars(select(LegalTitle).order_by(LegalTitle.id)).all()
    courts.held(
        case,
        proceeding=other.uid,
        began=courts.on(12),
        ended=courts.on(17) if other_is_over else None,
    )
    courts.held(case, proceeding=one.uid, kind=DETENTION)
    there = make.case_of(make.incident(victims=(Victim(known=courts.people(case)[1]),)))
    courts.held(there)
    _ordered(case, named[0])
    orders = session().scalars(select(CourtOrder).order_by(CourtOrder.legal_title_id)).all()
    assert [order.legal_title_id for order in orders] == [title.id for title in named]
    assert {order.proceeding_id for order in orders} == {one.id}


def test_an_order_is_of_the_proceeding_that_is_named_with_it() -> None:
    case = courts.case_with(1)
    one, other = courts.opened(case), courts.opened(case)
    order = _ordered(case, courts.held(case, proceeding=one.uid), proceeding=other.uid)
    assert order.proceeding_id == other.id


def test_who_was_held_for_that_reason_only_before_is_not_extended_with_the_others() -> None:
    case = courts.case_with(2)
    first, second = courts.people(case)
    courts.held(case, people=(second,), began=courts.on(12), ended=courts.on(14))
    title = courts.held(case, people=(first,))
    assert make.refused(lambda: _ordered(case, title)) == {"people"}


def test_a_title_of_another_case_is_not_extended() -> None:
    case, other = courts.case_with(1), courts.case_with(1)
    title = courts.held(other)
    assert make.refused(lambda: _ordered(case, title)) == {"title"}


def test_not_everybody_is_held_for_the_reason_that_is_extended() -> None:
    case = courts.case_with(2)
    title = courts.held(case, people=courts.people(case)[:1])
    assert make.refused(lambda: _ordered(case, title)) == {"people"}


def test_somebody_of_another_case_is_held_in_none_of_this_one() -> None:
    case, other = courts.case_with(1), courts.case_with(1)
    assert make.refused(lambda: courts.held(case, people=courts.people(other))) == {"people"}


def test_in_a_proceeding_only_those_are_held_whom_it_is_against() -> None:
    case = courts.case_with(2)
    proceeding = courts.opened(case, accused=courts.people(case)[:1])
    assert make.refused(lambda: courts.held(case, proceeding=proceeding.uid)) == {"people"}
    summoned = partial(_ordered, case, kind=OrderKind.SUMMONS, proceeding=proceeding.uid)
    assert make.refused(summoned) == {"people"}


def test_a_title_belongs_to_a_proceeding_of_its_case() -> None:
    case, other = courts.case_with(1), courts.case_with(1)
    proceeding = courts.opened(other)
    with pytest.raises(NotFound):
        courts.held(case, proceeding=proceeding.uid)


def test_whoever_is_summoned_may_have_to_appear_on_a_day_to_come() -> None:
    case = courts.case_with(1)
    order = _ordered(case, kind=OrderKind.SUMMONS, due=courts.on(20, 12))
    assert order.due == courts.on(20, 12)
    early = courts.on(2)
    assert make.refused(lambda: _ordered(case, kind=OrderKind.SUMMONS, due=early)) == {"due"}
