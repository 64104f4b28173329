"""One's own password and address: changed by who knows the present one, and told."""

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.model import UserState
from hrdtracker.accounts import passwords, service, sessions, throttle
from hrdtracker.accounts.model import Password, Throttle
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.core.guessing import reason_against
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from tests import make
from tests.hashing import busy_machine

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
GOOD, OTHER, FRESH = (
    "cloud ladder teapot violin", "another good pass phrase", "winter boat apple candle",
)  # fmt: skip
WHO = "colleague"


def _set_password(login: str, words: str) -> None:
    with authorised(make.actor(login), Action.ACCOUNT_CHANGE, on=make.user(login)):
        service.set_hash(make.user(login).id, passwords.hash_password(words))


@pytest.fixture
def number() -> int:
    """Return the number of a session of somebody who has a password, as somebody else has."""
    for login, words in (("monitor", OTHER), (WHO, GOOD)):
        _set_password(login, words)
    visitor = sessions.identify(sessions.begin(make.user(WHO), "Test"))
    assert visitor is not None
    return visitor.session_id


def _change(number: int, present: str = GOOD, new: str = FRESH) -> str:
    return service.change_password(make.actor(WHO), present, new, number)


def test_a_new_password_is_no_weak_one_and_the_present_one_is_one_s_own(number: int) -> None:
    for present, new, field in ((GOOD, "short", "password"), (OTHER, FRESH, "present")):
        with pytest.raises(Refused) as refused:
            _change(number, present, new)
        assert set(refused.value.reasons) == {field}


def test_a_change_is_told_and_forgets_the_attempts_before_it(number: int) -> None:
    present = GOOD
    for new in (FRESH, OTHER):
        for _ in range(throttle.FREE["known"] - 1):
            throttle.admit(throttle.keys_of(known=f"signed in as {WHO}"))
        assert _change(number, present, new)
        present = new
    kinds = select(Notice.kind).where(Notice.user_id == make.user(WHO).id)
    assert NoticeKind.WAY_IN_CHANGED in set(session().scalars(kinds))


def test_a_change_that_the_machine_had_no_time_for_counts_for_nothing(number: int) -> None:
    with busy_machine(), pytest.raises(passwords.TooBusy):
        _change(number)
    assert session().scalar(select(func.max(Throttle.failures))) == 0


@pytest.mark.parametrize(
    ("login", "password", "is_good"),
    [
        ("cloudy", GOOD, True),
        ("cloud", GOOD, False),
        ("cloud", GOOD.upper(), False),
        ("clo", GOOD, True),  # so few letters may stand in it by chance
    ],
)
def test_a_password_does_not_hold_the_user_name(
    login: str, password: str, *, is_good: bool
) -> None:
    if is_good:
        passwords.check_new(password, login)
    else:
        with pytest.raises(Refused):
            passwords.check_new(password, login)


def test_of_two_reasons_against_a_password_the_worse_one_is_said() -> None:
    with pytest.raises(Refused) as refused:
        passwords.check_new("monitor", "monitor")
    assert refused.value.reasons == {"password": reason_against("monitor")}


@pytest.mark.parametrize("had_one", [True, False])
def test_the_password_of_whoever_leaves_opens_nothing_and_none_is_made_for_who_had_none(
    *, had_one: bool
) -> None:
    if had_one:
        _set_password(WHO, GOOD)
    make.bring(make.user(WHO), UserState.LEFT)
    kept = session().get(Password, make.user(WHO).id)
    assert (kept.hash if kept else None) == (passwords.VOID if had_one else None)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [("somebody@example.org", True), ("", True), ("somebody", False), ("a@b", False)],
)
def test_what_is_an_address_for_mail(address: str, *, is_one: bool) -> None:
    if is_one:
        service.set_mail_address(make.actor(WHO), f" {address} ")
    else:
        with pytest.raises(Refused):
            service.set_mail_address(make.actor(WHO), address)
    assert service.mail_address(make.actor(WHO)) == (address if is_one else "")


@pytest.mark.parametrize(("most", "is_one"), [(254, True), (255, False)])
def test_an_address_is_no_longer_than_mail_allows(most: int, *, is_one: bool) -> None:
    address = "a@example.org".rjust(most, "a")
    if is_one:
        service.set_mail_address(make.actor(WHO), address)
    else:
        with pytest.raises(Refused):
            service.set_mail_address(make.actor(WHO), address)
