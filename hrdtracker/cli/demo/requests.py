"""The demonstration's invented requests for support: one in every state."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.cli.demo.people import DemoPeople
from hrdtracker.cli.demo.timeline import Act, Timeline, TomlTable
from hrdtracker.core.db import session
from hrdtracker.core.money_as_typed import read_money
from hrdtracker.core.sending import Sending
from hrdtracker.fund.budget.commitments import cancel
from hrdtracker.fund.budget.commitments import commit as commit_money
from hrdtracker.fund.capacity import missing_approvals
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import AcquittalDraft, ComplaintDraft, ReceiptDraft, ReleaseDraft
from hrdtracker.fund.drafts.requests import (
    InstalmentDraft,
    ItemDraft,
    RequestDraft,
    VerificationDraft,
)
from hrdtracker.fund.model import BudgetLine, Capacity, Payment, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person, PersonScope

VERIFIER, OFFICER, PAYER = "director", "fund", "finance"
STAGES = (
    "draft", "submitted", "verifying", "recommended", "approved", "committed", "part_paid", "paid",
    "acquitted", "closed",
)  # fmt: skip
"""How far a request can come, in this order."""
ENDED_AT = {
    "returned": "submitted",
    "refused": "recommended",
    "withdrawn": "submitted",
    "cancelled": "approved",
}
"""The other states, and the stage at which a request comes to them."""
Decide = Callable[[Actor, SupportRequest, str, int], object]
ENDINGS: dict[str, tuple[Decide, str]] = {
    "returned": (decisions.return_request, VERIFIER),
    "refused": (decisions.refuse, OFFICER),
    "cancelled": (cancel, OFFICER),
}
"""Which decision leads to some of them, and whose it is."""
REQUEST_WORDS = {
    "risk_reasons": "It comes from the work, and it goes on.",
    "threats": "Visits and calls by people who do not say who they are.",
    "vulnerabilities": "Little money, and no second place to go to.",
    "capacities": "Neighbours and colleagues who look in each day.",
    "tie": "It began after they spoke in public for others.",
    "tried": "Friends gave what they could.",
    "asked_elsewhere": "Nobody else was asked.",
    "expected": "They are safe for now and can go on with their work.",
}
VERIFIED = "A colleague who has known the family for years says so, and I saw the papers."
REASON = "The need is clear, the amount is usual, and there is money on the line."
APPROVERS = {Capacity.OFFICER: "fund", Capacity.DIRECTOR: "national", Capacity.BOARD: "board"}
RELEASERS, RATIFIER = (OFFICER, VERIFIER), "national"
"""Who releases in an emergency, and who says afterwards whether it was right."""


class DemoRequest:
    """One request, up to its state."""

    def __init__(
        self,
        timeline: Timeline,
        people: DemoPeople,
        lines: Mapping[str, BudgetLine],
        table: TomlTable,
        number: int,
    ) -> None:
        self.timeline, self.people, self.lines = timeline, people, lines
        self.table, self.number = table, number
        self.state: str = table["state"]
        self.stage = STAGES.index(ENDED_AT.get(self.state, self.state))
        self.requester = timeline.actor(table["by"])
        self.asked: SupportRequest | None = None
        self.payments: dict[int, Payment] = {}

    @property
    def record(self) -> SupportRequest:
        """The request, once it is asked."""
        assert self.asked is not None  # noqa: S101 - acts are played in the order of time
        return self.asked

    def schedule(self) -> None:
        """Schedule every act of the request."""
        self._schedule(0, "draft", self._ask)
        self._schedule(0.05, "submitted", self._submit)
        if "emergency" in self.table:
            self._schedule_emergency()
            return
        self._schedule(0.5, "verifying", self._verify)
        recommend = partial(self._decide, decisions.recommend, VERIFIER, REASON)
        self._schedule(0.6, "recommended", recommend)
        capacities = [Capacity(name) for name in self.table.get("signed", ())]
        self._schedule(0.9, "recommended", partial(self._sign, capacities))
        self._schedule(1.0, "approved", self._approve)
        if self.state in ENDINGS:
            end = partial(self._decide, *ENDINGS[self.state], self.table["reason"])
            self._schedule(1.1, "draft", end)
        if self.state == "withdrawn":
            self._schedule(1.1, "draft", self._withdraw)
        self._schedule(1.5, "committed", self._commit)
        self._schedule_payments()
        if "complaint" in self.table:
            self._schedule(self.table["complaint"]["after"], "submitted", self._complain)

    def _schedule_emergency(self) -> None:
        self._schedule(0.1, "approved", self._release_at_once)
        if "not_ratified" in self.table["emergency"]:
            self._schedule(1.2, "approved", self._refuse_to_ratify)

    def _schedule_payments(self) -> None:
        ago = self.table["ago"]
        days = [due for due, *_ in self.table.get("parts", ())] or [4 - ago]
        if self.table.get("prepared"):
            self._schedule(1.6, "committed", partial(self._prepare, 0))
        for number, due in enumerate(days):
            if self.state == "part_paid" and number > 0:
                return
            self._schedule_payment(number, max(1.6, ago + due))
        if self.table.get("waits_for_review"):
            self._schedule(ago + days[0] + 3, "paid", partial(self._acquit, 0))
        if "back" in self.table:
            last = len(days) - 1
            self._schedule(ago + days[last] + 2, "paid", partial(self._receive, last))
            self._schedule(ago + days[last] + 3, "paid", partial(self._acquit, last))
            self._schedule(ago + days[last] + 4, "paid", partial(self._review, last))
        end = ago + days[-1]
        if "outcome" in self.table:
            self._schedule(end + 9, "acquitted", self._record_outcome)
        self._schedule(end + 10, "closed", self._close)

    def _schedule_payment(self, number: int, after: float) -> None:
        self._schedule(after, "part_paid", partial(self._prepare, number))
        self._schedule(after + 0.5, "part_paid", partial(self._release, number))
        if self.table.get("arrived", self.state != "paid" or number == 0):
            self._schedule(after + 1.5, "part_paid", partial(self._receive, number))
        self._schedule(after + 5, "acquitted", partial(self._acquit, number))
        self._schedule(after + 5.1, "acquitted", partial(self._review, number))

    def _schedule(self, after: float, stage: str, act: Act) -> None:
        """Schedule an act so many days after the request was asked, if it comes that far."""
        if STAGES.index(stage) <= self.stage:
            self.timeline.schedule(self.timeline.ago(self.table["ago"] - after), act)

    def _ask(self) -> None:
        person = self.people.uid(self.table["by"], self.table["person"])
        self.asked = requests.ask(self.requester, _first_case(person), self.draft(person))

    def draft(self, person: UUID) -> RequestDraft:
        """Return what is asked for somebody."""
        table, currency = self.table, self.table.get("currency", "USD")
        carrier = table.get("carrier")
        amount = amount_of(table["amount"], currency)
        letter = chr(ord("H") + self.number)
        parts = self._instalments()
        return RequestDraft(
            beneficiary=Victim(known=person),
            payee=Victim(described=PersonDraft((NameDraft(f"Demo {letter}"),))),
            carrier_colleague=self.timeline.actor(carrier).uid if carrier else None,
            currency=currency,
            items=(ItemDraft(table["type"], amount, table["what"]),),
            instalments=parts,
            needed_by=parts[0].due_on if parts else self.timeline.played_day(6),
            method=table.get("method", "mobile_money"),
            payee_details=f"Sample pay 000 000 {self.number:03}, Demo {letter}",
            urgency="urgent" if table.get("urgent") else "normal",
            risk_level=table.get("risk", "medium"),
            words={**REQUEST_WORDS, "need": table["need"], "exit_plan": table.get("exit")},
            consented_on=self.timeline.played_day(),
        )

    def _instalments(self) -> tuple[InstalmentDraft, ...]:
        ago = self.table["ago"]
        return tuple(
            InstalmentDraft(
                self.timeline.played_day(ago + due), amount_of(amount, currency), currency
            )
            for due, amount, currency in self.table.get("parts", ())
        )

    def _submit(self) -> None:
        requests.submit(self.requester, self.record, self.record.version)

    def _verify(self) -> None:
        draft = VerificationDraft(
            VERIFIED, VERIFIED, VERIFIED, "Demo Referee", "The papers of the court"
        )
        decisions.verify(self._declared(VERIFIER), self.record, draft, self.record.version)

    def _approve(self) -> None:
        self._sign(missing_approvals(self.record))

    def _sign(self, capacities: Iterable[Capacity]) -> None:
        for capacity in capacities:
            self._decide(decisions.approve, APPROVERS[capacity], REASON)

    def _decide(self, decide: Decide, login: str, reason: str) -> None:
        decide(self._declared(login), self.record, reason, self.record.version)

    def _withdraw(self) -> None:
        requests.withdraw(self.requester, self.record, self.record.version)

    def _commit(self) -> None:
        line = self.lines[self.table["line"]].uid
        commit_money(self._declared(OFFICER), self.record, line, self.record.version)

    def _prepare(self, number: int) -> None:
        uid = instalments_of(self.record)[number].uid
        payments.check(
            self.requester,
            self.record,
            uid,
            still_there=True,
            still_needed=True,
            version=self.record.version,
        )
        officer = self._declared(OFFICER)
        self.payments[number] = payments.prepare(officer, self.record, uid, Sending(uuid4()))

    def _release(self, number: int) -> None:
        payment = self.payments[number]
        over = self.table.get("over", 0) if number + 1 == len(self.table.get("parts", ())) else 0
        left = payment.amount + amount_of(over, payment.currency) if over else None
        proof = f"Sample transfer {self.number}-{number}"
        draft = ReleaseDraft(self.timeline.played_day(), proof, left, again=left)
        payments.release(self.timeline.actor(PAYER), payment, draft, payment.version)

    def _receive(self, number: int) -> None:
        payment = self.payments[number]
        draft = ReceiptDraft(self.timeline.played_day(), "phone")
        payments.receive(self.timeline.actor(VERIFIER), payment, draft, payment.version)

    def _acquit(self, number: int) -> None:
        payment = self.payments[number]
        if "danger" in self.table:
            draft = AcquittalDraft(payment.amount, alternative=True, danger=self.table["danger"])
        else:
            some = self.table.get("back", 0) if number else 0
            back = amount_of(some, payment.currency) if some else 0
            draft = AcquittalDraft(
                spent=payment.amount - back,
                returned=back,
                document=self.table["document"],
                reference=f"Sample {self.number}-{number}",
                dated=self.timeline.played_day(-1),
            )
        acquittals.acquit(self.requester, payment, draft, _seen(payment))

    def _review(self, number: int) -> None:
        payment = self.payments[number]
        acquittals.review(self._declared(OFFICER), payment, _seen(payment))

    def _release_at_once(self) -> None:
        for login in RELEASERS:
            self._decide(emergency.release, login, self.table["emergency"]["reason"])

    def _refuse_to_ratify(self) -> None:
        actor, reason = self._declared(RATIFIER), self.table["emergency"]["not_ratified"]
        emergency.ratify(
            actor, self.record, ratified=False, reason=reason, version=self.record.version
        )

    def _complain(self) -> None:
        complaint = self.table["complaint"]
        draft = ComplaintDraft(complaint["kind"], complaint["words"])
        acquittals.complain(self.timeline.actor(VERIFIER), self.record, draft)

    def _record_outcome(self) -> None:
        verifier, table = self.timeline.actor(VERIFIER), self.table
        acquittals.record_outcome(verifier, self.record, table["outcome"], table["after"])

    def _close(self) -> None:
        acquittals.close(self._declared(OFFICER), self.record, self.record.version)

    def _declared(self, login: str) -> Actor:
        """Return somebody who has said that they know nobody in the request."""
        actor = self.timeline.actor(login)
        if conflicts.has_declared(actor, self.record) is None:
            conflicts.declare(actor, self.record, knows=False)
        return actor


def amount_of(whole: int, currency: str) -> int:
    """Return so many whole units of a currency in its smallest ones."""
    return read_money(str(whole), currency).amount


def _first_case(person: UUID) -> Case:
    query = (
        select(Case)
        .join(PersonScope, PersonScope.scope_id == Case.scope_id)
        .join(Person, Person.id == PersonScope.person_id)
        .where(Person.uid == person)
        .order_by(Case.id)
    )
    return session().scalars(query.limit(1)).one()


def _seen(payment: Payment) -> int:
    """Return the version of what accounts for a payment."""
    return acquittals.version_of(acquittals.acquittal_of(payment))
