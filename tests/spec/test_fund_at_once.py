"""Many at once, and a process that is killed: exactly what the line holds, paid or not paid."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess

from flask import Flask
from hypothesis import settings
from sqlalchemy import select

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.core import keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import Refused
from hrdtracker.fund import committing, paying
from hrdtracker.fund.model import BudgetLine, Payment, SupportRequest, Transaction
from hrdtracker.fund.money_drafts import ReleaseDraft
from hrdtracker.fund.verifying import check_fund
from tests import fund, make
from tests.conftest import close

PROCESSES, REQUESTS, EACH, LINE = 4, 50, 100_00, 1_000_00
DEEP = 1_000
AT_WORK = multiprocessing.get_context("forkserver")
AT_WORK.set_forkserver_preload([__name__])  # read once, not by every process that is to be killed


@contextmanager
def _work(given: Settings, root: keyfile.RootKey) -> Iterator[Flask]:
    app = create_app(given, root)
    with app.app_context(), unit_of_work(make.open_session(app)) as opened:
        opened.info["terms_version"] = 1  # as a request knows it, so that terms are read once
        yield app
        close(app)


def _commit(given: Settings, root: keyfile.RootKey, line: int, mine: list[int]) -> None:
    """Commit some requests; run in a process of its own."""
    with _work(given, root):
        where = session().get_one(BudgetLine, line)
        for number in mine:
            request = session().get_one(SupportRequest, number)
            try:
                committing.commit(make.actor("fund"), request, where.uid, request.version)
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
        process.join(120)
        assert process.exitcode == 0
    with _work(given, root):
        statuses = list(session().scalars(select(SupportRequest.status)))
        assert statuses.count("committed") == LINE // EACH
        assert session().get_one(BudgetLine, line).committed == LINE
        assert check_fund().faults == ()


def _approved(count: int) -> list[int]:
    """Approve a request from a case of its own, and as many like it as are wanted besides."""
    first = fund.approved(EACH)
    return [first.id, *(each.id for each in fund.copies(first, count - 1))]


def _release_all(given: Settings, root: keyfile.RootKey, ready: object) -> None:
    """Release every prepared payment, one after the other, until somebody kills us."""
    with _work(given, root):
        finance, told = make.actor("finance"), ReleaseDraft(fund.today(), "Transfer 1")
        waits = select(Payment).where(Payment.status == "prepared").order_by(Payment.id)
        found = list(session().scalars(waits))
        ready.set()  # type: ignore[attr-defined]
        for payment in found:
            paying.release(finance, payment, told, payment.version)


def _release_in_a_process(given: Settings, root: keyfile.RootKey) -> ForkServerProcess:
    ready = AT_WORK.Event()
    process = AT_WORK.Process(target=_release_all, args=(given, root, ready))
    process.start()
    assert ready.wait(60)
    return process


def _paid(given: Settings, root: keyfile.RootKey) -> int:
    """Return how many payments left; every one of them stands in the books, and no other."""
    with _work(given, root):
        assert check_fund().faults == ()
        paid = {one.id for one in session().scalars(select(Payment)) if one.paid_on}
        booked = select(Transaction.payment_id).where(Transaction.booking == "payment")
        assert set(session().scalars(booked)) == paid
        return len(paid)


def test_a_process_that_is_killed_while_paying_leaves_no_payment_in_doubt(
    given: Settings, root: keyfile.RootKey
) -> None:
    kills = 200 if settings().max_examples >= DEEP else 20
    with _work(given, root):
        line = fund.line(kills * EACH)
        first = fund.approved(EACH)
        for request in (first, *fund.copies(first, kills - 1)):
            committing.commit(make.actor("fund"), request, line.uid, request.version)
            fund.prepared(request)
    for number in range(kills):
        process = _release_in_a_process(given, root)
        time.sleep(0.004 * (number % 10))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join(60)
        if _paid(given, root) == kills:
            break
    else:
        process = _release_in_a_process(given, root)
        process.join(120)
        assert process.exitcode == 0
        assert _paid(given, root) == kills, "what was interrupted is paid afterwards"
