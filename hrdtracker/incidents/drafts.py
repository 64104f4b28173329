"""What a channel hands over about an incident, its people, its review."""

from dataclasses import dataclass, field
from uuid import UUID

from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import When
from hrdtracker.incidents.model import Established, Finding, PlaceKind, Urgency
from hrdtracker.people.drafts import Victim

WORDS_MOST = 300
PEOPLE_MOST = 500
NO_SOURCES = N_("How many independent sources: a number from 0 to 99.")


def _told(when: When | None) -> str | None:
    """Return the words in which a date was told."""
    return when.as_told if when else None


@dataclass(frozen=True)
class Location:
    """Where it happened, as far as known: codes of the gazetteer, and words as told."""

    kind: PlaceKind = PlaceKind.UNKNOWN
    province: str | None = None
    district: str | None = None
    commune: str | None = None
    country: str | None = None
    platform: str | None = None
    words: str | None = None
    village: str | None = None
    account: str | None = None
    link: str | None = None

    def __post_init__(self) -> None:
        reasons = unfit(
            {
                "place": self.words,
                "village": self.village,
                "account": self.account,
                "link": self.link,
            },
            WORDS_MOST,
        )
        if self.district and not self.district.startswith(self.province or "-"):
            reasons["district"] = N_("This district is not in that province.")
        if self.commune and not self.commune.startswith(self.district or "-"):
            reasons["commune"] = N_("This commune is not in that district.")
        check(reasons)


@dataclass(frozen=True)
class Custody:
    """What an arrest opens: arrival at the police unit, the place held, whether a lawyer knows."""

    arrived: When | None = None
    place_held: str | None = None
    lawyer_contacted: str | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"held": self.place_held}, WORDS_MOST)
        reasons |= unkeepable({"arrived": _told(self.arrived)})
        check(reasons)


@dataclass(frozen=True)
class IncidentDraft:
    """What happened: only the type and the date are required, and the date may be unknown."""

    type: str
    occurred: When
    place: Location = field(default_factory=Location)
    victims: tuple[Victim, ...] = ()
    custody: Custody = field(default_factory=Custody)
    narrative: str | None = None
    language: str | None = None
    tie: str | None = None
    urgency: Urgency = Urgency.NORMAL
    connection: str | None = None
    areas: frozenset[str] = frozenset()
    send: bool = True
    """Send it for review; else it stays a draft that only its author reads."""
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"narrative": self.narrative, "tie": self.tie}, TEXT_MOST)
        reasons |= unkeepable({"when": _told(self.occurred)})
        if not self.type:
            reasons["type"] = N_("Choose what happened.")
        if not self.occurred.is_known and not self.occurred.as_told:
            reasons["when"] = N_("Write when it happened, roughly. “Not known” is an answer too.")
        if len(self.victims) > PEOPLE_MOST:
            reasons["who"] = Message(N_("At most %(most)s people at once."), {"most": PEOPLE_MOST})
        check(reasons)


LEAST_SOURCES = {Established.CORROBORATED: 1, Established.VERIFIED: 2}


@dataclass(frozen=True)
class Assessment:
    """What a reviewer found about one or more violations of the same kind.

    One that is not `final` is half-made: kept with an incident that goes back to its author.
    """

    violations: tuple[UUID, ...]
    established: Established | None
    independent_sources: int | None
    finding: Finding | None
    right: str | None = None
    final: bool = True

    def __post_init__(self) -> None:
        reasons: Reasons = {}
        sources = self.independent_sources
        if sources is not None and not 0 <= sources <= 99:
            reasons["sources"] = NO_SOURCES
        least = LEAST_SOURCES.get(self.established or Established.ALLEGED, 0)
        least = least if self.final else min(least, 1)
        if (sources or 0) < least:
            reasons["sources"] = Message(
                N_("This needs %(least)s independent sources or more."), {"least": least}
            )
        if self.final and self.finding == Finding.YES and not self.right:
            reasons["right"] = N_("Choose the right that was violated.")
        check(reasons)


@dataclass(frozen=True)
class VictimUpdate:
    """What has happened to some of the people since: only what is given changes."""

    violations: tuple[UUID, ...]
    status_at_end: str | None = None
    arrived: When | None = None
    place_held: str | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"held": self.place_held}, WORDS_MOST)
        reasons |= unkeepable({"arrived": _told(self.arrived)})
        if not self.violations:
            reasons["people"] = N_("Tick the people whom this is about.")
        if not (self.status_at_end or self.arrived or self.place_held):
            reasons["status"] = N_("Say what has happened to them.")
        check(reasons)


@dataclass(frozen=True)
class ViolationDraft:
    """One more type of act against people, known or new."""

    type: str
    victims: tuple[Victim, ...] = ()
    sending: Sending | None = None

    def __post_init__(self) -> None:
        if not self.type:
            raise Refused({"type": N_("Choose what happened.")})


@dataclass(frozen=True)
class SourceDraft:
    """How we know: the connection is required, who it is only if it helps."""

    connection: str
    reliability: str | None = None
    material: str | None = None
    identity: str | None = None
    remarks: str | None = None
    supports: tuple[UUID, ...] = ()
    readers: tuple[UUID, ...] = ()
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"identity": self.identity}, WORDS_MOST)
        reasons |= unfit({"remarks": self.remarks}, TEXT_MOST)
        if not self.connection:
            reasons["connection"] = N_("Choose how you know.")
        check(reasons)


@dataclass(frozen=True)
class InvolvementDraft:
    """Who is alleged to have done it: at least a type of perpetrator."""

    perpetrator_type: str
    words: str | None = None
    degree: str | None = None
    certainty: str | None = None
    violation: UUID | None = None
    alleged_perpetrator: UUID | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"words": self.words}, WORDS_MOST)
        if not self.perpetrator_type:
            reasons["perpetrator_type"] = N_("Choose who is alleged to have done it.")
        check(reasons)
