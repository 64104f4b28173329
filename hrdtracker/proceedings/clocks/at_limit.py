"""At a limit it is asked whether they are still there, and whether an extension was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock as hour
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import Stay
from hrdtracker.people.model import Person
from hrdtracker.proceedings import titles
from hrdtracker.proceedings.clocks.court_facts import EXTENDED
from hrdtracker.proceedings.clocks.drafts import SeenExtension
from hrdtracker.proceedings.clocks.law import COUNTRY, ZONE
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import GROUPED
from hrdtracker.proceedings.drafts.titles import OrderDraft, TitleDraft
from hrdtracker.proceedings.guarding import joined
from hrdtracker.proceedings.model import (
    IN_FORCE,
    CourtOrder,
    LegalTitle,
    OrderKind,
    Proceeding,
    TitleKind,
)
from hrdtracker.proceedings.rules.names import legal_names

MOVED_ON = N_("It is about other people now than when this page was shown. Look again.")
NOT_EXTENDED = N_("No extension of this is known to the law.")
OF_CLOCK = {clock: kind for kind, clock in EXTENDED.items()}
"""Which ground of custody a limit is about that can be extended."""


@dataclass(frozen=True)
class AtLimit:
    """Those of a case whose limit ends together, by the same rules."""

    case: Case
    kept: Clock
    clocks: Sequence[Clock]


def at_limit(actor: Actor, kept: Clock) -> AtLimit:
    """Return everybody for whom a limit of a case ends at the same time, as a line shows them."""
    same = [column.is_not_distinct_from(getattr(kept, column.key)) for column in GROUPED]
    query = policy.visible(actor, Action.CASE_READ, Clock).where(*same).order_by(Clock.id)
    case = session().scalars(select(Case).where(Case.scope_id == kept.scope_id)).one()
    return AtLimit(case, kept, session().scalars(query).all())


def still_there(actor: Actor, kept: Clock, rows: int) -> None:
    """Say that everybody of a line is still held where its limit ended; nothing else changes.

    `rows` is how many the page showed: raises WrongStatus where they are others by now.
    """
    case = at_limit(actor, kept).case
    with authorised(actor, Action.CASE_EXTEND, on=case):
        for row in _stays(at_limit(actor, kept), rows):
            custody.confirm(actor, row, hour.now())


def _stays(line: AtLimit, rows: int) -> Sequence[Stay]:
    numbers = {one.stay_id for one in line.clocks if one.is_held}
    if len(line.clocks) != rows or not numbers:
        raise WrongStatus(MOVED_ON)
    return session().scalars(select(Stay).where(Stay.id.in_(numbers)).order_by(Stay.id)).all()


@idempotent
def extension_seen(actor: Actor, kept: Clock, rows: int, draft: SeenExtension) -> CourtOrder:
    """Record that an extension was seen for everybody of a line; return the order of the first.

    Who is held without a ground on record gets one: custody since the arrival. Raises WrongStatus,
    too where they are others than the `rows` whom the page showed.
    """
    line = at_limit(actor, kept)
    kind = OF_CLOCK.get(kept.clock)
    if kind is None:
        raise WrongStatus(NOT_EXTENDED)
    with authorised(
        actor, Action.PROCEEDING_RECORD, on=line.case, sending=draft.sending
    ) as signature:
        stays = {row.person_id: row for row in _stays(line, rows)}
        people = _people(stays)
        orders = [
            titles.add_orders(actor, line.case, _order(draft, title))
            for title in _grounds(actor, line, kind, people, stays)
        ]
        signature.made = orders[0]
    return orders[0]


def _people(stays: dict[int | None, Stay]) -> Sequence[Person]:
    numbers = [number for number in stays if number is not None]
    found = session().scalars(select(Person).where(Person.id.in_(numbers)).order_by(Person.id))
    people = found.all()
    if not people:
        raise WrongStatus(N_("Say first who they are: an order is about people on record."))
    return people


@dataclass(frozen=True)
class _Ground:
    """A ground of custody, and whom it is about."""

    title: LegalTitle
    person: Person


def _grounds(
    actor: Actor,
    line: AtLimit,
    kind: TitleKind,
    people: Sequence[Person],
    stays: dict[int | None, Stay],
) -> list[_Ground]:
    """Return by what right each is held, in the limit’s proceeding; recorded where it is not."""
    query = select(LegalTitle).where(
        LegalTitle.scope_id == line.case.scope_id,
        LegalTitle.kind == kind,
        LegalTitle.person_id.in_([person.id for person in people]),
        IN_FORCE,
    )
    if line.kept.proceeding_id is not None:
        query = query.where(
            LegalTitle.proceeding_id.is_(None)
            | LegalTitle.proceeding_id.in_(select(joined([line.kept.proceeding_id]).c.part))
        )
    known = {row.person_id: row for row in session().scalars(query.order_by(LegalTitle.id))}
    return [
        _Ground(
            known.get(person.id)
            or titles.add_titles(actor, line.case, _ground(line, kind, person, stays[person.id])),
            person,
        )
        for person in people
    ]


def _ground(line: AtLimit, kind: TitleKind, person: Person, stay: Stay) -> TitleDraft:
    number = line.kept.proceeding_id
    proceeding = session().get(Proceeding, number) if number else None
    return TitleDraft(
        (person.uid,),
        kind,
        Stay.began.plain(stay) or When.unknown("", ZONE),
        proceeding=proceeding.uid if proceeding else None,
    )


def _order(draft: SeenExtension, ground: _Ground) -> OrderDraft:
    return OrderDraft(
        (ground.person.uid,),
        OrderKind.EXTENSION,
        draft.ordered,
        ordered_by=draft.ordered_by,
        in_writing=draft.in_writing,
        title=ground.title.uid,
        known_by=draft.known_by,
    )


class MayBeAsked(Protocol):
    """A limit, or a line of some, of which may be asked whether they are still there."""

    @property
    def clock(self) -> str:
        """Which limit it is."""

    @property
    def is_held(self) -> bool:
        """Whether it is about people who are held."""

    @property
    def ends_earliest(self) -> datetime | None:
        """When it ends at the earliest."""


def is_asked(one: MayBeAsked, heard_at: datetime | None) -> bool:
    """Tell whether to ask if they are still there: the limit came, and nobody has said so since."""
    at, frees = one.ends_earliest, legal_names(COUNTRY).frees
    if at is None or not one.is_held or one.clock not in frees or hour.now() < at:
        return False
    return heard_at is None or heard_at < at
