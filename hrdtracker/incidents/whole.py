"""What a row of a sheet tells of an incident, all of it at once."""

from dataclasses import dataclass, field

from hrdtracker.cases.drafts import FollowUpDraft
from hrdtracker.core.when.model import When
from hrdtracker.custody.told import PlaceOfStay
from hrdtracker.incidents.drafts import IncidentDraft, InvolvementDraft, SourceDraft
from hrdtracker.people.drafts import ContactDraft


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
class Release:
    """Until when somebody was held, and how that ended where more is known than their status."""

    ended: When
    kind: str | None = None


@dataclass(frozen=True)
class WholeIncident:
    """An incident with all that is known of it at once, as a row of a sheet tells it.

    `more_types` are further violations of the same victims; arrival, place held and release are
    those of the violations whose type is one of `held_types`, of all where that is empty. `place`
    says of the place held which prison of the list it is, and how we know.
    """

    draft: IncidentDraft
    origin: Origin
    more_types: tuple[str, ...] = ()
    held_types: frozenset[str] = frozenset()
    status_at_end: str | None = None
    release: Release | None = None
    place: PlaceOfStay = field(default_factory=PlaceOfStay)
    involved: tuple[InvolvementDraft, ...] = ()
    sources: tuple[SourceDraft, ...] = ()
    later: tuple[FollowUpDraft, ...] = ()
    contacts: tuple[tuple[int, ContactDraft], ...] = ()
    """How victims are reached, by their place among those of the draft."""
