"""What is here already from the same source, and bringing it up to date without loss."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_
from hrdtracker.core.seal import ring
from hrdtracker.incidents.batch import nothing_more, renew
from hrdtracker.incidents.drafts import Custody, IncidentDraft, Location
from hrdtracker.incidents.model import Incident, PlaceKind, Urgency, Violation
from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.intake.cells import TAIL, tail_of, with_tail
from hrdtracker.intake.marks import COURT, PEOPLE, Marker, Marks, read_marks, renewable_parts
from hrdtracker.people.model import Person
from hrdtracker.proceedings.drafts.whole import WholeProceeding
from hrdtracker.proceedings.together import add_together

NOT_OVERWRITTEN = N_("Changed in the sheet: what is here was not overwritten.")
CHANGED_HERE = N_("Changed here and in the sheet: what is here was kept.")
COMPARE = N_("Changed in the sheet: compare by hand, what is here was kept.")
NOT_YOURS = N_("It is here already and changed in the sheet, but not yours to change.")


@dataclass(frozen=True)
class ImportedIncident:
    """An incident that came from the same row before."""

    id: int
    kept_marks: str

    @property
    def marks(self) -> Marks:
        """What it said then, part by part."""
        return read_marks(self.kept_marks)

    def says(self, whole: WholeIncident) -> bool:
        """Tell whether a row says all that it said when it was imported last."""
        return whole.origin.marks == self.kept_marks


@dataclass(frozen=True)
class Renewal:
    """What a changed row leads to: parts that were brought up to date, and parts that were not."""

    taken: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def imported_incidents(actor: Actor, source: str) -> dict[str, ImportedIncident]:
    """Return the incidents of a source that are here, by the digest of their row’s id."""
    query = (
        select(Incident.origin_id, Incident.id, Incident.origin_marks)
        .join(Case, Case.id == Incident.case_id)
        .where(
            Case.organisation_id == actor.organisation_id,
            Case.origin == source,
            Incident.origin == source,
        )
    )
    return {
        origin_id: ImportedIncident(number, marks or "{}")
        for origin_id, number, marks in session().execute(query)
        if origin_id
    }


def identities_elsewhere(actor: Actor, source: str) -> dict[str, set[str]]:
    """Return the digests of the ids of all rows that came from other sources, by source."""
    query = (
        select(Incident.origin, Incident.origin_id)
        .join(Case, Case.id == Incident.case_id)
        .where(Case.organisation_id == actor.organisation_id, Incident.origin != source)
    )
    elsewhere: dict[str, set[str]] = {}
    for origin, identity in session().execute(query):
        if origin and identity:
            elsewhere.setdefault(origin, set()).add(identity)
    return elsewhere


class Renewer:
    """Compares rows with what came from them before, three ways: then, here, and now."""

    def __init__(
        self, actor: Actor, marker: Marker, columns: frozenset[str], of_courts: frozenset[str]
    ) -> None:
        """Compare as somebody, with a sheet of these columns, some of which tell of the courts."""
        self._actor = actor
        self._marker = marker
        self._columns = columns
        self._of_courts = of_courts

    def renew(
        self,
        whole: WholeIncident,
        imported: ImportedIncident,
        court: WholeProceeding | None = None,
        *,
        write: bool,
    ) -> Renewal:
        """Take over what changed only in the sheet; what changed here too stays as it is.

        What the courts did is recorded where the row told nothing of it before.
        """
        if not _changed_parts(whole, imported):
            return Renewal()
        query = policy.visible(self._actor, Action.INCIDENT_EDIT, Incident)
        incident = session().scalar(query.where(Incident.id == imported.id))
        if incident is None:
            return Renewal(kept=(("", NOT_YOURS),))
        ring().load([incident.data_key_id])
        adds = self._adds_court(incident, whole, imported, court)
        return self._compare(incident, whole, imported, adds=adds, write=write)

    def _adds_court(
        self,
        incident: Incident,
        whole: WholeIncident,
        imported: ImportedIncident,
        court: WholeProceeding | None,
    ) -> Callable[[], None] | None:
        """Return what records what the courts did; None where the row told of that before.

        Where it tells of other people than then, it is for a person to compare.
        """
        then, now = imported.marks, read_marks(whole.origin.marks)
        if court is None or COURT in then or then.get(PEOPLE) != now.get(PEOPLE):
            return None
        query = (
            select(Person)
            .join(Violation, Violation.victim_id == Person.id)
            .where(Violation.incident_id == incident.id)
            .order_by(Person.id)
            .distinct()
        )
        people = list(session().scalars(query))
        if len(people) != len(whole.draft.victims):
            return None
        case = session().get_one(Case, incident.case_id)
        return lambda: add_together(self._actor, case, people, court)

    def _compare(
        self,
        incident: Incident,
        whole: WholeIncident,
        imported: ImportedIncident,
        *,
        adds: Callable[[], None] | None,
        write: bool,
    ) -> Renewal:
        here = _draft_of(incident)
        told = self._narrative(here, whole.draft, courts_are_words=adds is None)
        now = replace(whole.draft, narrative=told)
        here_parts, now_parts = renewable_parts(here), renewable_parts(now)
        taken, kept = [], []
        for name in _changed_parts(whole, imported):
            if name == COURT and adds is not None:
                taken.append(name)
                continue
            if name not in here_parts:
                kept.append((name, COMPARE))
                continue
            mark_here, mark_now = (
                self._mark(whole, name, parts[name]) for parts in (here_parts, now_parts)
            )
            if mark_now in {mark_here, imported.marks.get(name)}:
                continue
            if mark_here == imported.marks.get(name):
                taken.append(name)
            else:
                kept.append((name, CHANGED_HERE))
        if taken and write:
            self._write(incident, whole, imported, _Compared(here, now, taken), adds)
        return Renewal(tuple(taken), tuple(kept))

    def _mark(self, whole: WholeIncident, name: str, part: object) -> str:
        return self._marker.mark(whole.origin.id, name, part)

    def _narrative(self, here: IncidentDraft, now: IncidentDraft, *, courts_are_words: bool) -> str:
        """Return what the row says, with the lines of columns that this sheet does not have.

        What it tells of the courts stays words too where it is not recorded now.
        """
        lines, said = tail_of(here.narrative or ""), tail_of(now.narrative or "")
        gone = [
            line
            for column, line in lines.items()
            if column not in self._columns
            or (courts_are_words and column in self._of_courts and column not in said)
        ]
        text = now.narrative or ""
        if not gone:
            return text
        body, mark, tail = text.rpartition(f"{TAIL}\n")
        kept = [*(tail.split("\n") if mark else []), *gone]
        return with_tail((body if mark else text).rstrip("\n"), kept)

    def _write(
        self,
        incident: Incident,
        whole: WholeIncident,
        imported: ImportedIncident,
        compared: "_Compared",
        adds: Callable[[], None] | None,
    ) -> None:
        here, now, taken = compared
        fields = {"when": "occurred"}
        changes = {
            fields.get(name, name): getattr(now, fields.get(name, name))
            for name in taken
            if name != COURT
        }
        marks = imported.marks | {
            name: self._mark(whole, name, part)
            for name, part in renewable_parts(now).items()
            if name in taken
        }
        if COURT in taken:
            marks |= {COURT: read_marks(whole.origin.marks)[COURT]}
        kept = json.dumps(marks, separators=(",", ":"))
        also = adds if adds is not None and COURT in taken else nothing_more
        renew(self._actor, incident, replace(here, **changes), kept, also)


class _Compared(NamedTuple):
    """What an incident says here, what its row says now, and which parts are taken over."""

    here: IncidentDraft
    now: IncidentDraft
    taken: list[str]


def _changed_parts(whole: WholeIncident, imported: ImportedIncident) -> list[str]:
    """Return the parts that the row does not say as it did when it was imported last."""
    then, now = imported.marks, read_marks(whole.origin.marks)
    return [name for name, mark in now.items() if then.get(name) != mark]


def _draft_of(incident: Incident) -> IncidentDraft:
    """Return what an incident says here, as a draft would."""
    occurred = incident.occurred
    assert occurred is not None  # noqa: S101 - the date of an incident is required
    return IncidentDraft(
        type=incident.type,
        occurred=occurred,
        place=Location(
            PlaceKind(incident.place_kind),
            incident.province,
            incident.district,
            incident.commune,
            incident.country,
            incident.platform,
            incident.place,
            incident.village,
            incident.account,
            incident.link,
        ),
        custody=Custody(lawyer_contacted=incident.lawyer_contacted),
        narrative=incident.narrative,
        language=incident.language,
        tie=incident.tie,
        urgency=Urgency(incident.urgency),
    )
