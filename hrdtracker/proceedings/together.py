"""What the rows of a sheet tell of the courts is recorded together, in the act that logs them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.audit.bulk_insert import add_many
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.core.when.model import When
from hrdtracker.people.model import Person
from hrdtracker.proceedings.charging import check_charge, check_outcome, first_step, new_charge
from hrdtracker.proceedings.charging import next_step as outcome_step
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.proceedings import ProceedingDraft
from hrdtracker.proceedings.drafts.whole import WholeHearing, WholeProceeding
from hrdtracker.proceedings.guarding import joined, stands_in
from hrdtracker.proceedings.hearings import FACTS as HEARING_FACTS
from hrdtracker.proceedings.hearings import new_hearing
from hrdtracker.proceedings.joining import FACTS, new_proceeding
from hrdtracker.proceedings.model import (
    ChargeOutcome,
    Hearing,
    HearingStatus,
    LegalTitle,
    Party,
    Proceeding,
    ProceedingScope,
)
from hrdtracker.proceedings.parties import new_party
from hrdtracker.proceedings.titles import new_title
from hrdtracker.proceedings.workflow import HEARING

NOT_YOURS = N_("Its case is there already, and not yours to record proceedings in.")


class Logged(Protocol):
    """An incident as it is being logged: its case, and the people whom it names."""

    case: Case
    people: list[Person]


@dataclass
class _Told:
    """What a row tells of the courts, and the rows of ours that it becomes."""

    place: int
    whole: WholeProceeding
    case: Case
    person: Person
    proceeding: Proceeding | None = None
    party: Party | None = None


Places = dict[tuple[str, Any], int]
"""For what names a row of ours (its uid, or its proceeding): the place of the incident it is of."""


def check_whole(whole: WholeProceeding) -> None:
    """Refuse codes that no list holds."""
    for charge in whole.charges:
        check_charge(charge.charge)
        if charge.outcome is not None:
            check_outcome(charge.outcome)
    for title in whole.titles:
        check_terms(declared_codes(LegalTitle.__tablename__, title))
    for told in whole.hearings:
        check_terms(declared_codes(Hearing.__tablename__, told.hearing))
    if whole.facts is not None:
        check_terms(declared_codes(Proceeding.__tablename__, whole.facts))


def record_together(
    actor: Actor, courts: Sequence[WholeProceeding | None], logged: Sequence[Logged]
) -> Places:
    """Record what rows tell of the courts, each with the incident that was logged of it.

    In an open door; as many statements for a hundred rows as for two. A row of the same case that
    tells of the same proceeding, by its number at the court, adds to it. Raises Refused.
    """
    told = [
        _Told(place, whole, item.case, item.people[whole.accused])
        for place, (item, whole) in enumerate(zip(logged, courts, strict=True))
        if whole is not None
    ]
    if not told:
        return {}
    for one in told:
        check_whole(one.whole)
    _must_be_ones_own(actor, {one.case.id for one in told})
    _open(actor, [one for one in told if one.whole.facts is not None])
    _name_parties(actor, [one for one in told if one.proceeding is not None])
    _add_titles(actor, told)
    _add_charges(actor, told)
    _add_hearings(actor, told)
    return {
        key: one.place
        for one in reversed(told)
        if one.proceeding is not None
        for key in (("uid", one.proceeding.uid.hex), ("proceeding_id", one.proceeding.id))
    }


@dataclass
class _OfOneCase:
    """Some people of a case of whom more became known."""

    case: Case
    people: list[Person]


def add_together(actor: Actor, case: Case, people: list[Person], whole: WholeProceeding) -> None:
    """Record what a row tells now of people whom it told of before; raises Refused, NotAllowed."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=case):
        record_together(actor, [whole], [_OfOneCase(case, people)])
        case.changed_at = clock.now()


def _must_be_ones_own(actor: Actor, cases: set[int]) -> None:
    if policy.allowed_ids(actor, Action.PROCEEDING_RECORD, Case, cases) != cases:
        raise Refused({"case": NOT_YOURS})


# The proceedings, and who stands in them ----------------------------------------------------------

Key = tuple[int, ProceedingDraft]
"""A case, and what is told of a proceeding of it."""


def _open(actor: Actor, told: Sequence[_Told]) -> None:
    """Find the proceeding of each row, or record it for the first that tells of it."""
    present = _present({one.case.scope_id for one in told if _number(one)})
    new: list[tuple[Proceeding, Case]] = []
    keys = []
    for one in told:
        assert one.whole.facts is not None  # noqa: S101 - only those that tell of one
        key = one.case.scope_id, one.whole.facts
        if _number(one) and key in present:
            one.proceeding = present[key]
            continue
        data_key = ring().create()
        one.proceeding = new_proceeding(actor, data_key.id, one.whole.facts)
        new.append((one.proceeding, one.case))
        keys.append(data_key)
        present[key] = one.proceeding
    add_many(keys)
    add_many(proceeding for proceeding, _ in new)
    add_many(
        ProceedingScope(proceeding_id=proceeding.id, scope_id=case.scope_id)
        for proceeding, case in new
    )
    homes = _homes({case.scope_id for _, case in new})
    add_many(ring().wrap(proceeding.data_key_id, homes[case.scope_id]) for proceeding, case in new)


