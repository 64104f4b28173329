"""The clocks that run in the cases one may read: the soonest first, equal ones in one line."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, not_, or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import PREPARED, Instant, present, session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import KNOWN_AFTER
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.clocks.law import COUNTRY
from hrdtracker.proceedings.clocks.model import RUNS, Clock
from hrdtracker.proceedings.rules.model import RuleKind
from hrdtracker.proceedings.rules.names import legal_names

LINES = 30
"""Lines of one part of the page; what ends later stands on the pages after it."""


class ClockLine(NamedTuple):
    """Clocks of one case that end at the same time by the same rules: for how many, how sure.

    `uid` is that of one of them; `heard_at` is the oldest of the last words on those it is for.
    """

    scope_id: int
    proceeding_id: int | None
    clock: str
    kind: str
    standing: str
    ends_earliest: datetime | None
    ends_latest: datetime | None
    confidence: str
    is_reviewed: bool
    is_held: bool
    people: int
    rows: int
    first: int
    heard_at: datetime | None
    asks: str
    replaced_for: str | None
    case_uid: UUID
    case_code: str
    lead_type: str | None
    lead_province: str | None
    uid: UUID
    letters: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClockParts:
    """What runs, by how far one may speak of it: checked by a lawyer, expected, not known.

    `unheard` is how many lines are about people of whom nothing was heard for a week.
    """

    checked: Sequence[ClockLine]
    expected: Sequence[ClockLine]
    open_questions: Sequence[ClockLine]
    unheard: int


GROUPED = (
    Clock.scope_id, Clock.proceeding_id, Clock.clock, Clock.kind, Clock.standing,
    Clock.ends_earliest, Clock.ends_latest, Clock.confidence, Clock.is_reviewed, Clock.is_held,
)  # fmt: skip
"""Nobody is counted twice in a line: two proceedings of one person are two lines."""
UNTIL = bindparam("until", type_=Instant())
FAR = datetime(9999, 1, 1, tzinfo=UTC)
ENDS = Clock.kind != RuleKind.EARLIEST
"""What runs out, and not what is possible from then on."""
IS_HEARD = or_(not_(Clock.is_held), Stay.confirmed_at > KNOWN_AFTER)
"""Of whom something was heard within a week, or who is not held: then nobody need hear of them."""
IS_DUE = and_(
    RUNS,
    IS_HEARD,
    Clock.ends_earliest <= UNTIL,
    or_(ENDS, Clock.ends_latest > present()),
)
"""What ends up to an instant; what has become possible since is nothing that still comes."""
CHECKED = and_(IS_DUE, Clock.is_reviewed)
EXPECTED = and_(IS_DUE, not_(Clock.is_reviewed))
OPEN = and_(not_(RUNS), IS_HEARD)
DUE_TO_END = and_(IS_DUE, ENDS)
IS_OVER = and_(RUNS, ENDS, Clock.is_reviewed, Clock.ends_latest < present())
"""What has ended whichever way one reads it, by a rule that a lawyer reviewed; never else."""
FREES = and_(Clock.clock.in_(sorted(legal_names(COUNTRY).frees)), Clock.is_held)
"""At whose end somebody who is held is to be released, or brought before a judge."""


@dataclass(frozen=True)
class Skipped:
    """How many lines of each part the pages before showed."""

    checked: int = 0
    expected: int = 0
    open_questions: int = 0


FROM_THE_FIRST = Skipped()


def clock_parts(
    actor: Actor, until: datetime | None = None, skip: Skipped = FROM_THE_FIRST
) -> ClockParts:
    """Return what runs in the cases that the actor may read, up to an instant if one is given."""
    return ClockParts(
        checked=_lines(actor, CHECKED, until, skip.checked),
        expected=_lines(actor, EXPECTED, until, skip.expected),
        open_questions=() if until else _lines(actor, OPEN, until, skip.open_questions),
        unheard=session().scalar(_unheard(actor)) or 0,
    )


def due_until(actor: Actor, until: datetime) -> Sequence[ClockLine]:
    """Return what runs out by then at the earliest, the soonest first."""
    return _lines(actor, DUE_TO_END, until)


def limits_of_case(actor: Actor, scope_id: int) -> Sequence[Clock]:
    """Return every clock of one case, the soonest end first."""
    query = policy.visible(actor, Action.CASE_READ, Clock).where(Clock.scope_id == scope_id)
    order = Clock.ends_earliest.is_(None), Clock.ends_earliest, Clock.id
    return session().scalars(query.order_by(*order)).all()


def first_end(actor: Actor, scope_id: int, but: Collection[int] = ()) -> datetime | None:
    """Return when the first limit of those held in a case ends; `but` are stays left out."""
    query = policy.visible(actor, Action.CASE_READ, Clock).where(
        Clock.scope_id == scope_id, RUNS, FREES, Clock.stay_id.not_in(but)
    )
    return session().scalar(query.with_only_columns(func.min(Clock.ends_earliest)))


class HeldUntil(NamedTuple):
    """Somebody who is held, or some of a group, and a limit at whose end they are to be free."""

    clock: Clock
    stay: Stay


def to_be_freed(actor: Actor, until: datetime) -> Sequence[HeldUntil]:
    """Return whose custody, detention or sentence ends by then, of those the actor may read.

    Nobody at liberty, in hiding, abroad or under a warrant is ever among them.
    """
    query = (
        policy.visible(actor, Action.CASE_READ, Clock)
        .join(Stay, Stay.id == Clock.stay_id)
        .with_only_columns(Clock, Stay)
        .where(IS_DUE, FREES)
        .order_by(Clock.ends_earliest, Clock.id)
    )
    rows = [HeldUntil(*row) for row in session().execute(query, {"until": until})]
    ring().load({row.stay.data_key_id for row in rows})
    return rows


def _lines(
    actor: Actor, which: ColumnElement[bool], until: datetime | None, skip: int = 0
) -> Sequence[ClockLine]:
    """Return lines of one part, one more than is shown; two statements."""
    rows = session().execute(_statement(actor, which, skip), {"until": until or FAR})
    lines = [ClockLine(*row) for row in rows]
    letters = _letters(lines)
    return [line._replace(letters=tuple(letters[line[: len(GROUPED)]])) for line in lines]


@lru_cache(maxsize=PREPARED)
def _statement(actor: Actor, which: ColumnElement[bool], skip: int) -> AnySelect:
    order = Clock.ends_earliest.is_(None), Clock.ends_earliest
    grouped = (
        policy.visible(actor, Action.CASE_READ, Clock)
        .outerjoin(Stay, Stay.id == Clock.stay_id)
        .where(which)
        .with_only_columns(
            *GROUPED,
            func.sum(Clock.people).label("people"),
            func.count().label("rows"),
            func.min(Clock.id).label("first"),
            func.min(Stay.confirmed_at).label("heard_at"),
            func.max(Clock.asks).label("asks"),
            func.max(Clock.replaced_for).label("replaced_for"),
        )
        .group_by(*GROUPED)
        .order_by(*order, func.min(Clock.id))
        .offset(skip)
        .limit(LINES + 1)
        .subquery()
    )
    one = grouped.c
    return (
        select(grouped, Case.uid, Case.code, Case.lead_type, Case.lead_province, Clock.uid)
        .join(Case, Case.scope_id == one.scope_id)
        .join(Clock, Clock.id == one.first)
        .order_by(one.ends_earliest.is_(None), one.ends_earliest, one.first)
    )


def _letters(lines: Sequence[ClockLine]) -> dict[tuple[Any, ...], list[str]]:
    """Return by which letters their cases name those of whom each line speaks."""
    found: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    if lines:
        query = (
            select(*GROUPED, PersonScope.letter)
            .join(
                PersonScope,
                and_(
                    PersonScope.scope_id == Clock.scope_id,
                    PersonScope.person_id == Clock.person_id,
                ),
            )
            .where(Clock.scope_id.in_({line.scope_id for line in lines}))
            .order_by(Clock.person_id)
        )
        for *group, letter in session().execute(query):
            found[tuple(group)].append(letter)
    return found


@lru_cache(maxsize=PREPARED)
def _unheard(actor: Actor) -> AnySelect:
    query = policy.visible(actor, Action.CASE_READ, Clock)
    rows = query.outerjoin(Stay, Stay.id == Clock.stay_id).where(RUNS, not_(IS_HEARD), FREES)
    return rows.with_only_columns(func.count(func.distinct(Clock.stay_id)))
