"""What a channel hands over about a proceeding: its facts, who stands in it, who defends them."""

from dataclasses import dataclass
from uuid import UUID

from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, check, required, unfit, unkeepable
from hrdtracker.core.when.model import When, is_before
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings.model import PartyRole

NAME_MOST = 200
NAMES_MOST = 600
PEOPLE_MOST = 500
END_BEFORE_START = N_("This ends before it begins.")


def told(when: When | None) -> str | None:
    """Return the words in which a date was told."""
    return when.as_told if when else None


@dataclass(frozen=True)
class ProceedingDraft:
    """The facts of a proceeding: only the stage is needed."""

    stage: str
    court: str | None = None
    court_number: str | None = None
    prosecutor: str | None = None
    judges: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"court_number": self.court_number, "prosecutor": self.prosecutor}, 200)
        reasons |= unfit({"judges": self.judges}, NAMES_MOST) | unfit(
            {"note": self.note}, TEXT_MOST
        )
        if not self.stage:
            reasons["stage"] = N_("Choose how far it is.")
        check(reasons)


@dataclass(frozen=True)
class OpeningDraft:
    """A proceeding as it is first recorded in a case, with whom of the case it is against."""

    facts: ProceedingDraft
    accused: tuple[UUID, ...] = ()
    role: PartyRole = PartyRole.ACCUSED
    sending: Sending | None = None


@dataclass(frozen=True)
class EndDraft:
    """When a proceeding ended, and how."""

    ended: When
    end_kind: str
    end_known_by: str | None = None

    def __post_init__(self) -> None:
        reasons = unkeepable({"ended": told(self.ended)})
        if not self.end_kind:
            reasons["end_kind"] = N_("Choose how it ended.")
        check(reasons)


@dataclass(frozen=True)
class JoiningDraft:
    """With which other proceeding one was joined, when, and how we know."""

    into: UUID | None
    joined: When
    known_by: str | None = None

    def __post_init__(self) -> None:
        reasons = unkeepable({"joined": told(self.joined)})
        if self.into is None:
            reasons["into"] = N_("Choose the proceeding that goes on.")
        check(reasons)


@dataclass(frozen=True)
class SeparationDraft:
    """Who was separated into a proceeding of their own, when, how we know; and its facts."""

    parties: tuple[UUID, ...]
    separated: When
    facts: ProceedingDraft
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unkeepable({"separated": told(self.separated)})
        if not self.parties:
            reasons["parties"] = N_("Tick the people whom this is about.")
        check(reasons)


@dataclass(frozen=True)
class PartiesDraft:
    """Several people who stand in a proceeding as the same."""

    role: PartyRole
    people: tuple[Victim, ...]
    sending: Sending | None = None

    def __post_init__(self) -> None:
        if not self.people:
            raise Refused({"people": N_("Choose or name at least one person.")})
        if len(self.people) > PEOPLE_MOST:
            most = Message(N_("At most %(most)s people at once."), {"most": PEOPLE_MOST})
            raise Refused({"people": most})


@dataclass(frozen=True)
class LawyerDraft:
    """A lawyer of several people in a proceeding, from and until."""

    parties: tuple[UUID, ...]
    name: str
    began: When | None = None
    ended: When | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = required("name", self.name, N_("Write what the lawyer is called."), NAME_MOST)
        reasons |= unkeepable({"began": told(self.began), "ended": told(self.ended)})
        if not self.parties:
            reasons["parties"] = N_("Tick the people whom this is about.")
        if is_before(self.ended, self.began):
            reasons["ended"] = END_BEFORE_START
        check(reasons)
