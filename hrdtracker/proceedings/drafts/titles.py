"""What a channel hands over about why somebody is held, and what was ordered about them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, check, unfit, unkeepable
from hrdtracker.core.when.model import When, is_before
from hrdtracker.proceedings.drafts.proceedings import END_BEFORE_START, told
from hrdtracker.proceedings.model import OrderKind, TitleKind

NOBODY = N_("Tick the people whom this is about.")


@dataclass(frozen=True)
class TitleDraft:
    """Why several people of a case are held or supervised; `ordered` is when a judge said so."""

    people: tuple[UUID, ...]
    kind: TitleKind
    began: When
    ended: When | None = None
    proceeding: UUID | None = None
    ordered: When | None = None
    next_report_on: date | None = None
    note: str | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        dates = {
            "began": told(self.began),
            "ended": told(self.ended),
            "ordered": told(self.ordered),
        }
        reasons = unfit({"note": self.note}, TEXT_MOST) | unkeepable(dates)
        if not self.people:
            reasons["people"] = NOBODY
        if is_before(self.ended, self.began):
            reasons["ended"] = END_BEFORE_START
        if self.next_report_on and self.kind != TitleKind.JUDICIAL_SUPERVISION:
            reasons["next_report_on"] = N_("Only under judicial supervision somebody reports.")
        check(reasons)


@dataclass(frozen=True)
class TitleUpdate:
    """What is known later of why somebody is held: its end, the next day to report."""

    ended: When | None = None
    next_report_on: date | None = None
    note: str | None = None
    known_by: str | None = None

    def __post_init__(self) -> None:
        check(unfit({"note": self.note}, TEXT_MOST) | unkeepable({"ended": told(self.ended)}))


@dataclass(frozen=True)
class OrderDraft:
    """What was ordered about several people of a case; an extension names what it extends."""

    people: tuple[UUID, ...]
    kind: OrderKind
    ordered: When
    ordered_by: str | None = None
    in_writing: bool | None = None
    keeps_detained: bool | None = None
    due: When | None = None
    proceeding: UUID | None = None
    title: UUID | None = None
    note: str | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"note": self.note}, TEXT_MOST)
        reasons |= unkeepable({"ordered": told(self.ordered), "due": told(self.due)})
        if not self.people:
            reasons["people"] = NOBODY
        if self.kind == OrderKind.EXTENSION and self.title is None:
            reasons["title"] = N_("Choose what it extends.")
        if self.keeps_detained is not None and self.kind != OrderKind.SENT_TO_TRIAL:
            reasons["keeps_detained"] = N_("Only a closing order that sends to trial says so.")
        if is_before(self.due, self.ordered):
            reasons["due"] = END_BEFORE_START
        check(reasons)


@dataclass(frozen=True)
class OrderUpdate:
    """What became of an order: carried out, withdrawn; another day to appear on."""

    due: When | None = None
    executed: When | None = None
    withdrawn: When | None = None
    note: str | None = None
    known_by: str | None = None

    def __post_init__(self) -> None:
        dates = {name: told(getattr(self, name)) for name in ("due", "executed", "withdrawn")}
        check(unfit({"note": self.note}, TEXT_MOST) | unkeepable(dates))
