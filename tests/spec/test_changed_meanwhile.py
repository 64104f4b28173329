"""What follows from an act is decided by what stands when its turn comes, on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Timer

import psycopg
import pytest

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.access.model import FactorsFor, UserState
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, sessions, staff
from hrdtracker.accounts.drafts import SettingsDraft
from hrdtracker.authorised import authorised
from hrdtracker.core.errors import Stale, WrongStatus
from hrdtracker.proceedings.legal_rules.drafts import HolidaysDraft
from hrdtracker.proceedings.legal_rules.service import propose_holidays
from tests import make
from tests.two_people import propose

pytestmark = [pytest.mark.engines("postgresql"), pytest.mark.usefixtures("unit")]
WAIT_S = 0.4


@contextmanager
def _changed_by_another(given: Settings, statement: str) -> Iterator[None]:
    """Let somebody change a row, and come to an end a moment after the act has begun."""
    address = given.database_url.replace("+psycopg", "")
    with psycopg.connect(address) as other:
        other.execute(statement)
        ending = Timer(WAIT_S, other.commit)
        ending.start()
        yield
        ending.join()


def _confirm_a_role() -> Callable[[], object]:
    proposal = propose("admin", "nobody")
    return lambda: proposals.confirm(make.actor("admin2"), proposal)


def _open_a_session() -> Callable[[], object]:
    director = make.user("director")
    number = _session_of_the_director()

    def prove() -> None:
        with authorised(make.actor("director"), Action.FACTOR_PROVE, within=director):
            sessions.prove(number)

    return prove


def _session_of_the_director() -> int:
    visitor = sessions.identify(sessions.begin(make.user("director"), "Test"))
    assert visitor is not None
    return visitor.session_id


def _ask_less() -> Callable[[], object]:
    made = make.organisation()
    later = made.factors_by + timedelta(days=30)
    draft = SettingsDraft(made.name, made.product, "en", made.zone, FactorsFor.DECIDERS, later, 12)
    proposal = organisations.change_settings(make.actor("admin"), made, draft)
    assert proposal is not None
    return lambda: proposals.confirm(make.actor("admin2"), proposal)


def _change_the_law() -> Callable[[], object]:
    made = make.organisation()
    days = HolidaysDraft("Sub-decree 1", [(date(2027, 1, 1), "New Year")])
    proposal = propose_holidays(make.actor("legal"), made, days)
    seen = str(made.rules_version)
    return lambda: proposals.confirm(make.actor("admin"), proposal, seen)


@pytest.mark.parametrize(
    ("begin", "statement", "refused"),
    [
        (_confirm_a_role, "UPDATE membership SET ends_at = now()", WrongStatus),
        (_open_a_session, "UPDATE login_session SET ended_at = now()", sessions.SignInRefused),
        (_ask_less, "UPDATE organisation SET factors_by = now()", WrongStatus),
        (_change_the_law, "UPDATE organisation SET rules_version = rules_version + 1", Stale),
    ],
)
def test_what_is_over_since_somebody_else_ended_it_is_refused(
    begin: Callable[[], Callable[[], object]],
    statement: str,
    refused: type[Exception],
    given: Settings,
) -> None:
    act = begin()
    with _changed_by_another(given, statement), pytest.raises(refused):
        act()


def test_whoever_has_just_left_is_not_unlocked(given: Settings) -> None:
    monitor = make.user("monitor")
    staff.lock_user(make.actor("admin"), monitor)
    proposal = staff.unlock_user(make.actor("admin"), monitor)
    left = f"UPDATE user_account SET state = 'left' WHERE id = {monitor.id}"
    with _changed_by_another(given, left):
        proposals.confirm(make.actor("admin2"), proposal)
    assert make.user("monitor").state == UserState.LEFT
