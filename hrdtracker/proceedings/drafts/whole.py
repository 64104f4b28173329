"""What a row of a sheet tells of somebody before the courts, all of it at once."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any
from uuid import UUID

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.drafts.charges import ChargeDraft, OutcomeDraft
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.proceedings import ProceedingDraft
from hrdtracker.proceedings.drafts.titles import TitleDraft
from hrdtracker.proceedings.model import HearingStatus, PartyRole

OF_THE_ROW = (UUID(int=0),)
"""Whom drafts of a row are about: nobody who is chosen, but whom the row itself names."""


@dataclass(frozen=True)
class WholeCharge:
    """A charge, and what became of it."""

    charge: ChargeDraft
    outcome: OutcomeDraft | None = None


@dataclass(frozen=True)
class WholeHearing:
    """A hearing, and whether it was held."""

    hearing: HearingDraft
    status: HearingStatus = HearingStatus.SCHEDULED


@dataclass(frozen=True)
class WholeProceeding:
    """What the courts did about one person: `accused` is their place among the victims of a row.

    `facts` are None where no case before a court is told of, only why somebody is held.
    """

    accused: int
    facts: ProceedingDraft | None = None
    role: PartyRole = PartyRole.ACCUSED
    charges: tuple[WholeCharge, ...] = ()
    titles: tuple[TitleDraft, ...] = ()
    hearings: tuple[WholeHearing, ...] = ()


def told_by(draft: Any) -> Iterator[str]:
    """Yield what a draft says, field by field; a field that says nothing is left out.

    So what a row said is known again when drafts learn to say more.
    """
    for declared in fields(draft):
        value = getattr(draft, declared.name)
        if value in (None, "", (), declared.default) or value == OF_THE_ROW:
            continue
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part) and not isinstance(part, When):
                yield f"{declared.name}("
                yield from told_by(part)
                yield ")"
            else:
                yield f"{declared.name}={part!r}"
