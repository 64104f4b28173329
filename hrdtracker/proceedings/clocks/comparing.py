"""Whose limits would move if other rules counted: by how much, and by which rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, Scope, Sensitivity
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases.model import Case
from hrdtracker.core import clock as hour
from hrdtracker.core.db import session
from hrdtracker.core.suppression import published
from hrdtracker.proceedings.clocks.known_facts import facts_of
from hrdtracker.proceedings.clocks.listing import everybody
from hrdtracker.proceedings.clocks.recount import KEPT
from hrdtracker.proceedings.clocks.subjects import ClockSubject
from hrdtracker.proceedings.facts import ProceedingFacts
from hrdtracker.proceedings.legal_rules.book import book_of
from hrdtracker.proceedings.legal_rules.service import book_with
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.model import Limit
from hrdtracker.proceedings.rules.book import RuleBook


@dataclass(frozen=True)
class MovedLimit:
    """A limit that other rules count otherwise; None where it does not run by one of them.

    `code` and `letter` say whose it is, never a name; `because` are the rules that differ. `whose`
    are the numbers of a person or a group, or of the stay of somebody whom nobody named.
    """

    scope_id: int
    whose: tuple[int | None, int | None]
    code: str
    letter: str
    people: int
    clock: str
    before: Limit | None
    after: Limit | None
    because: tuple[str, ...]


def compare_rules(
    old: RuleBook, new: RuleBook, moment: datetime, organisation: Organisation
) -> list[MovedLimit]:
    """Return every limit of an organisation that is counted otherwise by the new rules.

    By case and letter. Only clocks whose rules differ are counted, and equal facts once. It is for
    whoever holds the machine: nothing of it is narrowed to a reader.
    """
    differing = _differing(old, new)
    known: dict[ProceedingFacts, list[tuple[str, Limit | None, Limit | None]]] = {}
    moved = []
    for code, letter, subject in everybody():
        if subject.organisation_id != organisation.id:
            continue
        facts = facts_of(subject)
        if facts not in known:
            known[facts] = [
                (clock, *both)
                for clock in differing
                if _is_other(*(both := _both(clock, facts, old, new, moment)))
            ]
        whose = subject.scope_id, _whose(subject), code, letter, subject.people
        moved += [
            MovedLimit(*whose, clock, before, after, differing[clock])
            for clock, before, after in known[facts]
        ]
    return sorted(moved, key=lambda one: (one.code, one.letter, one.clock))


def _whose(subject: ClockSubject) -> tuple[int | None, int | None]:
    return (subject.person.id, None) if subject.person else (None, subject.stay_id)


def whom_of(moved: Iterable[MovedLimit]) -> int:
    """Return of how many people and groups some limits are."""
    return len({one.whose for one in moved})


@dataclass(frozen=True)
class ChangePreview:
    """What a change of the law would move, as far as its reader is to know.

    `shown` are the limits in the cases that they read, of `whom` people and groups. Of other cases
    they learn whether those are so many that they may be told (`are_many`), and no number; a secret
    case is not even counted.
    """

    shown: Sequence[MovedLimit]
    whom: int
    are_many: bool


def preview(actor: Actor, proposal: Proposal) -> ChangePreview:
    """Return whose limits a proposed change of the law would move; raises WrongStatus."""
    organisation = session().get_one(Organisation, proposal.organisation_id)
    moved = compare_rules(book_of(organisation), book_with(proposal), hour.now(), organisation)
    scopes = {one.scope_id for one in moved}
    cases = policy.visible(actor, Action.CASE_READ, Case).where(Case.scope_id.in_(scopes))
    readable = set(session().scalars(cases.with_only_columns(Case.scope_id)))
    hidden = select(Scope.id).where(
        Scope.id.in_(scopes - readable), Scope.sensitivity != Sensitivity.SECRET
    )
    counted = set(session().scalars(hidden))
    shown = [one for one in moved if one.scope_id in readable]
    others = whom_of(one for one in moved if one.scope_id in counted)
    are_many = published(others) is not None
    return ChangePreview(sorted(shown, key=_soonest), whom_of(shown), are_many)


def _soonest(moved: MovedLimit) -> tuple[float, str, str]:
    ends = [
        one.window.earliest.timestamp()
        for one in (moved.before, moved.after)
        if one and one.window and one.window.earliest
    ]
    return min(ends, default=float("inf")), moved.code, moved.letter


def _differing(old: RuleBook, new: RuleBook) -> Mapping[str, tuple[str, ...]]:
    """Return the clocks of which a rule differs, and those rules; all where a holiday does."""
    found = {}
    for clock in dict.fromkeys((*old.by_clock, *new.by_clock)):
        before, after = old.by_clock.get(clock, ()), new.by_clock.get(clock, ())
        keys = {rule.key for rule in {*before} ^ {*after}}
        if keys or before != after or old.holidays != new.holidays:
            found[clock] = tuple(sorted(keys))
    return found


def _both(
    clock: str, facts: ProceedingFacts, old: RuleBook, new: RuleBook, moment: datetime
) -> tuple[Limit | None, Limit | None]:
    before, after = (
        limit(clock, facts, book, moment) if clock in book.by_clock else None for book in (old, new)
    )
    return _if_kept(before), _if_kept(after)


def _if_kept(counted: Limit | None) -> Limit | None:
    """Return a limit unless it is over: of whom it was, nothing moves."""
    return counted if counted and counted.state in KEPT else None


def _is_other(before: Limit | None, after: Limit | None) -> bool:
    return _told(before) != _told(after)


def _told(counted: Limit | None) -> tuple[object, ...] | None:
    if counted is None:
        return None
    return (
        counted.state, counted.window, counted.furthest, counted.confidence, counted.is_reviewed,
    )  # fmt: skip
