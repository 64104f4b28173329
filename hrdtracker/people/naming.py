"""Whose name is shown: of whoever may have been under 18, only to who says why it is needed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_many
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_
from hrdtracker.core.seal import ring
from hrdtracker.people.ages import WhyMasked
from hrdtracker.people.minors import may_have_been_minors
from hrdtracker.people.model import NameReason, PersonName

SAY_WHY = N_("They may have been under 18. Say what you need the name for.")
HOLDS_FOR = timedelta(minutes=15)
"""How long a reason holds for whoever gave it."""


@dataclass(frozen=True)
class ShownNames:
    """The names of people by their number, and whose stay hidden until somebody says why."""

    names: Mapping[int, tuple[PersonName, ...]]
    masked: Mapping[int, WhyMasked]


def still_masked(actor: Actor, people: Iterable[int]) -> dict[int, WhyMasked]:
    """Return, of these people, whose names the actor may not be shown without a reason, and why.

    A reason that the actor gave lately holds. Five statements at most, whatever their number.
    """
    masked = may_have_been_minors(set(people))
    if not masked:
        return {}
    query = select(NameReason.person_id).where(
        NameReason.person_id.in_(masked),
        NameReason.shown_to_id == actor.id,
        NameReason.shown_at >= clock.now() - HOLDS_FOR,
    )
    given = set(session().scalars(query))
    return {number: why for number, why in masked.items() if number not in given}


def show_names(actor: Actor, people: Collection[int], reason: str | None) -> ShownNames:
    """Return the names of people of whom the actor may be shown them. Inside an open door.

    Of those who may have been under 18 only where there is a `reason`, a code of `name_reason`,
    which is kept of each; raises Refused for one that is no code.
    """
    masked = still_masked(actor, people)
    if reason and masked:
        give_reason(actor, masked, reason)
        masked = {}
    return ShownNames(names_of(set(people) - masked.keys()), masked)


def give_reason(actor: Actor, people: Iterable[int], reason: str) -> None:
    """Keep what the actor needs the names of these people for. Inside an open door."""
    check_terms({"reason": ("name_reason", reason)})
    moment = clock.now()
    add_many(
        NameReason(person_id=number, reason=reason, shown_to_id=actor.id, shown_at=moment)
        for number in people
    )


def names_of(people: Collection[int]) -> dict[int, tuple[PersonName, ...]]:
    """Return all names of people, with the keys to read them.

    Only for `show_names`, and to compare with what somebody typed: whoever draws a name asks that.
    """
    if not people:
        return {}
    query = select(PersonName).where(PersonName.person_id.in_(people))
    rows = session().scalars(query.order_by(PersonName.position, PersonName.id)).all()
    ring().load(row.data_key_id for row in rows)
    names: dict[int, tuple[PersonName, ...]] = {}
    for row in rows:
        names[row.person_id] = (*names.get(row.person_id, ()), row)
    return names
