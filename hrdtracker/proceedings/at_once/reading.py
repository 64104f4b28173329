"""What was recorded of several people of a case at once, and how much of it can be taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from hrdtracker.access.model import User
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import CHANGES_STAYS, CustodyAct, CustodyActRow, Stay
from hrdtracker.custody.people import free_of, is_about, touched_by
from hrdtracker.people.model import Person
from hrdtracker.proceedings.at_once.rows import Place, changed_rows, rows_of

ACTS_SHOWN = 5


@dataclass(frozen=True)
class Share:
    """What an act said of one person, or of some of a group: stays, and rows of the courts."""

    people: int
    stays: tuple[Stay, ...]
    rows: tuple[CustodyActRow, ...]
    is_free: bool
    """Whether nothing of it was changed since."""


@dataclass(frozen=True)
class RecordedAct:
    """What was recorded of several people, by whom, and what it said of each."""

    act: CustodyAct
    by: User = field(repr=False)
    shares: tuple[Share, ...]

    @property
    def people(self) -> int:
        """How many people it is about."""
        return sum(share.people for share in self.shares)

    @property
    def free(self) -> int:
        """Of how many it can still be taken back."""
        return sum(share.people for share in self.shares if share.is_free)


def acts_in(scope_id: int) -> list[RecordedAct]:
    """Return what was last recorded of several people of a case."""
    query = (
        select(CustodyAct, User)
        .join(User, User.id == CustodyAct.recorded_by_id)
        .where(CustodyAct.scope_id == scope_id, CustodyAct.undone_at.is_(None))
        .order_by(CustodyAct.recorded_at.desc(), CustodyAct.id.desc())
        .limit(ACTS_SHOWN)
    )
    acts = session().execute(query).all()
    ring().load({user.data_key_id for _, user in acts})
    shares = shares_of([act for act, _ in acts])
    return [RecordedAct(act, user, tuple(shares[act.id])) for act, user in acts]


def how_many(act: CustodyAct) -> int:
    """Return to how many people something happened."""
    return sum(share.people for share in shares_of([act])[act.id])


def shares_of(acts: Sequence[CustodyAct]) -> dict[int, list[Share]]:
    """Return what each act said of each person, by its number; a bounded number of statements."""
    touched = touched_by(acts)
    rows = rows_of([act for act in acts if act.kind not in CHANGES_STAYS])
    changed = changed_rows(row for some in rows.values() for row in some)
    heads = _heads({row.person_id for some in rows.values() for row in some})
    return {
        act.id: _of_stays(act, touched[act])
        if act.kind in CHANGES_STAYS
        else _of_courts(act, [stay for stay, _ in touched[act]], rows[act.id], heads, changed)
        for act in acts
    }


def _of_stays(act: CustodyAct, touched: Sequence[tuple[Stay, int]]) -> list[Share]:
    about = [(stay, count) for stay, count in touched if is_about(act, stay)]
    free = {stay.id for stay in free_of(act, [stay for stay, _ in about])}
    return [Share(count, (stay,), (), stay.id in free) for stay, count in about]


def _of_courts(
    act: CustodyAct,
    touched: Sequence[Stay],
    rows: Sequence[CustodyActRow],
    heads: Mapping[int, int],
    changed: Collection[Place],
) -> list[Share]:
    begun = {stay.follows_id for stay in touched if stay.began_with_id == act.id}
    last = [stay for stay in touched if stay.id not in begun]
    free = {stay.id for stay in free_of(act, last)}
    by_person: dict[int, list[CustodyActRow]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    shares = []
    for person, written in by_person.items():
        stays = tuple(stay for stay in last if stay.person_id == person)
        is_same = not any((row.table_name, row.row_id) in changed for row in written)
        is_free = is_same and all(stay.id in free for stay in stays)
        shares.append(Share(heads.get(person, 1), stays, tuple(written), is_free))
    return shares


def _heads(people: Collection[int]) -> dict[int, int]:
    """Return how many people each person or group is."""
    if not people:
        return {}
    query = select(Person.id, Person.head_count, Person.family_count).where(Person.id.in_(people))
    return {row.id: row.head_count or row.family_count or 1 for row in session().execute(query)}
