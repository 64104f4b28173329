"""Many at once, and a process that is killed: exactly what the line holds, paid or not paid."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess

from flask import Flask
from sqlalchemy import select

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.cases.model import Case
from hrdtracker.core import keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.drafts.money import ReleaseDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import BudgetLine, Payment, SupportRequest, Transaction
from hrdtracker.fund.payments import service as paying
from hrdtracker.fund.requests import service as requests
from tests import fund, fund_plans, make
from tests.conftest import close
from tests.deep import usual_or_deep

PROCESSES, REQUESTS, EACH, LINE = 4, 50, 100_00, 1_000_00
PAID_BEFORE_KILLED = 3
PLACES, DRAWS = 5, 5
PATIENCE_S = 600
"""How long anything may take on a machine that is busy: longer, and it hangs."""
AT_WORK = multiprocessing.get_context("forkserver")
AT_WORK.set_forkserver_preload([__name__])  # read once, not by every process that is to be killed


@contextmanager
def _work(given: Settings, root: keyfile.RootKey) -> Iterator[Flask]:
    app = create_app(given, root)
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield app
        close(app)


def _commit(given: Settings, root: keyfile.RootKey, line: int, mine: list[int]) -> None:
    """Commit some requests; run in a process of its own."""
    with _work(given, root):
        where = session().get_one(BudgetLine, line)
        for number in mine:
            request = session().get_one(SupportRequest, number)
            try:
                commitments.commit(make.actor("fund"), request, where.uid, request.version)
            except Refused:
                session().expire_all()


def _start(*work: object) -> ForkServerProcess:
    process = AT_WORK.Process(target=_commit, args=work)
    process.start()
    return process


def test_fifty_at_once_promise_exactly_what_the_line_holds(
    given: Settings, root: keyfile.RootKey
) -> None:
    with _work(given, root):
        line = fund.line(LINE).id
        work = [_approved(REQUESTS // PROCESSES) for _ in range(PROCESSES)]
        work[0] += _approved(REQUESTS % PROCESSES)
    for process in [_start(given, root, line, mine) for mine in work]:
        process.join(PATIENCE_S)
        assert process.exitcode == 0
    with _work(given, root):
        statuses = list(session().scalars(select(SupportRequest.status)))
        assert statuses.count("committed") == LINE // EACH
        assert session().get_one(BudgetLine, line).committed == LINE
        assert check_fund().faults == ()


def _draw(given: Settings, root: keyfile.RootKey, plan: int, mine: list[int]) -> None:
    """Send what some households draw; run in a process of its own."""
    with _work(given, root):
        assert session().get_one(SupportRequest, plan).households == PLACES
        for number in mine:
            request = session().get_one(SupportRequest, number)
            try:
                requests.submit(make.actor("monitor"), request, request.version)
            except WrongStatus:
                session().rollback()


def test_of_many_who_draw_at_once_exactly_as_many_do_as_the_plan_is_for(
    given: Settings, root: keyfile.RootKey
) -> None:
    with _work(given, root):
        plan = fund_plans.approved(PLACES, EACH)
        case = session().get_one(Case, plan.case_id)
        drafts = [fund.short(EACH, plan=plan.uid) for _ in range(2 * DRAWS)]
        draws = [requests.ask(make.actor("monitor"), case, draft).id for draft in drafts]
        number = plan.id
    work = [(given, root, number, draws[::2]), (given, root, number, draws[1::2])]
    processes = [AT_WORK.Process(target=_draw, args=args) for args in work]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE_S)
        assert process.exitcode == 0
    with _work(given, root):
        assert session().get_one(SupportRequest, number).drawn == PLACES
        drawn = select(SupportRequest.id).where(
            SupportRequest.plan_id == number, SupportRequest.status == "submitted"
        )
        assert len(session().scalars(drawn).all()) == PLACES


def _approved(count: int) -> list[int]:
    """Approve a request from a case of its own, and as many like it as are wanted besides."""
    first = fund.approved(EACH)
    return [first.id, *(each.id for each in fund.copies(first, count - 1))]


def _release_some(
    given: Settings, root: keyfile.RootKey, at_work: object, most: int | None
) -> None:
    """Release prepared payments, one after the other; after the last wait until we are killed."""
    with _work(given, root):
        finance, told = make.actor("finance"), ReleaseDraft(fund.today(), "Transfer 1")
        waits = select(Payment).where(Payment.status == "prepared").order_by(Payment.id)
        for payment in list(session().scalars(waits.limit(most))):
            paying.release(finance, payment, told, payment.version)
            at_work.set()  # type: ignore[attr-defined]
        if most is not None:
            time.sleep(PATIENCE_S)


def _release_in_a_process(
    given: Settings, root: keyfile.RootKey, most: int | None
) -> ForkServerProcess:
    """Start to release payments; return once one has left, so that a kill meets the next ones.

    However late the kill comes on a machine that is busy, no more than `most` have left.
    """
    at_work = AT_WORK.Event()
    process = AT_WORK.Process(target=_release_some, args=(given, root, at_work, most))
    process.start()
    assert at_work.wait(PATIENCE_S)
    return process


def _wait_for_server() -> None:
    """Wait until PostgreSQL has seen that a process was killed: it may yet complete a COMMIT."""
    connection = session().connection()
    if connection.dialect.name == "sqlite":
        return
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend'"
        " AND pid <> pg_backend_pid()"
    )
    end = time.monotonic() + PATIENCE_S
    while connection.exec_driver_sql(others).scalar():
        assert time.monotonic() < end
        time.sleep(0.001)
        session().rollback()
        connection = session().connection()


def _paid() -> int:
    """Return how many payments left; every one of them stands in the books, and no other."""
    session().expire_all()
    assert check_fund().faults == ()
    paid = set(session().scalars(select(Payment.id).where(Payment.paid_on.is_not(None))))
    booked = select(Transaction.payment_id).where(Transaction.booking == "payment")
    assert set(session().scalars(booked)) == paid
    session().rollback()
    return len(paid)


def test_a_process_that_is_killed_while_paying_leaves_no_payment_in_doubt(
    given: Settings, root: keyfile.RootKey
) -> None:
    kills = usual_or_deep(20, 300)
    payments = kills * PAID_BEFORE_KILLED + 10
    with _work(given, root):
        line, parts = fund.line(payments * EACH), (InstalmentDraft(fund.today(), EACH),) * 10
        first = fund.approved(10 * EACH, instalments=parts)
        for request in (first, *fund.copies(first, payments // 10 - 1)):
            commitments.commit(make.actor("fund"), request, line.uid, request.version)
            for number in range(10):
                fund.prepared(request, number)
        for number in range(kills):
            process = _release_in_a_process(given, root, PAID_BEFORE_KILLED)
            time.sleep(0.0008 * (number % 40))
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join(PATIENCE_S)
            _wait_for_server()
            _paid()
        assert kills <= _paid() < payments
        process = _release_in_a_process(given, root, None)
        process.join(PATIENCE_S)
        assert process.exitcode == 0
        assert _paid() == payments, "what was interrupted is paid afterwards"
