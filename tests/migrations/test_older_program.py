"""After steps back, an older program takes nothing for decided, booked or paid that is not."""

import flask_migrate
from flask import Flask
from sqlalchemy import text

from hrdtracker.core.db import unit_of_work
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import AcquittalDraft
from hrdtracker.fund.payments import acquittals
from tests import fund, fund_plans, make
from tests.make import open_session


def _rows(app: Flask, query: str) -> list[tuple[str, ...]]:
    with app.extensions["sqlalchemy"].engine.connect() as connection:
        return [tuple(str(cell) for cell in row) for row in connection.execute(text(query))]


def _fill() -> None:
    """Leave a rate that nobody confirmed, a plan to draw from, and money that nobody saw back."""
    fund.propose_rate("finance", reason=fund.WHY)
    fund.bank_rate(4100, fund.today())
    fund_plans.drawn(fund_plans.approved(2, 50_00))
    for seen in (False, True):
        (payment,) = payments_of(fund.paid())
        told = AcquittalDraft(70_00, 30_00, "transfer_slip", "No. 1", fund.today())
        acquittals.acquit(make.actor("monitor"), fund.receive(payment), told, 0)
        acquittals.review(make.actor("fund"), payment, fund.seen(payment))
        if seen:
            fund.back(payment)


def test_what_nobody_confirmed_or_saw_and_a_plan_count_for_nothing_there(app: Flask) -> None:
    with app.app_context():
        with unit_of_work(open_session(app)):
            _fill()
            today = fund.today().isoformat()
        app.extensions["sqlalchemy"].session.remove()
        flask_migrate.downgrade(revision="older_databases")
        rates = "SELECT day FROM exchange_rate ORDER BY id"
        assert _rows(app, rates) == [("9999-12-31",), (today,)]
        reviewed = "SELECT reviewed_by_id IS NULL FROM acquittal ORDER BY id"
        assert [row[0] in {"1", "True"} for row in _rows(app, reviewed)] == [True, False]
        plans = "SELECT status, ended_at IS NULL FROM support_request ORDER BY id LIMIT 2"
        assert [row[0] for row in _rows(app, plans)] == ["withdrawn", "submitted"]
        flask_migrate.upgrade()
