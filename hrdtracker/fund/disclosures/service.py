"""Reports to donors: one prepares the numbers, a second releases them, the register keeps them."""

from collections.abc import Sequence

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.suppression import CountTable, Region, crossing, months_of, too_few, too_short
from hrdtracker.core.when.month import Month
from hrdtracker.fund.budget.grant_choice import chosen_grant
from hrdtracker.fund.disclosures.content import ToldNumbers, tables_of
from hrdtracker.fund.disclosures.conversion import told_at_its_rate
from hrdtracker.fund.disclosures.pooling import told_lines
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.ledger import alone_in_the_books
from hrdtracker.fund.model import Disclosure, DisclosureKind, DonorGrant
from hrdtracker.fund.reading import figures

NOT_OVER = N_("These months are not over. Choose months that are.")
NOT_WHOLE = N_("A report is about whole months.")
CHOOSE_GRANT = N_("Choose the grant whose donor is told.")
FEW = N_(
    "Fewer than five people were helped. Nobody is told more of them than the money: release a "
    "financial report, or choose a longer time."
)
SHORT = N_(
    "In less than three months some numbers are below five. Choose three whole months at least."
)
SAME = N_(
    "There is a report on %(grant)s about these very months already. It stands among the reports: "
    "give those numbers to whoever asks."
)
CROSSES = N_(
    "There is a report on %(grant)s, %(from)s to %(to)s, which is in part about the same. The "
    "difference of both could tell one person. Choose these very months, or months outside them."
)
ALL_GRANTS = N_("all grants")


@idempotent
def prepare_money(actor: Actor, organisation: Organisation, draft: ReportDraft) -> Disclosure:
    """Prepare a financial report for the donor of a grant; raises Refused."""
    with authorised(
        actor, Action.FUND_REPORT_MONEY, within=organisation, sending=draft.sending
    ) as signature:
        grant = chosen_grant(actor, draft.grant)
        if grant is None:
            raise Refused({"grant": CHOOSE_GRANT})
        _check(organisation, DisclosureKind.MONEY, draft, grant)
        booked = figures.lines(organisation.id, draft, grant.id, for_whom=True)
        lines, rates = told_at_its_rate(grant, draft, booked)
        told = told_lines(lines, agreed=grant.pooling_agreed_on is not None)
        numbers = ToldNumbers(grant.currency, told, rates)
        report = _report(actor, DisclosureKind.MONEY, draft, grant, numbers)
        signature.about(report)
        _propose(actor, Action.FUND_REPORT_MONEY, report, grant)
    return report


@idempotent
def prepare_people(actor: Actor, organisation: Organisation, draft: ReportDraft) -> Disclosure:
    """Prepare tables of the people whom a grant helped, or all; raises Refused."""
    with authorised(
        actor, Action.FUND_REPORT_PEOPLE, within=organisation, sending=draft.sending
    ) as signature:
        grant = chosen_grant(actor, draft.grant)
        _check(organisation, DisclosureKind.PEOPLE, draft, grant)
        helped = figures.people(organisation.id, draft, grant.id if grant else None)
        tables = tables_of(helped)
        if too_few(helped.people):
            raise Refused({"": FEW})
        if too_short(tables, months_of(draft.since, draft.until)):
            raise Refused({"until": SHORT})
        numbers = ToldNumbers(tables=tables)
        report = _report(actor, DisclosureKind.PEOPLE, draft, grant, numbers)
        signature.about(report)
        _propose(actor, Action.FUND_REPORT_PEOPLE, report, grant)
    return report


def register_courts(
    actor: Actor, organisation: Organisation, draft: ReportDraft, tables: Sequence[CountTable]
) -> Disclosure:
    """Put tables of people who were charged into the register; inside an open door.

    They are checked against all of their kind that were told. Raises Refused.
    """
    _check(organisation, DisclosureKind.COURTS, draft, None)
    if too_short(tables, months_of(draft.since, draft.until)):
        raise Refused({"until": SHORT})
    numbers = ToldNumbers(tables=tables)
    report = _report(actor, DisclosureKind.COURTS, draft, None, numbers)
    _propose(actor, Action.FIGURES_RELEASE, report, None)
    return report


def record_reveal(actor: Actor, organisation: Organisation) -> None:
    """Put on the trail that somebody sees the exact figures, before they do."""
    with authorised(actor, Action.FUND_REPORT_INTERNAL, within=organisation):
        pass


def _check(
    organisation: Organisation, kind: DisclosureKind, draft: ReportDraft, grant: DonorGrant | None
) -> None:
    """Raise Refused unless a report may be told beside all others; nobody else adds one now."""
    if not months_of(draft.since, draft.until):
        raise Refused({"until": NOT_WHOLE})
    if draft.until >= today(organisation.id):
        raise Refused({"until": NOT_OVER})
    alone_in_the_books(organisation.id)
    earlier = _register(organisation, kind)
    region = Region(grant.id if grant else None, draft.since, draft.until)
    if region in earlier:
        raise Refused({"": Message(SAME, {"grant": _called(region)})})
    crossed = crossing(region, earlier)
    if crossed is not None:
        months = {"from": Month(crossed.since), "to": Month(crossed.until)}
        raise Refused({"": Message(CROSSES, {"grant": _called(crossed), **months})})


def _register(organisation: Organisation, kind: DisclosureKind) -> list[Region]:
    """Return what reports of a kind were about, or are to be: all but those that were dropped."""
    query = select(Disclosure.grant_id, Disclosure.since, Disclosure.until).where(
        Disclosure.organisation_id == organisation.id,
        Disclosure.kind == kind,
        Disclosure.dropped_at.is_(None),
    )
    return [Region(*row) for row in session().execute(query.order_by(Disclosure.id))]


def _called(region: Region) -> Message | str:
    if region.scope is None:
        return Message(ALL_GRANTS)
    return session().get_one(DonorGrant, region.scope).code


def _report(
    actor: Actor,
    kind: DisclosureKind,
    draft: ReportDraft,
    grant: DonorGrant | None,
    numbers: ToldNumbers,
) -> Disclosure:
    report = Disclosure(
        organisation_id=actor.organisation_id,
        kind=kind,
        grant_id=grant.id if grant else None,
        donor_id=grant.donor_id if grant else None,
        since=draft.since,
        until=draft.until,
        numbers=numbers.as_text(),
        prepared_by_id=actor.id,
        prepared_at=clock.now(),
    )
    session().add(report)
    session().flush()
    return report


def _propose(
    actor: Actor, action: Action, report: Disclosure, grant: DonorGrant | None
) -> Proposal:
    """Put a report down for its second person."""
    months = {"from": report.since.isoformat(), "to": report.until.isoformat()}
    values = {"grant": grant.code if grant else "", **months}
    return proposals.propose(actor, action, report, ProposedChange(values))


@consequence(Action.FUND_REPORT_MONEY)
@consequence(Action.FUND_REPORT_PEOPLE)
@consequence(Action.FIGURES_RELEASE)
class ReportReleased:
    """A report that outsiders are told."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it be told."""
        _of(proposal).told_at = clock.now()

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Drop it; what was told stays in the register, whatever becomes of it."""
        report = _of(proposal)
        if report.told_at is None:
            report.dropped_at = clock.now()


def _of(proposal: Proposal) -> Disclosure:
    query = select(Disclosure).where(Disclosure.uid == proposal.subject_uid)
    return session().scalars(query.with_for_update()).one()
