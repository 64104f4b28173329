"""Codes, locks and factors of others: for one person, once, and never for who has left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, operator
from hrdtracker.access.model import Role, User, UserState
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import passwords, proposals, roles, sessions, staff
from hrdtracker.accounts.drafts import OfficeDraft, UserDraft
from hrdtracker.accounts.model import Invitation, Password, ProposalStatus
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound, Refused, WrongStatus
from hrdtracker.core.sending import Sending
from tests import make
from tests.two_people import settle, waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
GOOD, OTHER, SHORT = "cloud ladder teapot violin", "another good pass phrase", "short"


def _invite(sending: Sending | None = None) -> tuple[User, str]:
    draft = UserDraft("newcomer", "Newcomer", sending)
    return staff.invite(make.actor("admin"), make.organisation(), draft)


def _set_state(user: User, state: UserState) -> None:
    """Let somebody be in a state, whatever else goes with it in the application."""
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
        user.state = state


def test_an_invitation_that_is_sent_again_makes_no_code_for_who_has_a_password() -> None:
    sending = Sending(uuid4())
    _, code = _invite(sending)
    staff.accept(code, GOOD)
    with pytest.raises(WrongStatus):
        _invite(sending)


def test_the_key_of_another_form_invites_nobody() -> None:
    sending = Sending(uuid4())
    draft = OfficeDraft("BTB", "Battambang", "បាត់ដំបង", sending=sending)
    organisations.open_office(make.actor("admin"), make.organisation(), draft)
    with pytest.raises(WrongStatus):
        _invite(sending)


def test_a_new_code_before_the_first_password_leaves_what_was_proposed() -> None:
    user, _ = _invite()
    held = roles.propose_role(make.actor("admin"), user, Role.MONITOR, None)
    staff.invite_again(make.actor("admin"), user)
    assert waiting(held, Action.ROLE_GRANT).status == ProposalStatus.WAITS


def test_a_new_password_ends_what_was_begun_with_the_one_before() -> None:
    user = make.user("monitor")
    code = staff.invite_again(make.actor("admin"), user)
    token = sessions.begin(user, "Test")
    staff.accept(code, GOOD)
    assert sessions.identify(token) is None


def test_a_code_that_was_used_does_not_even_try_a_password() -> None:
    _, code = _invite()
    staff.accept(code, GOOD)
    with pytest.raises(NotFound):
        staff.accept(code, SHORT)


@pytest.mark.parametrize("state", [UserState.LOCKED, UserState.LEFT])
def test_nor_does_one_of_somebody_who_may_not_sign_in(state: UserState) -> None:
    user, code = _invite()
    _set_state(user, state)
    with pytest.raises(NotFound):
        staff.accept(code, SHORT)


MEANWHILE: dict[str, Callable[[User, str], object]] = {
    "somebody else used it": lambda _, code: staff.accept(code, OTHER),
    "they were locked": lambda user, _: _set_state(user, UserState.LOCKED),
    "they left": lambda user, _: _set_state(user, UserState.LEFT),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_a_code_sets_no_password_where_while_it_was_hashed(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, code = _invite()
    real, still_to_come = PasswordHasher.hash, [MEANWHILE[what]]

    def hash_slowly(hasher: PasswordHasher, password: bytes, **salt: Any) -> str:
        while still_to_come:
            still_to_come.pop()(user, code)
        return real(hasher, password, **salt)

    monkeypatch.setattr(PasswordHasher, "hash", hash_slowly)
    with pytest.raises(NotFound):
        staff.accept(code, GOOD)
    kept = session().get(Password, user.id)
    assert kept is None or not passwords.matches(kept.hash, GOOD)


def test_whoever_holds_the_machine_vouches_for_nobody() -> None:
    user, code = _invite()
    staff.accept(code, GOOD)
    for login in ("admin2", "director", "director2", "national", "far_director", "second"):
        make.bring(make.user(login), UserState.LEFT)
    by_hand = operator(make.organisation().id)
    staff.lock_user(by_hand, make.user("admin"))
    assert roles.propose_role(by_hand, user, Role.MONITOR, None).alone
    assert user.let_in_by_id == make.user("admin").id


def test_a_new_code_for_one_leaves_the_codes_of_others() -> None:
    user, code = _invite()
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    assert staff.accept(code, GOOD).id == user.id


def test_when_a_code_was_used_stays_what_it_was() -> None:
    user, code = _invite()
    staff.accept(code, GOOD)
    used = session().query(Invitation).where(Invitation.user_id == user.id).one()
    moment = used.used_at
    with clock.as_of(clock.now() + timedelta(hours=1)):
        staff.invite_again(make.actor("admin"), user)
    assert used.used_at == moment


@pytest.mark.parametrize("state", [UserState.LOCKED, UserState.LEFT])
def test_whoever_is_locked_or_has_left_has_no_code_any_more(state: UserState) -> None:
    user, _ = _invite()
    make.bring(user, state)
    unused = session().query(Invitation).where(Invitation.user_id == user.id)
    assert unused.where(Invitation.used_at.is_(None)).count() == 0


def test_whoever_is_let_in_with_a_password_at_once_needs_no_code() -> None:
    user, code = _invite()
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
        staff.activate(user, passwords.VOID)
    with pytest.raises(NotFound):
        staff.accept(code, GOOD)


# Second factors of others ------------------------------------------------------------------------


def test_factors_are_taken_away_from_who_is_at_work_once_and_not_from_oneself() -> None:
    admin, monitor = make.actor("admin"), make.user("monitor")
    with pytest.raises(Refused):
        staff.clear_factors(admin, make.user("admin"))
    with pytest.raises(WrongStatus):
        staff.clear_factors(admin, _invite()[0])
    staff.clear_factors(admin, monitor)
    with pytest.raises(WrongStatus):
        staff.clear_factors(admin, monitor)


@pytest.mark.parametrize("confirmed", [True, False])
def test_whoever_stops_that_their_factors_were_taken_away_is_signed_out(*, confirmed: bool) -> None:
    monitor = make.user("monitor")
    proposal = staff.clear_factors(make.actor("admin"), monitor)
    if confirmed:
        proposals.confirm(make.actor("admin2"), proposal)
    token = sessions.begin(monitor, "Test")
    proposals.stop(make.actor("monitor"), proposal)
    assert (sessions.identify(token) is None) is confirmed


# Locked and unlocked -----------------------------------------------------------------------------


def test_a_lock_that_was_undone_does_not_open_the_next_one_when_it_lapses() -> None:
    admin, monitor = make.actor("admin"), make.user("monitor")
    staff.lock_user(admin, monitor)
    proposals.confirm(make.actor("admin2"), staff.unlock_user(admin, monitor))
    proposals.confirm(make.actor("admin2"), staff.lock_user(admin, monitor))
    settle(proposals.HOLDS_FOR)
    assert monitor.state == UserState.LOCKED


def test_an_unlocking_that_is_refused_after_the_lock_has_lapsed_locks_nobody() -> None:
    admin, monitor = make.actor("admin"), make.user("monitor")
    staff.lock_user(admin, monitor)
    proposal = staff.unlock_user(admin, monitor)
    settle(proposals.HOLDS_FOR)
    before = monitor.state
    proposals.refuse(make.actor("admin2"), proposal)
    assert monitor.state == before != UserState.LOCKED


@pytest.mark.parametrize("leaves", [True, False])
def test_an_unlocking_that_is_stopped_locks_again_whoever_has_not_left(*, leaves: bool) -> None:
    admin, monitor = make.actor("admin"), make.user("monitor")
    proposals.confirm(make.actor("admin2"), staff.lock_user(admin, monitor))
    proposal, oneself = staff.unlock_user(admin, monitor), make.actor("monitor")
    proposals.confirm(make.actor("admin2"), proposal)
    _set_state(monitor, UserState.ACTIVE)
    token = sessions.begin(monitor, "Test")
    if leaves:
        make.bring(monitor, UserState.LEFT)
    proposals.stop(oneself, proposal)
    assert monitor.state == (UserState.LEFT if leaves else UserState.LOCKED)
    _set_state(monitor, UserState.ACTIVE)
    assert sessions.identify(token) is None


def test_a_lock_that_lapses_brings_back_nobody_who_has_left() -> None:
    staff.lock_user(make.actor("admin"), make.user("monitor"))
    make.bring(make.user("monitor"), UserState.LEFT)
    settle(proposals.HOLDS_FOR)
    assert make.user("monitor").state == UserState.LEFT
