"""Many incidents at once, as an import brings them: one transaction, and an entry for each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from hrdtracker.cases.contacts import new_contact
from hrdtracker.cases.model import Case, CaseArea, FollowUp
from hrdtracker.cases.work import new_follow_up
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.locks import LOCK
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.custody.model import Stay
from hrdtracker.custody.service import UNKNOWN
from hrdtracker.custody.states import RELEASED, held_codes, is_release
from hrdtracker.incidents.custody import CustodyWord, arrest_codes, new_stays
from hrdtracker.incidents.drafts import IncidentDraft
from hrdtracker.incidents.facts import new_involvement, new_source
from hrdtracker.incidents.model import (
    Incident,
    IncidentWriter,
    Source,
    SourceSupport,
    Violation,
)
from hrdtracker.incidents.service import check_codes, new_incident, new_violation, rewrite, send
from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.people import letters
from hrdtracker.people import service as people
from hrdtracker.people.model import Person, PersonScope

MOST = 100
"""Incidents in one act: others wait while it is written."""
LINKS = (
    "incident_id", "source_id", "violation_id", "person_id", "proceeding_id", "case_id", "scope_id",
)  # fmt: skip
"""Columns that tie a row to an incident, the closest tie first."""


@dataclass
class LoggedIncident:
    """What an act has made so far of one whole incident."""

    whole: WholeIncident
    case: Case
    is_first: bool
    people: list[Person] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    later: list[FollowUp] = field(default_factory=list)
    incident: Incident = field(init=False)


Link = tuple[str, Any]
"""A column that ties a row to something, and its value there."""


def nothing_else(_logged: Sequence[LoggedIncident]) -> Mapping[Link, int]:
    """Write nothing beside the incidents."""
    return {}


def check(whole: WholeIncident) -> None:
    """Refuse codes that no list holds."""
    check_codes(whole.draft)
    codes = [("status", "victim_status", whole.status_at_end)]
    codes += [("type", "incident_type", kind) for kind in whole.more_types]
    codes += [("later", "follow_up_kind", fact.kind) for fact in whole.later]
    codes += [("contacts", "contact_kind", contact.kind) for _, contact in whole.contacts]
    codes += [
        ("prison", "prison", whole.place.prison),
        ("known_by", "how_known", whole.place.known_by),
    ]
    codes += [("end", "stay_end", whole.release.kind)] if whole.release else []
    for involvement in whole.involved:
        codes.append(("perpetrator_type", "perpetrator_type", involvement.perpetrator_type))
        codes.append(("degree", "degree_of_involvement", involvement.degree))
        codes.append(("certainty", "certainty", involvement.certainty))
    for source in whole.sources:
        codes.append(("connection", "source_connection", source.connection))
        codes.append(("reliability", "source_reliability", source.reliability))
        codes.append(("material", "source_material", source.material))
    check_terms({f"{field}.{n}": (name, code) for n, (field, name, code) in enumerate(codes)})


def log_together(
    actor: Actor,
    wholes: Sequence[WholeIncident],
    office: Office | None = None,
    batch_id: int | None = None,
    also: Callable[[Sequence[LoggedIncident]], Mapping[Link, int]] = nothing_else,
) -> list[Incident]:
    """Log and send up to 100 incidents in one act, in their own cases or those of the same source.

    The trail keeps an entry for each, in its case, so that whoever reads a case finds there what
    was written in it and nothing else. `also` writes what features above know of them, and says
    which rows it made for which. Raises Refused for the whole where one does not hold.
    """
    for whole in wholes:
        check(whole)
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.INCIDENT_LOG, within=organisation) as signature:
        logged = _in_their_cases(actor, wholes, office_of_work(actor, office))
        _name_people(actor, logged)
        _write_incidents(actor, logged, batch_id)
        _write_what_hangs_on_them(actor, logged)
        places = also(logged)
        session().flush()
        acts = [(_action(item), item.incident) for item in logged]
        signature.divide(acts, _shares(logged, places))
    return [item.incident for item in logged]


def nothing_more() -> None:
    """Write nothing beside what an incident says."""


def renew(
    actor: Actor,
    incident: Incident,
    draft: IncidentDraft,
    marks: str,
    also: Callable[[], object] = nothing_more,
) -> None:
    """Let an incident say what its source says now, but for its people; raises Stale.

    `also` writes what features above know of it, in the same act.
    """
    check_codes(draft)
    with authorised(actor, Action.INCIDENT_EDIT, on=incident, version=incident.version):
        rewrite(actor, incident, draft)
        incident.origin_marks = marks
        also()


def _action(item: LoggedIncident) -> Action:
    return Action.INCIDENT_LOG if item.is_first else Action.CASE_EXTEND


def _in_their_cases(
    actor: Actor, wholes: Sequence[WholeIncident], office: Office
) -> list[LoggedIncident]:
    """Find the case of each incident, or open it for the first of them that belongs there."""
    cases = _begun_before(actor, wholes)
    first: dict[tuple[str, str], WholeIncident] = {}
    for whole in wholes:
        key = whole.origin.source, whole.origin.case
        if key not in cases:
            first.setdefault(key, whole)
    beginnings = [
        Beginning(
            opener.draft.type,
            opener.draft.occurred,
            opener.draft.place.province,
            sent=True,
            origin=key,
        )
        for key, opener in first.items()
    ]
    opened = open_cases(actor, office, beginnings, add_many)
    cases |= dict(zip(first, opened, strict=True))
    add_many(
        [
            CaseArea(case_id=cases[key].id, area=area)
            for key, opener in first.items()
            for area in opener.draft.areas
        ]
    )
    logged = []
    for whole in wholes:
        key = whole.origin.source, whole.origin.case
        logged.append(LoggedIncident(whole, cases[key], first.get(key) is whole))
    return logged


def _begun_before(actor: Actor, wholes: Sequence[WholeIncident]) -> dict[tuple[str, str], Case]:
    """Return the cases that the same source began earlier; each must be the actor’s to extend."""
    keys = {whole.origin.case for whole in wholes}
    query = select(Case).where(
        Case.organisation_id == actor.organisation_id,
        Case.origin.in_({whole.origin.source for whole in wholes}),
        Case.origin_id.in_(keys),
    )
    cases = list(session().scalars(query.order_by(Case.id).with_for_update(**LOCK)))
    if not cases:
        return {}
    may = policy.allowed_ids(actor, Action.CASE_EXTEND, Case, [case.id for case in cases])
    if len(may) < len(cases):
        raise Refused({"case": N_("Its case is there already, and not yours to add to.")})
    ring().load(case.data_key_id for case in cases)
    for case in cases:
        case.changed_at = clock.now()
    return {(case.origin or "", case.origin_id or ""): case for case in cases}


def _name_people(actor: Actor, logged: Sequence[LoggedIncident]) -> None:
    """Record the victims of all incidents, and give each a letter in its case."""
    named = [
        (item, victim.described)
        for item in logged
        for victim in item.whole.draft.victims
        if victim.described
    ]
    if not named:
        return
    homes = _compartments({item.case.scope_id for item, _ in named})
    named.sort(key=lambda pair: homes[pair[0].case.scope_id])
    added = [
        person
        for number, some in groupby(named, key=lambda pair: homes[pair[0].case.scope_id])
        for person in people.add_people(
            actor, [draft for _, draft in some], session().get_one(Compartment, number), add_many
        )
    ]
    taken = _letters_taken({item.case.scope_id for item in logged if not item.is_first})
    links = []
    for (item, _), person in zip(named, added, strict=True):
        item.people.append(person)
        scope_id = item.case.scope_id
        letter = letters.letter(taken[scope_id])
        links.append(PersonScope(person_id=person.id, scope_id=scope_id, letter=letter))
        taken[scope_id] += 1
    add_many(links)


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


def _write_incidents(actor: Actor, logged: Sequence[LoggedIncident], batch_id: int | None) -> None:
    for item in logged:
        item.incident = new_incident(actor, item.case, item.whole.draft)
        item.incident.batch_id = batch_id
        item.incident.origin = item.whole.origin.source
        item.incident.origin_id = item.whole.origin.id
        item.incident.origin_marks = item.whole.origin.marks
        send(item.incident)
    add_many([item.incident for item in logged])


def _write_what_hangs_on_them(actor: Actor, logged: Sequence[LoggedIncident]) -> None:
    for item in logged:
        whole, incident = item.whole, item.incident
        item.violations = _violations(item)
        item.later = [new_follow_up(actor, item.case, fact) for fact in whole.later]
        item.sources = [
            new_source(actor, incident, draft, letters.letter(position))
            for position, draft in enumerate(whole.sources)
        ]
    add_many([IncidentWriter(incident_id=item.incident.id, user_id=actor.id) for item in logged])
    add_many([row for item in logged for row in item.violations])
    add_many([stay for item in logged for stay in _stays(actor, item)])
    add_many([row for item in logged for row in item.later])
    add_many([row for item in logged for row in item.sources])
    add_many(
        [
            new_contact(actor, item.case, item.people[place], contact)
            for item in logged
            for place, contact in item.whole.contacts
        ]
    )
    add_many(
        [
            new_involvement(item.incident, involved)
            for item in logged
            for involved in item.whole.involved
        ]
    )
    add_many(
        [
            SourceSupport(source_id=source.id, violation_id=violation.id)
            for item in logged
            for source in item.sources
            for violation in item.violations
        ]
    )


def _violations(item: LoggedIncident) -> list[Violation]:
    """Return one violation for each type against each victim, or against somebody unknown."""
    whole = item.whole
    victims: Sequence[int | None] = [person.id for person in item.people]
    rows = []
    for kind in dict.fromkeys((whole.draft.type, *whole.more_types)):
        for victim_id in victims or (None,):
            row = new_violation(item.incident, victim_id)
            row.type, row.status_at_end = kind, CustodyWord(whole.status_at_end).kept
            rows.append(row)
    return rows


def _stays(actor: Actor, item: LoggedIncident) -> list[Stay]:
    """Return where each victim is or was; nobody here has confirmed it."""
    whole, custody = item.whole, item.whole.draft.custody
    by_victim: dict[int | None, list[Violation]] = {}
    for row in item.violations:
        by_victim.setdefault(row.victim_id, []).append(row)
    stays = []
    for rows in by_victim.values():
        held = [row for row in rows if not whole.held_types or row.type in whole.held_types]
        word = CustodyWord(whole.status_at_end)
        if held:
            word = replace(word, arrived=custody.arrived, place_held=custody.place_held)
        arrests = [row for row in held or rows if row.type in arrest_codes()]
        with_it = next(iter(arrests or held or rows))
        made = new_stays(actor, item.incident, with_it, word, None)
        if held:
            _place_and_end(made, whole)
        stays += made
    return stays


def _place_and_end(stays: Sequence[Stay], whole: WholeIncident) -> None:
    """Let those of some stays that are in custody say which prison it is, and until when it was."""
    for row in stays:
        if row.situation not in held_codes():
            continue
        row.prison, row.known_by = whole.place.prison, whole.place.known_by
        if whole.release is not None and row.end_kind in {None, UNKNOWN}:
            row.end_kind = RELEASED
        if whole.release is not None and is_release(row.end_kind):
            row.end_kind = whole.release.kind or row.end_kind
            row.ended = whole.release.ended


def _shares(
    logged: Sequence[LoggedIncident], others: Mapping[Link, int]
) -> Callable[[Mapping[str, Any]], int]:
    """Return what tells, of a row that was written, the place of the incident it belongs to.

    What is of the case goes with the first incident that came into it here.
    """
    places: dict[Link, int] = dict(others)
    scopes = select(Scope.id, Scope.uid).where(
        Scope.id.in_({item.case.scope_id for item in logged})
    )
    uids = {number: uid for number, uid in session().execute(scopes)}  # noqa: C416 - typed
    for place, item in reversed(list(enumerate(logged))):
        places["scope_id", item.case.scope_id] = places["case_id", item.case.id] = place
        places["uid", uids[item.case.scope_id].hex] = place
        places["incident_id", item.incident.id] = place
        places |= {("person_id", person.id): place for person in item.people}
        places |= {("violation_id", row.id): place for row in item.violations}
        places |= {("source_id", source.id): place for source in item.sources}
        own = (item.case, item.incident, *item.people, *item.later)
        places |= {("uid", row.uid.hex): place for row in own}

    def whose(change: Mapping[str, Any]) -> int:
        columns = change["columns"]
        links = (("uid", change["uid"]), *((link, columns.get(link, (0, 0))[1]) for link in LINKS))
        return next(places[link] for link in links if link in places)

    return whose