def _number(one: _Told) -> str | None:
    return one.whole.facts.court_number if one.whole.facts else None


def _present(scopes: set[int]) -> dict[Key, Proceeding]:
    """Return the proceedings of some cases by what is recorded of them."""
    if not scopes:
        return {}
    query = (
        select(ProceedingScope.scope_id, Proceeding)
        .join(Proceeding, Proceeding.id == ProceedingScope.proceeding_id)
        .where(ProceedingScope.scope_id.in_(scopes))
        .order_by(Proceeding.id.desc())
    )
    rows = session().execute(query).all()
    ring().load({proceeding.data_key_id for _, proceeding in rows})
    return {
        (scope_id, ProceedingDraft(**{name: getattr(proceeding, name) for name in FACTS})): (
            proceeding
        )
        for scope_id, proceeding in rows
    }


def _homes(scopes: set[int]) -> Mapping[int, Compartment]:
    """Return whose keys open each case."""
    query = (
        select(Scope.id, Compartment)
        .join(Compartment, Compartment.id == Scope.compartment_id)
        .where(Scope.id.in_(scopes))
    )
    return {number: home for number, home in session().execute(query)}  # noqa: C416 - typed


def _name_parties(actor: Actor, told: Sequence[_Told]) -> None:
    """Let people stand in their proceedings; whoever does so already stays so."""
    there = _standing({one.proceeding.id for one in told if one.proceeding})
    new = []
    for one in told:
        assert one.proceeding is not None  # noqa: S101 - only those that have one
        key = one.proceeding.id, one.case.scope_id, one.person.id, str(one.whole.role)
        if key not in there:
            there[key] = new_party(actor, one.proceeding, one.case, one.person, one.whole.role)
            new.append(there[key])
        one.party = there[key]
    add_many(new)


def _standing(proceedings: set[int]) -> dict[tuple[int, int, int, str], Party]:
    """Return who stands in some proceedings, or in what goes on there: in which, and as what."""
    parts = joined(proceedings)
    query = (
        select(parts.c.whole, Party)
        .join(Party, stands_in(parts))
        .order_by(parts.c.whole == parts.c.part, Party.id)
    )
    return {
        (whole, party.scope_id, party.person_id, party.role): party
        for whole, party in session().execute(query)
    }


# What is told of each -----------------------------------------------------------------------------


def _add_titles(actor: Actor, told: Sequence[_Told]) -> None:
    titles = []
    for one in told:
        for draft in one.whole.titles:
            title = new_title(actor, one.case, one.person, one.proceeding, draft)
            title.confirmed_at = _until(draft.ended, draft.began) or title.confirmed_at
            titles.append(title)
    add_many(titles)


def _until(*dates: When | None) -> Any:
    """Return the end of the first date that is known: of what is later a sheet says nothing."""
    known = (min(date.latest, clock.now()) for date in dates if date and date.latest)
    return next(known, None)


def _add_charges(actor: Actor, told: Sequence[_Told]) -> None:
    """Add the charges of each row, then the steps of all of them: first that they were made."""
    charges = [
        (new_charge(actor, one.party, whole.charge), whole)
        for one in told
        if one.party is not None
        for whole in one.whole.charges
    ]
    for charge, whole in charges:
        if whole.outcome is not None:
            charge.last_step = whole.outcome.kind
    add_many(charge for charge, _ in charges)
    steps: list[ChargeOutcome] = [
        first_step(actor, charge, whole.charge) for charge, whole in charges
    ]
    steps += [
        outcome_step(actor, charge, whole.outcome)
        for charge, whole in charges
        if whole.outcome is not None
    ]
    add_many(steps)


def _add_hearings(actor: Actor, told: Sequence[_Told]) -> None:
    """Add the hearings of each proceeding; of those that several rows tell of, each once."""
    rows: list[Hearing] = []
    known = _hearings_of({one.proceeding.id for one in told if one.proceeding})
    for one in told:
        if one.proceeding is None:
            continue
        there = known[one.proceeding.id]
        new = [each for each in one.whole.hearings if each.hearing not in there]
        there += [each.hearing for each in new]
        rows += [_hearing(actor, one.proceeding, each) for each in new]
    add_many(rows)


def _hearing(actor: Actor, proceeding: Proceeding, whole: WholeHearing) -> Hearing:
    hearing = new_hearing(actor, proceeding, whole.hearing)
    if whole.status != HearingStatus.SCHEDULED:
        HEARING.take(hearing, Action.PROCEEDING_RECORD, whole.status)
    return hearing


def _hearings_of(proceedings: set[int]) -> dict[int, list[HearingDraft]]:
    """Return by proceeding what is recorded of its hearings."""
    found: dict[int, list[HearingDraft]] = defaultdict(list)
    if proceedings:
        query = select(Hearing).where(Hearing.proceeding_id.in_(proceedings))
        for row in session().scalars(query):
            draft = HearingDraft(**{name: getattr(row, name) for name in HEARING_FACTS})
            found[row.proceeding_id].append(draft)
    return found
