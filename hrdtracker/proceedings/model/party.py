"""Who stands before the court as what, and who defends them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated


class PartyRole(StrEnum):
    """As what somebody stands in a proceeding."""

    SUSPECT = "suspect"
    ACCUSED = "accused"
    CIVIL_PARTY = "civil_party"
    WITNESS = "witness"
    COMPLAINANT = "complainant"
    CIVILLY_LIABLE = "civilly_liable"


ACCUSED_ROLES = frozenset({PartyRole.SUSPECT, PartyRole.ACCUSED})
"""Whoever may be charged, held, judged."""


class Party(Scoped, SealedRow):
    """Somebody in a proceeding, as the case says that names them; the name stays with the case."""

    __tablename__ = "party"
    record_label = N_("Party to a proceeding")
    __table_args__ = (
        UniqueConstraint("proceeding_id", "scope_id", "person_id", "role"),
        CheckConstraint(one_of("role", PartyRole), name="role_of_a_party_is_known"),
        Index("ix_party_person", "person_id", "proceeding_id"),
    )

    proceeding_id: Mapped[int] = technical(ForeignKey("proceeding.id"))
    person_id: Mapped[int] = field(N_("Who"), ForeignKey("person.id"))
    role: Mapped[str] = field(N_("As what"), String(16), codelist="party_role")
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))


class PartyLawyer(Scoped, SealedRow):
    """A lawyer of somebody in a proceeding, from and until."""

    __tablename__ = "party_lawyer"
    record_label = N_("Lawyer")

    party_id: Mapped[int] = technical(ForeignKey("party.id"), index=True)
    name = Sealed(Grade.IDENTITY, N_("Lawyer"))
    began = Dated(N_("From"))
    ended = Dated(N_("Until"))
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
