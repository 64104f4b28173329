"""What a form made, in words: what it says now, where it is read and where it is changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import url_for
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.declarations import record_labels
from hrdtracker.core.errors import N_
from hrdtracker.core.seal import ring
from hrdtracker.fund.budget.commitments import line_by_id
from hrdtracker.fund.reading.books import transaction
from hrdtracker.people.model import Person
from hrdtracker.web.shell.context import number
from hrdtracker.web.words.fields import label_of, say_value
from hrdtracker.web.words.requests import money, say_rate

AMOUNT = N_("Amount")


@dataclass(frozen=True)
class Kind:
    """A kind of record that a form makes: who reads it, which columns say what it is, its pages."""

    reads: Action
    columns: tuple[str, ...]
    page: str = ""
    edits: Action | None = None
    edit_page: str = ""


@dataclass(frozen=True)
class Stored:
    """What a form made, as its page says it; without facts where the reader may not see them."""

    kind: str
    facts: list[tuple[str, str]]
    page: str
    edit_page: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "acquittal": Kind(Action.FUND_ACQUIT, ("document", "dated")),
        "age_statement": Kind(Action.PERSON_READ, ("known_by", "note")),
        "budget_line": Kind(Action.FUND_DONOR_READ, ("code", "title")),
        "contact": Kind(
            Action.CONTACT_READ, ("kind", "checked_on"), "", Action.CASE_EDIT, "people.edit_contact"
        ),
        "disclosure": Kind(
            Action.FUND_REPORT_READ, ("since", "until"), "fund_money_reports.report"
        ),
        "donor": Kind(Action.FUND_DONOR_READ, ("code", "name")),
        "donor_grant": Kind(
            Action.FUND_DONOR_READ,
            ("code", "starts_on", "ends_on"),
            "fund_money_grants.grant",
            Action.FUND_GRANT_CHANGE,
            "fund_money_grants.edit",
        ),
        "bail": Kind(Action.CASE_READ, ("amount", "currency", "paid_by", "conditions")),
        "charge": Kind(Action.CASE_READ, ("last_step", "alleged_as_told")),
        "charge_outcome": Kind(Action.CASE_READ, ("kind", "decided_as_told", "decided_by")),
        "court_order": Kind(Action.CASE_READ, ("kind", "ordered_as_told", "ordered_by")),
        "hearing": Kind(
            Action.PROCEEDING_READ, ("kind", "starts_as_told", "court"), "hearings.hearing"
        ),
        "judgment": Kind(Action.CASE_READ, ("pronounced_as_told", "pronounced_by", "presence")),
        "judgment_appeal": Kind(Action.CASE_READ, ("appellant", "filed_as_told")),
        "legal_title": Kind(Action.CASE_READ, ("kind", "began_as_told")),
        "party": Kind(Action.CASE_READ, ("role",)),
        "party_lawyer": Kind(Action.CASE_READ, ("name", "began_as_told", "ended_as_told")),
        "proceeding": Kind(Action.PROCEEDING_READ, ("stage", "court"), "proceedings.proceeding"),
        "clock_dispute": Kind(Action.CASE_READ, ("ends_at", "reason")),
        "custody_act": Kind(
            Action.CASE_READ, ("end_kind", "happened_as_told", "place_held", "prison")
        ),
        "defence_request": Kind(
            Action.CASE_READ,
            ("kind", "status", "filed_as_told"),
            "",
            Action.PROCEEDING_RECORD,
            "defence.edit",
        ),
        "exchange_rate": Kind(Action.FUND_TIER_RATE, ("day", "source")),
        "follow_up": Kind(Action.CASE_READ, ("kind", "at", "note")),
        "fund_complaint": Kind(Action.FUND_COMPLAINT_READ, ("kind", "words")),
        "fund_delegation": Kind(Action.FUND_DELEGATE, ("to_id", "starts_at", "ends_at")),
        "incident": Kind(
            Action.INCIDENT_READ,
            ("status", "type", "occurred_as_told", "place", "urgency", "narrative"),
            "incidents.incident",
            Action.INCIDENT_EDIT,
            "incidents.edit",
        ),
        "involvement": Kind(Action.CASE_READ, ("perpetrator_type",)),
        "ledger_transaction": Kind(
            Action.FUND_LEDGER_READ, ("booking", "booked_on"), "fund_money_books.entry"
        ),
        "membership": Kind(Action.ROLE_GRANT, ("role", "starts_at", "ends_at")),
        "office": Kind(
            Action.OFFICE_CHANGE,
            ("code", "name_en", "name_km"),
            "",
            Action.OFFICE_CHANGE,
            "organisation.office",
        ),
        "payment": Kind(Action.FUND_PAYMENT_READ, ("code",), "fund_money_payments.payment"),
        "person": Kind(
            Action.PERSON_READ, ("sex", "age"), "people.person", Action.PERSON_EDIT, "people.edit"
        ),
        "stay_step": Kind(Action.CASE_READ, ("kind", "happened_as_told")),
        "scope_block": Kind(Action.CASE_BLOCK, ("user_id", "reason")),
        "scope_grant": Kind(Action.CASE_MEMBERS, ("user_id", "ends_at", "reason")),
        "source": Kind(Action.CASE_READ, ("connection", "reliability")),
        "support_request": Kind(
            Action.FUND_REQUEST_READ,
            ("code", "status", "needed_by", "need"),
            "fund.story",
            Action.FUND_EDIT,
            "fund.basics",
        ),
        "task": Kind(Action.CASE_READ, ("what", "due_on")),
        "term": Kind(Action.TERM_CHANGE, ("label_en", "label_km")),
        "user_account": Kind(Action.USER_CHANGE, ("login", "label"), "admin.user"),
        "violation": Kind(Action.CASE_READ, ("type",)),
    }
)
"""What forms make, by its table. Nothing of it is shown that a page of its own would hide."""


def stored(actor: Actor, made: Any) -> Stored:
    """Return what a form made, as far as the actor may read it now."""
    table = made.__tablename__
    kind, name = KINDS[table], str(gettext(record_labels()[table]))
    if not _may(actor, kind.reads, made):
        return Stored(name, [], "", "")
    if hasattr(made, "data_key_id"):
        ring().load([made.data_key_id])
    facts = [
        (label_of(table, column), _value(made, column, value))
        for column in kind.columns
        if (value := getattr(made, column)) not in {None, ""}
    ]
    amount = _amount(actor, made)
    edits = kind.edits is not None and _may(actor, kind.edits, made)
    return Stored(
        name,
        [*facts, (str(gettext(AMOUNT)), amount)] if amount else facts,
        url_for(kind.page, uid=made.uid) if kind.page else "",
        url_for(kind.edit_page, uid=made.uid) if edits else "",
    )


def _may(actor: Actor, action: Action, made: Any) -> bool:
    """Ask of the record, where it is one of a case or of a person; else of the actor's roles."""
    if hasattr(made, "scope_id") or made.__tablename__ == "person":
        return policy.allows(actor, action, made)
    if made.__tablename__ == "age_statement":
        return bool(policy.allowed_ids(actor, action, Person, [made.person_id]))
    return policy.could(actor, action)


def _value(made: Any, column: str, value: Any) -> str:
    if column in {"user_id", "to_id"}:
        return labels_by_id([value]).get(value, "")
    return say_value(made.__tablename__, column, value)


def _amount(actor: Actor, made: Any) -> str:
    """Return the money that a record is about; nothing where it is about none."""
    say = AMOUNTS.get(made.__tablename__)
    return say(actor, made) if say else ""


AMOUNTS: Mapping[str, Callable[[Actor, Any], str]] = MappingProxyType(
    {
        "budget_line": lambda _, line: money(line.amount, line_by_id(line.id)[1].currency),
        "donor_grant": lambda _, grant: money(grant.total, grant.currency),
        "exchange_rate": lambda _, rate: str(
            gettext(
                "1 %(base)s is %(rate)s %(quote)s",
                base=rate.base,
                rate=say_rate(rate),
                quote=rate.quote,
            )
        ),
        "ledger_transaction": lambda actor, entry: ", ".join(
            number(amount) for amount in transaction(actor, entry.uid).sums
        ),
        "payment": lambda _, payment: money(payment.amount, payment.currency),
        "support_request": lambda _, request: (
            money(request.amount, request.currency) if request.amount else ""
        ),
    }
)
