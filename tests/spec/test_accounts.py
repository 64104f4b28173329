"""Users are invited, accept, are locked, unlocked and let go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import Engine, event, func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import (
    FactorsFor,
    Membership,
    Office,
    Organisation,
    Role,
    User,
    UserState,
)
from hrdtracker.accounts import codes, passwords, queries, service, sessions, staff
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts.drafts import (
    OfficeDraft,
    OrganisationDraft,
    SecondDraft,
    SettingsDraft,
    UserDraft,
)
from hrdtracker.accounts.model import Invitation, Password
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from hrdtracker.core.sending import Sending
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
GOOD = "cloud ladder teapot violin"


def _invited(login: str = "newcomer") -> tuple[User, str]:
    draft = UserDraft(login, "Newcomer")
    return staff.invite(make.actor("admin"), make.organisation(), draft)


def _in_state(state: UserState) -> User:
    user, code = _invited()
    if state != UserState.INVITED:
        staff.accept(code, GOOD)
    if state in {UserState.LOCKED, UserState.LEFT}:
        make.bring(user, state)
    return user


# Invitations -------------------------------------------------------------------------------------


def test_an_invited_user_sets_a_password_with_the_code_and_is_active() -> None:
    user, code = _invited()
    assert user.state == UserState.INVITED
    assert staff.accept(code, GOOD).id == user.id
    assert user.state == UserState.ACTIVE
    assert sessions.sign_in("newcomer", GOOD, "10.0.0.1", "Test")


def test_a_code_is_accepted_however_it_is_typed() -> None:
    user, code = _invited()
    typed = code.replace("-", " ").replace("0", "O").replace("1", "l").lower()
    assert staff.accept(typed, GOOD).id == user.id


def test_only_the_digest_of_a_code_is_kept() -> None:
    _, code = _invited()
    kept = session().scalars(select(Invitation.code_digest)).all()
    assert codes.digest(code) in kept
    assert not any(code.encode() in digest for digest in kept)


def test_a_code_is_used_once() -> None:
    _, code = _invited()
    staff.accept(code, GOOD)
    with pytest.raises(NotFound):
        staff.accept(code, "another good pass phrase")


def test_a_code_ends_after_three_days() -> None:
    _, code = _invited()
    with (
        time_machine.travel(clock.now() + timedelta(days=3, seconds=1)),
        pytest.raises(NotFound),
    ):
        staff.accept(code, GOOD)


def test_a_new_code_ends_the_one_before() -> None:
    user, first = _invited()
    second = staff.invite_again(make.actor("admin"), user)
    with pytest.raises(NotFound):
        staff.accept(first, GOOD)
    assert staff.accept(second, GOOD).id == user.id


def test_a_password_that_is_refused_does_not_use_up_the_code() -> None:
    _, code = _invited()
    with pytest.raises(Refused):
        staff.accept(code, "short")
    assert staff.accept(code, GOOD).state == UserState.ACTIVE


def test_a_new_code_for_an_active_user_signs_them_out_everywhere() -> None:
    token = sessions.begin(make.user("monitor"), "Test")
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    assert sessions.identify(token) is None


def test_a_user_name_is_given_once() -> None:
    _invited()
    with pytest.raises(Refused) as refused:
        _invited()
    assert "login" in refused.value.reasons


def test_the_same_sending_of_an_invitation_makes_one_user_and_the_last_code_holds() -> None:
    draft = UserDraft("newcomer", "Newcomer", Sending(uuid4()))
    admin, organisation = make.actor("admin"), make.organisation()
    first, old = staff.invite(admin, organisation, draft)
    second, fresh = staff.invite(admin, organisation, draft)
    assert first.id == second.id
    with pytest.raises(NotFound):
        staff.accept(old, GOOD)
    assert staff.accept(fresh, GOOD).id == first.id


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", ["monitor", "director", "national", "auditor", "fund", "nobody"])
def test_nobody_but_an_administrator_invites(who: str) -> None:
    with pytest.raises(NotAllowed):
        staff.invite(make.actor(who), make.organisation(), UserDraft("newcomer", "Newcomer"))


# States ------------------------------------------------------------------------------------------

STATES = [
    # state: may sign in, a session stays alive, a new code can be made
    (UserState.INVITED, (False, False, True)),
    (UserState.ACTIVE, (True, True, True)),
    (UserState.LOCKED, (False, False, False)),
    (UserState.LEFT, (False, False, False)),
]


@pytest.mark.parametrize(("state", "allowed"), STATES)
def test_what_each_state_allows(state: UserState, allowed: tuple[bool, bool, bool]) -> None:
    user = _in_state(state)
    assert (_signs_in(user), _session_lives(user), _gets_code(user)) == allowed


def _signs_in(user: User) -> bool:
    try:
        return bool(sessions.sign_in(user.login, GOOD, "10.0.0.1", "Test"))
    except sessions.SignInRefused:
        return False


def _session_lives(user: User) -> bool:
    return sessions.identify(sessions.begin(user, "Test")) is not None


def _gets_code(user: User) -> bool:
    try:
        return bool(staff.invite_again(make.actor("admin"), user))
    except WrongStatus:
        return False


ARROWS = [
    (UserState.INVITED, UserState.LOCKED, UserState.LOCKED),
    (UserState.INVITED, UserState.ACTIVE, None),
    (UserState.INVITED, UserState.LEFT, UserState.LEFT),
    (UserState.ACTIVE, UserState.LOCKED, UserState.LOCKED),
    (UserState.ACTIVE, UserState.LEFT, UserState.LEFT),
    (UserState.LOCKED, UserState.ACTIVE, UserState.ACTIVE),
    (UserState.LOCKED, UserState.LEFT, UserState.LEFT),
    (UserState.LOCKED, UserState.LOCKED, None),
    (UserState.LEFT, UserState.ACTIVE, None),
    (UserState.LEFT, UserState.LOCKED, None),
]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("present", "wanted", "becomes"), ARROWS)
def test_from_which_state_a_user_comes_to_which(
    present: UserState, wanted: UserState, becomes: UserState | None
) -> None:
    user = _in_state(present)
    if becomes is None:
        with pytest.raises(WrongStatus):
            make.bring(user, wanted)
    else:
        make.bring(user, wanted)
    assert user.state == (becomes or present)


def test_a_user_locked_before_the_first_password_is_invited_again_once_unlocked() -> None:
    user, code = _invited()
    make.bring(user, UserState.LOCKED)
    make.bring(user, UserState.ACTIVE)
    assert user.state == UserState.INVITED
    with pytest.raises(NotFound):
        staff.accept(code, GOOD)


def test_locking_ends_a_code_that_was_made_before() -> None:
    user = _in_state(UserState.ACTIVE)
    code = staff.invite_again(make.actor("admin"), user)
    make.bring(user, UserState.LOCKED)
    with pytest.raises(NotFound):
        staff.accept(code, "another good pass phrase")
    assert user.state == UserState.LOCKED


def test_letting_a_user_go_ends_their_roles_and_sessions() -> None:
    director, token = make.user("director"), sessions.begin(make.user("director"), "Test")
    make.bring(director, UserState.LEFT)
    assert sessions.identify(token) is None
    assert make.actor("director").seats == frozenset()


@pytest.mark.parametrize("state", [UserState.LOCKED, UserState.LEFT])
def test_nobody_locks_or_lets_go_themselves(state: UserState) -> None:
    with pytest.raises(Refused):
        make.bring(make.user("admin"), state)
    assert make.user("admin").state == UserState.ACTIVE


def test_nobody_makes_a_code_for_themselves() -> None:
    with pytest.raises(Refused):
        staff.invite_again(make.actor("admin"), make.user("admin"))


# Passwords ---------------------------------------------------------------------------------------


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    user = _in_state(UserState.ACTIVE)
    here, there = sessions.begin(user, "Here"), sessions.begin(user, "There")
    visitor = sessions.identify(here)
    assert visitor is not None
    new = "another good pass phrase"
    token = service.change_password(visitor.actor, GOOD, new, visitor.session_id)
    again = sessions.identify(token)
    assert again is not None
    assert again.session_id == visitor.session_id
    assert sessions.identify(here) is None  # who had taken this token has nothing any more
    assert sessions.identify(there) is None
    assert passwords.matches(_hash_of(user), "another good pass phrase")


def test_a_changed_password_needs_the_present_one() -> None:
    user = _in_state(UserState.ACTIVE)
    visitor = sessions.identify(sessions.begin(user, "Here"))
    assert visitor is not None
    with pytest.raises(Refused) as refused:
        service.change_password(visitor.actor, "wrong", "another good pass phrase", 0)
    assert "present" in refused.value.reasons
    assert passwords.matches(_hash_of(user), GOOD)


def _hash_of(user: User) -> str:
    return session().scalars(select(Password.hash).where(Password.user_id == user.id)).one()


# The organisation --------------------------------------------------------------------------------


def test_an_instance_is_set_up_once() -> None:
    draft = OrganisationDraft("Another", "en", OfficeDraft("XYZ", "Office", "ការិយាល័យ"))
    with pytest.raises(WrongStatus):
        organisations.set_up(
            operator(),
            draft,
            UserDraft("first", "First"),
            GOOD,
            SecondDraft(UserDraft("other", "Other"), Role.SECOND),
        )
    assert session().scalar(select(func.count()).select_from(Organisation)) == 1
    assert session().scalar(select(User.id).where(User.login.in_(["first", "other"]))) is None


def test_an_administrator_opens_and_changes_an_office() -> None:
    admin = make.actor("admin")
    draft = OfficeDraft("BTB", "Battambang", "បាត់ដំបង")
    made = organisations.open_office(admin, make.organisation(), draft)
    changed = OfficeDraft("BTB", "Battambang city", "បាត់ដំបង", keeps_typing=False)
    organisations.change_office(admin, made, changed)
    kept = session().scalars(select(Office).where(Office.code == "BTB")).one()
    assert (kept.name_en, kept.keeps_typing) == ("Battambang city", False)


def test_the_code_of_an_office_is_given_once_and_never_changes() -> None:
    admin = make.actor("admin")
    twin, renamed = OfficeDraft(make.HERE, "Twin", "ភ្លោះ"), OfficeDraft("NEW", "New", "ថ្មី")
    with pytest.raises(Refused):
        organisations.open_office(admin, make.organisation(), twin)
    with pytest.raises(Refused):
        organisations.change_office(admin, make.office(make.HERE), renamed)


def test_an_administrator_changes_the_settings() -> None:
    since = clock.now() + timedelta(days=3)
    draft = SettingsDraft(
        "New name", "Notes", "km", "Asia/Bangkok", FactorsFor.EVERYBODY, since, 12
    )
    organisations.change_settings(make.actor("admin"), make.organisation(), draft)
    kept = make.organisation()
    assert (kept.name, kept.product, kept.zone) == ("New name", "Notes", "Asia/Bangkok")
    assert (kept.factors_for, kept.factors_by) == (FactorsFor.EVERYBODY, since)
    assert kept.due_mail_hours == 12


def test_users_are_listed_with_their_roles() -> None:
    lines, page = queries.users(make.actor("admin"), None, None)
    named = {line.user.login: [held.role for held in line.roles] for line in lines}
    assert named["director"] == [Role.DIRECTOR]
    assert named["nobody"] == []
    assert page.total == len(make.NAMES)


def test_a_list_of_more_users_takes_no_more_statements() -> None:
    admin = make.actor("admin")
    queries.users(admin, None, None)  # loads the key once
    few = _statements(lambda: queries.users(admin, None, None))
    for number in range(5):
        _invited(f"newcomer{number}")
    assert _statements(lambda: queries.users(admin, None, None)) == few


def _statements(act: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    session().rollback()
    event.listen(Engine, "before_cursor_execute", note)
    act()
    event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def test_an_administrator_of_one_organisation_sees_no_user_of_another() -> None:
    elsewhere = replace(make.actor("admin"), organisation_id=4711)
    assert queries.users(elsewhere, None, None)[0] == []


def test_what_happens_to_accounts_stands_on_the_trail_without_secrets() -> None:
    user, code = _invited()
    staff.accept(code, GOOD)
    payloads = b"".join(session().scalars(select(AuditEntry.payload)))
    actions = set(
        session().scalars(select(AuditEntry.action).where(AuditEntry.subject_uid == user.uid))
    )
    assert {Action.USER_INVITE, Action.ACCOUNT_CHANGE} <= actions
    assert b"argon2" not in payloads
    assert codes.digest(code).hex().encode() not in payloads


def test_a_membership_is_no_way_around_the_door() -> None:
    monitor = make.actor("monitor")
    with (
        pytest.raises(NotAllowed),
        authorised(monitor, Action.ROLE_GRANT, on=make.user("monitor")),
    ):
        session().add(Membership(user_id=monitor.id, role=Role.DIRECTOR, starts_at=clock.now()))
    assert not make.actor("monitor").holds(Role.DIRECTOR)
