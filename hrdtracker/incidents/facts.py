"""What is added to an incident later: people, what became of them, sources, perpetrators."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope, User, UserState
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import as_of, says_held
from hrdtracker.incidents.custody import CustodyWord, present_stays, stays_in, tell
from hrdtracker.incidents.drafts import InvolvementDraft, SourceDraft, VictimUpdate, ViolationDraft
from hrdtracker.incidents.model import (
    Incident,
    Involvement,
    Source,
    SourceReader,
    SourceSupport,
    Violation,
)
from hrdtracker.incidents.service import (
    GONE,
    begin_stays,
    changed,
    draft_of,
    new_violation,
    violations_of,
)
from hrdtracker.people import letters
from hrdtracker.people import service as people
from hrdtracker.people.model import Person


@idempotent
def add_violation(
    actor: Actor, incident: Incident, draft: ViolationDraft, version: int
) -> Violation:
    """Add one more type of act against people; return the first of its violations."""
    check_terms({"type": ("incident_type", draft.type)})
    with authorised(
        actor, Action.INCIDENT_EDIT, on=incident, version=version, sending=draft.sending
    ) as signature:
        scope = session().get_one(Scope, incident.scope_id)
        named = people.victims(actor, draft.victims, scope, draft_of=draft_of(incident))
        ids: list[int | None] = [person.id for person in named]
        rows = [new_violation(incident, person_id, draft.type) for person_id in ids or [None]]
        session().add_all(rows)
        session().flush()
        begin_stays(actor, incident, rows)
        signature.made = rows[0]
        changed(actor, incident)
    return rows[0]


def update_victims(actor: Actor, incident: Incident, update: VictimUpdate, version: int) -> None:
    """Say in one go what has happened to several people: arrived, moved, released, charged."""
    check_terms({"status": ("victim_status", update.status_at_end)})
    word = CustodyWord(update.status_at_end, update.arrived, update.place_held)
    is_news = update.status_at_end or update.place_held
    with authorised(actor, Action.INCIDENT_EDIT, on=incident, version=version):
        rows = violations_of(incident)
        if set(update.violations) - rows.keys():
            raise Refused({"people": GONE})
        told = [rows[uid] for uid in update.violations]
        present, added = present_stays(incident, told), list[Stay]()
        at = clock.now() if is_news else as_of(update.arrived)
        for row in told:
            stay, more = tell(actor, incident, row, present.get(row.id), word)
            for held in [stay] if stay else more:
                custody.confirm(actor, held, at)
            added += more
        custody.begin(added)
        changed(actor, incident)


def confirm_held(
    actor: Actor, incident: Incident, violations: Collection[UUID] | None = None
) -> None:
    """Say that these people are still held, or all of whom an incident says so; nothing else.

    What was reviewed stays so, for nothing changed. Raises WrongStatus where nobody is held.
    """
    with authorised(actor, Action.INCIDENT_CONFIRM_HELD, on=incident):
        named = violations_of(incident)
        chosen = {row.id for uid, row in named.items() if violations is None or uid in violations}
        rows = [row for row in stays_in(incident) if row.violation_id in chosen and says_held(row)]
        if not rows:
            raise WrongStatus(N_("Nobody of them is held, as far as is recorded."))
        for row in rows:
            custody.confirm(actor, row, clock.now())


@idempotent
def add_source(actor: Actor, incident: Incident, draft: SourceDraft, version: int) -> Source:
    """Add how we know, which violations it supports, and who may know who it is."""
    check_terms(declared_codes(Source.__tablename__, draft))
    with authorised(
        actor, Action.INCIDENT_EDIT, on=incident, version=version, sending=draft.sending
    ) as signature:
        signature.made = source = new_source(
            actor, incident, draft, letters.letter(_sources(incident))
        )
        session().add(source)
        session().flush()
        _support(source, incident, draft)
        _name_readers(actor, source, draft)
        changed(actor, incident)
    return source


def show_source(actor: Actor, source: Source) -> tuple[str | None, str | None]:
    """Return who a source is, and remarks; the trail keeps that it was shown."""
    with authorised(actor, Action.SOURCE_IDENTIFY, within=source):
        return source.identity, source.remarks


@idempotent
def add_involvement(
    actor: Actor, incident: Incident, draft: InvolvementDraft, version: int
) -> Involvement:
    """Add who is alleged to have done it, how, and how certain that is.

    Somebody on record is fetched by the policy, and named in the case from then on; raises NotFound
    where they are missing or hidden.
    """
    check_terms(
        {
            "perpetrator_type": ("perpetrator_type", draft.perpetrator_type),
            "degree": ("degree_of_involvement", draft.degree),
            "certainty": ("certainty", draft.certainty),
        }
    )
    with authorised(
        actor, Action.INCIDENT_EDIT, on=incident, version=version, sending=draft.sending
    ) as signature:
        rows = violations_of(incident)
        if draft.violation is not None and draft.violation not in rows:
            raise Refused({"violation": GONE})
        alleged = draft.alleged_perpetrator
        person = policy.fetch(actor, Action.PERSON_READ, Person, alleged) if alleged else None
        if person is not None:
            scope = session().get_one(Scope, incident.scope_id)
            people.name_in_case([person], scope, draft_of=draft_of(incident))
        signature.made = row = new_involvement(incident, draft)
        if person is not None and people.is_name_of(person, draft.words or ""):
            row.words = None  # the name is kept once, where it can be hidden and erased
        row.violation_id = rows[draft.violation].id if draft.violation else None
        row.alleged_perpetrator_id = person.id if person else None
        session().add(row)
        changed(actor, incident)
    return row


def new_source(actor: Actor, incident: Incident, draft: SourceDraft, letter: str) -> Source:
    """Return how we know of an incident, as a draft says it; still to be added."""
    return Source(
        scope_id=incident.scope_id,
        data_key_id=incident.data_key_id,
        incident_id=incident.id,
        letter=letter,
        connection=draft.connection,
        reliability=draft.reliability,
        material=draft.material,
        identity=draft.identity,
        remarks=draft.remarks,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def new_involvement(incident: Incident, draft: InvolvementDraft) -> Involvement:
    """Return a type of alleged perpetrator, as a draft says it; still to be added."""
    return Involvement(
        scope_id=incident.scope_id,
        data_key_id=incident.data_key_id,
        incident_id=incident.id,
        perpetrator_type=draft.perpetrator_type,
        words=draft.words,
        degree=draft.degree,
        certainty=draft.certainty,
    )


def _sources(incident: Incident) -> int:
    query = select(func.count()).select_from(Source).where(Source.incident_id == incident.id)
    return session().scalar(query) or 0


def _support(source: Source, incident: Incident, draft: SourceDraft) -> None:
    rows = violations_of(incident)
    for uid in draft.supports:
        if uid not in rows:
            raise Refused({"supports": GONE})
        session().add(SourceSupport(source_id=source.id, violation_id=rows[uid].id))


def _name_readers(actor: Actor, source: Source, draft: SourceDraft) -> None:
    query = select(User.uid, User.id).where(
        User.uid.in_(draft.readers),
        User.organisation_id == actor.organisation_id,
        User.state == UserState.ACTIVE,
    )
    colleagues = {row.uid: row.id for row in session().execute(query)}
    if set(draft.readers) - colleagues.keys():
        raise Refused({"readers": N_("Choose colleagues from the list.")})
    session().add_all(
        SourceReader(source_id=source.id, user_id=number) for number in colleagues.values()
    )
