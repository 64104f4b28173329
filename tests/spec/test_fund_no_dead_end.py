"""No request ends where nobody can go on: it passes to somebody, or who names somebody is told."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import AcquittalDraft, ReleaseDraft
from hrdtracker.fund.drafts.requests import VerificationDraft
from hrdtracker.fund.model import BudgetLine, Payment, RequestRole, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.stuck import stuck
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import conflicts, passing_on
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.rules.stuck import stuck_requests
from hrdtracker.fund.workflow import PAYMENT, REQUEST
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
WHY = fund.WHY
OUTSIDE = ("admin", "admin2", "national", "board", "stranger", "far_director")
"""Who is there besides the people of the office."""
NAMED = {
    Action.FUND_VERIFY: Role.DIRECTOR,
    Action.FUND_RELEASE: Role.FINANCE_OFFICER,
    Action.FUND_COMMIT: Role.FUND_OFFICER,
    Action.FUND_PREPARE: Role.FUND_OFFICER,
    Action.FUND_REVIEW: Role.FUND_OFFICER,
    Action.FUND_RECEIVE: Role.DIRECTOR,
    Action.FUND_OUTCOME: Role.DIRECTOR,
}
"""Which role whoever is missing needs."""


def _gone(*logins: str) -> None:
    """Let people be locked out, as if each had been for long."""
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        for login in logins:
            make.user(login).state = UserState.LOCKED


def _named(login: str, role: Role, place: str | None = make.HERE) -> None:
    """Give somebody a role that counts."""
    moment = clock.now()
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        session().add(
            Membership(
                user_id=make.user(login).id,
                office_id=make.office(place).id if place else None,
                role=role,
                starts_at=moment - timedelta(minutes=1),
                counts_since=moment,
            )
        )


def _at_work() -> list[str]:
    users = session().scalars(select(User).where(User.state == UserState.ACTIVE))
    return [user.login for user in users.all()]


def _still(request: SupportRequest) -> Action | None:
    return stuck_requests(request.organisation_id, [request.id]).get(request.id)


def _knows(login: str, request: SupportRequest) -> None:
    conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")


# The whole life, in a small office ---------------------------------------------------------------


def _verify(login: str, request: SupportRequest) -> None:
    who, found = make.actor(login), VerificationDraft(WHY, WHY, WHY)
    decisions.verify(who, request, found, request.version)
    decisions.recommend(who, request, WHY, request.version)


def _commit(login: str, request: SupportRequest) -> None:
    where = session().scalars(select(BudgetLine)).first()
    assert where is not None
    commitments.commit(make.actor(login), request, where.uid, request.version)


def _prepare(login: str, request: SupportRequest) -> None:
    (instalment,) = instalments_of(request)
    asker = make.actor("monitor")
    payments.check(
        asker, request, instalment.uid, still_there=True, still_needed=True, version=request.version
    )
    payments.prepare(make.actor(login), request, instalment.uid, Sending(instalment.uid))


def _paid(request: SupportRequest) -> Payment:
    return commitments.payments_of(request)[0]


def _release(login: str, request: SupportRequest) -> None:
    assert login in {"finance", "nobody"}
    payment = _paid(request)
    told = ReleaseDraft(fund.today(), "Transfer 4711", None)
    payments.release(make.actor(login), payment, told, payment.version)


def _account(login: str, request: SupportRequest) -> None:
    fund.receive(_paid(request), login)
    payment = _paid(request)
    draft = AcquittalDraft(payment.amount, 0, "transfer_slip", "No. 1", fund.today())
    acquittals.acquit(make.actor("monitor"), payment, draft, fund.seen(payment))


def _approve(login: str, request: SupportRequest) -> None:
    decisions.approve(make.actor(login), request, WHY, request.version)


def _review(login: str, request: SupportRequest) -> None:
    acquittals.review(make.actor(login), _paid(request), fund.seen(_paid(request)))


def _ask(login: str, request: SupportRequest) -> None:
    acquittals.record_outcome(make.actor(login), request, "yes", "They kept the house.")


def _close(login: str, request: SupportRequest) -> None:
    acquittals.close(make.actor(login), request, request.version)


DOES: dict[Action, Callable[[str, SupportRequest], None]] = {
    Action.FUND_VERIFY: _verify,
    Action.FUND_APPROVE: _approve,
    Action.FUND_COMMIT: _commit,
    Action.FUND_RELEASE: _release,
    Action.FUND_RECEIVE: _account,
    Action.FUND_REVIEW: _review,
    Action.FUND_OUTCOME: _ask,
    Action.FUND_CLOSE: _close,
    Action.FUND_PREPARE: _prepare,
}
"""What moves a request on, in the order in which it is tried."""


OF_PAYMENT = (Action.FUND_RELEASE, Action.FUND_RECEIVE, Action.FUND_REVIEW)


def _able(request: SupportRequest) -> Iterator[tuple[Action, str]]:
    """Yield what somebody at work can do next, and who."""
    live = commitments.payments_of(request)
    for verb in DOES:
        for login in _at_work() if verb != Action.FUND_PREPARE or not live else ():
            actor = make.actor(login)
            workflow, rows = (PAYMENT, live) if verb in OF_PAYMENT else (REQUEST, [request])
            offers = workflow.offers_each(actor, [verb], rows)
            if any(verb in offer.may for offer in offers.values()):
                yield verb, login


@pytest.mark.parametrize(
    "office",
    [("monitor",), ("monitor", "director"), ("monitor", "director", "fund")],
    ids=["of one", "of two", "of three"],
)
def test_in_a_small_office_a_request_goes_on_to_its_end_and_who_is_missing_is_told(
    office: tuple[str, ...],
) -> None:
    fund.set_up()
    fund.line()
    request = fund.drafted(who="monitor")
    _gone(*(set(make.NAMES) - {*office, *OUTSIDE}))
    requests.submit(make.actor("monitor"), request, request.version)
    for _ in range(30):
        if request.status == "closed":
            break
        verb, who = next(_able(request), (None, ""))
        if verb is not None:
            assert _still(request) is None
            with contextlib.suppress(NotAllowed):  # finance reads no request
                fund.no_tie(request, who)
            DOES[verb](who, request)
            continue
        passing_on.look_after(worker(request.organisation_id))
        missing = _still(request)
        if missing is not None:
            assert [line.verb for line in stuck(make.actor("admin"))] == [missing]
            make.user("nobody")
            with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
                make.user("nobody").state = UserState.ACTIVE
            _named("nobody", NAMED[missing])
    assert request.status == "closed"


# Who knows somebody ------------------------------------------------------------------------------


def _accounted() -> SupportRequest:
    request = fund.paid()
    _account("director", request)
    return request


STAGES = [fund.sent, fund.recommended, fund.approved, fund.committed, fund.paid, _accounted]


@pytest.mark.parametrize("another", [False, True], ids=["national", "officer elsewhere"])
def test_what_the_only_fund_officer_may_not_go_on_with_passes_to_whom_the_rules_name(
    *, another: bool
) -> None:
    fund.set_up()
    under_way = [stage() for stage in STAGES]
    _gone("fund2")
    if another:
        _named("nobody", Role.FUND_OFFICER, make.THERE)
    heir = make.user("nobody" if another else "national").id
    for request in under_way:
        _knows("fund", request)
        assert (request.passed_to_id, _still(request)) == (heir, None), request.status
        for payment in commitments.payments_of(request):
            assert payment.passed_to_id == heir
    assert under_way[1].needs_officer is another
    assert under_way[1].needs_board is not another
    assert stuck(make.actor("admin")) == []


def test_what_was_passed_on_comes_back_once_the_office_has_somebody() -> None:
    fund.set_up()
    request = fund.committed()
    _gone("fund2")
    _knows("fund", request)
    assert request.passed_to_id is not None
    _named("nobody", Role.FUND_OFFICER)
    passing_on.pass_on_now(make.actor("director2"), request)
    assert request.passed_to_id is None


def test_whoever_has_it_keeps_it_as_long_as_they_may() -> None:
    request = fund.committed()
    _gone("fund2")
    _named("nobody", Role.FUND_OFFICER, make.THERE)
    _knows("fund", request)
    _named("stranger", Role.FUND_OFFICER, make.THERE)
    _named("board", Role.FUND_OFFICER, make.THERE)
    assert request.passed_to_id == make.user("nobody").id


def test_where_nobody_is_left_who_directs_the_office_and_who_names_somebody_are_told() -> None:
    fund.set_up()
    request = fund.prepared(fund.committed())
    about = session().get_one(SupportRequest, request.request_id)
    _gone("finance")
    assert passing_on.look_after(worker(about.organisation_id)) == 1
    told = {login: stuck(make.actor(login)) for login in make.NAMES}
    lines = {login: (row[0].verb, row[0].code) for login, row in told.items() if row}
    code = about.code
    assert lines == {
        **dict.fromkeys(("director", "director2", "national"), (Action.FUND_RELEASE, code)),
        **dict.fromkeys(("admin", "admin2"), (Action.FUND_RELEASE, None)),
    }
    with pytest.raises(WrongStatus, match="administrator"):
        passing_on.pass_on_now(make.actor("director"), about)
    _named("nobody", Role.FINANCE_OFFICER)
    assert stuck(make.actor("admin")) == []
    assert passing_on.look_after(worker(about.organisation_id)) == 0
    assert about.stuck_since is None


def test_whoever_accounted_for_money_leaves_its_review_to_another_officer() -> None:
    request = fund.paid()
    fund.receive(_paid(request))
    payment = _paid(request)
    draft = AcquittalDraft(payment.amount, 0, "transfer_slip", "No. 1", fund.today())
    acquittals.acquit(make.actor("fund"), payment, draft, fund.seen(payment))
    _gone("fund2")
    assert _still(request) == Action.FUND_REVIEW
    passing_on.pass_on_now(make.actor("director"), request)
    assert (request.passed_to_id, _still(request)) == (make.user("national").id, None)


def test_what_an_office_without_a_director_asks_for_waits_for_one_and_says_so() -> None:
    request = fund.sent(who="director")
    _gone("director2", "national")
    passing_on.look_after(worker(request.organisation_id))
    (line,) = stuck(make.actor("admin"))
    assert (line.verb, request.stuck_since is not None) == (Action.FUND_VERIFY, True)


def test_the_board_says_whether_a_release_was_right_where_nobody_else_can() -> None:
    fund.set_up(emergency_most=500_00)
    request = fund.released_at_once(fund.sent(), "fund", "national")
    _gone("fund2", "director", "director2")
    assert _still(request) is None
    fund.ratify(request, "board", ratified=True)


def test_who_must_decide_is_said_before_it_is_asked_whether_the_board_is_there() -> None:
    fund.set_up()
    request = fund.sent()
    _gone("fund2")
    _knows("fund", request)
    assert request.needs_board
    fund.no_tie(request, "director")
    found = VerificationDraft(WHY, WHY, WHY)
    decisions.verify(make.actor("director"), request, found, request.version)
    fund.set_up(board=None)
    with pytest.raises(WrongStatus, match="board"):
        decisions.recommend(make.actor("director"), request, WHY, request.version)
    _named("nobody", Role.FUND_OFFICER)
    decisions.recommend(make.actor("director"), request, WHY, request.version)
    assert (request.status, request.needs_board) == ("recommended", False)


def test_who_knows_somebody_says_so_though_no_rate_says_what_others_come_to() -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today())
    first = fund.approved(100_00)
    fund.set_up(currency="KHR", officer_most=2_000_000_00, director_most=12_000_000_00)
    payee = fund.person_in(first, RequestRole.PAYEE)
    told = fund.draft(400_000_00, currency="KHR", payee=payee)
    again = requests.ask(make.actor("monitor"), session().get_one(Case, first.case_id), told)
    requests.submit(make.actor("monitor"), again, again.version)
    assert again.other_amount == 400_000_00
    fund.no_tie(again, "fund")
    with clock.as_of(clock.now() + timedelta(days=70)):
        conflicts.declare(make.actor("fund"), again, knows=True, reason="A cousin.")
        passing_on.look_after(worker(make.organisation().id))
        assert again.other_amount == 400_000_00
        with pytest.raises(WrongStatus, match="There is no rate"):
            fund.approve(fund.recommend(again), "fund2")


def test_what_somebody_verified_who_directs_there_no_more_waits_for_another_director() -> None:
    request = fund.sent()
    fund.no_tie(request, "director", "director2")
    found = VerificationDraft(WHY, WHY, WHY)
    decisions.verify(make.actor("director"), request, found, request.version)

    def waits() -> bool:
        return Action.FUND_VERIFY in {task.verb for task in waiting(make.actor("director2"))}

    assert not waits(), "whoever verified it recommends it"
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        make.role_of("director").ends_at = clock.now()
    assert waits()


def test_money_said_to_be_back_that_nobody_can_confirm_is_told() -> None:
    request = fund.paid()
    payment = fund.receive(_paid(request))
    account = AcquittalDraft(payment.amount - 1, 1, "transfer_slip", "No. 1", fund.today())
    acquittals.acquit(make.actor("monitor"), payment, account, fund.seen(payment))
    acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    assert _still(request) is None
    _gone("finance")
    assert _still(request) == Action.FUND_BACK


@pytest.mark.parametrize("first", ["it is returned", "they know somebody"])
def test_what_whoever_asked_for_it_can_correct_no_more_is_refused_by_whoever_decides(
    first: str,
) -> None:
    request = fund.recommended()
    if first == "they know somebody":
        _knows("monitor", request)
    fund.no_tie(request, "fund", "fund2")
    decisions.return_request(make.actor("fund2"), request, WHY, request.version)
    refuse = partial(decisions.refuse, make.actor("fund"), request, WHY)
    if first == "it is returned":
        with pytest.raises(WrongStatus, match="whoever asked for it corrects it"):
            refuse(request.version)
        session().rollback()
        _knows("monitor", request)
    passing_on.look_after(worker(request.organisation_id))
    assert [line.verb for line in stuck(make.actor("director"))] == [Action.FUND_SUBMIT]
    tasks = {(task.verb, task.code) for task in waiting(make.actor("fund"))}
    assert tasks == {(Action.FUND_REFUSE, request.code)}
    refuse(request.version)
    assert (request.status, _still(request)) == ("refused", None)


def test_whether_it_helped_is_asked_of_somebody_before_it_is_closed() -> None:
    request = fund.paid()
    fund.account(fund.receive(_paid(request)))
    wanted = [task.verb for login in ("national", "fund") for task in waiting(make.actor(login))]
    assert wanted == [Action.FUND_OUTCOME] * 2, request.status
