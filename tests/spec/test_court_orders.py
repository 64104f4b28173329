"""What became of an order, who is to appear or to report, and what was confirmed last."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, Stale
from hrdtracker.core.when.model import When
from hrdtracker.proceedings import confirming, hearings, joining, titles
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.confirming import seen_as
from hrdtracker.proceedings.drafts.hearings import ConclusionDraft, HearingDraft
from hrdtracker.proceedings.drafts.judgments import JudgmentDraft
from hrdtracker.proceedings.drafts.proceedings import JoiningDraft
from hrdtracker.proceedings.drafts.requests import DefenceRequestDraft, DefenceRequestUpdate
from hrdtracker.proceedings.drafts.titles import OrderDraft, OrderUpdate, TitleUpdate
from hrdtracker.proceedings.judging import add_judgments
from hrdtracker.proceedings.model import (
    Charge,
    ChargeStep,
    CourtOrder,
    HearingStatus,
    OrderKind,
    Proceeding,
    RequestKind,
    RequestStanding,
    TitleKind,
)
from hrdtracker.proceedings.reading.appointments import LOOKED_AT, Appointment, appointments
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from hrdtracker.proceedings.requests import file_requests, update_request
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")
SUMMONS = OrderKind.SUMMONS
DAY = timedelta(days=1)


def _ordered(row: Proceeding, kind: OrderKind = SUMMONS, **changes: Any) -> CourtOrder:
    case = courts.case_of(row)
    values = {"people": courts.people(case), "kind": kind, "ordered": courts.on(17), **changes}
    draft = OrderDraft(**values, proceeding=row.uid)
    return titles.add_orders(make.actor("monitor"), case, draft)


def _updated(row: CourtOrder, **said: Any) -> None:
    titles.update_order(make.actor("monitor"), row, OrderUpdate(**said), row.version)


def _in(days: int) -> When:
    return When.day(clock.today(make.ZONE) + days * DAY, make.ZONE)


def _coming(login: str = "monitor") -> list[Appointment]:
    today = clock.today(make.ZONE)
    return list(appointments(make.actor(login), today, today + 7 * DAY, make.ZONE))


def _clocks() -> set[str]:
    session().expire_all()
    return set(session().scalars(select(Clock.clock)))


# To appear and to report --------------------------------------------------------------------------


def test_a_summons_says_who_is_to_appear_until_it_was_carried_out_or_withdrawn() -> None:
    row = courts.opened(courts.case_with(1))
    order = _ordered(row, due=_in(2))
    assert [(one.letter, one.order, one.at) for one in _coming()] == [("A", "summons", _in(2))]
    assert _coming("stranger") == []
    _updated(order, due=_in(2), executed=courts.on(18))
    assert _coming() == []


def test_what_lies_further_ahead_and_what_is_no_summons_waits() -> None:
    row = courts.opened(courts.case_with(1))
    _ordered(row, due=_in(9))
    _ordered(row, OrderKind.TRAVEL_BAN, due=_in(2))
    assert _coming() == []


def test_whoever_is_supervised_reports_on_the_next_day_until_it_ends() -> None:
    case = courts.case_with(1)
    day = clock.today(make.ZONE) + 2 * DAY
    title = courts.held(case, kind=TitleKind.JUDICIAL_SUPERVISION, next_report_on=day)
    (one,) = _coming()
    assert one.reports
    assert one.title_uid == title.uid
    ended = TitleUpdate(courts.on(20), day)
    titles.update_title(make.actor("monitor"), title, ended, title.version)
    assert _coming() == []


def test_who_reports_today_is_not_hidden_by_days_that_passed_and_were_never_set_anew() -> None:
    supervised, today = TitleKind.JUDICIAL_SUPERVISION, clock.today(make.ZONE)
    courts.held(courts.case_with(LOOKED_AT), kind=supervised, next_report_on=today - DAY)
    courts.held(courts.case_with(1), kind=supervised, next_report_on=today)
    (one,) = _coming()
    assert one.at == _in(0)


@pytest.mark.parametrize(("days", "is_shown"), [(-1, False), (0, True), (6, True), (7, False)])
def test_the_days_to_report_and_to_appear_are_those_of_a_time(
    days: int,
    is_shown: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    case, day = courts.case_with(1), clock.today(make.ZONE) + days * DAY
    courts.held(case, kind=TitleKind.JUDICIAL_SUPERVISION, next_report_on=day)
    _ordered(courts.opened(courts.case_with(1)), due=_in(days))
    assert len(_coming()) == 2 * is_shown


# What became of an order --------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["due", "executed", "withdrawn"])
def test_nothing_becomes_of_an_order_before_it_was_given(field: str) -> None:
    order = _ordered(courts.opened(courts.case_with(1)))
    with pytest.raises(Refused) as why:
        _updated(order, **{field: courts.on(16)})
    assert set(why.value.reasons) == {field}


def test_an_order_is_carried_out_on_no_day_ahead() -> None:
    order = _ordered(courts.opened(courts.case_with(1)))
    with pytest.raises(Refused) as why:
        _updated(order, executed=_in(2))
    assert set(why.value.reasons) == {"executed"}


def test_who_does_not_read_the_case_says_nothing_of_its_orders() -> None:
    order = _ordered(courts.opened(courts.case_with(1)))
    with pytest.raises(NotAllowed):
        titles.update_order(make.actor("stranger"), order, OrderUpdate(), order.version)


def test_only_a_closing_order_that_sends_to_trial_keeps_them_detained() -> None:
    with pytest.raises(Refused) as why:
        _ordered(courts.opened(courts.case_with(1)), keeps_detained=True)
    assert set(why.value.reasons) == {"keeps_detained"}


def test_detention_that_a_closing_order_keeps_has_its_own_limit_until_the_trial_begins() -> None:
    case = courts.case_with(1)
    row = courts.opened(case)
    courts.charged(row)
    courts.held(case, kind=TitleKind.PRETRIAL_DETENTION, proceeding=row.uid)
    assert "pre_trial_detention" in _clocks()
    _ordered(row, OrderKind.SENT_TO_TRIAL, ordered=courts.on(20), keeps_detained=True)
    assert "closing_to_trial" in _clocks()
    assert "pre_trial_detention" not in _clocks()
    draft = HearingDraft(courts.on(22), "trial")
    hearing = hearings.add_hearing(make.actor("monitor"), row, draft)
    assert "closing_to_trial" in _clocks()
    hearings.conclude(
        make.actor("monitor"), hearing, ConclusionDraft(HearingStatus.HELD), hearing.version
    )
    assert "closing_to_trial" not in _clocks()


def test_a_closing_order_that_frees_them_begins_no_limit() -> None:
    row = courts.opened(courts.case_with(1))
    _ordered(row, OrderKind.SENT_TO_TRIAL, keeps_detained=False)
    assert "closing_to_trial" not in _clocks()


# Still so -----------------------------------------------------------------------------------------


def _one_of_each() -> tuple[Proceeding, list[Any]]:
    """Return a proceeding against somebody, and one of everything that is said of them in it."""
    case = courts.case_with(1)
    row, monitor = courts.opened(case), make.actor("monitor")
    who = courts.parties(row)
    asked = DefenceRequestDraft(who, RequestKind.BAIL, courts.on(18))
    judged = JudgmentDraft(who, courts.on(18), "first_instance")
    return row, [
        courts.charged(row),
        courts.held(case, proceeding=row.uid),
        add_judgments(monitor, row, judged),
        _ordered(row),
        file_requests(monitor, row, asked),
    ]


def _seen(row: Proceeding) -> str:
    """Return the digest of what a proceeding says now of the first who stands in it."""
    return proceeding_details(make.actor("monitor"), row.uid).parties[0].seen


def _confirm(row: Proceeding, login: str, seen: str | None = None) -> None:
    """Say that what was seen, or what stands there now, is still so."""
    confirming.confirm_party(make.actor(login), row, courts.parties(row)[0], seen or _seen(row))


def _charged(row: Proceeding, _: list[Any]) -> None:
    courts.charged(row)


def _dropped(row: Proceeding, said: list[Any]) -> None:
    courts.stepped(row, said[0], ChargeStep.DROPPED)


def _ended(_: Proceeding, said: list[Any]) -> None:
    draft = TitleUpdate(ended=courts.on(18))
    titles.update_title(make.actor("monitor"), said[1], draft, said[1].version)


def _appealed(row: Proceeding, said: list[Any]) -> None:
    courts.appealed(row, said[2])


def _order_changed(_: Proceeding, said: list[Any]) -> None:
    _updated(said[3], executed=courts.on(18))


def _decided(_: Proceeding, said: list[Any]) -> None:
    draft = DefenceRequestUpdate(RequestStanding.REFUSED, decided=courts.on(20))
    update_request(make.actor("monitor"), said[4], draft, said[4].version)


def _held_and_charged(row: Proceeding, said: list[Any]) -> None:
    _ended(row, said)
    _charged(row, said)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "happens",
    [_charged, _dropped, _ended, _appealed, _order_changed, _decided, _held_and_charged],
)
def test_what_a_colleague_recorded_since_the_page_was_opened_is_never_confirmed(
    happens: Callable[[Proceeding, list[Any]], None],
) -> None:
    row, said = _one_of_each()
    seen = _seen(row)
    happens(row, said)
    with pytest.raises(Stale):
        _confirm(row, "director", seen)
    assert said[0].confirmed_by_id is None
    _confirm(row, "director")
    assert said[0].confirmed_by_id == make.user("director").id


def test_who_stands_in_two_proceedings_that_were_joined_is_confirmed_in_both() -> None:
    first, said = _one_of_each()
    second = courts.opened(courts.case_of(first))
    draft = JoiningDraft(second.uid, courts.on(20), "document")
    joining.join(make.actor("monitor"), first, draft, first.version)
    _confirm(second, "director")
    assert {each.confirmed_by_id for each in said} == {make.user("director").id}


def test_all_that_a_proceeding_says_of_somebody_is_confirmed_in_one_act() -> None:
    row, said = _one_of_each()
    ended = courts.held(courts.case_of(row), proceeding=row.uid, ended=courts.on(18))
    before, later = ended.confirmed_at, clock.now() + 2 * DAY
    with time_machine.travel(later, tick=False):
        _confirm(row, "director")
    assert {each.confirmed_at for each in said} == {later}
    assert {each.confirmed_by_id for each in said} == {make.user("director").id}
    assert ended.confirmed_at == before


def test_what_is_said_of_another_is_not_confirmed_with_it() -> None:
    row = courts.opened(courts.case_with(2))
    courts.charged(row)
    _confirm(row, "monitor")
    confirmed = select(Charge.confirmed_at).order_by(Charge.id)
    assert [at is None for at in session().scalars(confirmed)] == [False, True]


def test_a_hearing_is_confirmed_by_itself() -> None:
    row = courts.opened(courts.case_with(1))
    hearing = hearings.add_hearing(make.actor("monitor"), row, HearingDraft(courts.on(18), "trial"))
    seen = seen_as([hearing])
    confirming.confirm_hearing(make.actor("director"), hearing, seen)
    assert hearing.confirmed_by_id == make.user("director").id
    with pytest.raises(NotAllowed):
        confirming.confirm_hearing(make.actor("stranger"), hearing, seen_as([hearing]))
    with pytest.raises(Stale):
        confirming.confirm_hearing(make.actor("monitor"), hearing, seen)


def test_who_does_not_read_the_case_confirms_nothing_of_it() -> None:
    row, said = _one_of_each()
    with pytest.raises(Refused):
        _confirm(row, "stranger", _seen(row))
    assert said[0].confirmed_at is None


def test_what_is_changed_is_confirmed_with_it() -> None:
    order = _ordered(courts.opened(courts.case_with(1)))
    assert order.confirmed_at is None
    _updated(order, executed=courts.on(18))
    assert order.confirmed_by_id == make.user("monitor").id
