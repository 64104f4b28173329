"""What is known of a case, for the list of what is still missing from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from hrdtracker.cases.case_file import CaseFile, Named
from hrdtracker.cases.completeness import CaseFacts, EventFacts, VictimFacts
from hrdtracker.cases.model import CaseStatus
from hrdtracker.custody.model import Stay
from hrdtracker.custody.steps import TimeInCustody, times_in_custody
from hrdtracker.custody.told import HELD
from hrdtracker.incidents.case_view import UNKNOWN, CaseHistory, Fate, Happening, is_arrest
from hrdtracker.incidents.model import Incident, PlaceKind, Violation
from hrdtracker.people.model import CountingUnit, Person


def case_facts(file: CaseFile, history: CaseHistory) -> CaseFacts:
    """Return what is known of a case, for its list of what is missing.

    One statement where somebody is held, else none.
    """
    times = times_in_custody(file.standing.case.scope_id) if history.held else {}
    case, arrests = file.standing.case, _arrests(history)
    return CaseFacts(
        case=case.uid,
        is_open=case.status != CaseStatus.CLOSED,
        areas=bool(file.standing.areas),
        next_look=case.next_look_on is not None or any(task.due_on for task in file.tasks),
        events=[_event(happening, history) for happening in history.happenings],
        victims=[
            replace(
                _victim(named, arrests.get(named.person.id, ())),
                steps=_steps(history.fates[named.person.id], times),
            )
            for named in file.people
            if named.person.id in history.fates
        ],
    )


@dataclass(frozen=True)
class _Arrest:
    """An arrest of somebody, and what is known of where they were from then on."""

    incident: UUID
    violation: Violation
    stays: tuple[Stay, ...]


def _arrests(history: CaseHistory) -> dict[int, list[_Arrest]]:
    """Return the arrests of each person with their incident, the latest first."""
    arrests: dict[int, list[_Arrest]] = {}
    for happening in history.happenings:
        for violation in happening.violations:
            victim = violation.victim_id
            if victim is not None and is_arrest(violation.type):
                stays = tuple(row for row in happening.stays if row.person_id == victim)
                arrest = _Arrest(happening.incident.uid, violation, stays)
                arrests.setdefault(victim, []).append(arrest)
    return arrests


def _event(happening: Happening, history: CaseHistory) -> EventFacts:
    incident = happening.incident
    return EventFacts(
        uid=incident.uid,
        is_arrest=is_arrest(incident.type),
        date=happening.when.is_known,
        place=_is_placed(incident),
        victims=bool(happening.victims),
        source=happening.sources > 0,
        perpetrator=bool(history.perpetrators.get(incident.id)),
        lawyer=incident.lawyer_contacted not in {None, UNKNOWN},
    )


def _is_placed(incident: Incident) -> bool:
    """Tell whether the place says more than the country."""
    if incident.place_kind == PlaceKind.CAMBODIA:
        return incident.province is not None
    return incident.place_kind != PlaceKind.UNKNOWN


def _victim(named: Named, arrests: Sequence[_Arrest]) -> VictimFacts:
    person, stays = named.person, [row for arrest in arrests for row in arrest.stays]
    return VictimFacts(
        person=person.uid,
        letter=named.letter,
        is_group=person.unit != CountingUnit.PERSON,
        age=person.age is not None or Person.birth_date.ciphertext(person) is not None,
        sex=person.sex is not None,
        arrest=arrests[0].incident if arrests else None,
        arrived=any(map(_has_arrived, stays)),
        place_held=any(map(_has_place, stays)),
        fate=any(map(_says_more, stays))
        or any(arrest.violation.status_at_end for arrest in arrests),
    )


def _steps(fate: Fate, times: Mapping[int, TimeInCustody]) -> frozenset[str] | None:
    """Return what was done for somebody who is held; None where they are not."""
    if not fate.is_held or fate.stay is None or fate.stay.id not in times:
        return None
    return frozenset(times[fate.stay.id].steps)


def _has_arrived(stay: Stay) -> bool:
    arrived = Stay.began.plain(stay)
    return arrived is not None and arrived.is_known


def _has_place(stay: Stay) -> bool:
    return stay.prison is not None or Stay.place_held.ciphertext(stay) is not None


def _says_more(stay: Stay) -> bool:
    """Tell whether something was said since of somebody who was arrested."""
    is_confirmed = stay.confirmed_at is not None and stay.confirmed_at > stay.recorded_at
    return is_confirmed or stay.end_kind is not None or stay.situation != HELD
