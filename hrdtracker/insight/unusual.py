"""Who has read unusually much: noticed once a person and day, told to those who answer for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Organisation, User
from hrdtracker.accounts.assignments import candidates
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.insight.model import Measure, UnusualReading
from hrdtracker.insight.tally import Tally, kinds_of, pages_read
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell
from hrdtracker.people.search_limit import HOUR, searches_since

LOOKED_BACK = timedelta(minutes=15)
"""What was read just before midnight is still looked at after it."""
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Noticed:
    """Somebody who reached a limit, and which: the first of them that was reached."""

    user_id: int
    day: date
    measure: Measure
    counted: int
    most: int


def unusual(organisation_id: int, zone: ZoneInfo) -> list[Noticed]:
    """Return whoever has reached a limit and was not noticed yet on that day."""
    organisation, now = session().get_one(Organisation, organisation_id), clock.now()
    today, before = clock.day_of(now, zone), clock.day_of(now - LOOKED_BACK, zone)
    noticed = list(_on(organisation, today, now, zone))
    if before != today:
        noticed += _on(organisation, before, _begin(today, zone), zone)
    return noticed


def keep(noticed: Sequence[Noticed]) -> None:
    """Write down who read unusually much, and tell directors and auditors. Inside an open door."""
    users = {user.id: user for user in session().scalars(_users([n.user_id for n in noticed]))}
    for each in noticed:
        session().add(
            UnusualReading(
                user_id=each.user_id,
                day=each.day,
                measure=each.measure,
                counted=each.counted,
                most=each.most,
                at=clock.now(),
            )
        )
        _tell(users[each.user_id])


def _tell(user: User) -> None:
    """Tell who answers for a reader’s reading, but for the reader; where nobody does, the board.

    Of a director other directors and the auditors are told. Who stands outside learns only that it
    was.
    """
    watchers = _others_who_may(Action.READINGS_COUNT, user)
    if watchers:
        tell(watchers, NoticeKind.UNUSUAL_READING, user)
    else:
        tell(_others_who_may(Action.READINGS_HEAR, user), NoticeKind.UNUSUAL_UNSEEN)


def _others_who_may(action: Action, user: User) -> set[int]:
    able = candidates(user.organisation_id, action)
    return policy.who_may(able, action, user) - {user.id}


def _on(organisation: Organisation, day: date, end: datetime, zone: ZoneInfo) -> Iterator[Noticed]:
    """Yield whoever reached a limit on a day, or in the hour before `end`: midnight, or now."""
    begin = _begin(day, zone)
    known = select(UnusualReading.user_id).where(UnusualReading.day == day)
    theirs = select(User.id).where(
        User.organisation_id == organisation.id, User.id.not_in(known.scalar_subquery())
    )
    users = list(session().scalars(theirs))
    pages = pages_read(users, min(begin, end - HOUR), end + MOMENT)
    kinds = kinds_of(page for read in pages.values() for page in read)
    searches = searches_since(users, end - HOUR) if day == clock.today(zone) else {}
    for user_id in sorted(pages.keys() | searches.keys()):
        read = pages.get(user_id, ())
        counts = counted(
            searches.get(user_id, 0),
            kinds.tally([page for page in read if page.at >= end - HOUR]),
            kinds.tally([page for page in read if page.at >= begin]),
        )
        reached = first_reached(organisation, counts)
        if reached is not None:
            most = getattr(organisation, reached)
            yield Noticed(user_id, day, reached, counts[reached], most)


def counted(searches: int, hour: Tally, day: Tally) -> Mapping[Measure, int]:
    """Return how much somebody did of all that has a limit."""
    return {
        Measure.SEARCHES_HOUR: searches,
        Measure.PAGES_HOUR: hour.pages,
        Measure.PEOPLE_HOUR: hour.people,
        Measure.CASES_HOUR: hour.cases,
        Measure.PAGES_DAY: day.pages,
        Measure.PEOPLE_DAY: day.people,
        Measure.CASES_DAY: day.cases,
    }


def first_reached(organisation: Organisation, counts: Mapping[Measure, int]) -> Measure | None:
    """Return the first limit that was reached; None where none was."""
    return next(
        (measure for measure, count in counts.items() if count >= getattr(organisation, measure)),
        None,
    )


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _users(numbers: Sequence[int]) -> Select[User]:
    return select(User).where(User.id.in_(numbers))
