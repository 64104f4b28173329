"""A mail that something is due: off at first, never what, at most one in a set time."""

import re
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.accounts.service import set_mail_address
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import FollowUpDraft
from hrdtracker.cases.work import add_follow_up
from hrdtracker.core.db import session
from hrdtracker.duty.service import DayChange, set_days
from hrdtracker.outbox.model import Job, JobState
from tests import clocks, make
from tests.conftest import close
from tests.mail import (
    HOUR,
    NOW,
    READER,
    SENDER,
    URL,
    Receiver,
    give_address,
    receiving,
    settings,
    work,
)
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
ROOT = Path(__file__).parents[2]


def want_due_mail(app: Flask, login: str = "monitor", address: str = READER) -> None:
    def want() -> None:
        make.load_keys()
        set_mail_address(make.actor(login), address, due=True)

    in_unit(app, want)


def plan_a_visit(app: Flask, hours: float = 3) -> None:
    """Let something wait for the monitor, so many hours after `NOW`; its words are canaries."""

    def plan() -> None:
        case = make.case_of(make.incident("monitor"))
        visit = FollowUpDraft("visit", NOW + hours * HOUR, timed=True, note="Canary visit")
        add_follow_up(make.actor("monitor"), case, visit)

    in_unit(app, plan)


def work_on(app: Flask, given: Settings, at: datetime = NOW) -> None:
    """Do all that is due at a moment; the schedules begin ten minutes before."""
    for moment in (at - timedelta(minutes=11), at):
        while work(app, given, moment):
            pass


def test_a_mail_that_something_is_due_says_nothing_of_what_and_not_how_much(app: Flask) -> None:
    want_due_mail(app)
    for hours in (1, 2, 3):
        plan_a_visit(app, hours)
    with receiving() as receiver:
        work_on(app, settings(receiver.port))
    (mail,) = receiver.mails
    assert (mail.mail_from, mail.rcpt_tos) == (SENDER, [READER])
    (message,) = receiver.messages
    lines = message.get_content().splitlines()
    assert lines == ["At least 1 thing is due in Daybook. Sign in to see it.", "", URL]
    assert message["Subject"] == "Daybook"
    assert re.fullmatch(r"<[0-9a-f]{32}@example.org>", message["Message-ID"])


def test_it_is_off_at_first_and_comes_only_to_who_switched_it_on_and_has_something_to_do(
    app: Flask,
) -> None:
    give_address(app)
    want_due_mail(app, "colleague", "c@example.net")
    plan_a_visit(app)
    with receiving() as receiver:
        work_on(app, settings(receiver.port))
        assert receiver.mails == []
        want_due_mail(app)
        work_on(app, settings(receiver.port), NOW + timedelta(minutes=30))
        assert [mail.rcpt_tos for mail in receiver.mails] == [[READER]]
        give_address(app)
        work_on(app, settings(receiver.port), NOW + 2 * HOUR)
        assert len(receiver.mails) == 1


def test_what_is_far_off_is_not_due(app: Flask) -> None:
    want_due_mail(app)
    plan_a_visit(app, 20)
    with receiving() as receiver:
        work_on(app, settings(receiver.port))
        assert receiver.mails == []
        work_on(app, settings(receiver.port), NOW + 9 * HOUR)
        assert len(receiver.mails) == 1


def test_there_is_one_in_a_set_time_at_most(app: Flask) -> None:
    want_due_mail(app)
    for hours in range(1, 40, 3):
        plan_a_visit(app, hours)

    def set_hours() -> None:
        organisation = make.organisation()
        with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=organisation):
            organisation.due_mail_hours = 6

    in_unit(app, set_hours)
    with receiving() as receiver:
        for hours in range(13):
            work_on(app, settings(receiver.port), NOW + hours * HOUR)
        assert len(receiver.mails) == 3


def test_whoever_is_on_duty_gets_it_when_a_limit_ends_though_the_case_is_not_theirs(
    app: Flask,
) -> None:
    want_due_mail(app, "director")
    evening = clocks.ARRIVED + 42 * HOUR

    def begin() -> None:
        assert clocks.arrive(clocks.arrested(clocks.adult()))

    def set_duty() -> None:
        day = evening.astimezone(make.ZONE).date()
        uid = make.user("director").uid
        set_days(make.actor("national"), make.office(make.HERE), {day: DayChange(None, uid)})

    def due(receiver: Receiver) -> list[str]:
        sent = [message.get_content().splitlines()[0] for message in receiver.messages]
        return [line for line in sent if line.startswith("At least 1 thing is due")]

    with receiving() as receiver, time_machine.travel(evening, tick=False):
        in_unit(app, begin)
        work_on(app, settings(receiver.port), evening)
        assert due(receiver) == []
        in_unit(app, set_duty)
        work_on(app, settings(receiver.port), evening + timedelta(minutes=30))
        assert len(due(receiver)) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_is_killed_at_a_mail_neither_loses_nor_doubles_it(
    app: Flask, given: Settings, moment: str
) -> None:
    """Killed before the server took it, it is sent later; after, it is the same mail once more."""
    want_due_mail(app)
    plan_a_visit(app)
    for_schedule = settings(1)
    work(app, for_schedule, NOW - timedelta(minutes=11))
    with receiving() as receiver:
        with app.app_context():
            close(app)
        words = [str(given.instance), given.database_url, str(receiver.port), NOW.isoformat()]
        child = subprocess.Popen([sys.executable, "-m", "tests.spec.killed_mail", *words], cwd=ROOT)
        receiver.kills, receiver.when = child.pid, moment
        assert child.wait(120) == -signal.SIGKILL
        receiver.kills = None
        assert len(receiver.mails) == (moment == "after")
        work_on(app, settings(receiver.port), NOW + timedelta(minutes=20))
        names = {message["Message-ID"] for message in receiver.messages}
        assert len(names) == 1
        assert len(receiver.mails) == (2 if moment == "after" else 1)
    jobs = in_unit(app, lambda: session().scalars(select(Job).where(Job.kind == "due_mail")).all())
    assert [job.state for job in jobs] == [JobState.DONE]
