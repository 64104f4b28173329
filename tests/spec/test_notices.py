"""What people are told of: one row each, without a word, until they have understood it."""

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.accounts import queries, roles
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.notices import service
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from hrdtracker.notices.queries import unseen
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job
from hrdtracker.outbox.service import enqueue
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


def tell(*logins: str, about: Job | None = None) -> None:
    """Tell some of the cast something, in an act of an administrator."""
    kind = NoticeKind.JOB_GIVEN_UP if about else NoticeKind.MAIL_FAILS
    users = [make.user(login).id for login in logins]
    with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
        service.tell(users, kind, about)


def a_job() -> Job:
    """Write a job down, and return it."""
    with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
        enqueue(JobKind.HOUSEKEEPING)
    return session().scalars(select(Job).order_by(Job.id.desc())).first() or Job()


def test_who_is_told_sees_it_until_they_have_understood_it_and_nobody_else_does() -> None:
    tell("admin2", "monitor")
    (told,) = unseen(make.actor("monitor"))
    assert (told.kind, told.is_open) == (NoticeKind.MAIL_FAILS, True)
    assert unseen(make.actor("colleague")) == []
    service.see(make.actor("monitor"), told.uid)
    assert unseen(make.actor("monitor")) == []
    assert len(unseen(make.actor("admin2"))) == 1


def test_nobody_understands_for_another() -> None:
    tell("monitor")
    (told,) = unseen(make.actor("monitor"))
    with pytest.raises(NotFound):
        service.see(make.actor("admin"), told.uid)
    assert len(unseen(make.actor("monitor"))) == 1


def test_the_same_is_not_told_twice_while_it_stands_and_again_once_it_was_understood() -> None:
    tell("monitor")
    tell("monitor", "colleague")
    (told,) = unseen(make.actor("monitor"))
    service.see(make.actor("monitor"), told.uid)
    tell("monitor")
    rows = session().scalars(select(Notice).where(Notice.user_id == make.user("monitor").id))
    assert [row.seen_at is None for row in rows] == [False, True]


@pytest.mark.engines("sqlite")
def test_each_thing_is_told_by_itself() -> None:
    jobs = [a_job(), a_job()]
    for about in (*jobs, *jobs, None):
        tell("admin2", about=about)
    uids = [told.about for told in unseen(make.actor("admin2"))]
    assert uids == [None, jobs[1].uid, jobs[0].uid]
    with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
        service.tell([make.user("admin2").id], NoticeKind.HEADS_GONE)
    assert len(unseen(make.actor("admin2"))) == 4


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("kind", "names_somebody"),
    [
        (NoticeKind.MAIL_FAILS, True),
        (NoticeKind.JOB_GIVEN_UP, True),
        (NoticeKind.JOB_GIVEN_UP, False),
    ],
)
def test_a_notice_is_about_a_record_of_its_kind_or_about_none(
    kind: NoticeKind, *, names_somebody: bool
) -> None:
    monitor = make.user("monitor")
    with (
        pytest.raises(ValueError, match="is not about"),
        authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()),
    ):
        service.tell([monitor.id], kind, monitor if names_somebody else None)
    assert unseen(make.actor("monitor")) == []


@pytest.mark.engines("sqlite")
def test_it_is_kept_when_somebody_first_understood_it() -> None:
    tell("monitor")
    (told,) = unseen(make.actor("monitor"))
    service.see(make.actor("monitor"), told.uid)
    query = select(Notice.seen_at).where(Notice.uid == told.uid)
    first = session().scalar(query)
    service.see(make.actor("monitor"), told.uid)
    assert first is not None
    assert session().scalar(query) == first


def test_what_somebody_may_open_no_more_is_only_something() -> None:
    tell("admin2", about=a_job())
    assert [told.is_open for told in unseen(make.actor("admin2"))] == [True]
    admin2 = make.user("admin2")
    (role,) = queries.roles_of([admin2.id])[admin2.id]
    roles.end_role(make.actor("admin"), admin2, queries.membership(admin2, role.uid))
    jobs = [told for told in unseen(make.actor("admin2")) if told.kind == NoticeKind.JOB_GIVEN_UP]
    assert [told.is_open for told in jobs] == [False]


def test_an_act_that_is_undone_tells_nobody_and_asks_for_nothing() -> None:
    def act() -> None:
        with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
            service.tell([make.user("monitor").id], NoticeKind.MAIL_FAILS)
            enqueue(JobKind.HOUSEKEEPING)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert unseen(make.actor("monitor")) == []
    assert session().scalars(select(Job)).all() == []


def test_what_leads_to_one_page_is_understood_together_and_what_came_later_stands() -> None:
    for _ in range(3):
        tell("admin2", about=a_job())
    admin2 = make.actor("admin2")
    middle = unseen(admin2)[1]
    service.see(admin2, middle.uid)
    left = unseen(admin2)
    assert [told.at > middle.at for told in left] == [True]
