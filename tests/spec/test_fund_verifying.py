"""`hrdtracker fund verify`: what was changed behind the program’s back is found and named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select, update

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.audit import trail
from hrdtracker.cli.main import main
from hrdtracker.core import clock, keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.model import (
    BudgetLine,
    Decision,
    Payment,
    Posting,
    SupportRequest,
    Transaction,
)
from tests import fund, fund_plans, make
from tests.conftest import close


def _behind_the_back(model: type[Any], **changes: Any) -> None:
    """Change every row of a table past the door and the trail."""
    _past_the_door(update(model.__table__).values(**changes))


def _past_the_door(statement: Any) -> None:
    session().rollback()  # a transaction that may write begins anew
    with trail.writing():
        session().connection(execution_options={"write": True}).execute(statement)
    session().expire_all()


def _found() -> set[str]:
    """Return what is wrong, each kind once."""
    return {fault.what for fault in check_fund().faults}


@pytest.fixture
def books(unit: None) -> None:
    """Let the fund have a request that was paid."""
    fund.paid()
    assert _found() == set()


@pytest.mark.usefixtures("books")
def test_a_check_counts_the_transactions_that_it_has_seen() -> None:
    count = session().scalar(select(func.count()).select_from(Transaction))
    assert check_fund().transactions == count
    assert count


@pytest.mark.usefixtures("books")
def test_a_posting_too_many_is_found() -> None:
    first = session().scalar(select(func.min(Transaction.id)))
    one = {"transaction_id": first, "number": 9, "account": "fees", "currency": "USD", "amount": 1}
    _past_the_door(Posting.__table__.insert().values(**one))  # type: ignore[attr-defined]
    assert "the postings do not sum to nothing in USD" in _found()


@pytest.mark.usefixtures("books")
def test_a_line_that_says_something_else_than_the_books_is_found() -> None:
    _behind_the_back(BudgetLine, spent=99_00)
    assert "the books say that 10000 was spent, the line 9900" in _found()


@pytest.mark.usefixtures("books")
def test_a_promise_that_is_not_its_request_s_is_found() -> None:
    _behind_the_back(SupportRequest, committed=1)
    assert _found() == {"its promises are not those of its requests"}


@pytest.mark.usefixtures("books")
def test_a_payment_that_names_other_people_than_its_request_is_found() -> None:
    _behind_the_back(Payment, approved_by_id=make.user("fund2").id)
    assert _found() == {"it names other people than its request"}


@pytest.mark.usefixtures("books")
def test_a_decision_that_no_act_on_the_trail_made_is_found() -> None:
    _behind_the_back(Decision, at=clock.now() + timedelta(days=1))
    assert _found() == {"no act on the trail made it"}


@pytest.mark.usefixtures("unit")
def test_a_plan_that_counts_other_households_than_drew_is_found() -> None:
    fund_plans.drawn(fund_plans.approved(2, 50_00))
    assert _found() == set()
    _behind_the_back(SupportRequest, plan_id=None)
    assert _found() == {"it counts other households than draw from it"}


# The command -------------------------------------------------------------------------------------


@contextmanager
def _inside(given: Settings, root: RootKey) -> Iterator[Flask]:
    app = create_app(given, root)
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield app
        close(app)


def _verify(given: Settings) -> Result:
    environment = {"HRDTRACKER_DATABASE_URL": given.database_url} if given.database_url else {}
    told = ["--instance", str(given.instance), "fund", "verify"]
    return CliRunner().invoke(main, told, env=environment)


HOLDS = (
    "ok every entry in the books sums to nothing in each currency (of 3)",
    "ok every entry has postings (of 3)",
    "ok every budget line says what the books say (of 1)",
    "ok every budget line has promised what its requests were (of 1)",
    "ok every plan counts the households that draw from it (of 1)",
    "ok payments and books agree on what left (of 1)",
    "ok what accounts for a payment is what left (of 1)",
    "ok nobody held two duties of one request that are kept apart (of 1)",
    "ok every decision was made by an act on the trail (of 2)",
    "",
    "USD debit credit balance",
    "grant 0.00 1,000.00 -1,000.00",
    "line 1,100.00 100.00 1,000.00",
    "commitments 100.00 100.00 0.00",
    "bank 0.00 100.00 -100.00",
    "spent 100.00 0.00 100.00",
    "together 0.00",
    "",
    "The fund holds: 3 transactions.",
)


def test_the_command_says_that_the_fund_holds_or_what_is_wrong_and_exits_with_1(
    given: Settings, root: RootKey
) -> None:
    keyfile._write(given.key_file, root, DEMO_PASSPHRASE, exclusive=True)
    with _inside(given, root):
        fund.paid()
    holds = _verify(given)
    assert holds.exit_code == 0
    assert [line.split() for line in holds.output.splitlines()] == [line.split() for line in HOLDS]
    with _inside(given, root):
        _behind_the_back(SupportRequest, committed=1)
        session().commit()
        line = session().scalar(select(BudgetLine.uid))
    wrong = _verify(given)
    assert wrong.exit_code == 1
    assert "WRONG  every budget line has promised what its requests were (of 1)\n" in wrong.output
    assert wrong.output.endswith(
        f"\nWRONG: line {line}: its promises are not those of its requests.\n"
    )
