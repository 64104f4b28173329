"""Many incidents at once, as an import brings them: one transaction, and an entry for each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Organisation, Scope
from hrdtracker.audit.bulk_insert import add_many
from hrdtracker.authorised import authorised
from hrdtracker.cases.case_creation import Beginning, office_of_work, open_cases
from hrdtracker.cases.drafts import FollowUpDraft
from hrdtracker.cases.model import Case, CaseArea, FollowUp
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.locks import LOCK
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.incidents.drafts import IncidentDraft, InvolvementDraft, SourceDraft
from hrdtracker.incidents.facts import new_involvement, new_source
from hrdtracker.incidents.model import (
    Incident,
    IncidentWriter,
    Source,
    SourceSupport,
    Violation,
)
from hrdtracker.incidents.service import check_codes, new_incident, new_violation, rewrite, send
from hrdtracker.people import service as people
from hrdtracker.people.model import Person, PersonScope

MOST = 100
"""Incidents in one act: others wait while it is written."""
LINKS = ("incident_id", "source_id", "person_id", "case_id", "scope_id")
"""Columns that tie a row to an incident, the closest tie first."""


@dataclass(frozen=True)
class Origin:
    """Where an incident came from: the source, and digests of its own id and of its case's there.

    `marks` are keyed digests of what it said, part by part: a later import sees what has changed.
    """

    source: str
    id: str
    case: str
    marks: str | None = None


@dataclass(frozen=True)
class WholeIncident:
    """An incident with all that is known of it at once, as a row of a sheet tells it.

    `more_types` are further violations of the same victims; arrival and place held are those of the
    violations whose type is one of `held_types`, of all where that is empty.
    """

    draft: IncidentDraft
    origin: Origin
    more_types: tuple[str, ...] = ()
    held_types: frozenset[str] = frozenset()
    status_at_end: str | None = None
    involved: tuple[InvolvementDraft, ...] = ()
    sources: tuple[SourceDraft, ...] = ()
    later: tuple[FollowUpDraft, ...] = ()


@dataclass
class _Made:
    """What an act has made so far of one whole incident."""

    whole: WholeIncident
    case: Case
    is_first: bool
    people: list[Person] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    later: list[FollowUp] = field(default_factory=list)
    incident: Incident = field(init=False)


def check(whole: WholeIncident) -> None:
    """Refuse codes that no list holds."""
    check_codes(whole.draft)
    wanted = [("status", "victim_status", whole.status_at_end)]
    wanted += [("type", "incident_type", each) for each in whole.more_types]
    wanted += [("later", "follow_up_kind", each.kind) for each in whole.later]
    for one in whole.involved:
        wanted.append(("perpetrator_type", "perpetrator_type", one.perpetrator_type))
        wanted.append(("degree", "degree_of_involvement", one.degree))
        wanted.append(("certainty", "certainty", one.certainty))
    for source in whole.sources:
        wanted.append(("connection", "source_connection", source.connection))
        wanted.append(("reliability", "source_reliability", source.reliability))
        wanted.append(("material", "source_material", source.material))
    check_terms({f"{field}.{n}": (name, code) for n, (field, name, code) in enumerate(wanted)})


def log_together(
    actor: Actor, wholes: Sequence[WholeIncident], office: Office | None = None
) -> list[Incident]:
    """Log and send up to 100 incidents in one act, in their own cases or those of the same source.

    The trail keeps an entry for each, in its case, so that whoever reads a case finds there what
    was written in it and nothing else. Raises Refused for the whole where one does not hold.
    """
    for whole in wholes:
        check(whole)
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.INCIDENT_LOG, within=organisation) as signature:
        made = _in_their_cases(actor, wholes, office_of_work(actor, office))
        _name_people(actor, made)
        _write_incidents(actor, made)
        _write_what_hangs_on_them(actor, made)
        session().flush()
        acts = [(_action(each), each.incident) for each in made]
        signature.divide(acts, _shares(made))
    return [each.incident for each in made]


def renew(actor: Actor, incident: Incident, draft: IncidentDraft, marks: str) -> None:
    """Let an incident say what its source says now, but for its people; raises Stale."""
    check_codes(draft)
    with authorised(actor, Action.INCIDENT_EDIT, on=incident, version=incident.version):
        rewrite(actor, incident, draft)
        incident.origin_marks = marks


def _action(made: _Made) -> Action:
    return Action.INCIDENT_LOG if made.is_first else Action.CASE_EXTEND


def _in_their_cases(actor: Actor, wholes: Sequence[WholeIncident], office: Office) -> list[_Made]:
    """Find the case of each incident, or open it for the first of them that belongs there."""
    cases = _begun_before(actor, wholes)
    first: dict[tuple[str, str], WholeIncident] = {}
    for whole in wholes:
        key = whole.origin.source, whole.origin.case
        if key not in cases:
            first.setdefault(key, whole)
    beginnings = [
        Beginning(
            one.draft.type, one.draft.occurred, one.draft.place.province, sent=True, origin=key
        )
        for key, one in first.items()
    ]
    opened = open_cases(actor, office, beginnings, add_many) if beginnings else []
    cases |= dict(zip(first, opened, strict=True))
    add_many(
        [
            CaseArea(case_id=cases[key].id, area=area)
            for key, one in first.items()
            for area in one.draft.areas
        ]
    )
    made = []
    for whole in wholes:
        key = whole.origin.source, whole.origin.case
        made.append(_Made(whole, cases[key], first.get(key) is whole))
    return made


def _begun_before(actor: Actor, wholes: Sequence[WholeIncident]) -> dict[tuple[str, str], Case]:
    """Return the cases that the same source began earlier; each must be the actor’s to extend."""
    keys = {whole.origin.case for whole in wholes}
    query = select(Case).where(
        Case.organisation_id == actor.organisation_id,
        Case.origin.in_({whole.origin.source for whole in wholes}),
        Case.origin_id.in_(keys),
    )
    found = list(session().scalars(query.order_by(Case.id).with_for_update(**LOCK)))
    if not found:
        return {}
    may = policy.allowed_ids(actor, Action.CASE_EXTEND, Case, [case.id for case in found])
    if len(may) < len(found):
        raise Refused({"case": N_("Its case is there already, and not yours to add to.")})
    ring().load(case.data_key_id for case in found)
    for case in found:
        case.changed_at = clock.now()
    return {(case.origin or "", case.origin_id or ""): case for case in found}


def _name_people(actor: Actor, made: Sequence[_Made]) -> None:
    """Record the victims of all incidents, and give each a letter in its case."""
    wanted = [
        (each, victim.described)
        for each in made
        for victim in each.whole.draft.victims
        if victim.described
    ]
    if not wanted:
        return
    homes = _compartments({each.case.scope_id for each, _ in wanted})
    wanted.sort(key=lambda pair: homes[pair[0].case.scope_id])
    added = [
        person
        for number, some in groupby(wanted, key=lambda pair: homes[pair[0].case.scope_id])
        for person in people.add_people(
            actor, [one for _, one in some], session().get_one(Compartment, number), add_many
        )
    ]
    taken, letters = _letters_taken({each.case.scope_id for each in made if not each.is_first}), []
    for (each, _), person in zip(wanted, added, strict=True):
        each.people.append(person)
        scope_id = each.case.scope_id
        letter = people.letter(taken[scope_id])
        letters.append(PersonScope(person_id=person.id, scope_id=scope_id, letter=letter))
        taken[scope_id] += 1
    add_many(letters)


def _compartments(scopes: set[int]) -> dict[int, int]:
    """Return whose keys open each case: a secret one has a compartment of its own."""
    query = select(Scope.id, Scope.compartment_id).where(Scope.id.in_(scopes))
    return {scope_id: number for scope_id, number in session().execute(query)}  # noqa: C416 - typed


def _letters_taken(scopes: set[int]) -> Counter[int]:
    query = (
        select(PersonScope.scope_id, func.count())
        .where(PersonScope.scope_id.in_(scopes))
        .group_by(PersonScope.scope_id)
    )
    return Counter(dict(session().execute(query).all())) if scopes else Counter()


def _write_incidents(actor: Actor, made: Sequence[_Made]) -> None:
    for each in made:
        each.incident = new_incident(actor, each.case, each.whole.draft)
        each.incident.origin = each.whole.origin.source
        each.incident.origin_id = each.whole.origin.id
        each.incident.origin_marks = each.whole.origin.marks
        send(each.incident)
    add_many([each.incident for each in made])


def _write_what_hangs_on_them(actor: Actor, made: Sequence[_Made]) -> None:
    for each in made:
        whole, incident = each.whole, each.incident
        each.violations = _violations(each)
        each.later = [_follow_up(actor, each.case, fact) for fact in whole.later]
        each.sources = [
            new_source(actor, incident, draft, people.letter(position))
            for position, draft in enumerate(whole.sources)
        ]
    add_many([IncidentWriter(incident_id=each.incident.id, user_id=actor.id) for each in made])
    add_many([row for each in made for row in each.violations])
    add_many([row for each in made for row in each.later])
    add_many([row for each in made for row in each.sources])
    add_many([new_involvement(each.incident, one) for each in made for one in each.whole.involved])
    add_many(
        [
            SourceSupport(source_id=source.id, violation_id=violation.id)
            for each in made
            for source in each.sources
            for violation in each.violations
        ]
    )


def _violations(made: _Made) -> list[Violation]:
    """Return one violation for each type against each victim, or against somebody unknown."""
    whole, custody = made.whole, made.whole.draft.custody
    is_held = custody.arrived is not None or custody.place_held is not None
    victims: Sequence[int | None] = [person.id for person in made.people]
    rows = []
    for kind in dict.fromkeys((whole.draft.type, *whole.more_types)):
        for victim_id in victims or (None,):
            row = new_violation(made.incident, victim_id)
            row.type, row.status_at_end = kind, whole.status_at_end
            if is_held and (not whole.held_types or kind in whole.held_types):
                row.arrived, row.place_held = custody.arrived, custody.place_held
            rows.append(row)
    return rows


def _follow_up(actor: Actor, case: Case, draft: FollowUpDraft) -> FollowUp:
    return FollowUp(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        kind=draft.kind,
        at=draft.at,
        timed=draft.timed,
        note=draft.note,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _shares(made: Sequence[_Made]) -> Callable[[Mapping[str, Any]], int]:
    """Return what tells, of a row that was written, the place of the incident it belongs to.

    What is of the case goes with the first incident that came into it here.
    """
    places: dict[tuple[str, Any], int] = {}
    scopes = select(Scope.id, Scope.uid).where(Scope.id.in_({each.case.scope_id for each in made}))
    uids = {number: uid for number, uid in session().execute(scopes)}  # noqa: C416 - typed
    for place, each in reversed(list(enumerate(made))):
        places["scope_id", each.case.scope_id] = places["case_id", each.case.id] = place
        places["uid", uids[each.case.scope_id].hex] = place
        places["incident_id", each.incident.id] = place
        places |= {("person_id", person.id): place for person in each.people}
        places |= {("source_id", source.id): place for source in each.sources}
        own = (each.case, each.incident, *each.people, *each.later)
        places |= {("uid", row.uid.hex): place for row in own}

    def whose(change: Mapping[str, Any]) -> int:
        columns = change["columns"]
        links = (("uid", change["uid"]), *((link, columns.get(link, (0, 0))[1]) for link in LINKS))
        return next(places[link] for link in links if link in places)

    return whose
