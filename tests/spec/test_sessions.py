"""Which sessions are alive, which wait for the second factor, and which roles count in them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Seat
from hrdtracker.access.model import Membership, Role, UserState
from hrdtracker.accounts import service, sessions
from hrdtracker.accounts.model import LoginSession
from hrdtracker.authorised import after_request_write, authorised, flush_deferred
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from tests import make
from tests.authenticator import with_app

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOKEN, WHOSE = "a token", "monitor"
SOON = timedelta(seconds=5)


def _session(
    *,
    began: timedelta = MINUTE,
    seen: timedelta = MINUTE,
    ended: bool = False,
    half: bool = False,
    token: str = TOKEN,
    login: str = WHOSE,
) -> LoginSession:
    """Keep a session that began and was last seen so long ago."""
    moment, user = clock.now(), make.user(login)
    row = LoginSession(
        user_id=user.id,
        token_digest=sessions.digest(token),
        device="Test",
        began_at=moment - began,
        seen_at=moment - seen,
        ended_at=moment - MINUTE if ended else None,
        proven_at=None if half else moment - began,
    )
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.SESSION_BEGIN, within=user):
        session().add(row)
    return row


def _set_state(state: UserState) -> None:
    user = make.user(WHOSE)
    with authorised(make.actor(WHOSE), Action.ACCOUNT_CHANGE, on=user):
        user.state = state


@pytest.mark.parametrize(
    ("how", "is_alive", "is_half"),
    [
        ({}, True, False),
        ({"ended": True}, False, False),
        ({"seen": sessions.IDLE}, False, False),
        ({"began": sessions.LONGEST}, False, False),
        ({"half": True}, False, True),
        ({"half": True, "ended": True}, False, False),
        ({"half": True, "began": sessions.SECOND_STEP_WITHIN}, False, False),
    ],
)
def test_which_session_is_alive_and_which_waits_for_the_second_factor(
    how: dict[str, timedelta], *, is_alive: bool, is_half: bool
) -> None:
    row = _session(**how)  # type: ignore[arg-type] # each case names its own
    _session(token="another's", login="colleague")
    assert sessions.alive(row.user_id) == ([row] if is_alive else [])
    assert (sessions.identify(TOKEN) is not None) is is_alive
    assert (sessions.half_signed_in(TOKEN) is not None) is is_half
    proven = {row.user_id: row.seen_at} if row.proven_at else {}
    assert sessions.last_seen([row.user_id]) == proven
    owner = sessions.ended_for(TOKEN)
    assert owner is not None
    assert owner.id == row.user_id


@pytest.mark.parametrize("half", [True, False])
@pytest.mark.parametrize("state", [UserState.LOCKED, UserState.LEFT, UserState.INVITED])
def test_no_session_opens_anything_to_who_is_not_at_work(state: UserState, *, half: bool) -> None:
    _session(half=half)
    _set_state(state)
    assert sessions.identify(TOKEN) is None
    assert sessions.half_signed_in(TOKEN) is None


@pytest.mark.parametrize("is_new", [True, False])
def test_a_browser_in_which_nobody_signed_in_so_before_is_told(*, is_new: bool) -> None:
    user = make.user(WHOSE)
    sessions.begin(user, "Test", is_new=is_new)
    told = session().query(Notice.kind).where(Notice.user_id == user.id).all()
    assert [kind for (kind,) in told] == ([NoticeKind.NEW_BROWSER] if is_new else [])


@pytest.mark.parametrize("half", [True, False])
def test_a_token_that_nobody_was_given_opens_nothing(*, half: bool) -> None:
    _session(half=half)
    assert sessions.identify("made up") is None
    assert sessions.half_signed_in("made up") is None
    assert sessions.ended_for("made up") is None


def test_the_session_that_was_seen_last_comes_first() -> None:
    older, newer = _session(seen=5 * MINUTE), _session(token="newer")
    assert sessions.alive(newer.user_id) == [newer, older]


def test_ending_sessions_ends_those_of_one_person_but_one_and_leaves_when_others_ended() -> None:
    over, here, there = _session(ended=True), _session(token="here"), _session(token="there")
    others = _session(token="another's", login="colleague")
    before = over.ended_at
    assert _ended_by(lambda: sessions.end_all(here.user_id, keep=here.id)) == {there.id}
    assert _ended_by(sessions.end_everybody) == {there.id, here.id, others.id}
    assert over.ended_at == before


def _ended_by(act: Callable[[], None]) -> set[int]:
    """Return which sessions have ended now and here, after an act."""
    with authorised(make.actor(WHOSE), Action.ACCOUNT_CHANGE, on=make.user(WHOSE)):
        act()
    return set(
        session().scalars(select(LoginSession.id).where(LoginSession.ended_at > clock.now() - SOON))
    )


@pytest.mark.parametrize("half", [True, False])
def test_leaving_ends_the_session_whether_it_was_complete_or_not(*, half: bool) -> None:
    row = _session(half=half)
    service.leave(sessions.identify(TOKEN), sessions.half_signed_in(TOKEN))
    assert row.ended_at is not None


def test_whoever_has_no_session_leaves_nothing() -> None:
    service.leave(None, None)


def test_a_sign_of_life_is_that_of_one_session() -> None:
    here, there = _session(seen=5 * MINUTE), _session(seen=5 * MINUTE, token="there")
    before = there.seen_at
    number = here.id
    after_request_write(lambda: sessions.seen(number))
    flush_deferred()
    session().expire_all()
    assert there.seen_at == before < here.seen_at


@pytest.mark.parametrize(("has_factor", "must"), [(False, True), (True, False)])
def test_whoever_has_no_second_factor_is_told_from_when_they_need_one(
    *, has_factor: bool, must: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if has_factor:
        with_app("director")
    _session(login="director")
    monkeypatch.setattr(session().info["vault"], "demo", False)
    visitor = sessions.identify(TOKEN)
    assert visitor is not None
    needed = make.organisation().factors_by if must else None
    assert visitor.factor_needed_by == needed
    assert not visitor.must_add_factor
    with clock.as_of(make.organisation().factors_by):
        assert visitor.must_add_factor is must


@pytest.mark.parametrize("keeps", [True, False])
def test_what_is_typed_is_kept_where_no_office_of_theirs_says_no(*, keeps: bool) -> None:
    office = make.office(make.HERE)
    with authorised(make.actor("admin"), Action.OFFICE_CHANGE, on=office):
        office.keeps_typing = keeps
    _session()
    visitor = sessions.identify(TOKEN)
    assert visitor is not None
    assert visitor.may_keep_typing is keeps


def test_a_sign_in_that_failed_is_on_the_trail_of_whose_user_it_is() -> None:
    user = make.user(WHOSE)
    session().expunge(user)
    user.organisation_id = 4711
    sessions.note_failure(user)
    sessions.note_failure(None)
    noted = [actor.organisation_id for actor, *_ in session().info.pop("unseen")]
    assert noted == [4711, make.organisation().id]


# Roles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "counts", "is_held"),
    [
        (-DAY, None, True, True),
        (-DAY, DAY, True, True),
        (-2 * DAY, -DAY, True, False),
        (DAY, None, True, False),
        (DAY, 2 * DAY, True, False),
        (-DAY, None, False, False),
        (-DAY, DAY, False, False),
    ],
)
@pytest.mark.parametrize("role", [Role.MONITOR, Role.DIRECTOR])
def test_which_role_counts_in_a_session(
    role: Role,
    starts: timedelta,
    ends: timedelta | None,
    *,
    counts: bool,
    is_held: bool,
) -> None:
    moment, nobody = clock.now(), make.user("nobody")
    held = Membership(
        user_id=nobody.id,
        role=role,
        starts_at=moment + starts,
        ends_at=moment + ends if ends else None,
        counts_since=moment if counts else None,
    )
    with authorised(make.actor("admin"), Action.ROLE_GRANT, on=nobody):
        session().add(held)
    visitor = sessions.identify(sessions.begin(nobody, "Test"))
    assert visitor is not None
    assert visitor.actor.seats == ({Seat(role, None)} if is_held else set())
    logs = not counts and role == Role.MONITOR
    assert visitor.actor.logs_in == ({None} if logs else set())
    assert make.actor("nobody") == visitor.actor, "whoever asks who could act finds the same"
