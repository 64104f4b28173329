"""A stay begins, is moved, ends or is confirmed, all of it inside an open door."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import Precision, When, is_before
from hrdtracker.custody.model import CustodyAct, Stay, StayStanding
from hrdtracker.custody.states import says_held
from hrdtracker.custody.told import PlaceOfStay, StayDraft

UNKNOWN = "unknown"
"""How a stay ended of which nobody knows it."""
TRANSFERRED = "transferred"
"""How a stay ended that goes on elsewhere."""


class InCase(Protocol):
    """What belongs to a case, and is locked with its key."""

    @property
    def scope_id(self) -> int:
        """The case’s scope."""

    @property
    def data_key_id(self) -> int:
        """The case’s key."""


def new_stay(actor: Actor, within: InCase, draft: StayDraft) -> Stay:
    """Return a stay of the case that a row belongs to; still to be added."""
    moment = clock.now()
    row = Stay(
        scope_id=within.scope_id,
        data_key_id=within.data_key_id,
        person_id=draft.person_id,
        violation_id=draft.violation_id,
        situation=draft.situation,
        standing=StayStanding.DRAFTED if draft.is_draft else StayStanding.TOLD,
        place_held=draft.place.words,
        prison=draft.place.prison,
        known_by=draft.place.known_by,
        began=draft.began,
        since=exactly(draft.began) or draft.since,
        end_kind=draft.end_kind,
        ended=draft.ended or (undated(draft.began) if draft.end_kind else None),
        recorded_by_id=actor.id,
        recorded_at=moment,
        changed_at=moment,
    )
    if draft.confirmed_at is not None:
        confirm(actor, row, draft.confirmed_at)
    return row


def begin(stays: Sequence[Stay]) -> None:
    """Add stays; whoever is somewhere now is no longer where an earlier stay says they are."""
    add_all(stays)
    settle(stays)


def tell(stays: Collection[Stay]) -> None:
    """Let stays count that were drafted, now that they are told."""
    for row in stays:
        row.standing = StayStanding.TOLD
    session().flush()
    settle(stays)


def settle(stays: Iterable[Stay]) -> None:
    """Let nobody be in two places: what began before these stays has ended, as far as it went on.

    A stay that was typed in late, and began before another of the same person, has ended, too.
    """
    told = [row for row in stays if row.standing == StayStanding.TOLD and row.person_id is not None]
    for other in _others(told):
        row = max(
            (row for row in told if row.person_id == other.person_id),
            key=lambda row: (row.since, row.id),
        )
        first = min(other, row, key=lambda each: (each.since, each.id))
        if other.scope_id == row.scope_id and first.end_kind is None:
            end(first, UNKNOWN)


def _others(stays: Sequence[Stay]) -> Sequence[Stay]:
    """Return what else was told of the same people in the same cases."""
    if not stays:
        return ()
    query = select(Stay).where(
        Stay.standing == StayStanding.TOLD,
        Stay.person_id.in_({row.person_id for row in stays}),
        Stay.scope_id.in_({row.scope_id for row in stays}),
        Stay.id.not_in([row.id for row in stays]),
    )
    return session().scalars(query.order_by(Stay.since, Stay.id)).all()


def arrive(row: Stay, arrived: When, act: CustodyAct | None = None) -> None:
    """Say when somebody arrived at the unit."""
    row.began, row.began_with_id = arrived, act.id if act else None
    row.since = exactly(arrived) or row.since
    row.changed_at = clock.now()


def says_otherwise(row: Stay, arrived: When, known_by: str | None) -> bool:
    """Tell whether this is another source’s word of an arrival that is on record, the first one."""
    on_record = Stay.began.plain(row)
    return (
        on_record is not None
        and on_record.is_known
        and arrived.is_known
        and (arrived.earliest, arrived.latest) != (on_record.earliest, on_record.latest)
        and known_by not in {None, row.known_by}
        and Stay.other_arrival.plain(row) is None
    )


def tell_otherwise(row: Stay, act: CustodyAct) -> None:
    """Keep beside the arrival on record when another source says that it was: the earlier first."""
    on_record, said = Stay.began.plain(row), CustodyAct.happened.plain(act)
    if _place(said) < _place(on_record):
        row.other_arrival, row.other_known_by = row.began, row.known_by
        _arrived(row, act.happened, act.known_by)
    else:
        row.other_arrival, row.other_known_by = act.happened, act.known_by
    row.other_with_id, row.changed_at = act.id, act.recorded_at


def forget_other(row: Stay, act: CustodyAct) -> None:
    """Take back what another source said of an arrival."""
    if Stay.began.plain(row) == CustodyAct.happened.plain(act):
        _arrived(row, row.other_arrival, row.other_known_by)
    row.other_arrival = row.other_known_by = row.other_with_id = None


def _arrived(row: Stay, when: When | None, known_by: str | None) -> None:
    row.began, row.known_by = when, known_by
    row.since = exactly(when) or row.since


def _place(when: When | None) -> tuple[bool, float]:
    """Return where an arrival stands in the order of time; one with no earliest hour is last."""
    earliest = when.earliest if when else None
    return earliest is None, earliest.timestamp() if earliest else 0.0


def arrivals(row: Stay) -> Sequence[When]:
    """Return when somebody arrived, as each source says it that the end does not contradict."""
    ended = Stay.ended.plain(row)
    told = (Stay.began.plain(row), Stay.other_arrival.plain(row))
    return [when for when in told if when is not None and not is_before(ended, when)]


def hold(row: Stay, place: PlaceOfStay) -> None:
    """Let a stay say of its place what is said now, and what it said before of the rest."""
    row.place_held = place.words or (None if place.prison else row.place_held)
    row.prison = place.prison or (None if place.words else row.prison)
    row.known_by = place.known_by or row.known_by
    row.changed_at = clock.now()


def exactly(began: When | None) -> datetime | None:
    """Return since when somebody is held by an arrival whose day is known.

    One in some month, or about a day, is not taken for a day.
    """
    is_day = began is not None and began.precision in {Precision.MINUTE, Precision.DAY}
    return began.earliest if began and is_day else None


def move(actor: Actor, row: Stay, moved: When, place: PlaceOfStay, act: CustodyAct) -> Stay:
    """End a stay that goes on elsewhere; return the one that begins there, still to be added."""
    end(row, TRANSFERRED, moved, act)
    draft = StayDraft(
        since=exactly(moved) or clock.now(),
        person_id=row.person_id,
        violation_id=row.violation_id,
        situation=row.situation,
        place=place,
        began=moved,
        confirmed_at=clock.now(),
    )
    return follow(row, new_stay(actor, row, draft), act)


def follow(row: Stay, made: Stay, act: CustodyAct) -> Stay:
    """Let a stay that an act began go on for those of another; return it, still to be added."""
    made.people, made.began_with_id, made.follows_id = row.people, act.id, row.id
    return made


def end(row: Stay, kind: str, ended: When | None = None, act: CustodyAct | None = None) -> None:
    """End a stay; the day may be unknown."""
    until = ended or undated(Stay.began.plain(row))
    row.end_kind, row.ended = kind, until
    row.ended_with_id = act.id if act else None
    if act is None:  # what can be taken back as one keeps who confirmed it before
        row.confirmed_at = row.confirmed_by_id = None
    row.changed_at = clock.now()


def undated(began: When | None) -> When:
    """Return that nobody knows when a stay ended."""
    return When.unknown("", began.zone if began else "UTC")


def confirm(actor: Actor, row: Stay, at: datetime) -> None:
    """Note by whom, and when, it was last said that somebody is held; of others nothing is kept."""
    if not says_held(row):
        row.confirmed_at = row.confirmed_by_id = None
    elif row.confirmed_at is None or row.confirmed_at <= at:
        row.confirmed_at, row.confirmed_by_id = at, actor.id
    row.changed_at = clock.now()


def ends_too_early(row: Stay, ended: When) -> bool:
    """Tell whether an end certainly lies before the beginning."""
    began = Stay.began.plain(row)
    if began is None or began.earliest is None or ended.latest is None:
        return False
    return ended.latest <= began.earliest


def reopen(row: Stay) -> None:
    """Let a stay go on of which it was said that it had ended."""
    row.end_kind = row.ended = row.ended_with_id = None
    row.changed_at = clock.now()


OF_PART = (
    "scope_id", "data_key_id", "person_id", "violation_id", "situation", "standing", "place_held",
    "prison", "known_by", "began", "other_arrival", "other_known_by", "since", "ended", "end_kind",
    "order_unclear", "confirmed_at", "confirmed_by_id", "follows_id",
)  # fmt: skip
"""What a part of a group takes over from the stay of the whole."""


def part_of(row: Stay, people: int) -> Stay:
    """Return a stay of some of a group, as the whole is; still to be added."""
    return like(row, people=people, parted_from_id=row.id)


def like(row: Stay, **changes: object) -> Stay:
    """Return another stay that says what this one does, but for what is changed."""
    moment = clock.now()
    taken = {name: getattr(row, name) for name in OF_PART}
    recorded = {"recorded_by_id": row.recorded_by_id, "recorded_at": moment, "changed_at": moment}
    return Stay(**{**taken, **recorded, **changes})
