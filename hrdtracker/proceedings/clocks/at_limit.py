"""At a limit it is asked whether they are still there, and whether an extension was seen."""

from collections.abc import Iterable, Mapping, Sequence
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
    case, kind = at_limit(actor, kept).case, OF_CLOCK.get(kept.clock)
    if kind is None:
        raise WrongStatus(NOT_EXTENDED)
    with authorised(actor, Action.PROCEEDING_RECORD, on=case, sending=draft.sending) as signature:
        line = at_limit(actor, kept)
        stays = {row.person_id: row for row in _stays(line, rows)}
        people = _people(stays)
        grounds = _grounds(actor, line, kind, people, stays)
        orders = [
            titles.add_orders(actor, case, _order(draft, some))
            for some in _by_proceeding(grounds, people)
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


Ground = tuple[Person, LegalTitle]
"""Somebody, and by what right they are held."""


def _grounds(
    actor: Actor,
    line: AtLimit,
    kind: TitleKind,
    people: Sequence[Person],
    stays: dict[int | None, Stay],
) -> Mapping[int, LegalTitle]:
    """Return by what right each is held, in the limit’s proceeding; recorded where it is not."""
    known = _known(line, kind, people)
    without: dict[When, list[Person]] = {}
    for person in people:
        if person.id not in known:
            began = Stay.began.plain(stays[person.id]) or When.unknown("", ZONE)
            without.setdefault(began, []).append(person)
    for began, some in without.items():
        titles.add_titles(actor, line.case, _ground(line, kind, some, began))
    return _known(line, kind, people) if without else known


def _known(line: AtLimit, kind: TitleKind, people: Sequence[Person]) -> Mapping[int, LegalTitle]:
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
    return {row.person_id: row for row in session().scalars(query.order_by(LegalTitle.id))}


def _ground(line: AtLimit, kind: TitleKind, people: Sequence[Person], began: When) -> TitleDraft:
    number = line.kept.proceeding_id
    proceeding = session().get(Proceeding, number) if number else None
    return TitleDraft(
        tuple(person.uid for person in people),
        kind,
        began,
        proceeding=proceeding.uid if proceeding else None,
    )


def _by_proceeding(
    grounds: Mapping[int, LegalTitle], people: Sequence[Person]
) -> Iterable[Sequence[Ground]]:
    """Return people with their grounds, those of one proceeding together: by one order."""
    found: dict[int | None, list[Ground]] = {}
    for person in people:
        title = grounds[person.id]
        found.setdefault(title.proceeding_id, []).append((person, title))
    return found.values()


def _order(draft: SeenExtension, grounds: Sequence[Ground]) -> OrderDraft:
    return OrderDraft(
        tuple(person.uid for person, _ in grounds),
        OrderKind.EXTENSION,
        draft.ordered,
        ordered_by=draft.ordered_by,
        in_writing=draft.in_writing,
        title=grounds[0][1].uid,
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
