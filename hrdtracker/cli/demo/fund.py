"""The demonstration's invented fund: its settings, rates, donors and grants, and its requests."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from hrdtracker.access.model import Organisation
from hrdtracker.accounts import proposals
from hrdtracker.cli.demo.people import DemoPeople
from hrdtracker.cli.demo.plans import DemoDraw, DemoPlan
from hrdtracker.cli.demo.requests import OFFICER, PAYER, VERIFIER, DemoRequest, amount_of
from hrdtracker.cli.demo.timeline import Timeline, TomlTable, read_file
from hrdtracker.core.money_as_typed import read_rate
from hrdtracker.fund.books import reversals
from hrdtracker.fund.books import service as books
from hrdtracker.fund.budget import grants
from hrdtracker.fund.disclosures import service as reports
from hrdtracker.fund.drafts.money import (
    BookDraft,
    DonorDraft,
    GrantDraft,
    LineDraft,
    RateDraft,
    ReportDraft,
    ReversalDraft,
    TierRateDraft,
)
from hrdtracker.fund.model import Booking, BudgetLine, DonorGrant, Restriction, ReversalKind
from hrdtracker.fund.rules import rates, settings, tier_rates


class DemoFund:
    """What the fund has, and the requests for it."""

    def __init__(self, timeline: Timeline, people: DemoPeople, organisation: Organisation) -> None:
        self.timeline, self.people, self.organisation = timeline, people, organisation
        self.file = read_file("fund.toml")
        self.lines: dict[str, BudgetLine] = {}
        self.grants: dict[str, UUID] = {}

    def schedule(self) -> None:
        """Schedule the settings, the rates, the donors with their grants, and each request."""
        schedule, ago = self.timeline.schedule, self.timeline.ago
        longest = max(days for pair in self.file["rate"] for days, _ in pair["rates"])
        schedule(ago(longest + 1), self._change_settings)
        for pair in self.file["rate"]:
            for days, rate in pair["rates"]:
                schedule(ago(days), partial(self._record_rate, pair, str(rate)))
            for days, rate in pair.get("levels", ()):
                schedule(ago(days), partial(self._agree_on_rate, pair, str(rate)))
        for donor in self.file["donor"]:
            schedule(ago(donor["grant"]["began"]), partial(self._add_donor, donor))
        schedule(ago(self.file["report"]["ago"]), self._tell_donor)
        schedule(ago(self.file["fee"]["ago"]), self._book_fee_twice)
        for number, request in enumerate(self.file["request"]):
            DemoRequest(self.timeline, self.people, self.lines, request, number).schedule()
        for number, table in enumerate(self.file["plan"]):
            self._schedule_plan(table, len(self.file["request"]) + number)

    def _schedule_plan(self, table: TomlTable, number: int) -> None:
        """Schedule a plan, and what the first households draw from it."""
        plan = DemoPlan(self.timeline, self.people, self.lines, table, number)
        plan.schedule()
        for place, draw in enumerate(table["draws"], start=1):
            same = {name: table[name] for name in ("person", "by", "type", "amount", "need")}
            household = {**same, **draw}
            drawn = DemoDraw(self.timeline, self.people, self.lines, household, number + place)
            drawn.plan = plan
            drawn.schedule()

    def _change_settings(self) -> None:
        board = self.timeline.actor(self.file["settings"]["board"]).uid
        draft = settings.FundSettingsDraft(board=board)
        admin = self.timeline.actor("admin")
        proposal = settings.change_settings(admin, self.organisation, draft, version=0)
        proposals.confirm(self.timeline.actor("national"), proposal)

    def _record_rate(self, pair: TomlTable, rate: str) -> None:
        ratio, day = read_rate(rate, pair["base"], pair["quote"]), self.timeline.played_day()
        proof = f"Statement of {day:%m/%Y}, line 1"
        draft = RateDraft(ratio, day, "Sample bank", proof)
        rates.record_rate(self.timeline.actor(PAYER), self.organisation, draft)

    def _agree_on_rate(self, pair: TomlTable, rate: str) -> None:
        """Let two people say at which rate the levels are set."""
        ratio, day = read_rate(rate, pair["base"], pair["quote"]), self.timeline.played_day()
        draft = TierRateDraft(ratio, day, "Sample central bank")
        proposed = tier_rates.propose_tier_rate(
            self.timeline.actor(PAYER), self.organisation, draft
        )
        waiting = proposals.waiting_for(proposed)
        if waiting is not None:
            proposals.confirm(self.timeline.actor("national"), waiting)

    def _add_donor(self, donor: TomlTable) -> None:
        """Add a donor with its grant, the lines of that, and half of the money."""
        officer, draft = self.timeline.actor(OFFICER), self._grant_draft(donor["grant"])
        name = DonorDraft(donor["code"], donor["name"])
        grant = grants.add_grant(officer, grants.add_donor(officer, self.organisation, name), draft)
        self.grants[grant.code] = grant.uid
        for line in donor["lines"]:
            amount = amount_of(line["amount"], draft.currency)
            line_draft = LineDraft(line["code"], line["title"], amount)
            self.lines[line["code"]] = grants.add_line(officer, grant, line_draft)
        self._book_income(grant)

    def _grant_draft(self, grant: TomlTable) -> GrantDraft:
        currency = grant["currency"]
        most = {
            name: amount_of(grant[name], currency) if name in grant else None
            for name in ("request_most", "alternative_most")
        }
        return GrantDraft(
            code=grant["code"],
            reference=grant["reference"],
            starts_on=self.timeline.played_day(),
            ends_on=self.timeline.played_day(grant["began"] + grant["ends"]),
            currency=currency,
            total=amount_of(grant["total"], currency),
            request_most=most["request_most"],
            alternative_most=most["alternative_most"],
            pooling_agreed_on=self.timeline.played_day() if "pooling" in grant else None,
            pooling_agreement=grant.get("pooling", ""),
            terms={Restriction.SUPPORT_TYPE: frozenset(grant.get("support_types", ()))},
        )

    def _book_income(self, grant: DonorGrant) -> None:
        half, day = grant.total // 2, self.timeline.played_day()
        draft = BookDraft(Booking.INCOME, half, grant.currency, day, grant.uid)
        books.book(self.timeline.actor(PAYER), self.organisation, draft)

    def _book_fee_twice(self) -> None:
        """Book a fee of the bank twice, and reverse one of them; a director saw it, too."""
        fee, finance = self.file["fee"], self.timeline.actor(PAYER)
        amount, day = amount_of(fee["amount"], fee["currency"]), self.timeline.played_day()
        draft = BookDraft(Booking.FEE, amount, fee["currency"], day)
        twice = [books.book(finance, self.organisation, draft) for _ in range(2)]
        witness = self.timeline.actor(VERIFIER).uid
        why = ReversalDraft(ReversalKind.MISTYPED, fee["reason"], witness)
        reversals.reverse(finance, self.organisation, twice[-1].uid, why)

    def _tell_donor(self) -> None:
        """Release a financial report on the three months before."""
        until = self.timeline.played_day().replace(day=1) - timedelta(days=1)
        since = (until - timedelta(days=70)).replace(day=1)
        draft = ReportDraft(since, until, self.grants[self.file["report"]["grant"]])
        report = reports.prepare_money(self.timeline.actor(PAYER), self.organisation, draft)
        proposal = proposals.waiting_for(report)
        if proposal is not None:
            proposals.confirm(self.timeline.actor("national"), proposal)
