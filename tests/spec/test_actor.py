"""Who somebody is by the roles they hold: what is asked of them before any record is looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, select, update

from hrdtracker.access.actor import NOBODY, Actor, Channel, Seat, operator, worker
from hrdtracker.access.model import Membership, Role, User
from hrdtracker.core import clock
from hrdtracker.core.db import session
from tests import make
from tests.two_people import as_if

SOMEBODY = Actor(1, NOBODY, 1)
MONITOR_HERE, DIRECTOR_HERE = Seat(Role.MONITOR, 1), Seat(Role.DIRECTOR, 1)
DIRECTOR_OF_ALL, MONITOR_OF_ALL = Seat(Role.DIRECTOR, None), Seat(Role.MONITOR, None)
OUTSIDE = Seat(Role.SECOND, None)


@pytest.mark.parametrize(
    ("seats", "anything", "confirms", "everywhere", "directs"),
    [
        (set(), False, False, False, set()),
        ({MONITOR_HERE}, False, False, False, set()),
        ({MONITOR_OF_ALL}, False, False, True, set()),
        ({DIRECTOR_HERE}, False, False, False, {1}),
        ({DIRECTOR_HERE, MONITOR_OF_ALL}, False, False, True, {1}),
        ({DIRECTOR_OF_ALL}, True, False, True, set()),
        ({OUTSIDE}, True, True, True, set()),
        ({OUTSIDE, DIRECTOR_HERE}, True, False, True, {1}),
    ],
)
def test_what_the_roles_of_somebody_make_of_them(
    seats: set[Seat], directs: set[int], *, anything: bool, confirms: bool, everywhere: bool
) -> None:
    actor = replace(SOMEBODY, seats=frozenset(seats))
    assert actor.seconds_anything is anything
    assert actor.only_confirms is confirms
    assert actor.works_everywhere is everywhere
    assert actor.offices(Role.DIRECTOR) == directs
    assert actor.has_role is bool(seats)


def test_the_work_in_the_background_is_neither_a_person_nor_a_command() -> None:
    assert worker(1).is_worker
    assert not operator(1).is_worker
    assert not replace(SOMEBODY, channel=Channel.JOB).is_worker


@pytest.mark.usefixtures("unit")
@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("holds", "logins"),
    [
        (Membership.reviews, {"director", "director2", "national", "far_director"}),
        (Membership.decides_on_money, {"fund", "fund2"}),
    ],
)
def test_who_reviews_and_who_decides_on_money(
    holds: Callable[[], ColumnElement[bool]], logins: set[str]
) -> None:
    query = select(User.login).join(Membership, Membership.user_id == User.id).where(holds())
    assert set(session().scalars(query)) == logins


HOUR = timedelta(hours=1)
WAITS = {"confirmed_at": None, "confirmed_by_id": None, "counts_since": None}


@pytest.mark.usefixtures("unit")
@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("starts", "ends", "confirmed", "runs"),
    [
        (-HOUR, None, True, True),
        (-HOUR, HOUR, True, True),
        (-HOUR, None, False, True),
        (HOUR, None, True, False),
        (-2 * HOUR, -HOUR, True, False),
    ],
)
def test_a_role_runs_from_its_beginning_to_its_end_and_counts_once_it_is_confirmed(
    starts: timedelta, ends: timedelta | None, *, confirmed: bool, runs: bool
) -> None:
    now = clock.now()
    role = Membership.user_id == make.user("monitor").id
    lasts = {"starts_at": now + starts, "ends_at": now + ends if ends else None}
    as_if(update(Membership).where(role).values(lasts if confirmed else {**lasts, **WAITS}))
    found = select(Membership.runs(now), Membership.counts(now)).where(role)
    assert session().execute(found).one() == (runs, runs and confirmed)
