"""What happened to several people of a case at once, recorded or taken back as one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, NotFound, Refused
from hrdtracker.core.when.model import When, is_before
from hrdtracker.custody import service, steps
from hrdtracker.custody.drafts import CustodyDraft
from hrdtracker.custody.model import CHANGES_STAYS, CustodyAct, CustodyEvent, Stay, StayStanding
from hrdtracker.custody.people import GONE, PersonStay
from hrdtracker.custody.states import is_release, says_held
from hrdtracker.custody.told import HELD, PlaceOfStay, StayDraft
from hrdtracker.people.letters import Letters
from hrdtracker.people.model import Person
from hrdtracker.people.naming import give_reason, still_masked

NOT_HELD = N_("%(letters)s: not held, as far as is recorded. Untick them.")
FREED_ALREADY = N_("%(letters)s: released already, when stands beside each. Untick them.")
ARRIVED_ALREADY = N_(
    "%(letters)s: an arrival is on record. If another source says another hour, say how we know "
    "it. Choose “moved” if they were taken elsewhere, or untick them."
)
TOO_EARLY = N_("%(letters)s: this is before they arrived. Change the hour, or untick them.")
STILL_HELD_THEN = N_("%(letters)s: they were held then. Change the hour, or untick them.")
TOO_MANY = N_("%(letters)s: so many are not recorded there. Write a smaller number.")


def check(people: Iterable[PersonStay], draft: CustodyDraft) -> list[PersonStay]:
    """Return whom of these people a draft is about.

    Raises Refused where it cannot be so, beside its field.
    """
    check_terms(
        {
            "what": ("stay_end", draft.end_kind),
            "prison": ("prison", draft.prison),
            "known_by": ("how_known", draft.known_by),
        }
    )
    by_uid = {row.uid: row for row in people}
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
        yield (
            "stays",
            ARRIVED_ALREADY,
            lambda row: row.is_held and _has_arrived(row.stay) and not says_otherwise(row, draft),
        )
        if not draft.order_unclear:
            yield "when", STILL_HELD_THEN, lambda row: _is_within(row.stay, when)
    elif draft.kind in CHANGES_STAYS:
        yield "stays", FREED_ALREADY, lambda row: _is_freed(row.stay)
        yield "stays", NOT_HELD, lambda row: not row.is_held
    yield "when", TOO_EARLY, lambda row: _ends_too_early(row, draft.kind, when)
    yield "stays", TOO_MANY, lambda row: draft.counts.get(row.uid, 0) > row.heads


def says_otherwise(row: PersonStay, draft: CustodyDraft) -> bool:
    """Tell whether this is another source’s word of when they all arrived."""
    is_arrival = draft.kind == CustodyEvent.ARRIVED and row.is_held
    is_of_all = draft.counts.get(row.uid, row.heads) == row.heads
    return (
        is_arrival
        and is_of_all
        and row.stay is not None
        and service.says_otherwise(row.stay, _when(draft), draft.known_by)
    )


def _is_freed(stay: Stay | None) -> bool:
    return stay is not None and is_release(stay.end_kind)


def _has_arrived(stay: Stay | None) -> bool:
    began = Stay.began.plain(stay) if stay else None
    return began is not None and began.is_known


def _is_within(stay: Stay | None, when: When) -> bool:
    """Tell whether an arrival certainly lies before the end of an earlier stay."""
    ended = Stay.ended.plain(stay) if stay else None
    return ended is not None and ended.earliest is not None and is_before(when, ended)


def _ends_too_early(row: PersonStay, kind: CustodyEvent | None, when: When) -> bool:
    if row.stay is None or not row.is_held or kind == CustodyEvent.ARRIVED:
        return False
    return service.ends_too_early(row.stay, when)


def _when(draft: CustodyDraft) -> When:
    assert draft.happened is not None  # noqa: S101 - a draft without a date was refused
    return draft.happened


def new_act(actor: Actor, case: Case, draft: CustodyDraft) -> CustodyAct:
    """Return what happened to several people of a case, as one; still to be added."""
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


@dataclass(frozen=True)
class StayChanges:
    """What an act changes of where people are, with the moment of the act on each stay.

    In a few statements for all: inside an open door.
    """

    actor: Actor
    draft: CustodyDraft
    act: CustodyAct

    @property
    def place(self) -> PlaceOfStay:
        """Where they are said to be."""
        return PlaceOfStay(self.draft.place_held, self.draft.prison, self.draft.known_by)

    def arrive(self, chosen: Iterable[PersonStay]) -> None:
        """Begin the stays of an arrival; one without an arrival before it gives way to it.

        Where an arrival is on record, what another source says is kept beside it.
        """
        people = list(chosen)
        told = [each for each in people if says_otherwise(each, self.draft)]
        for each in told:
            assert each.stay is not None  # noqa: S101 - an arrival of theirs is on record
            service.tell_otherwise(each.stay, self.act)
        rows = self._shares(each for each in people if each not in told)
        made = [self._arrival(row) for row in rows]
        self._add(made)
        steps.hand_over(
            {row.id: stay for row, stay in zip(rows, made, strict=True) if says_held(row)}
        )
        for row, stay in zip(rows, made, strict=True):
            if says_held(row):
                row.standing, row.ended_with_id = StayStanding.TAKEN_BACK, self.act.id
                row.gave_way_to_id, row.changed_at = stay.id, self.act.recorded_at
            elif row.end_kind is None:
                self._end(row, service.UNKNOWN, None)

    def _arrival(self, row: Stay) -> Stay:
        is_same = says_held(row)
        words, prison = (row.place_held, row.prison) if is_same else (None, None)
        is_placed = self.place.words or self.place.prison
        draft = StayDraft(
            since=row.since if is_same else self.act.recorded_at,
            person_id=row.person_id,
            violation_id=row.violation_id,
            situation=row.situation if is_same else HELD,
            place=self.place if is_placed else PlaceOfStay(words, prison, self.place.known_by),
            began=self.draft.happened,
            confirmed_at=clock.now(),
        )
        made = service.follow(row, service.new_stay(self.actor, row, draft), self.act)
        made.order_unclear = self.draft.order_unclear
        made.follows_id = row.follows_id if is_same else row.id
        return made

    def move(self, chosen: Iterable[PersonStay]) -> None:
        """Let stays go on elsewhere."""
        rows = self._shares(chosen)
        made = [
            service.move(self.actor, row, _when(self.draft), self.place, self.act) for row in rows
        ]
        for row in rows:
            row.changed_at = self.act.recorded_at
        self._add(made)

    def end(self, chosen: Iterable[PersonStay], kind: str) -> None:
        """End stays."""
        for row in self._shares(chosen):
            row.known_by = self.draft.known_by or row.known_by
            self._end(row, kind, self.draft.happened)

    def _end(self, row: Stay, kind: str, when: When | None) -> None:
        service.end(row, kind, when, self.act)
        row.changed_at = self.act.recorded_at

    def _shares(self, chosen: Iterable[PersonStay]) -> list[Stay]:
        """Return the stays of those who are meant: of some of a group, one of their own."""
        rows, parts = [], []
        for each in chosen:
            whole, count = each.stay, self.draft.counts.get(each.uid, each.heads)
            assert whole is not None  # noqa: S101 - of others it was refused
            if count != each.heads:
                parts.append(self._part(whole, each.heads, count))
            rows.append(whole if count == each.heads else parts[-1])
        self._add(parts)
        if parts:
            steps.take_along({part.parted_from_id or 0: part for part in parts})
        return rows

    def _part(self, whole: Stay, heads: int, count: int) -> Stay:
        part = service.part_of(whole, count)
        part.began_with_id = self.act.id
        whole.people, whole.changed_at = heads - count, self.act.recorded_at
        return part

    def _add(self, rows: Sequence[Stay]) -> None:
        for row in rows:
            row.recorded_at = row.changed_at = self.act.recorded_at
        add_all(rows)


def change_stays(
    actor: Actor, draft: CustodyDraft, act: CustodyAct, chosen: Sequence[PersonStay]
) -> None:
    """Let what happened to people change where they are. Inside an open door."""
    changes = StayChanges(actor, draft, act)
    if draft.kind == CustodyEvent.ARRIVED:
        changes.arrive(chosen)
    elif draft.kind == CustodyEvent.MOVED:
        changes.move(chosen)
    else:
        changes.end(chosen, draft.end_kind or service.UNKNOWN)


# Taking back --------------------------------------------------------------------------------------


def fetch(case: Case, uid: UUID) -> CustodyAct:
    """Return what was recorded of several people of a case and still stands; raises NotFound."""
    query = select(CustodyAct).where(
        CustodyAct.uid == uid,
        CustodyAct.scope_id == case.scope_id,
        CustodyAct.undone_at.is_(None),
    )
    act = session().scalar(query)
    if act is None:
        raise NotFound
    return act


def take_back(act: CustodyAct, row: Stay) -> list[Stay]:
    """Let a stay be as it was before an act; return what changed. Inside an open door."""
    changed = [row]
    if row.other_with_id == act.id:
        service.forget_other(row, act)
    elif row.ended_with_id == act.id:
        service.reopen(row)
        changed += _join(act, row)
    elif row.began_with_id == act.id:
        row.standing = StayStanding.TAKEN_BACK
        for other in _before(act, row):
            other.standing, other.gave_way_to_id = StayStanding.TOLD, None
            if other.ended_with_id == act.id:
                service.reopen(other)
            if says_held(other):
                steps.hand_over({row.id: other})
            changed += [other, *_join(act, other)]
    for each in changed:
        each.changed_at = clock.now()
    return changed


def _before(act: CustodyAct, row: Stay) -> Sequence[Stay]:
    """Return what an act let end, or give way, or be taken out of a group, for a stay to begin."""
    either = or_(Stay.gave_way_to_id == row.id, Stay.id == row.follows_id)
    by_it = or_(Stay.ended_with_id == act.id, Stay.began_with_id == act.id)
    return session().scalars(select(Stay).where(either, by_it)).all()


def _join(act: CustodyAct, part: Stay) -> list[Stay]:
    """Let those whom an act took out of a group be with the rest again, where that is as it was."""
    if part.began_with_id != act.id or part.parted_from_id is None:
        return []
    whole = session().get_one(Stay, part.parted_from_id)
    is_same = whole.standing == StayStanding.TOLD and whole.end_kind == part.end_kind
    if not is_same or whole.changed_at != act.recorded_at or whole.people is None:
        return []
    part.standing = StayStanding.TAKEN_BACK
    whole.people += part.people or 0
    return [whole]


def show_names(
    actor: Actor, case: Case, people: Iterable[PersonStay], reason: str | None = None
) -> None:
    """Let the names of the people of a case be shown together; the trail keeps it as one act.

    Whose names they were stands in the log of what was read; of whoever may have been under 18 a
    `reason` is kept, where there is one.
    """
    numbers = {row.person.id for row in people if row.person is not None}
    with authorised(actor, Action.CASE_EXTEND, within=case) as signature:
        if policy.allowed_ids(actor, Action.PERSON_REVEAL, Person, numbers) != numbers:
            raise NotFound
        if reason:
            give_reason(actor, still_masked(actor, numbers), reason)
        signature.divide([(Action.PERSON_REVEAL, case)], lambda _: 0)
