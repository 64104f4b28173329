"""What an imported incident said, as digests: so that a later import sees what has changed."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

from hrdtracker.core.seal import Vault
from hrdtracker.core.when.model import When
from hrdtracker.custody.told import PlaceOfStay
from hrdtracker.incidents.drafts import IncidentDraft, Location
from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.people.drafts import PersonDraft
from hrdtracker.proceedings.drafts.whole import WholeProceeding, told_by

MARK_LENGTH = 16
PEOPLE, COURT = "people", "court"
"""The parts of a row that name its people, and that tell what the courts did."""
_as_json = json.JSONEncoder(ensure_ascii=False).encode
Marks = dict[str, str]


class Marker:
    """Makes digests that nobody without the key file can test a guess against."""

    def __init__(self, vault: Vault) -> None:
        self._key = hmac.new(vault.derive("import"), digestmod=sha256)

    def identity(self, source: str, named: Sequence[str]) -> str:
        """Return the digest by which a row of a source is known again."""
        return self._digest(source, list(named))

    def marked(self, whole: WholeIncident, court: WholeProceeding | None = None) -> WholeIncident:
        """Return a whole incident with the digests of what its row says."""
        marks = json.dumps(self.marks(whole, court), separators=(",", ":"))
        return replace(whole, origin=replace(whole.origin, marks=marks))

    def marks(self, whole: WholeIncident, court: WholeProceeding | None = None) -> Marks:
        """Return a digest for each part of a row that is compared by itself.

        What says nothing has none, so that the marks of before stay as they are.
        """
        draft = whole.draft
        people = sorted(_person(victim.described) for victim in draft.victims if victim.described)
        facts = [
            *(repr(value) for value in (draft.custody, draft.tie, sorted(draft.areas))),
            *(
                repr(value)
                for value in (draft.type, whole.more_types, whole.status_at_end, whole.involved)
            ),
            *(repr(source) for source in whole.sources),
            *(repr((fact.kind, fact.at, fact.note)) for fact in whole.later),
            *(repr(contact) for contact in whole.contacts),
            *([repr(whole.release)] if whole.release else []),
            *([repr(whole.place)] if whole.place != PlaceOfStay() else []),
        ]
        parts = {**renewable_parts(draft), PEOPLE: people, "facts": facts}
        if court is not None:
            parts[COURT] = list(told_by(court))
        return {name: self.mark(whole.origin.id, name, part) for name, part in parts.items()}

    def mark(self, origin_id: str, name: str, part: Any) -> str:
        """Return the digest of one part; equal words of two incidents have different ones."""
        return self._digest(f"{origin_id}/{name}", part)[:MARK_LENGTH]

    def _digest(self, purpose: str, part: Any) -> str:
        mac = self._key.copy()
        mac.update(_as_json([purpose, part]).encode())
        return mac.hexdigest()


def renewable_parts(draft: IncidentDraft) -> dict[str, Any]:
    """Return the parts of a draft that a later import may bring up to date."""
    return {
        "when": _when(draft.occurred),
        "place": _place(draft.place),
        "narrative": draft.narrative or "",
    }


FIRST_FACTS = ("unit", "sex", "age", "head_count", "remarks")
"""What a mark of a person has said from the beginning, in this order."""
LATER_FACTS = {fact.name for fact in fields(PersonDraft)} - {
    *FIRST_FACTS,
    "names",
    "age_on",
    "categories",
}
"""What it says by now too, only where there is something: so an older mark stays as it is."""


def _person(draft: PersonDraft) -> list[str]:
    names = [part for name in draft.names for part in (name.kind, name.name)]
    facts = [str(getattr(draft, name) or "") for name in FIRST_FACTS]
    more = [f"{name}={value}" for name in sorted(LATER_FACTS) if (value := getattr(draft, name))]
    return [*names, *facts, *sorted(draft.categories), *more]


def _when(when: When) -> list[str]:
    return [str(when.earliest), str(when.latest), str(when.precision), when.as_told]


def _place(place: Location) -> list[str]:
    codes = (place.kind, place.province, place.district, place.commune, place.country)
    words = (place.platform, place.words, place.village, place.account, place.link)
    return [str(value or "") for value in (*codes, *words)]


def read_marks(kept: str | None) -> Marks:
    """Return the digests that were kept with an incident."""
    return {str(name): str(mark) for name, mark in json.loads(kept or "{}").items()}
