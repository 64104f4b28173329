"""Logging an incident, changing it, sending it, returning it and reviewing it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Organisation, Scope
from hrdtracker.audit.bulk_insert import add_all, add_many
from hrdtracker.audit.receipts import SentAgain, SentBefore, SentOtherwise, idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.case_creation import Beginning, lead_with, office_of_work, open_case
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.cases.service import set_areas
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import Base, session
from hrdtracker.core.errors import N_
from hrdtracker.core.locks import lock
from hrdtracker.core.sending import Sending
from hrdtracker.core.when.model import sort_at
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import as_of
from hrdtracker.incidents.custody import CustodyWord, new_stays, stays_in, without_stay
from hrdtracker.incidents.drafts import IncidentDraft
from hrdtracker.incidents.lists import occurred
from hrdtracker.incidents.model import (
    Incident,
    IncidentStatus,
    IncidentWriter,
    Involvement,
    Source,
    SourceReader,
    SourceSupport,
    Urgency,
    Violation,
)
from hrdtracker.incidents.queries import is_first, people_in
from hrdtracker.incidents.workflow import INCIDENT
from hrdtracker.people import service as people
from hrdtracker.people.model import Person

GONE = N_("This incident has changed. Open it again.")
"""Why an act about a violation that is no longer there is refused."""
RANKS = {Urgency.NORMAL: 0, Urgency.URGENT: 1, Urgency.CRITICAL: 2}


@idempotent
def log_incident(actor: Actor, draft: IncidentDraft, into: Case | Office | None = None) -> Incident:
    """Log an incident in a case, or open the case that it begins: in this office, or the only one.

    A draft that an earlier sending of the same form made is changed, or sent. Raises SentOtherwise.
    """
    check_codes(draft)
    try:
        return _log(actor, draft, into)
    except SentBefore as earlier:
        return _log_again(actor, draft, into, earlier)


def _log(actor: Actor, draft: IncidentDraft, into: Case | Office | None) -> Incident:
    case, office = (into, None) if isinstance(into, Case) else (None, into)
    organisation = session().get_one(Organisation, actor.organisation_id)
    action, sending = Action.CASE_EXTEND if case else Action.INCIDENT_LOG, draft.sending
    with authorised(actor, action, on=case, within=organisation, sending=sending) as signature:
        is_new = case is None
        if case is None:
            place = office_of_work(actor, office)
            begun = Beginning(draft.type, draft.occurred, draft.place.province, draft.send)
            case = open_case(actor, place, begun)
            add_many(CaseArea(case_id=case.id, area=area) for area in draft.areas)
        else:
            case.changed_at = clock.now()
        incident = _add_incident(actor, case, draft, is_new=is_new)
        signature.about(incident)
    return incident


def _log_again(
    actor: Actor, draft: IncidentDraft, into: Case | Office | None, earlier: SentBefore
) -> Incident:
    """Let the sender's own draft say what this sending does, and send it where that was wanted.

    Raises SentAgain where that is so already, SentOtherwise where something else changed it since.
    """
    incident, is_same = earlier.made, isinstance(earlier, SentAgain)
    is_changing = draft.send or not is_same
    if is_changing and isinstance(incident, Incident) and draft_of(incident) == actor.id:
        if earlier.amending.amends == incident.version and _is_as_begun(incident, into):
            return _amend(actor, incident, draft, earlier.amending)
        raise SentOtherwise(incident, earlier.amending)
    return _log(actor, draft, into)  # raises it again, unless a twin changed the draft just now


def _amend(actor: Actor, incident: Incident, draft: IncidentDraft, sending: Sending) -> Incident:
    with authorised(
        actor, Action.INCIDENT_EDIT, on=incident, version=sending.amends, sending=sending
    ) as signature:
        signature.about(incident)
        _replace(actor, incident, draft)
        if draft.send:
            submit(actor, incident)
    return incident


def _is_as_begun(incident: Incident, into: Case | Office | None) -> bool:
    """Tell whether an incident stands in this case, or in one of its own as it was opened."""
    if isinstance(into, Case):
        return incident.case_id == into.id
    scope = session().get_one(Scope, incident.scope_id)
    return _has_own_case(incident) and (into is None or into.id == scope.office_id)


def _has_own_case(incident: Incident) -> bool:
    """Tell whether an incident opened its case, and nothing was done to that since."""
    case = session().get_one(Case, incident.case_id)
    return case.changed_at == case.opened_at


def _replace(actor: Actor, incident: Incident, draft: IncidentDraft) -> None:
    """Let an incident say what a draft does and nothing else. Inside an open door."""
    scope, begun = session().get_one(Scope, incident.scope_id), incident.recorded_at
    query = select(Person).where(Person.id.in_(people_in(incident))).order_by(Person.id)
    former, written = session().scalars(query).all(), (begun, incident.changed_at)
    victims = people.redescribe(actor, draft.victims, former, scope, written)
    _delete(_rows_of(incident))
    rewrite(actor, incident, draft)
    _add_people(actor, incident, replace(draft, victims=tuple(victims)), is_new=False)
    if _has_own_case(incident):
        set_areas(session().get_one(Case, incident.case_id), draft.areas)


def edit_incident(actor: Actor, incident: Incident, draft: IncidentDraft, version: int) -> None:
    """Change what an incident says; a reviewed one goes back to its reviewer."""
    check_codes(draft)
    with authorised(actor, Action.INCIDENT_EDIT, on=incident, version=version):
        rewrite(actor, incident, draft)
        scope = session().get_one(Scope, incident.scope_id)
        named = people.victims(actor, draft.victims, scope, draft_of=draft_of(incident))
        rows = [new_violation(incident, person.id) for person in named]
        session().add_all(rows)
        session().flush()
        begin_stays(actor, incident, rows)


def begin_stays(actor: Actor, incident: Incident, rows: Sequence[Violation]) -> None:
    """Say where the victims of violations that were added are; inside an open door."""
    custody.begin(_stays(actor, incident, without_stay(incident, rows), CustodyWord()))


def _stays(
    actor: Actor, incident: Incident, rows: Sequence[Violation], word: CustodyWord
) -> list[Stay]:
    at = as_of(occurred(incident), word.arrived)
    return [stay for row in rows for stay in new_stays(actor, incident, row, word, at)]


def rewrite(actor: Actor, incident: Incident, draft: IncidentDraft) -> None:
    """Let an incident say what a draft does, but for its people. Inside an open door."""
    was = incident.occurred_sort
    _write(incident, draft)
    if incident.occurred_sort != was:
        for stay in stays_in(incident):
            stay.since = custody.exactly(stay.began) or incident.occurred_sort
    changed(actor, incident)
    _lead(incident)


def changed(actor: Actor, incident: Incident) -> None:
    """Note that the facts of an incident changed, and by whom. Inside an open door.

    A reviewed one goes back to submitted: what was assessed is no longer what it says.
    """
    INCIDENT.take(incident, Action.INCIDENT_EDIT)
    if incident.status == IncidentStatus.SUBMITTED:
        incident.reviewed_at = incident.reviewed_by_id = incident.review_kind = None
        incident.submitted_at = incident.submitted_at or clock.now()
    incident.changed_at = clock.now()
    if session().get(IncidentWriter, (incident.id, actor.id)) is None:
        session().add(IncidentWriter(incident_id=incident.id, user_id=actor.id))


def submit(actor: Actor, incident: Incident) -> None:
    """Send an incident for review."""
    with authorised(actor, Action.INCIDENT_SUBMIT, on=incident):
        was_draft = draft_of(incident) is not None
        send(incident)
        incident.changed_at = clock.now()
        if was_draft:
            lock(session().get_one(Case, incident.case_id))
            scope = session().get_one(Scope, incident.scope_id)
            people.tell(scope, people_in(incident))
            custody.tell(stays_in(incident))
            _begin(scope, incident)
            _lead(incident)


def discard(actor: Actor, incident: Incident) -> None:
    """Delete one’s own draft; its case and its code stay."""
    with authorised(actor, Action.INCIDENT_DISCARD, on=incident):
        INCIDENT.take(incident, Action.INCIDENT_DISCARD)
        _delete((*_rows_of(incident), [incident]))


def _delete(groups: Sequence[Sequence[Base]]) -> None:
    """Delete rows in the order of their groups."""
    for rows in groups:
        for row in rows:
            session().delete(row)
        session().flush()


def violations_of(incident: Incident) -> dict[UUID, Violation]:
    """Return the violations of an incident by their uid."""
    query = select(Violation).where(Violation.incident_id == incident.id).order_by(Violation.id)
    return {row.uid: row for row in session().scalars(query)}


def fetch(actor: Actor, uid: UUID, action: Action = Action.INCIDENT_READ) -> Incident:
    """Return an incident that the actor may read; raises NotFound."""
    return policy.fetch(actor, action, Incident, uid)


def check_codes(draft: IncidentDraft) -> None:
    """Refuse codes that no list holds."""
    table = Incident.__tablename__
    check_terms(
        {
            **declared_codes(table, draft),
            **declared_codes(table, draft.place),
            "connection": ("source_connection", draft.connection),
            "lawyer": ("lawyer_contacted", draft.custody.lawyer_contacted),
            **{f"areas.{area}": ("thematic_area", area) for area in draft.areas},
        }
    )


def new_incident(actor: Actor, case: Case, draft: IncidentDraft) -> Incident:
    """Return an incident that says what a draft does; still to be added. Inside an open door."""
    moment = clock.now()
    incident = Incident(
        scope_id=case.scope_id,
        case_id=case.id,
        data_key_id=case.data_key_id,
        status=INCIDENT.first,
        recorded_by_id=actor.id,
        recorded_at=moment,
        changed_at=moment,
        occurred_sort=moment,
    )
    _write(incident, draft)
    return incident


def _add_incident(actor: Actor, case: Case, draft: IncidentDraft, *, is_new: bool) -> Incident:
    incident = new_incident(actor, case, draft)
    if draft.send:
        send(incident)
    add_all([incident])
    add_many([IncidentWriter(incident_id=incident.id, user_id=actor.id)])
    scope = session().get_one(Scope, case.scope_id)
    if draft.send and scope.begun_at is None:
        _begin(scope, incident)
        _lead(incident)
    _add_people(actor, incident, draft, is_new=is_new)
    return incident


def _add_people(actor: Actor, incident: Incident, draft: IncidentDraft, *, is_new: bool) -> None:
    """Add what was done to whom, and how it is known. Inside an open door."""
    scope = session().get_one(Scope, incident.scope_id)
    named = people.victims(actor, draft.victims, scope, draft_of=draft_of(incident), is_new=is_new)
    rows = [new_violation(incident, person.id) for person in named] or [
        new_violation(incident, None)
    ]
    add_many(rows)
    word = CustodyWord(None, draft.custody.arrived, draft.custody.place_held)
    stays = _stays(actor, incident, rows, word)
    if is_new:  # nobody is elsewhere in a case that begins
        add_many(stays)
    else:
        custody.begin(stays)
    if draft.connection:
        _add_first_source(actor, incident, draft.connection, rows)


def _write(incident: Incident, draft: IncidentDraft) -> None:
    """Lay what a draft says into an incident."""
    place = draft.place
    incident.type = draft.type
    incident.urgency, incident.urgency_rank = draft.urgency, RANKS[draft.urgency]
    incident.occurred = draft.occurred
    incident.occurred_sort = sort_at(draft.occurred, incident.recorded_at)
    incident.place_kind = place.kind
    incident.province, incident.district = place.province, place.district
    incident.commune, incident.country = place.commune, place.country
    incident.platform = place.platform
    incident.place, incident.village = place.words, place.village
    incident.account, incident.link = place.account, place.link
    incident.narrative, incident.language = draft.narrative, draft.language
    incident.tie = draft.tie
    incident.lawyer_contacted = draft.custody.lawyer_contacted


def new_violation(incident: Incident, victim_id: int | None, kind: str | None = None) -> Violation:
    """Return a violation, of the incident's own type unless another is given; still to be added."""
    return Violation(
        scope_id=incident.scope_id,
        data_key_id=incident.data_key_id,
        incident_id=incident.id,
        type=kind or incident.type,
        victim_id=victim_id,
    )


