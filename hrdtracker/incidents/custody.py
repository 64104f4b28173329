"""What an incident says of where its victims are, in the words of custody: stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import or_, select

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import Terms, terms
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import When
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import IS_KEPT, Stay, StayStanding
from hrdtracker.custody.states import held_codes
from hrdtracker.custody.told import HELD, PlaceOfStay, StayDraft
from hrdtracker.incidents.model import Incident, IncidentStatus, Violation

RELEASED, DEAD, DIED = "released", "dead", "died"
LATE = N_("This arrival is later than the end that is on record.")


@dataclass(frozen=True)
class CustodyWord:
    """What is said of where somebody is: their status, when they arrived, where they are held."""

    status: str | None = None
    arrived: When | None = None
    place_held: str | None = None

    @property
    def situation(self) -> str | None:
        """The situation that the status names; None where it says of no place."""
        return meaning(self.status)[0]

    @property
    def end_kind(self) -> str | None:
        """How a stay in custody ended, where the status says so."""
        return meaning(self.status)[1]

    @property
    def kept(self) -> str | None:
        """What a violation keeps of the status: what no stay says."""
        word = terms().find("victim_status", self.status)
        is_said = self.situation and (self.end_kind in {None, self.status})
        return None if is_said or word is None else self.status


def meaning(status: str | None) -> tuple[str | None, str | None]:
    """Return the situation that a status names, and how that ended; both None if it names none."""
    word = terms().find("victim_status", status)
    if status is None or word is None:
        return None, None
    if root_status(status) == RELEASED:
        is_listed = terms().find("stay_end", status) is not None
        return HELD, status if is_listed else RELEASED
    is_place = status in held_codes() or bool(word.extra.get("whereabouts"))
    return (status, None) if is_place else (None, None)


def root_status(code: str | None) -> str | None:
    """Return the main status above a status of a victim."""
    word = terms().find("victim_status", code)
    while word is not None and word.parent:
        word = terms().find("victim_status", word.parent)
    return word.code if word else None


def arrest_codes() -> tuple[str, ...]:
    """Return the types of incident that deprive people of their liberty."""
    return arrests_in(terms())


@lru_cache(maxsize=4)
def arrests_in(lists: Terms) -> tuple[str, ...]:
    """Return them as they are in these lists, retired ones too: what is recorded stays so."""
    types = lists.every("incident_type")
    return tuple(word.code for word in types if word.extra.get("opens") == "arrest")


def new_stays(
    actor: Actor,
    incident: Incident,
    row: Violation,
    word: CustodyWord,
    confirmed_at: datetime | None,
) -> list[Stay]:
    """Return where the victim of a new violation is or was, as far as it says so; to be added.

    An arrest, an arrival or a place of custody says that somebody is held, unless a status says
    more. Nobody confirms it where `confirmed_at` is None.
    """
    base = StayDraft(
        since=incident.occurred_sort,
        person_id=row.victim_id,
        violation_id=row.id,
        is_draft=incident.status == IncidentStatus.DRAFT,
    )
    held = replace(base, place=PlaceOfStay(word.place_held), began=word.arrived)
    drafts = []
    if word.situation in held_codes():
        drafts.append(replace(held, situation=word.situation, end_kind=word.end_kind))
    elif row.type in arrest_codes() or word.arrived or word.place_held:
        drafts.append(replace(held, end_kind=_end_by(word)))
    if word.situation and word.situation not in held_codes():
        drafts.append(replace(base, situation=word.situation))
    return [
        custody.new_stay(actor, incident, replace(draft, confirmed_at=confirmed_at))
        for draft in drafts
    ]


def _end_by(word: CustodyWord) -> str | None:
    """Return how custody has ended of somebody of whom a status says something else."""
    if word.status is None:
        return None
    return DIED if word.situation == DEAD else custody.UNKNOWN


def without_stay(incident: Incident, rows: Sequence[Violation]) -> list[Violation]:
    """Return those of some violations of whose victim the incident does not say yet where they are.

    Somebody is in one place, however much was done to them.
    """
    known = {stay.person_id for stay in stays_in(incident)} - {None}
    return [row for row in rows if row.victim_id not in known]


def stays_in(incident: Incident) -> list[Stay]:
    """Return where the victims of an incident are, as it says; what was taken back is left out."""
    query = (
        select(Stay)
        .join(Violation, Violation.id == Stay.violation_id)
        .where(Violation.incident_id == incident.id, IS_KEPT)
        .order_by(Stay.since, Stay.id)
    )
    return list(session().scalars(query))


def present_stays(incident: Incident, rows: Iterable[Violation]) -> dict[int, Stay]:
    """Return the stay that each violation’s word is about, by its number.

    That is what the incident says of its victim, else where the case says that they are since.
    """
    wanted = list(rows)
    people = {row.victim_id for row in wanted if row.victim_id is not None}
    query = (
        select(Stay, Violation.incident_id)
        .outerjoin(Violation, Violation.id == Stay.violation_id)
        .where(
            Stay.scope_id == incident.scope_id,
            IS_KEPT,
            or_(Stay.person_id.in_(people), Violation.incident_id == incident.id),
        )
        .order_by(Stay.since, Stay.id)
    )
    here: dict[int | str, Stay] = {}
    elsewhere: dict[int | str, Stay] = {}
    for stay, incident_id in session().execute(query):
        whose = stay.person_id or f"violation {stay.violation_id}"
        if incident_id == incident.id:
            here[whose] = stay
        elif _goes_on(stay, incident):
            elsewhere[whose] = stay
    found = {row.id: row.victim_id or f"violation {row.id}" for row in wanted}
    known = {**elsewhere, **here}
    return {number: known[whose] for number, whose in found.items() if whose in known}


def _goes_on(stay: Stay, incident: Incident) -> bool:
    """Tell whether somebody was somewhere when an incident happened that was sent, and still is."""
    is_told = stay.standing == StayStanding.TOLD and incident.status != IncidentStatus.DRAFT
    until = incident.occurred_latest or incident.occurred_sort  # type: ignore[attr-defined]
    return is_told and stay.end_kind is None and stay.since <= until


def tell(
    actor: Actor, incident: Incident, row: Violation, stay: Stay | None, word: CustodyWord
) -> tuple[Stay | None, list[Stay]]:
    """Say what has happened to somebody since; return where they are, and stays to be added."""
    if word.kept:
        row.status_at_end = word.kept
    if stay is None or _is_taken(stay, word):
        return None, new_stays(actor, incident, row, word, None)
    if word.situation in held_codes():
        _stay_on(stay, word)
    elif word.situation and stay.situation in held_codes():
        if stay.end_kind is None:
            custody.end(stay, _end_by(word) or custody.UNKNOWN)
        return None, new_stays(actor, incident, row, CustodyWord(word.status), None)[-1:]
    elif word.situation:
        stay.situation = word.situation
    elif word.status == custody.UNKNOWN and stay.end_kind is None:
        custody.end(stay, custody.UNKNOWN)
    _lay(stay, word)
    return stay, []


def _is_taken(stay: Stay, word: CustodyWord) -> bool:
    """Tell whether somebody is held now who was not."""
    is_held = word.situation in held_codes() or word.arrived or word.place_held
    return bool(is_held) and stay.situation not in held_codes()


def _stay_on(stay: Stay, word: CustodyWord) -> None:
    if word.end_kind:
        custody.end(stay, word.end_kind)
        return
    custody.reopen(stay)
    stay.situation = word.situation or HELD


def _lay(stay: Stay, word: CustodyWord) -> None:
    if word.arrived:
        ended = Stay.ended.plain(stay)
        custody.arrive(stay, word.arrived)
        if ended and custody.ends_too_early(stay, ended):
            raise Refused({"arrived": LATE})
    if word.place_held:
        custody.hold(stay, PlaceOfStay(word.place_held))
