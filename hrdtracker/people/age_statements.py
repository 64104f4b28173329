"""What is said of somebody’s age, by whom, and what a document shows: both sides of a dispute."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.core.sending import Sending
from hrdtracker.people.ages import AgeDraft, SaidAge
from hrdtracker.people.minors import is_document, is_masked_by, recorded_age
from hrdtracker.people.model import AgeStatement, Person

RECORD = "record"
"""How an age is known that was recorded here before another took its place."""
OWN = N_("You recorded this. Somebody else takes it back, where it was a mistake.")


@dataclass(frozen=True)
class ReadStatement:
    """One thing that was said of an age, who recorded it, and who took it back."""

    row: AgeStatement
    said: SaidAge
    recorder: User
    taker: User | None

    @property
    def is_document(self) -> bool:
        """Whether a document shows it, and outweighs what is only said."""
        return is_document(self.row.known_by)


def statements_of(person: Person) -> list[ReadStatement]:
    """Return all that was said of somebody’s age, the last first; two statements."""
    taker = aliased(User)
    query = (
        select(AgeStatement, User, taker)
        .join(User, User.id == AgeStatement.recorded_by_id)
        .outerjoin(taker, taker.id == AgeStatement.taken_back_by_id)
        .where(AgeStatement.person_id == person.id)
        .order_by(AgeStatement.id.desc())
    )
    rows = session().execute(query).all()
    users: set[User | None] = {user for _, *both in rows for user in both}
    ring().load([person.data_key_id, *(user.data_key_id for user in users if user)])
    return [
        ReadStatement(row, SaidAge.read(row.said or ""), recorder, who)
        for row, recorder, who in rows
    ]


@idempotent
def add_statement(
    actor: Actor, person: Person, draft: AgeDraft, sending: Sending | None = None
) -> AgeStatement:
    """Keep what somebody says of a person’s age; the youngest that counts decides."""
    check_terms({"known_by": ("age_evidence", draft.known_by)})
    with authorised(actor, Action.PERSON_EDIT, on=person, sending=sending) as signature:
        row = _statement(actor, person, draft.said, draft.known_by)
        row.note = draft.note
        session().add(row)
        person.changed_at = clock.now()
        session().flush()
        signature.made = row
    return row


def take_back(actor: Actor, person: Person, uid: UUID) -> None:
    """Take back what was written of an age by mistake: never by whoever recorded it."""
    with authorised(actor, Action.PERSON_EDIT, on=person):
        query = select(AgeStatement).where(
            AgeStatement.uid == uid,
            AgeStatement.person_id == person.id,
            AgeStatement.taken_back_at.is_(None),
        )
        row = session().scalar(query)
        if row is None:
            raise NotFound
        if row.recorded_by_id == actor.id:
            raise WrongStatus(OWN)
        row.taken_back_at, row.taken_back_by_id = clock.now(), actor.id
        person.changed_at = clock.now()


def keep_former(actor: Actor, person: Person, former: SaidAge | None) -> None:
    """Keep the age that was recorded before, where it alone says that they may have been a minor.

    So nobody is unmasked by writing another age: it takes a document, or somebody else who takes
    the former back. Inside an open door.
    """
    now = recorded_age(person)
    if former is None or now == former:
        return
    if is_masked_by(person, former) and not (now is not None and is_masked_by(person, now)):
        session().add(_statement(actor, person, former, RECORD))


def _statement(actor: Actor, person: Person, said: SaidAge, known_by: str) -> AgeStatement:
    return AgeStatement(
        person_id=person.id,
        data_key_id=person.data_key_id,
        said=str(said),
        known_by=known_by,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
