"""What happened to several people of a case at once, recorded or taken back as one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, NotFound, Refused, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody import service
from hrdtracker.custody.drafts import CustodyDraft
from hrdtracker.custody.model import CustodyAct, CustodyEvent, Stay, StayStanding
from hrdtracker.custody.people import PersonStay, free_of, people_in, stays_of
from hrdtracker.custody.states import says_held
from hrdtracker.custody.told import HELD, PlaceOfStay, StayDraft
from hrdtracker.people.letters import Letters
from hrdtracker.people.model import Person

GONE = N_("What is recorded of some of them has changed. Look again, then record it.")
NOT_HELD = N_("%(letters)s: not held, as far as is recorded. Untick them.")
ARRIVED_ALREADY = N_(
    "%(letters)s: an arrival is on record. Choose “moved” if they were taken elsewhere, "
    "or untick them."
)
TOO_EARLY = N_("%(letters)s: this is before they arrived. Change the hour, or untick them.")
STILL_HELD_THEN = N_("%(letters)s: they were held then. Change the hour, or untick them.")
TOO_MANY = N_("%(letters)s: so many are not recorded there. Write a smaller number.")
CHANGED_SINCE = N_("All of it was changed since: nothing can be taken back.")


@idempotent
def record(actor: Actor, case: Case, draft: CustodyDraft) -> CustodyAct:
    """Record what happened to several people: all or nothing, an entry for each on the trail.

    Raises Refused where it does not hold for one of them.
    """
    check_terms(
        {
            "what": ("stay_end", draft.end_kind),
            "prison": ("prison", draft.prison),
            "known_by": ("how_known", draft.known_by),
        }
    )
    with authorised(actor, Action.CASE_EXTEND, on=case, sending=draft.sending) as signature:
        chosen = check(case, draft)
        act = _new_act(actor, case, draft)
        session().add(act)
        session().flush()
        touched = _Touched(actor, draft, act)
        for row in chosen:
            touched.apply(row)
        case.changed_at = act.recorded_at
        signature.made = act
        session().flush()
        _divide(signature, act, touched.rows)
    return act


def check(case: Case, draft: CustodyDraft) -> list[PersonStay]:
    """Return whom a draft is about; raises Refused where it cannot be so, beside its field."""
    by_uid = {row.stay.uid: row for row in people_in(case.scope_id)}
    if set(draft.stays) - by_uid.keys():
        raise Refused({"stays": GONE})
    chosen = [by_uid[uid] for uid in dict.fromkeys(draft.stays)]
    for field, reason, is_wrong in _rules(draft):
        wrong = [row for row in chosen if is_wrong(row)]
        if wrong:
            letters = Letters(row.letter or "?" for row in wrong)
            raise Refused({field: Message(reason, {"letters": letters})})
    return chosen


Rule = tuple[str, str, Callable[[PersonStay], bool]]


def _rules(draft: CustodyDraft) -> Iterable[Rule]:
    """Yield what cannot be: beside which field it is said, in which words, and of whom."""
    when = _when(draft)
    if draft.kind == CustodyEvent.ARRIVED:
        yield "stays", ARRIVED_ALREADY, lambda row: row.is_held and _has_arrived(row.stay)
        yield "when", STILL_HELD_THEN, lambda row: _is_within(row.stay, when)
    else:
        yield "stays", NOT_HELD, lambda row: not row.is_held
        yield "when", TOO_EARLY, lambda row: service.ends_too_early(row.stay, when)
    yield "stays", TOO_MANY, lambda row: draft.counts.get(row.stay.uid, 0) > row.heads


def _has_arrived(stay: Stay) -> bool:
    began = Stay.began.plain(stay)
    return began is not None and began.is_known


def _is_within(stay: Stay, when: When) -> bool:
    """Tell whether an arrival certainly lies before the end of an earlier stay."""
    ended = Stay.ended.plain(stay)
    is_known = ended is not None and ended.earliest is not None and when.latest is not None
    return is_known and when.latest <= ended.earliest  # type: ignore[union-attr, operator]


def _when(draft: CustodyDraft) -> When:
    assert draft.happened is not None  # noqa: S101 - a draft without a date was refused
    return draft.happened


def _new_act(actor: Actor, case: Case, draft: CustodyDraft) -> CustodyAct:
    return CustodyAct(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        kind=str(draft.kind),
        happened=draft.happened,
        place_held=draft.place_held,
        prison=draft.prison,
        end_kind=draft.end_kind,
        known_by=draft.known_by,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


@dataclass
class _Touched:
    """The stays that an act changes or begins, with the moment of the act on each."""

    actor: Actor
    draft: CustodyDraft
    act: CustodyAct

    def __post_init__(self) -> None:
        self.rows: list[Stay] = []
        self.place = PlaceOfStay(self.draft.place_held, self.draft.prison, self.draft.known_by)

    def apply(self, chosen: PersonStay) -> None:
        """Let the act be about somebody, or about a part of a group."""
        count = self.draft.counts.get(chosen.stay.uid, chosen.heads)
        row = chosen.stay if count == chosen.heads else self._part(chosen, count)
        if self.draft.kind == CustodyEvent.ENDED:
            service.end(row, self.draft.end_kind or service.UNKNOWN, self.draft.happened, self.act)
            row.known_by = self.draft.known_by or row.known_by
            self._touch(row)
        elif self.draft.kind == CustodyEvent.MOVED:
            made = service.move(self.actor, row, _when(self.draft), self.place, self.act)
            self._add(made)
            self._touch(row)
        else:
            self._arrive(row)

    def _arrive(self, row: Stay) -> None:
        """Begin the stay of an arrival; one without an arrival before it gives way to it."""
        is_same = says_held(row)
        place = PlaceOfStay(
            self.place.words or (row.place_held if is_same and not self.place.prison else None),
            self.place.prison or (row.prison if is_same and not self.place.words else None),
            self.place.known_by,
        )
        draft = StayDraft(
            since=row.since if is_same else self.act.recorded_at,
            person_id=row.person_id,
            violation_id=row.violation_id,
            situation=row.situation if is_same else HELD,
            place=place,
            began=self.draft.happened,
            confirmed_at=clock.now(),
        )
        made = service.new_stay(self.actor, row, draft)
        made.people, made.began_with_id = row.people, self.act.id
        if is_same:
            row.standing, row.ended_with_id = StayStanding.TAKEN_BACK, self.act.id
            self._touch(row)
        elif row.end_kind is None:
            service.end(row, service.UNKNOWN, None, self.act)
            self._touch(row)
        self._add(made)

    def _part(self, chosen: PersonStay, count: int) -> Stay:
        """Take some of a group out of the stay of the rest."""
        whole = chosen.stay
        part = service.part_of(whole, count)
        whole.people = chosen.heads - count
        part.began_with_id, part.recorded_at = self.act.id, self.act.recorded_at
        self._add(part)
        self._touch(whole)
        return part

    def _add(self, row: Stay) -> None:
        row.recorded_at = self.act.recorded_at
        session().add(row)
        self._touch(row)

    def _touch(self, row: Stay) -> None:
        row.changed_at = self.act.recorded_at
        if row not in self.rows:
            self.rows.append(row)


def _divide(signature: Any, act: CustodyAct, rows: Sequence[Stay]) -> None:
    """Give each person an entry of their own; what is said of all goes with the act."""
    people = list(dict.fromkeys(_whose(row) for row in rows))
    first = {whose: next(row for row in rows if _whose(row) == whose) for whose in people}
    places = {row.uid.hex: people.index(_whose(row)) + 1 for row in rows}
    acts = [(Action.CASE_EXTEND, act), *((Action.CASE_EXTEND, first[whose]) for whose in people)]

    def place(change: Mapping[str, Any]) -> int:
        return places.get(change["uid"], 0)

    signature.divide(acts, place)


def _whose(row: Stay) -> tuple[int | None, int]:
    return row.person_id, 0 if row.person_id else row.violation_id or row.id


def undo(actor: Actor, case: Case, uid: UUID) -> int:
    """Take back what was recorded of several people, as far as nothing was changed since.

    What was changed since stays. Return of how many it was taken back; raises WrongStatus for none.
    """
    with authorised(actor, Action.CASE_EXTEND, on=case) as signature:
        act = _fetch(case, uid)
        every = [stay for stay, _ in stays_of([act])[act]]
        free = free_of(act, every)
        if not free:
            raise WrongStatus(CHANGED_SINCE)
        rows = [row for stay in free for row in _take_back(act, stay)]
        if len(free) == len(every):
            act.undone_at, act.undone_by_id = clock.now(), actor.id
        case.changed_at = clock.now()
        session().flush()
        _divide(signature, act, rows)
    return len(free)


def _fetch(case: Case, uid: UUID) -> CustodyAct:
    query = select(CustodyAct).where(
        CustodyAct.uid == uid,
        CustodyAct.scope_id == case.scope_id,
        CustodyAct.undone_at.is_(None),
    )
    act = session().scalar(query)
    if act is None:
        raise NotFound
    return act


def _take_back(act: CustodyAct, row: Stay) -> list[Stay]:
    """Let a stay be as it was before an act; return what changed."""
    moment = clock.now()
    changed = [row]
    if row.began_with_id == act.id:
        row.standing = StayStanding.TAKEN_BACK
        changed += _before(act, row)
    if row.ended_with_id == act.id and row.standing == StayStanding.TOLD:
        service.reopen(row)
    for each in changed:
        each.changed_at = moment
    return changed


def _before(act: CustodyAct, row: Stay) -> list[Stay]:
    """Let what gave way to a stay, or what it was taken out of, be again as it was."""
    same = [Stay.scope_id == row.scope_id, Stay.violation_id == row.violation_id]
    if row.person_id is not None:
        same.append(Stay.person_id == row.person_id)
    gave_way = select(Stay).where(*same, Stay.ended_with_id == act.id, Stay.id != row.id)
    found = [other for other in session().scalars(gave_way) if other.people in {None, row.people}]
    for other in found:
        is_part = other.began_with_id == act.id
        other.standing = StayStanding.TAKEN_BACK if is_part else StayStanding.TOLD
        service.reopen(other)
    rest = select(Stay).where(*same, Stay.standing == StayStanding.TOLD, Stay.end_kind.is_(None))
    is_part = row.ended_with_id == act.id or any(each.began_with_id == act.id for each in found)
    whole = next(iter(session().scalars(rest)), None) if row.people and is_part else None
    if whole is not None and whole.people is not None:
        whole.people += row.people or 0
        return [*found, whole]
    return found


def show_names(actor: Actor, case: Case, people: Iterable[PersonStay]) -> None:
    """Let the names of the people of a case be shown together; the trail keeps it as one act.

    Whose names they were stands in the log of what was read.
    """
    numbers = {row.person.id for row in people if row.person is not None}
    with authorised(actor, Action.CASE_EXTEND, within=case) as signature:
        if policy.allowed_ids(actor, Action.PERSON_REVEAL, Person, numbers) != numbers:
            raise NotFound
        signature.divide([(Action.PERSON_REVEAL, case)], lambda _: 0)
