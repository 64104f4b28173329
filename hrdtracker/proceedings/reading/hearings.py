"""Hearings as lists show them: a week or a month in court, what has no day, who goes where."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Scope, User
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import Precision
from hrdtracker.proceedings.guarding import joined, stands_in
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    Hearing,
    HearingMonitor,
    HearingStatus,
    Party,
    Proceeding,
    ProceedingScope,
)

earliest = Hearing.starts.part(Hearing, "earliest")
latest = Hearing.starts.part(Hearing, "latest")
MOST = 500
"""How many hearings one page lists at most."""


@dataclass(frozen=True)
class HearingFilter:
    """What a list of hearings is narrowed to: from one instant to another, an office, somebody."""

    start: datetime
    end: datetime
    office: str | None = None
    court: str | None = None
    monitor: UUID | None = None


@dataclass(frozen=True)
class HearingLine:
    """A hearing with the case of the reader’s that it concerns, and how often it was put off.

    `adjourned` counts the adjournments of the proceeding so far, `first_at` is its first hearing;
    `before` is the one that it goes on after.
    """

    hearing: Hearing
    proceeding_uid: UUID
    case: Case
    accused: int
    monitors: tuple[User, ...]
    adjourned: int
    first_at: datetime | None
    before: Hearing | None

    @property
    def at(self) -> datetime | None:
        """The hour of the hearing, or where its day begins; None where it is not set."""
        return self.hearing.day.earliest

    @property
    def is_timed(self) -> bool:
        """Whether its hour is known."""
        return self.hearing.day.precision == Precision.MINUTE

    @property
    def is_open(self) -> bool:
        """Whether it is still expected."""
        return self.hearing.status == HearingStatus.SCHEDULED

    @property
    def nobody_goes(self) -> bool:
        """Whether it is expected and nobody of ours goes there."""
        return self.is_open and not self.monitors


@dataclass(frozen=True)
class Agenda:
    """The hearings of a time by their hour, and those whose day is not set, the oldest first."""

    lines: tuple[HearingLine, ...]
    unset: tuple[HearingLine, ...]

    @property
    def unattended(self) -> int:
        """How many nobody goes to."""
        return sum(line.nobody_goes for line in self.lines)


def agenda(actor: Actor, chosen: HearingFilter) -> Agenda:
    """Return the hearings that somebody may see; as many statements for 40 as for 1."""
    dated = _narrowed(actor, chosen).where(earliest < chosen.end, latest > chosen.start)
    rows = _first_of(dated.order_by(earliest, Hearing.id), chosen.court)
    unset = _narrowed(actor, chosen).where(
        earliest.is_(None), Hearing.status == HearingStatus.SCHEDULED
    )
    waiting = _first_of(unset.order_by(Hearing.id), chosen.court)
    lines = hearing_lines(actor, [*rows, *waiting])
    return Agenda(
        tuple(line for line in lines if line.at is not None),
        tuple(line for line in lines if line.at is None),
    )


def _first_of(query: Any, court: str | None) -> Sequence[Hearing]:
    """Return the first of some hearings, of one court where it is named.

    No database tells courts apart, as they lie closed: of all that the query finds only the court
    is read, and of those in that court the first are taken.
    """
    if court is not None:
        courts = session().execute(query.with_only_columns(Hearing.id, Hearing.court))
        there = [number for number, where in courts if where == court]
        query = query.where(Hearing.id.in_(there[:MOST]))
    return session().scalars(query.limit(MOST)).all()


def _narrowed(actor: Actor, chosen: HearingFilter) -> Any:
    query = policy.visible(actor, Action.PROCEEDING_READ, Hearing)
    if chosen.office:
        theirs = policy.visible(actor, Action.CASE_READ, Case)  # no other office may be told of
        offices = select(Office.id).where(Office.code == chosen.office)
        here = (
            select(ProceedingScope.proceeding_id)
            .join(Scope, Scope.id == ProceedingScope.scope_id)
            .where(
                Scope.office_id.in_(offices),
                Scope.id.in_(theirs.with_only_columns(Case.scope_id)),
            )
        )
        query = query.where(Hearing.proceeding_id.in_(here))
    if chosen.monitor:
        query = query.where(Hearing.id.in_(_gone_to_by(User.uid == chosen.monitor)))
    return query


def _gone_to_by(who: Any) -> Any:
    return (
        select(HearingMonitor.hearing_id)
        .join(User, User.id == HearingMonitor.user_id)
        .where(HearingMonitor.relieved_at.is_(None), who)
    )


def next_hearings(actor: Actor, until: datetime, most: int) -> Sequence[HearingLine]:
    """Return the hearings from now until an instant to which one goes oneself, or nobody goes.

    The next first, `most` at most, however many there are to which others go.
    """
    query = (
        policy.visible(actor, Action.PROCEEDING_READ, Hearing)
        .where(
            Hearing.status == HearingStatus.SCHEDULED,
            latest > clock.now(),
            earliest < until,
            Hearing.id.in_(_gone_to_by(User.id == actor.id))
            | Hearing.id.not_in(_gone_to_by(true())),
        )
        .order_by(earliest, Hearing.id)
        .limit(most)
    )
    return hearing_lines(actor, session().scalars(query).all())


def hearings_of(actor: Actor, proceeding: Proceeding) -> Sequence[HearingLine]:
    """Return the hearings of a proceeding, the next and latest first; what has no day on top."""
    query = (
        policy.visible(actor, Action.PROCEEDING_READ, Hearing)
        .where(Hearing.proceeding_id == proceeding.id)
        .order_by(earliest.is_not(None), earliest.desc(), Hearing.id)
    )
    return hearing_lines(actor, session().scalars(query).all())


def hearing_line(actor: Actor, uid: UUID) -> HearingLine:
    """Return one hearing; raises NotFound."""
    hearing = policy.fetch(actor, Action.PROCEEDING_READ, Hearing, uid)
    return hearing_lines(actor, [hearing])[0]


def hearing_lines(actor: Actor, rows: Sequence[Hearing]) -> list[HearingLine]:
    """Return hearings with what a line says of them, in their order."""
    ring().load({row.data_key_id for row in rows})
    cases = _cases(actor, {row.proceeding_id for row in rows})
    scopes = {case.scope_id for some in cases.values() for case in some}
    accused = _accused(cases, scopes)
    monitors = _monitors({row.id for row in rows})
    history = _history(cases)
    uids = _uids(cases)
    before = _by_number({row.follows_id for row in rows} - {None})
    return [
        HearingLine(
            row,
            uids[row.proceeding_id],
            cases[row.proceeding_id][0],
            accused.get(row.proceeding_id, 0),
            tuple(monitors[row.id]),
            *_so_far(row, history[row.proceeding_id]),
            before.get(row.follows_id or 0),
        )
        for row in rows
        if row.proceeding_id in cases
    ]


def _cases(actor: Actor, proceedings: Collection[int]) -> Mapping[int, list[Case]]:
    """Return by proceeding the cases that it concerns and the actor reads, the oldest first."""
    if not proceedings:
        return {}
    query = (
        select(ProceedingScope.proceeding_id, Case)
        .join(Case, Case.scope_id == ProceedingScope.scope_id)
        .where(
            ProceedingScope.proceeding_id.in_(proceedings),
            policy.condition(actor, Action.CASE_READ, Case, of_few=True),
        )
        .order_by(Case.id)
    )
    found: dict[int, list[Case]] = {}
    for number, case in session().execute(query):
        found.setdefault(number, []).append(case)
    return found


def _uids(proceedings: Collection[int]) -> Mapping[int, UUID]:
    """Return the uids of proceedings, by their numbers."""
    query = select(Proceeding.id, Proceeding.uid).where(Proceeding.id.in_(proceedings))
    rows = session().execute(query).all() if proceedings else []
    return {number: uid for number, uid in rows}  # noqa: C416 - a row is no pair to mypy


def _accused(proceedings: Collection[int], scopes: Collection[int]) -> Mapping[int, int]:
    """Return by proceeding how many the reader’s cases name as accused in it."""
    parts = joined(proceedings)
    query = (
        select(parts.c.whole, func.count(Party.person_id.distinct()))
        .join(Party, stands_in(parts))
        .where(Party.scope_id.in_(scopes), Party.role.in_(sorted(ACCUSED_ROLES)))
        .group_by(parts.c.whole)
    )
    rows = session().execute(query).all() if proceedings else []
    return {number: count for number, count in rows}  # noqa: C416 - a row is no pair to mypy


def _monitors(hearings: Collection[int]) -> Mapping[int, list[User]]:
    """Return by hearing who goes there."""
    query = (
        select(HearingMonitor.hearing_id, User)
        .join(User, User.id == HearingMonitor.user_id)
        .where(HearingMonitor.hearing_id.in_(hearings), HearingMonitor.relieved_at.is_(None))
        .order_by(HearingMonitor.assigned_at, User.id)
    )
    rows = session().execute(query).all() if hearings else []
    ring().load({user.data_key_id for _, user in rows})
    found = defaultdict[int, list[User]](list)
    for number, user in rows:
        found[number].append(user)
    return found


@dataclass(frozen=True)
class _Past:
    """What a history needs of a hearing."""

    id: int
    status: str
    at: datetime


def _history(proceedings: Collection[int]) -> Mapping[int, list[_Past]]:
    """Return by proceeding all of its hearings by their day; one without it by when it was said."""
    day = func.coalesce(earliest, Hearing.recorded_at)
    query = (
        select(Hearing.proceeding_id, Hearing.id, Hearing.status, day)
        .where(Hearing.proceeding_id.in_(proceedings))
        .order_by(day, Hearing.id)
    )
    found = defaultdict[int, list[_Past]](list)
    for number, *past in session().execute(query) if proceedings else ():
        found[number].append(_Past(*past))
    return found


def _so_far(row: Hearing, history: Sequence[_Past]) -> tuple[int, datetime | None]:
    """Return how many adjournments there were up to a hearing, and when the first hearing was."""
    here = next(index for index, past in enumerate(history) if past.id == row.id)
    if not row.day.is_known:
        here = len(history) - 1
    upto = history[: here + 1]
    first = next((past.at for past in upto if past.status in HAPPENED), None)
    return sum(past.status == HearingStatus.ADJOURNED for past in upto), first


HAPPENED = frozenset({HearingStatus.HELD, HearingStatus.ADJOURNED})


def _by_number(numbers: Collection[Any]) -> Mapping[int, Hearing]:
    if not numbers:
        return {}
    query = select(Hearing).where(Hearing.id.in_(numbers))
    return {row.id: row for row in session().scalars(query)}


def first_case(actor: Actor, proceeding: Proceeding) -> Case:
    """Return the first case of a proceeding that somebody reads."""
    return _cases(actor, [proceeding.id])[proceeding.id][0]
