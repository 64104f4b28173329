"""What somebody is told of, as their first page says it; mail on the account; jobs given up."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Membership
from hrdtracker.accounts import roles
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.notices.kinds import RULES, NoticeKind
from hrdtracker.notices.model import Notice
from hrdtracker.notices.service import tell
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job, JobState
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit, statements

pytestmark = pytest.mark.engines("sqlite")
UNDERSTOOD = re.compile(r"/notices/[0-9a-f-]+/understood")


def give_up(*logins: str, count: int = 1) -> None:
    """Give jobs up, and tell somebody of each."""
    with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
        for _ in range(count):
            moment = clock.now()
            job = Job(
                kind=JobKind.HOUSEKEEPING,
                state=JobState.DEAD,
                run_after=moment,
                tries=8,
                last_error="TimeoutError",
                failing_since=moment,
                made_at=moment,
                ended_at=moment,
            )
            session().add(job)
            session().flush()
            tell([make.user(login).id for login in logins], NoticeKind.JOB_GIVEN_UP, job)


def test_who_is_told_reads_it_on_the_first_page_until_they_have_understood_it(app: Flask) -> None:
    in_unit(app, lambda: give_up("admin"))
    page = Browser(app, "admin")
    page.get("/")
    assert "Told to you 1 Work in the background was tried too often and given up" in page.text
    assert 'href="/admin/jobs"' in page.page
    (path,) = UNDERSTOOD.findall(page.page)
    assert page.post(path).location == "/"
    page.get("/")
    assert "Told to you" not in page.text
    kept = in_unit(app, lambda: session().scalars(select(Notice.seen_at)).all())
    assert kept != [None], "it is kept that they have understood it, and when"


def test_of_what_somebody_may_open_no_more_they_read_only_that_there_was_something(
    app: Flask,
) -> None:
    def end_role() -> None:
        admin2 = make.user("admin2")
        role = session().scalars(select(Membership).where(Membership.user_id == admin2.id)).one()
        roles.end_role(make.actor("admin"), admin2, role)

    in_unit(app, lambda: give_up("admin2"))
    in_unit(app, end_role)
    page = Browser(app, "admin2")
    page.get("/")
    assert "You were told of something you may not open any more" in page.text
    assert "Work in the background" not in page.text
    assert "/admin/jobs" not in page.page
    for address in UNDERSTOOD.findall(page.page):
        page.post(address)
    page.get("/")
    assert "Told to you" not in page.text


def test_many_notices_take_as_many_statements_as_one_and_say_that_there_are_more(
    app: Flask,
) -> None:
    in_unit(app, lambda: give_up("admin"))
    page = Browser(app, "admin")
    few = statements(lambda: page.get("/"))
    in_unit(app, lambda: give_up("admin", count=30))
    assert statements(lambda: page.get("/")) == few
    assert len(UNDERSTOOD.findall(page.page)) == 1
    assert "tried too often and given up (20)" in page.text
    assert "Told to you more than 20" in page.text


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if RULES[kind].page])
def test_every_kind_of_notice_leads_to_a_page_that_is_there(app: Flask, kind: NoticeKind) -> None:
    rule = RULES[kind]
    assert rule.page in app.view_functions
    assert bool(rule.about) == bool(rule.reads)
    (address,) = [each for each in app.url_map.iter_rules() if each.endpoint == rule.page][:1]
    assert ("uid" in address.arguments) == rule.takes_uid


def test_a_notice_that_leads_nowhere_is_read_and_understood(app: Flask) -> None:
    def tell_outside() -> None:
        with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
            tell([make.user("second").id], NoticeKind.UNUSUAL_UNSEEN)

    in_unit(app, tell_outside)
    page = Browser(app, "second")
    page.get("/")
    assert "Somebody has read unusually much. Only you are told: ask the directors why" in page.text
    (path,) = UNDERSTOOD.findall(page.page)
    page.post(path)
    page.get("/")
    assert "unusually much" not in page.text


def test_an_administrator_sees_what_was_given_up_and_lets_it_be_tried_again(app: Flask) -> None:
    in_unit(app, give_up)
    page = Browser(app, "admin")
    page.get("/admin/jobs")
    assert "Remove what has expired Fails since" in page.text
    assert "tried 8 times: TimeoutError" in page.text
    (path,) = re.findall(r"/admin/jobs/[0-9a-f-]+/again", page.page)
    assert page.post(path).status_code == 303
    assert page.post(path).status_code == 409
    page.get("/admin/jobs")
    assert "Nothing was given up 1 job waits for its time." in page.text


def test_everybody_chooses_whether_they_get_mail(app: Flask) -> None:
    page = Browser(app, "nobody")
    page.get("/account/mail")
    assert "No mail is sent from here at present." in page.text
    assert page.post("/account/mail", {"address": "me@"}).status_code == 422
    assert 'value="me@"' in page.page
    assert page.post("/account/mail", {"address": " me@example.org "}).status_code == 303
    page.get("/account/mail")
    assert 'value="me@example.org"' in page.page
    page.post("/account/mail", {"address": ""})
    page.get("/account/mail")
    assert "me@example.org" not in page.page
