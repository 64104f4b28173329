"""What outsiders are told of the courts: prepared by one, released by a second, told once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.suppression import too_few
from hrdtracker.core.when.model import midnight
from hrdtracker.fund.disclosures.content import OF_COURTS, Counts, tabulated
from hrdtracker.fund.disclosures.service import register_courts
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.model import Disclosure
from hrdtracker.insight.courts.charged import ChargeRow, charge_figures
from hrdtracker.insight.courts.counting import CourtFilter
from hrdtracker.proceedings.clocks.law import ZONE

FEW = N_("Fewer than five people were charged. Nobody outside is told anything of them.")


@idempotent
def prepare_courts(actor: Actor, organisation: Organisation, draft: ReportDraft) -> Disclosure:
    """Prepare tables of the people who were charged in some months; raises Refused.

    They count the cases that whoever prepares them reads, without the secret ones.
    """
    with authorised(
        actor, Action.FIGURES_RELEASE, within=organisation, sending=draft.sending
    ) as signature:
        figures = charge_figures(actor, told_of(draft))
        if too_few(figures.people):
            raise Refused({"": FEW})
        tables = tabulated(counts_of(figures.rows), OF_COURTS)
        report = register_courts(actor, organisation, draft, tables)
        signature.about(report)
    return report


def told_of(draft: ReportDraft) -> CourtFilter:
    """Return what is counted for outsiders: of whole months, on the clock of the courts."""
    start, end = midnight(draft.since, ZONE), midnight(draft.until + timedelta(days=1), ZONE)
    return CourtFilter(start, end, for_outside=True)


def counts_of(rows: Iterable[ChargeRow]) -> Counts:
    """Return by table how many people each code has, a person once under each."""
    people = defaultdict[tuple[str, str], set[int | None]](set)
    for row in rows:
        people["charged_article", row.article].add(row.person_id)
        people["charged_province", row.province or ""].add(row.person_id)
        for area in row.areas:
            people["charged_area", area].add(row.person_id)
    counts: Mapping[str, Counter[str]] = {name: Counter() for name in OF_COURTS}
    for (name, code), some in people.items():
        counts[name][code] = len(some)
    return counts
