"""What left beyond its approval is covered by whoever decides as high as all that left."""

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import UserState
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, WrongStatus
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.model import Capacity, Payment, SupportRequest
from hrdtracker.fund.reading.own_part import payment_for
from hrdtracker.fund.reading.stuck import stuck
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import passing_on
from hrdtracker.fund.rules import settings
from tests import fund, fund_stand_ins, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
PEOPLE = ("fund", "fund2", "director", "director2", "national", "finance", "board", "monitor")


def _over(left: int) -> Payment:
    """Return a payment of which so much left where 100 were approved."""
    request = fund.committed(100_00, fund.line(50_000_00))
    return fund.release(fund.prepared(request), left)


def _cover(login: str, payment: Payment) -> None:
    commitments.cover(make.actor(login), payment, fund.WHY, payment.version)


def _who_finds_it() -> set[str]:
    """Return on whose list of work it stands that something is to be covered."""
    tasks = {login: {task.verb for task in waiting(make.actor(login))} for login in PEOPLE}
    return {login for login, verbs in tasks.items() if Action.FUND_COVER in verbs}


def _can(payment: Payment) -> set[str]:
    """Return who opens the page on which it is covered."""
    able = set()
    request = session().get_one(SupportRequest, payment.request_id)
    for login in PEOPLE:
        try:
            payment_for(make.actor(login), request.uid, payment.uid, Action.FUND_COVER)
        except (NotFound, WrongStatus):
            continue
        able.add(login)
    return able


@pytest.mark.parametrize(
    ("left", "level", "who"),
    [
        (300_00, Capacity.OFFICER, {"fund", "fund2", "director2", "national"}),
        (900_00, Capacity.DIRECTOR, {"director2", "national", "board"}),
        (9_000_00, Capacity.BOARD, {"board"}),
    ],
)
def test_who_may_cover_finds_it_on_their_list_and_nobody_else_does(
    left: int, level: Capacity, who: set[str]
) -> None:
    fund.set_up()
    payment = _over(left)
    assert session().get_one(SupportRequest, payment.request_id).level == level
    assert _who_finds_it() == who
    assert _can(payment) == who


@pytest.mark.parametrize("login", ["fund2", "director2", "national"])
def test_nobody_but_whom_the_board_named_covers_as_much_as_the_board_decides(login: str) -> None:
    fund.set_up()
    payment = _over(9_000_00)
    with pytest.raises(WrongStatus):
        _cover(login, payment)
    _cover("board", payment)
    assert payment.over == 0
    assert _who_finds_it() == set()
    assert check_fund().faults == ()


def test_what_left_of_two_requests_for_one_payee_is_covered_as_high_as_both_together() -> None:
    """Each stays below what a fund officer decides: they were approved before either left."""
    fund.set_up()
    on, how = fund.line(50_000_00), "Wing 097 555 444, Demo B"
    paid = (fund.committed(100_00, on, payee_details=how) for _ in range(2))
    first, second = map(fund.prepared, paid)
    fund.release(first, 400_00)
    fund.release(second, 400_00)
    with pytest.raises(WrongStatus):
        _cover("fund2", second)
    _cover("director2", second)
    _cover("fund2", first)
    assert check_fund().faults == ()


@pytest.mark.parametrize("login", ["monitor", "director", "finance"])
def test_nobody_covers_what_they_asked_for_verified_or_released(login: str) -> None:
    fund.set_up()
    with pytest.raises(NotAllowed):
        _cover(login, _over(300_00))


@pytest.mark.parametrize(("login", "left"), [("monitor", 9_000_00), ("director", 900_00)])
def test_whom_the_board_named_covers_nothing_in_which_they_had_a_part(
    login: str, left: int
) -> None:
    fund.set_up(board=make.user(login).uid)
    payment = _over(left)
    with pytest.raises(NotAllowed):
        _cover(login, payment)


def test_nobody_covers_in_the_place_of_who_is_away() -> None:
    fund.set_up()
    payment = _over(300_00)
    fund_stand_ins.delegates("fund", "colleague")
    with pytest.raises(NotAllowed):
        _cover("colleague", payment)


def test_where_the_board_named_nobody_directors_and_administrators_are_told_and_naming_helps() -> (
    None
):
    payment = _over(9_000_00)
    request = session().get_one(SupportRequest, payment.request_id)
    assert _who_finds_it() == set()
    passing_on.look_after(worker(make.organisation().id))
    for login in ("director2", "national", "admin"):
        (told,) = stuck(make.actor(login))
        assert (told.verb, told.capacity) == (Action.FUND_COVER, Capacity.BOARD), login
    fund.set_up()
    passing_on.look_after(worker(make.organisation().id))
    assert request.stuck_since is None
    assert _who_finds_it() == {"board"}


def test_whom_the_board_named_and_who_is_gone_covers_nothing_and_that_is_told() -> None:
    fund.set_up()
    payment = _over(9_000_00)
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        make.user("board").state = UserState.LOCKED
    passing_on.look_after(worker(make.organisation().id))
    assert [told.verb for told in stuck(make.actor("admin"))] == [Action.FUND_COVER]
    assert payment.over > 0


def test_whoever_the_board_named_before_covers_no_more() -> None:
    fund.set_up()
    payment = _over(9_000_00)
    fund.set_up(board=make.user("nobody").uid)
    assert (
        settings.board_of(settings.settings_of(make.organisation().id))
        == make.user("nobody").uid.hex
    )
    with pytest.raises(NotAllowed):
        _cover("board", payment)
    _cover("nobody", payment)
    assert payment.over == 0
