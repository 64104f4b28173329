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


@dataclass(frozen=True)
class Seat:
    """One role in one office; without an office, in the whole organisation."""

    role: Role
    office_id: int | None


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `operator` is whoever holds the machine and its passphrase.

    `proven` is whether they showed who they are a short while ago; no rule depends on it.
    """

    id: int
    uid: UUID
    organisation_id: int
    seats: frozenset[Seat] = field(default_factory=frozenset)
    channel: Channel = Channel.WEB
    operator: bool = False
    proven: bool = field(default=True, compare=False)

    def holds(self, *roles: Role) -> bool:
        """Tell whether the actor holds one of `roles` anywhere."""
        return any(seat.role in roles for seat in self.seats)

    @property
    def has_role(self) -> bool:
        """Tell whether any role of the actor counts."""
        return bool(self.seats)

    def everywhere(self, role: Role) -> bool:
        """Tell whether the actor holds `role` for the whole organisation."""
        return Seat(role, None) in self.seats

    def offices(self, role: Role) -> frozenset[int]:
        """Return the offices in which the actor holds `role`."""
        return frozenset(
            seat.office_id for seat in self.seats if seat.role == role and seat.office_id
        )

    @property
    def sees_most_cases(self) -> bool:
        """Tell whether the actor is likely to see most cases, by which queries are put."""
        return self.holds(Role.DIRECTOR)


NOBODY = UUID(int=0)


def operator(organisation_id: int = 0) -> Actor:
    """Return whoever runs the commands on the machine itself."""
    return Actor(0, NOBODY, organisation_id, channel=Channel.CONSOLE, operator=True)
