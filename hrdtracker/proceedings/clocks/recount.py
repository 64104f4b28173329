"""Clocks are counted anew in the act that changes what they depend on, by the one rule of all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BindParameter,
    Executable,
    Select,
    bindparam,
    delete,
    insert,
    select,
    union,
    update,
)

from hrdtracker.access.model import Scope
from hrdtracker.authorised import (
    before_closing,
    side_transaction,
    writing_derived,
    written_rows,
)
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.custody.model import Stay, StayStep
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.model import AgeStatement, Person
from hrdtracker.proceedings.clocks.disputed import OpenDisputes, open_disputes, stands
from hrdtracker.proceedings.clocks.known_facts import facts_of
from hrdtracker.proceedings.clocks.law import law
from hrdtracker.proceedings.clocks.model import (
    IDENTITY,
    Clock,
    ClockDispute,
    ClockIdentity,
    ClockStanding,
)
from hrdtracker.proceedings.clocks.subjects import ClockSubject, Whose, subjects_of
from hrdtracker.proceedings.facts import ProceedingFacts
from hrdtracker.proceedings.guarding import joined
from hrdtracker.proceedings.limits.engine import limits
from hrdtracker.proceedings.limits.model import Limit, LimitState, OpenQuestion
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    CourtOrder,
    DefenceRequest,
    Hearing,
    Judgment,
    JudgmentAppeal,
    LegalTitle,
    Party,
    Proceeding,
)
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.model import Confidence

KEPT: Mapping[LimitState, ClockStanding] = {
    LimitState.RUNNING: ClockStanding.RUNS,
    LimitState.REACHED: ClockStanding.RUNS,
    LimitState.PASSED: ClockStanding.RUNS,
    LimitState.NOT_KNOWN: ClockStanding.NOT_KNOWN,
    LimitState.NOT_STARTED: ClockStanding.NOT_STARTED,
    LimitState.PAUSED: ClockStanding.PAUSED,
    LimitState.FORBIDDEN: ClockStanding.FORBIDDEN,
}
"""How a clock stands by what was counted; the others are over, and not kept."""
COUNTED = (
    "kind", "standing", "ends_earliest", "ends_latest", "furthest", "confidence", "is_reviewed",
    "is_held", "asks", "people", "disputed_end", "replaced_for",
)  # fmt: skip
AT_ONCE = 100
Row = dict[str, Any]


@before_closing
def count_what_an_act_changed(_rows: list[object]) -> None:
    """Count the clocks of everybody of whom an act changed what they depend on."""
    changes = written_rows()
    whose = set(_whose(changes))
    if whose:
        count_anew(whose, clock.now(), _opened(changes))


def count_anew(
    whose: Collection[Whose], now: datetime, opened: Collection[int] = frozenset()
) -> None:
    """Count the clocks of these people in these cases, and keep what came of it.

    A clock that is still there keeps its uid. Inside a transaction that may write. Of the scopes of
    cases that were just `opened` nothing is read that cannot be there yet.
    """
    older = {scope for scope, _ in whose} - set(opened)
    counted = counted_rows(subjects_of(whose, opened), open_disputes(older), now)
    new = {_identity(row): row for row in counted}
    kept = _as_they_are_now({_identity(row): row for row in _kept(whose, older)}, new)
    gone = [row["id"] for identity, row in kept.items() if identity not in new]
    changed = [
        {**row, "number": kept[identity]["id"]}
        for identity, row in new.items()
        if identity in kept
        and any(row[name] != kept[identity][name] for name in (*IDENTITY, *COUNTED))
    ]
    added = [{**row, "uid": uuid4()} for identity, row in new.items() if identity not in kept]
    _write(added, changed, gone, now)


def counted_rows(
    subjects: Iterable[ClockSubject], disputes: OpenDisputes, now: datetime
) -> Iterator[Row]:
    """Yield the columns of every clock that runs for these; the same facts are counted once."""
    known: dict[tuple[int, ProceedingFacts], list[Limit]] = {}
    books: dict[int, RuleBook] = {}
    for subject in subjects:
        facts, organisation = facts_of(subject), subject.organisation_id
        key = (organisation, facts)
        if key not in known:
            book = books[organisation] = books.get(organisation) or law(organisation)
            counted = limits(facts, book, now)
            known[key] = [one for one in counted if one.state in KEPT]
        for limit in known[key]:
            row = _row(subject, limit)
            dispute = disputes.about(_identity(row), subject.held_since)
            yield _with_dispute(row, limit, dispute) if dispute else row


def _row(subject: ClockSubject, limit: Limit) -> Row:
    window, furthest = limit.window, limit.furthest
    return {
        "scope_id": subject.scope_id,
        "person_id": subject.person.id if subject.person else None,
        "stay_id": subject.stay_id,
        "proceeding_id": subject.proceeding_id,
        "clock": limit.clock,
        "kind": str(limit.kind),
        "standing": str(KEPT[limit.state]),
        "ends_earliest": window.earliest if window else None,
        "ends_latest": window.latest if window else None,
        "furthest": furthest.latest if furthest else None,
        "confidence": str(limit.confidence),
        "is_reviewed": limit.is_reviewed,
        "is_held": subject.is_held,
        "asks": " ".join(limit.asks),
        "people": subject.people,
        "disputed_end": None,
        "replaced_for": None,
    }


def _with_dispute(row: Row, limit: Limit, dispute: ClockDispute) -> Row:
    """Return the columns of a limit as they are kept that is disputed: it reaches to both ends.

    What two people set stands alone, until what it was set against is counted otherwise: then both
    ends stand again, and it is asked.
    """
    said, is_set = dispute.ends_at, stands(dispute, limit)
    counted = () if is_set else (row["ends_earliest"], row["ends_latest"])
    ends = [end for end in counted if end]
    asks_again = dispute.replaced_at is not None and not is_set
    return {
        **row,
        "ends_earliest": min((said, *ends)),
        "ends_latest": max((said, *ends)),
        "disputed_end": said,
        "replaced_for": dispute.replaced_for if is_set else None,
        "standing": str(ClockStanding.RUNS),
        "confidence": str(Confidence.DISPUTED),
        "is_reviewed": False,
        "asks": _asks(row["asks"], is_set=is_set, again=asks_again),
    }


def _asks(asks: str, *, is_set: bool, again: bool) -> str:
    if is_set:
        return ""
    return " ".join(([OpenQuestion.REPLACED] if again else []) + asks.split())


def _identity(row: Mapping[str, Any]) -> ClockIdentity:
    return ClockIdentity(*(row[name] for name in IDENTITY))


def _as_they_are_now(
    kept: Mapping[ClockIdentity, Row], new: Collection[ClockIdentity]
) -> dict[ClockIdentity, Row]:
    """Return the kept clocks by what each is known by now.

    Whoever was moved, or got a proceeding, has the same limit as before, as far as it is one.
    """
    gone, added = (
        _by_person(one for one in some if one not in others)
        for some, others in ((kept, new), (new, kept))
    )
    found = dict(kept)
    for whose, old in gone.items():
        now = added.get(whose, ())
        if len(old) == len(now) == 1:
            found[now[0]] = found.pop(old[0])
    return found


def _by_person(some: Iterable[ClockIdentity]) -> dict[tuple[Any, ...], list[ClockIdentity]]:
    found: dict[tuple[Any, ...], list[ClockIdentity]] = {}
    for one in some:
        if one.person_id is not None:
            found.setdefault((one.scope_id, one.person_id, one.clock), []).append(one)
    return found


def _kept(whose: Collection[Whose], scopes: Collection[int]) -> list[Row]:
    """Return the clocks that are kept for these people, in cases that were there before."""
    if not scopes:
        return []
    columns = [getattr(Clock, name) for name in ("id", *IDENTITY, *COUNTED)]
    query = select(*columns).where(Clock.scope_id.in_(scopes))
    rows = session().execute(query).mappings()
    return [dict(row) for row in rows if (row["scope_id"], row["person_id"]) in whose]


def _write(
    added: Sequence[Row], changed: Sequence[Row], gone: Sequence[int], now: datetime
) -> None:
    connection = session().connection()
    with writing_derived():
        if gone:
            connection.execute(delete(Clock).where(Clock.id.in_(gone)))
        if added:
            connection.execute(insert(Clock), [{**row, "counted_at": now} for row in added])
        if changed:
            connection.execute(CHANGE, [{**row, "counted_at": now} for row in changed])


CHANGE = update(Clock).where(Clock.id == bindparam("number"))
"""Of one clock by its number; it is carried out for many at once."""


# What an act changed -----------------------------------------------------------------------------


def _whose(changes: Iterable[Mapping[str, Any]]) -> Iterator[Whose]:
    """Yield whose clocks depend on what was written."""
    by_table: dict[str, set[int]] = {}
    for change in changes:
        if change["kind"] == "+" and change["table"] in SAID_ANEW:
            yield from _said_anew(change)
        elif change["table"] in DEPEND_ON:
            by_table.setdefault(change["table"], set()).add(change["key"][0])
    for table, keys in by_table.items():
        query = DEPEND_ON[table]
        yield from session().execute(query, {"keys": sorted(keys)})


def _said_anew(change: Mapping[str, Any]) -> Iterator[Whose]:
    """Yield of whom a new row says something; on a new person or incident nothing hangs yet."""
    if change["table"] in OWN:
        columns = change["columns"]
        yield columns["scope_id"][1], columns.get("person_id", (None, None))[1]


def _opened(changes: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the scopes of cases that an act opened, where it said nothing of courts in them."""
    told = list(changes)
    if any(change["table"] in DEPEND_ON.keys() - OF_ARRESTS for change in told):
        return set()
    return {
        change["key"][0]
        for change in told
        if change["kind"] == "+" and change["table"] == Scope.__tablename__
    }


KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
OF_STAYS = select(Stay.scope_id, Stay.person_id)
OF_PARTIES = select(Party.scope_id, Party.person_id)
OF_PEOPLE = (Stay, Party, LegalTitle, CourtOrder)
"""The rows that say of whom they are; a clock may hang on any of them alone."""
IN_PROCEEDINGS = (Party, LegalTitle, CourtOrder)


OWN = frozenset(model.__tablename__ for model in (ClockDispute, *OF_PEOPLE))
SAID_ANEW = OWN | {Person.__tablename__, Incident.__tablename__}
OF_ARRESTS = {model.__tablename__ for model in (AgeStatement, Incident, Person, Stay, StayStep)}
"""What may be said of people in a case that was just opened, where no court did anything yet."""


def _own(model: type[ClockDispute | CourtOrder | LegalTitle | Party | Stay]) -> Executable:
    """Return whose clocks hang on rows that say of whom they are."""
    return select(model.scope_id, model.person_id).where(model.id.in_(KEYS))


def _parts(wholes: Any) -> Select[tuple[int]]:
    """Return the query of some proceedings and of those that go on in them."""
    return select(joined(wholes).c.part)


DEPEND_ON: Mapping[str, Executable] = {
    **{model.__tablename__: _own(model) for model in (ClockDispute, *OF_PEOPLE)},
    Person.__tablename__: union(
        *(
            select(model.scope_id, model.person_id).where(model.person_id.in_(KEYS))
            for model in OF_PEOPLE
        )
    ),
    StayStep.__tablename__: OF_STAYS.join(StayStep, StayStep.stay_id == Stay.id).where(
        StayStep.id.in_(KEYS)
    ),
    AgeStatement.__tablename__: union(
        *(
            select(model.scope_id, model.person_id)
            .join(AgeStatement, AgeStatement.person_id == model.person_id)
            .where(AgeStatement.id.in_(KEYS))
            for model in OF_PEOPLE
        )
    ),
    Incident.__tablename__: OF_STAYS.join(Violation, Violation.id == Stay.violation_id).where(
        Violation.incident_id.in_(KEYS)
    ),
    Charge.__tablename__: OF_PARTIES.join(Charge, Charge.party_id == Party.id).where(
        Charge.id.in_(KEYS)
    ),
    ChargeOutcome.__tablename__: OF_PARTIES.join(Charge, Charge.party_id == Party.id)
    .join(ChargeOutcome, ChargeOutcome.charge_id == Charge.id)
    .where(ChargeOutcome.id.in_(KEYS)),
    Hearing.__tablename__: OF_PARTIES.where(
        Party.proceeding_id.in_(_parts(select(Hearing.proceeding_id).where(Hearing.id.in_(KEYS))))
    ),
    DefenceRequest.__tablename__: OF_PARTIES.join(
        DefenceRequest, DefenceRequest.party_id == Party.id
    ).where(DefenceRequest.id.in_(KEYS)),
    Judgment.__tablename__: OF_PARTIES.join(Judgment, Judgment.party_id == Party.id).where(
        Judgment.id.in_(KEYS)
    ),
    JudgmentAppeal.__tablename__: OF_PARTIES.join(Judgment, Judgment.party_id == Party.id)
    .join(JudgmentAppeal, JudgmentAppeal.judgment_id == Judgment.id)
    .where(JudgmentAppeal.id.in_(KEYS)),
    Proceeding.__tablename__: union(
        *(
            select(model.scope_id, model.person_id).where(model.proceeding_id.in_(_parts(KEYS)))
            for model in IN_PROCEEDINGS
        )
    ),
}
"""For each table that the clocks read: whose clocks hang on some of its rows."""
EVERYBODY = union(*(select(model.scope_id, model.person_id) for model in OF_PEOPLE))


def count_all(now: datetime) -> None:
    """Count every clock of the instance anew, some cases at a time: no writer waits for long."""
    whose = sorted(session().execute(EVERYBODY), key=lambda pair: pair[0])
    for begin in range(0, len(whose), AT_ONCE):
        some = {(scope, person) for scope, person in whose[begin : begin + AT_ONCE]}
        side_transaction(partial(count_anew, some, now))
