"""Plays the demonstration's invented fund: donors, rates, and a request in every state."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.cases.model import Case
from hrdtracker.cli.demo_story import DemoStory
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import read_money, read_rate
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import service as books
from hrdtracker.fund.budget import commitments, grants
from hrdtracker.fund.budget.commitments import commit as promise
from hrdtracker.fund.capacity import missing_approvals
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BookDraft,
    ComplaintDraft,
    DonorDraft,
    GrantDraft,
    LineDraft,
    RateDraft,
    ReceiptDraft,
    ReleaseDraft,
)
from hrdtracker.fund.drafts.requests import (
    InstalmentDraft,
    ItemDraft,
    RequestDraft,
    VerificationDraft,
)
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    Capacity,
    Payment,
    Restriction,
    SupportRequest,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.rules import rates, settings
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person, PersonScope

FILE = Path(__file__).resolve().parent / "data" / "demo_fund.toml"
WAY = (
    "draft", "submitted", "verifying", "recommended", "approved", "committed", "part_paid", "paid",
    "acquitted", "closed",
)  # fmt: skip
"""How far a request can come; the other states leave this way at `LEAVES`."""
LEAVES = {
    "returned": "submitted",
    "refused": "recommended",
    "withdrawn": "submitted",
    "cancelled": "approved",
}
WORDS = {
    "risk_reasons": "It comes from the work, and it goes on.",
    "threats": "Visits and calls by people who do not say who they are.",
    "vulnerabilities": "Little money, and no second place to go to.",
    "capacities": "Neighbours and colleagues who look in each day.",
    "tie": "It began after they spoke in public for others.",
    "tried": "Friends gave what they could.",
    "asked_elsewhere": "Nobody else was asked.",
    "expected": "They are safe for now and can go on with their work.",
}
SEEN = "A colleague who has known the family for years says so, and I saw the papers."
REASON = "The need is clear, the amount is usual, and there is money on the line."
APPROVERS = {Capacity.OFFICER: "fund", Capacity.DIRECTOR: "national", Capacity.BOARD: "board"}
VERIFIER, OFFICER, PAYER = "director", "fund", "finance"
RELEASERS, RATIFIER = (OFFICER, VERIFIER), "national"
"""Who releases in an emergency, and who says afterwards whether it was right."""
Told = Mapping[str, Any]


class FundStory:
    """Adds the acts of the fund to the story of the cases."""

    def __init__(self, story: DemoStory, organisation: Organisation) -> None:
        self.story, self.organisation = story, organisation
        self.told = tomllib.loads(FILE.read_text("utf-8"))
        self.lines: dict[str, BudgetLine] = {}

    def tell(self) -> None:
        """Add the settings, the rates, the donors with their grants, and each request."""
        longest = max(days for rate in self.told["rate"] for days, _ in rate["rates"])
        self.story.will(self.story.ago(longest + 1), self._set)
        for rate in self.told["rate"]:
            for days, worth in rate["rates"]:
                self.story.will(self.story.ago(days), partial(self._rate, rate, str(worth)))
        for donor in self.told["donor"]:
            self.story.will(self.story.ago(donor["grant"]["began"]), partial(self._give, donor))
        for number, request in enumerate(self.told["request"]):
            _RequestTold(self, request, number).tell()

    def actor(self, login: str) -> Actor:
        """Return somebody of the cast."""
        return self.story.cast.actors[login]

    def day(self, days: float = 0) -> date:
        """Return the day so many days from the moment that is played."""
        return clock.today(self.story.cast.zone) + timedelta(days=days)

    def _set(self) -> None:
        board = self.actor(self.told["settings"]["board"]).uid
        draft = settings.FundSettingsDraft(board=board)
        settings.change_settings(self.actor("admin"), self.organisation, draft, version=0)

    def _rate(self, told: Told, worth: str) -> None:
        draft = RateDraft(read_rate(worth, told["base"], told["quote"]), self.day(), "Sample bank")
        rates.record_rate(self.actor(PAYER), self.organisation, draft)

    def _give(self, told: Told) -> None:
        who, grant = self.actor(OFFICER), told["grant"]
        currency = grant["currency"]
        donor = grants.add_donor(who, self.organisation, DonorDraft(told["code"], told["name"]))
        draft = GrantDraft(
            code=grant["code"],
            reference=grant["reference"],
            starts_on=self.day(),
            ends_on=self.day(grant["began"] + grant["ends"]),
            currency=currency,
            total=_amount(grant["total"], currency),
            request_most=_amount_or_none(grant.get("request_most"), currency),
            alternative_most=_amount_or_none(grant.get("alternative_most"), currency),
            terms={Restriction.SUPPORT_TYPE: frozenset(grant.get("support_types", ()))},
        )
        made = grants.add_grant(who, donor, draft)
        for line in told["lines"]:
            amount = _amount(line["amount"], currency)
            code = line["code"]
            self.lines[code] = grants.add_line(who, made, LineDraft(code, line["title"], amount))
        booked = BookDraft(Booking.INCOME, draft.total // 2, currency, self.day(), made.uid)
        books.book(self.actor(PAYER), self.organisation, booked)


class _RequestTold:
    """The acts about one request, up to its state."""

    def __init__(self, fund: FundStory, told: Told, number: int) -> None:
        self.fund, self.told, self.number = fund, told, number
        self.state: str = told["state"]
        self.reached = WAY.index(LEAVES.get(self.state, self.state))
        self.asker = fund.actor(told["by"])
        self.made: SupportRequest | None = None
        self.paid: dict[int, Payment] = {}

    def tell(self) -> None:
        """Add every act of the request to the story."""
        self._will(0, "draft", self._ask)
        self._will(0.05, "submitted", self._submit)
        if "emergency" in self.told:
            self._tell_the_emergency()
            return
        self._will(0.5, "verifying", self._verify)
        self._will(0.6, "recommended", self._recommend)
        signed = [Capacity(each) for each in self.told.get("signed", ())]
        if signed:
            self._will(0.9, "recommended", partial(self._sign, signed))
        self._will(1.0, "approved", self._approve)
        if self.state in LEAVES:
            self._will(1.1, "draft", getattr(self, f"_{self.state}"))
        self._will(1.5, "committed", self._commit)
        self._tell_payments()
        if "complaint" in self.told:
            self._will(self.told["complaint"]["after"], "submitted", self._complain)

    def the(self) -> SupportRequest:
        """Return the request, once it was asked."""
        assert self.made is not None  # noqa: S101 - acts are played in the order of time
        return self.made

    def _tell_the_emergency(self) -> None:
        self._will(0.1, "approved", self._release_at_once)
        if "not_ratified" in self.told["emergency"]:
            self._will(1.2, "approved", self._refuse_to_ratify)

    def _tell_payments(self) -> None:
        ago = self.told["ago"]
        dues = [part[0] for part in self.told.get("parts", ())] or [4 - ago]
        if self.told.get("prepared"):
            self._will(1.6, "committed", partial(self._prepare, 0))
        for number, due in enumerate(dues):
            if self.state == "part_paid" and number > 0:
                return
            after = max(1.6, ago + due)
            self._will(after, "part_paid", partial(self._prepare, number))
            self._will(after + 0.5, "part_paid", partial(self._release, number))
            if self.state != "paid" or number == 0:
                self._will(after + 1.5, "part_paid", partial(self._receive, number))
            self._will(after + 5, "acquitted", partial(self._account, number))
            self._will(after + 5.1, "acquitted", partial(self._review, number))
        if self.told.get("waits_for_review"):
            self._will(ago + dues[0] + 3, "paid", partial(self._account, 0))
        end = ago + dues[-1]
        if "outcome" in self.told:
            self._will(end + 9, "acquitted", self._ask_whether_it_helped)
        self._will(end + 10, "closed", self._close)

    def _will(self, after: float, needed: str, do: Callable[[], object]) -> None:
        if WAY.index(needed) <= self.reached:
            self.fund.story.will(self.fund.story.ago(self.told["ago"] - after), do)

    def _ask(self) -> None:
        told, currency = self.told, self.told.get("currency", "USD")
        person = self.fund.story.known[told["by"], told["person"]]
        query = (
            select(Case)
            .join(PersonScope, PersonScope.scope_id == Case.scope_id)
            .join(Person, Person.id == PersonScope.person_id)
            .where(Person.uid == person)
            .order_by(Case.id)
        )
        case = session().scalars(query).first()
        assert case is not None  # noqa: S101 - whoever is known is in a case
        carrier = told.get("carrier")
        amount = _amount(told["amount"], currency)
        letter = chr(ord("H") + self.number)
        draft = RequestDraft(
            beneficiary=Victim(known=person),
            payee=Victim(described=PersonDraft((NameDraft(f"Demo {letter}"),))),
            carrier_colleague=self.fund.actor(carrier).uid if carrier else None,
            currency=currency,
            items=(ItemDraft(told["type"], amount, told["what"]),),
            instalments=self._instalments(),
            needed_by=self.fund.day(6),
            method=told.get("method", "mobile_money"),
            payee_details=f"Sample pay 000 000 {self.number:03}, Demo {letter}",
            urgency="urgent" if told.get("urgent") else "normal",
            risk_level=told.get("risk", "medium"),
            words={**WORDS, "need": told["need"], "exit_plan": told.get("exit")},
            consented_on=self.fund.day(),
        )
        self.made = requests.ask(self.asker, case, draft)

    def _instalments(self) -> tuple[InstalmentDraft, ...]:
        ago = self.told["ago"]
        return tuple(
            InstalmentDraft(self.fund.day(ago + due), _amount(amount, currency), currency)
            for due, amount, currency in self.told.get("parts", ())
        )

    def _submit(self) -> None:
        requests.submit(self.asker, self.the(), self.the().version)

    def _verify(self) -> None:
        draft = VerificationDraft(SEEN, SEEN, SEEN, "Demo Referee", "The papers of the court")
        decisions.verify(self._free(VERIFIER), self.the(), draft, self.the().version)

    def _recommend(self) -> None:
        decisions.recommend(self._free(VERIFIER), self.the(), REASON, self.the().version)

    def _approve(self) -> None:
        self._sign(missing_approvals(self.the()))

    def _sign(self, capacities: Iterable[Capacity]) -> None:
        for capacity in capacities:
            who = self._free(APPROVERS[capacity])
            decisions.approve(who, self.the(), REASON, self.the().version)

    def _returned(self) -> None:
        who, reason = self._free(VERIFIER), self.told["reason"]
        decisions.return_request(who, self.the(), reason, self.the().version)

    def _refused(self) -> None:
        who, reason = self._free(OFFICER), self.told["reason"]
        decisions.refuse(who, self.the(), reason, self.the().version)

    def _withdrawn(self) -> None:
        requests.withdraw(self.asker, self.the(), self.the().version)

    def _cancelled(self) -> None:
        who, reason = self._free(OFFICER), self.told["reason"]
        commitments.cancel(who, self.the(), reason, self.the().version)

    def _commit(self) -> None:
        line = self.fund.lines[self.told["line"]].uid
        promise(self._free(OFFICER), self.the(), line, self.the().version)

    def _prepare(self, number: int) -> None:
        one = instalments_of(self.the())[number]
        payments.check(self.asker, self.the(), one.uid, still_there=True, still_needed=True)
        made = payments.prepare(self._free(OFFICER), self.the(), one.uid, Sending(uuid4()))
        self.paid[number] = made

    def _release(self, number: int) -> None:
        payment = self.paid[number]
        over = self.told.get("over", 0) if number + 1 == len(self.told.get("parts", ())) else 0
        told = ReleaseDraft(
            self.fund.day(),
            f"Sample transfer {self.number}-{number}",
            payment.amount + _amount(over, payment.currency) if over else None,
        )
        payments.release(self.fund.actor(PAYER), payment, told, payment.version)

    def _receive(self, number: int) -> None:
        payment = self.paid[number]
        told = ReceiptDraft(self.fund.day(), "phone")
        payments.receive(self.fund.actor(VERIFIER), payment, told, payment.version)

    def _account(self, number: int) -> None:
        payment = self.paid[number]
        if "danger" in self.told:
            draft = AcquittalDraft(payment.amount, alternative=True, danger=self.told["danger"])
        else:
            draft = AcquittalDraft(
                spent=payment.amount,
                document=self.told["document"],
                reference=f"Sample {self.number}-{number}",
                dated=self.fund.day(-1),
            )
        acquittals.acquit(self.asker, payment, draft)

    def _review(self, number: int) -> None:
        acquittals.review(self._free(OFFICER), self.paid[number])

    def _release_at_once(self) -> None:
        for login in RELEASERS:
            reason = self.told["emergency"]["reason"]
            emergency.release(self._free(login), self.the(), reason, self.the().version)

    def _refuse_to_ratify(self) -> None:
        who, reason = self._free(RATIFIER), self.told["emergency"]["not_ratified"]
        emergency.ratify(who, self.the(), ratified=False, reason=reason, version=self.the().version)

    def _complain(self) -> None:
        told = self.told["complaint"]
        draft = ComplaintDraft(told["kind"], told["words"])
        acquittals.complain(self.fund.actor(VERIFIER), self.the(), draft)

    def _ask_whether_it_helped(self) -> None:
        who, told = self.fund.actor(VERIFIER), self.told
        acquittals.record_outcome(who, self.the(), told["outcome"], told["after"])

    def _close(self) -> None:
        acquittals.close(self._free(OFFICER), self.the(), self.the().version)

    def _free(self, login: str) -> Actor:
        """Return somebody who has said that they know nobody in the request."""
        actor = self.fund.actor(login)
        if conflicts.has_declared(actor, self.the()) is None:
            conflicts.declare(actor, self.the(), knows=False)
        return actor


def _amount(whole: int, currency: str) -> int:
    return read_money(str(whole), currency).amount


def _amount_or_none(whole: int | None, currency: str) -> int | None:
    return None if whole is None else _amount(whole, currency)