def _add_first_source(
    actor: Actor, incident: Incident, connection: str, rows: Sequence[Violation]
) -> None:
    source = Source(
        scope_id=incident.scope_id,
        data_key_id=incident.data_key_id,
        incident_id=incident.id,
        letter="A",
        connection=connection,
        recorded_by_id=actor.id,
        recorded_at=incident.recorded_at,
    )
    add_many([source])
    add_many(SourceSupport(source_id=source.id, violation_id=row.id) for row in rows)


def send(incident: Incident) -> None:
    """Hand an incident in for review. Inside an open door."""
    INCIDENT.take(incident, Action.INCIDENT_SUBMIT)
    incident.submitted_at = clock.now()


def draft_of(incident: Incident) -> int | None:
    """Return whose draft an incident is; None once it was sent, and for everybody to read."""
    return incident.recorded_by_id if incident.status == IncidentStatus.DRAFT else None


def _begin(scope: Scope, incident: Incident) -> None:
    """Open a case to those it is for, now that something of it was sent."""
    scope.begun_at = scope.begun_at or incident.submitted_at


def _lead(incident: Incident) -> None:
    """Let the case's list entry follow its first incident, of those that were sent if any was."""
    if is_first(incident):
        case = session().get_one(Case, incident.case_id)
        when = occurred(incident)
        lead_with(case, incident.type, when, incident.province, incident.recorded_at)


def _rows_of(incident: Incident) -> tuple[Sequence[Base], ...]:
    """Return what hangs on an incident, in the order in which it can be deleted."""
    violations = list(violations_of(incident).values())
    sources = list(session().scalars(select(Source).where(Source.incident_id == incident.id)))
    of_sources = [source.id for source in sources]
    supports = session().scalars(
        select(SourceSupport).where(SourceSupport.source_id.in_(of_sources))
    )
    readers = session().scalars(select(SourceReader).where(SourceReader.source_id.in_(of_sources)))
    involved = session().scalars(select(Involvement).where(Involvement.incident_id == incident.id))
    writers = session().scalars(
        select(IncidentWriter).where(IncidentWriter.incident_id == incident.id)
    )
    stays = stays_in(incident)
    return ([*supports, *readers, *involved, *writers, *stays], [*sources, *violations])
