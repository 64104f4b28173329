"""Who is on duty, in the offices that one works in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, User, UserState
from hrdtracker.accounts.assignments import actors_of, colleagues
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.duty.model import DutyDay


@dataclass(frozen=True)
class DutyLine:
    """Who is on duty in an office on a day; nobody means that it is with its directors.

    `row` is there once somebody said who it is. Whoever left the office or is locked is nobody.
    """

    office: Office
    day: date
    row: DutyDay | None
    user: User | None
    offered_to: User | None


def offices_of(actor: Actor) -> Sequence[Office]:
    """Return the offices whose duty somebody may see, by their codes."""
    query = policy.visible(actor, Action.DUTY_READ, Office).order_by(Office.code)
    return session().scalars(query).all()


def office_of_duty(row: DutyDay) -> Office:
    """Return the office of a day."""
    return session().get_one(Office, row.office_id)


def day_of(actor: Actor, action: Action, uid: UUID) -> DutyDay:
    """Return the duty of a day that somebody may hand over, or take; raises NotFound."""
    return policy.fetch(actor, action, DutyDay, uid)


def able(office: Office) -> list[User]:
    """Return who can be on duty in an office: who works on its cases, by what they are called."""
    return colleagues(office.organisation_id, Action.DUTY_READ, office.id)


def roster(offices: Collection[Office], days: Collection[date]) -> Sequence[DutyLine]:
    """Return who is on duty in these offices on these days, day by day; four statements."""
    query = select(DutyDay).where(
        DutyDay.office_id.in_([office.id for office in offices]), DutyDay.day.in_(list(days))
    )
    rows = {(row.office_id, row.day): row for row in session().scalars(query)}
    users = _users(rows.values())
    may = _who_works_there(users.values(), offices)
    lines = []
    for day in days:
        for office in offices:
            row = rows.get((office.id, day))
            here = [users.get(number or 0) for number in _whom(row)]
            holder, asked = [user if user and user.id in may[office.id] else None for user in here]
            lines.append(DutyLine(office, day, row, holder, asked))
    return lines


def _whom(row: DutyDay | None) -> tuple[int | None, int | None]:
    return (row.user_id, row.offered_to_id) if row else (None, None)


def _users(rows: Iterable[DutyDay]) -> Mapping[int, User]:
    numbers = {number for row in rows for number in _whom(row) if number is not None}
    if not numbers:
        return {}
    query = select(User).where(User.id.in_(numbers), User.state == UserState.ACTIVE)
    users = {user.id: user for user in session().scalars(query)}
    ring().load(user.data_key_id for user in users.values())
    return users


def _who_works_there(
    users: Collection[User], offices: Collection[Office]
) -> Mapping[int, Collection[int]]:
    if not users:
        return defaultdict(set)
    actors = list(actors_of(users).values())
    ids = [office.id for office in offices]
    return policy.who_may_each(actors, Action.DUTY_READ, Office, ids)


def on_duty(actor: Actor, day: date) -> Sequence[DutyLine]:
    """Return who is on duty on a day in the offices that somebody works in."""
    return roster(offices_of(actor), [day])


def offered_to(actor: Actor, since: date) -> Sequence[DutyDay]:
    """Return the days from one on which colleagues ask somebody to take over."""
    query = policy.visible(actor, Action.DUTY_TAKE, DutyDay).where(DutyDay.day >= since)
    return session().scalars(query.order_by(DutyDay.day)).all()
