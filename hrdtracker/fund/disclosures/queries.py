"""The register of reports as people read it: what was told of which months, to whom, by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.db import session
from hrdtracker.core.page import Listing, Page
from hrdtracker.core.seal import ring
from hrdtracker.fund.disclosures.content import ToldNumbers
from hrdtracker.fund.model import Disclosure, Donor, DonorGrant


class ReportLine(NamedTuple):
    """A report as the register lists it; without a grant it is on all, for everybody."""

    uid: UUID
    kind: str
    since: date
    until: date
    prepared_by_id: int
    prepared_at: datetime
    told_at: datetime | None
    dropped_at: datetime | None
    grant_code: str | None
    donor_code: str | None

    @property
    def state(self) -> str:
        """Return how it stands: as a word of our own."""
        if self.told_at:
            return "released"
        return "not_released" if self.dropped_at else "waits"


@dataclass(frozen=True)
class ReportDetails:
    """A report with its numbers."""

    line: ReportLine
    numbers: ToldNumbers
    prepared_by: str


SHOWN = (
    select(
        Disclosure.uid,
        Disclosure.kind,
        Disclosure.since,
        Disclosure.until,
        Disclosure.prepared_by_id,
        Disclosure.prepared_at,
        Disclosure.told_at,
        Disclosure.dropped_at,
        DonorGrant.code,
        Donor.code,
    )
    .outerjoin(DonorGrant, DonorGrant.id == Disclosure.grant_id)
    .outerjoin(Donor, Donor.id == Disclosure.donor_id)
)


def register(actor: Actor, token: str | None) -> Page[ReportLine]:
    """Return a page of what outsiders were told or are to be told, prepared last first."""
    query = policy.visible(actor, Action.FUND_REPORT_READ, Disclosure)
    listing = Listing(query, Disclosure.prepared_at, Disclosure.id, ReportLine, SHOWN)
    return listing.page(token)


def report(actor: Actor, uid: UUID) -> ReportDetails:
    """Return a report with what it tells, nothing where it was dropped; raises NotFound.

    Its numbers could cross those of a report that was told.
    """
    row = policy.fetch(actor, Action.FUND_REPORT_READ, Disclosure, uid)
    line = ReportLine._make(session().execute(SHOWN.where(Disclosure.id == row.id)).one())
    return ReportDetails(
        line=line,
        numbers=ToldNumbers() if row.dropped_at else ToldNumbers.read(row.numbers),
        prepared_by=labels_by_id([row.prepared_by_id])[row.prepared_by_id],
    )


def donor_name(actor: Actor, line: ReportLine) -> str:
    """Return the name of the donor who is told; nothing where the actor may not see it."""
    query = policy.visible(actor, Action.FUND_DONOR_READ, Donor).where(
        Donor.code == line.donor_code
    )
    donor = session().scalar(query) if line.donor_code else None
    if donor is None:
        return ""
    ring().load([donor.data_key_id])
    return donor.name or ""
