"""The duty roster is written: a director sets days, the person on duty hands one over or back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Office, User
from hrdtracker.accounts.assignments import at_work
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, Stale, WrongStatus
from hrdtracker.duty.model import DutyDay
from hrdtracker.duty.queries import able, office_of_duty
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

NOT_THERE = N_("Choose somebody who works in this office.")
IS_OVER = N_("This day is over: nothing of it changes any more.")


@dataclass(frozen=True)
class DayChange:
    """Who is to be on duty on a day, and who was, as the person saw it; nobody: its directors."""

    shown: UUID | None
    chosen: UUID | None


def set_days(actor: Actor, office: Office, days: Mapping[date, DayChange]) -> None:
    """Say who is on duty on some days of an office; nobody leaves a day to its directors.

    Raises Refused for a day that is over and for whoever does not work there; Stale where somebody
    else has a day by now than the person saw.
    """
    with authorised(actor, Action.DUTY_SET, on=office):
        users = {user.uid: user for user in able(office)}
        uids = {user.id: uid for uid, user in users.items()}
        kept = _kept(office, days)
        told = set()
        for day, change in days.items():
            row = kept.get(day)
            present = uids.get(row.user_id) if row and row.user_id else None
            if change.chosen == present:
                continue
            user = _chosen(users, change.chosen, day, actor)
            if change.shown != present:
                raise Stale
            told |= {row.user_id} if row else set()
            told.add(_set(actor, office, row, day, user).user_id)
        tell((one for one in told if one not in {None, actor.id}), NoticeKind.DUTY_CHANGED)


def _kept(office: Office, days: Collection[date]) -> dict[date, DutyDay]:
    query = select(DutyDay).where(DutyDay.office_id == office.id, DutyDay.day.in_(days))
    return {row.day: row for row in session().scalars(query)}


def _chosen(users: Mapping[UUID, User], uid: UUID | None, day: date, actor: Actor) -> User | None:
    if day < today(actor.organisation_id):
        raise Refused({"days": IS_OVER})
    if uid is not None and uid not in users:
        raise Refused({"days": NOT_THERE})
    return users[uid] if uid is not None else None


def _set(
    actor: Actor, office: Office, row: DutyDay | None, day: date, user: User | None
) -> DutyDay:
    if row is None:
        row = DutyDay(organisation_id=office.organisation_id, office_id=office.id, day=day)
        session().add(row)
    row.offered_to_id = None
    row.user_id = user.id if user else None
    row.set_by_id, row.set_at = actor.id, clock.now()
    session().flush()
    return row


def offer(actor: Actor, row: DutyDay, uid: UUID | None) -> None:
    """Ask a colleague to take over the duty of a day; it stays one’s own until they agree.

    Raises Refused for whoever does not work in the office, WrongStatus for a day that is over.
    """
    with authorised(actor, Action.DUTY_HAND_OVER, on=row):
        _check_day(row)
        office = office_of_duty(row)
        users = {user.uid: user for user in able(office) if user.id != actor.id}
        if uid not in users:
            raise Refused({"colleague": NOT_THERE})
        row.offered_to_id = users[uid].id
        tell([row.offered_to_id], NoticeKind.DUTY_OFFERED)


def give_back(actor: Actor, row: DutyDay) -> None:
    """Say that one cannot be there: the day is with the directors of the office, who are told."""
    with authorised(actor, Action.DUTY_HAND_OVER, on=row):
        _check_day(row)
        row.user_id, row.offered_to_id = None, None
        office = office_of_duty(row)
        directors = policy.who_may(at_work(actor.organisation_id), Action.DUTY_SET, office)
        tell(directors - {actor.id}, NoticeKind.DUTY_OPEN)


def take(actor: Actor, row: DutyDay) -> None:
    """Take over the duty of a day that a colleague offered; raises WrongStatus if it is over."""
    with authorised(actor, Action.DUTY_TAKE, on=row):
        _check_day(row)
        before, row.offered_to_id, row.user_id = row.user_id, None, actor.id
        if before is not None:
            tell([before], NoticeKind.DUTY_CHANGED)


def decline(actor: Actor, row: DutyDay) -> None:
    """Say that one does not take over the duty of a day: it stays with whoever offered it."""
    with authorised(actor, Action.DUTY_TAKE, on=row):
        row.offered_to_id = None
        if row.user_id is not None:
            tell([row.user_id], NoticeKind.DUTY_CHANGED)


def _check_day(row: DutyDay) -> None:
    if row.day < today(row.organisation_id):
        raise WrongStatus(IS_OVER)
