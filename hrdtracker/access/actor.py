"""Who acts: a person with the roles they hold now, through one channel."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from hrdtracker.access.model import Role


class Channel(StrEnum):
    """Through which door an act came in."""

    WEB = "web"
    CONSOLE = "console"
    IMPORT = "import"
    JOB = "job"


@dataclass(frozen=True)
class Seat:
    """One role in one office; without an office, in the whole organisation."""

    role: Role
    office_id: int | None


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `operator` is whoever holds the machine and its passphrase.

    `logs_in` are the offices (None is all) of their roles as monitor that wait for a second person:
    meanwhile they log new incidents there, and read nothing.
    `proven` is whether they showed who they are a short while ago; no rule depends on it.
    """

    id: int
    uid: UUID
    organisation_id: int
    seats: frozenset[Seat] = field(default_factory=frozenset)
    channel: Channel = Channel.WEB
    operator: bool = False
    logs_in: frozenset[int | None] = field(default_factory=frozenset)
    proven: bool = field(default=True, compare=False)

    def holds(self, *roles: Role) -> bool:
        """Tell whether the actor holds one of `roles` anywhere."""
        return any(seat.role in roles for seat in self.seats)

    @property
    def only_confirms(self) -> bool:
        """Tell whether the actor stands outside: they confirm what takes two, and read no name."""
        return {seat.role for seat in self.seats} == {Role.SECOND}

    @property
    def seconds_anything(self) -> bool:
        """Tell whether the actor may be the second person for any act that takes two."""
        return self.everywhere(Role.DIRECTOR) or self.holds(Role.SECOND)

    @property
    def has_role(self) -> bool:
        """Tell whether any role of the actor counts."""
        return bool(self.seats)

    def everywhere(self, role: Role) -> bool:
        """Tell whether the actor holds `role` for the whole organisation."""
        return Seat(role, None) in self.seats

    @property
    def works_everywhere(self) -> bool:
        """Tell whether a role of the actor is for the whole organisation."""
        return any(seat.office_id is None for seat in self.seats)

    def offices(self, role: Role) -> frozenset[int]:
        """Return the offices in which the actor holds `role`."""
        return frozenset(
            seat.office_id for seat in self.seats if seat.role == role and seat.office_id
        )

    @property
    def is_worker(self) -> bool:
        """Tell whether this is the program itself, at work in the background for nobody."""
        return self.id == 0 and self.channel == Channel.JOB

    @property
    def sees_most_cases(self) -> bool:
        """Tell whether the actor is likely to see most cases, by which queries are put."""
        return self.holds(Role.DIRECTOR)


NOBODY = UUID(int=0)


def operator(organisation_id: int = 0) -> Actor:
    """Return whoever runs the commands on the machine itself."""
    return Actor(0, NOBODY, organisation_id, channel=Channel.CONSOLE, operator=True)


def worker(organisation_id: int) -> Actor:
    """Return the program itself as it does the jobs of an organisation, in nobody’s name."""
    return Actor(0, NOBODY, organisation_id, channel=Channel.JOB)
