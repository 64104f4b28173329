"""Days begin at midnight in the organisation’s zone, in every list that says what is overdue."""

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from hrdtracker.cases import service as cases
from hrdtracker.cases import work
from hrdtracker.cases.drafts import CaseDraft, TaskDraft
from hrdtracker.core import clock
from hrdtracker.fund.reading.worklist import waiting
from tests import fund, make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
DUE = clock.today(make.ZONE) + timedelta(days=2)
LISTS = (
    ("monitor", "/"),
    ("monitor", "/cases"),
    ("monitor", "/cases/{case}"),
    ("fund", "/"),
    ("fund", "/fund"),
)


def _at(days: int, hour: int, minute: int) -> datetime:
    """Return an instant so many days after the day that everything is due."""
    return datetime.combine(DUE + timedelta(days=days), time(hour, minute), make.ZONE)


def _everything_due_then() -> UUID:
    monitor, case = make.actor("monitor"), make.case_of(make.incident())
    work.add_task(monitor, case, TaskDraft("Call the lawyer", DUE))
    cases.edit_case(monitor, case, CaseDraft(next_look_on=DUE), case.version)
    fund.approved(needed_by=DUE)
    return case.uid


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [(_at(0, 1, 0), False), (_at(0, 23, 30), False), (_at(1, 1, 0), True), (_at(1, 23, 30), True)],
    ids=["at 01:00 that day", "at 23:30", "at 01:00 the day after", "at 23:30 the day after"],
)
def test_what_was_due_is_late_from_midnight_on_in_phnom_penh(
    app: Flask, moment: datetime, *, is_late: bool
) -> None:
    with time_machine.travel(_at(-1, 12, 0), tick=False):
        case = in_unit(app, _everything_due_then)
    with time_machine.travel(moment, tick=False):
        for login, path in LISTS:
            browser = Browser(app, login)
            browser.get(path.format(case=case))
            assert ("overdue" in browser.text) is is_late, (login, path)
        waits = in_unit(app, lambda: waiting(make.actor("fund")))
        assert {each.late for each in waits} == {is_late}
