"""What is typed about a request for support: who, for what, how much, by when, how to pay, why."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.text import Reasons, check
from hrdtracker.core.when.model import IN_FUTURE, Precision
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import LINE, LONG_TEXT, CreateForm, lazy, text_or_none, uid_or_none
from hrdtracker.forms.cases.case import coming_day
from hrdtracker.forms.fund.amounts import (
    AMOUNT_MOST,
    amount_or_none,
    currencies,
    known_currency,
    typed_amount,
)
from hrdtracker.forms.reader import Reader
from hrdtracker.fund.drafts.requests import ItemDraft, RequestDraft
from hrdtracker.people.drafts import NAME_MOST, NameDraft, PersonDraft, Victim

SAME, ME, NEW = "same", "me", "new"
PAST_DAY = N_("Write one day, such as “today” or “16 November”.")


def past_day(reader: Reader, text: str | None, field: str) -> date | None:
    """Return the day until today that was typed, None where nothing was; raises Refused."""
    typed = text_or_none(text)
    if typed is None:
        return None
    when = reader.when(typed)
    if when.earliest is None or when.precision not in {Precision.DAY, Precision.MINUTE}:
        raise Refused({field: PAST_DAY})
    day = clock.day_of(when.earliest, reader.zone)
    if day > reader.today:
        raise Refused({field: IN_FUTURE})
    return day


def read_all(**readers: Callable[[], Any]) -> dict[str, Any]:
    """Return what each reads; raises one Refused that names every fault."""
    values: dict[str, Any] = {}
    reasons: Reasons = {}
    for name, read in readers.items():
        try:
            values[name] = read()
        except Refused as refused:
            reasons |= refused.reasons
    check(reasons)
    return values


class PlacedForm(CreateForm):
    """A form whose fields the domain knows under other names."""

    PLACES: Mapping[str, str] = MappingProxyType({})
    version = HiddenField()

    @contextmanager
    def reasons(self) -> Iterator[None]:
        """Put what the domain refuses beside the field in which it was typed."""
        with super().reasons():
            try:
                yield
            except Refused as refused:
                moved = {self.PLACES.get(name, name): why for name, why in refused.reasons.items()}
                raise Refused(moved) from None


class BasicsForm(PlacedForm):
    """A short request on one screen: who, for what, how much, by when, how to pay."""

    PLACES = MappingProxyType(
        {
            "items.0.support_type": "support_type",
            "items.0.each": "amount",
            "items.0.lump": "amount",
            "items": "amount",
            "carrier_colleague": "carrier",
        }
    )
    beneficiary = SelectField(lazy(N_("Who is it for?")), validate_choice=False)
    beneficiary_name = StringField(lazy(N_("Their name")), [Length(max=NAME_MOST)])
    support_type = SelectField(lazy(N_("What is the money for?")), validate_choice=False)
    need = TextAreaField(lazy(N_("Why is it needed?")), [Length(max=LONG_TEXT)])
    amount = StringField(lazy(N_("How much?")), [Length(max=AMOUNT_MOST)])
    currency = SelectField(lazy(N_("Currency")), validate_choice=False)
    needed_by = StringField(lazy(N_("By when?")), [Length(max=LONGEST_DATE)])
    urgency = RadioField(lazy(N_("How urgent is it?")), validate_choice=False)
    payee = SelectField(lazy(N_("Who is paid?")), validate_choice=False)
    payee_name = StringField(lazy(N_("The name of who is paid")), [Length(max=NAME_MOST)])
    method = RadioField(lazy(N_("How is it paid?")), validate_choice=False)
    payee_details = StringField(lazy(N_("Number or account")), [Length(max=LINE)])
    carrier = SelectField(lazy(N_("Who hands the cash over?")), validate_choice=False)
    consented_on = StringField(
        lazy(N_("When did they agree that the fund keeps and uses this?")),
        [Length(max=LONGEST_DATE)],
    )

    @classmethod
    def values(cls, current: RequestDraft, locale: str) -> dict[str, object]:
        """Return what a request says now, as the form shows it; how to pay stays hidden."""
        item = current.items[0] if current.items else None
        helped, paid = (
            somebody.known if somebody else None
            for somebody in (current.beneficiary, current.payee)
        )
        carrier = current.carrier_colleague or (current.carrier.known if current.carrier else None)
        return {
            "beneficiary": helped.hex if helped else "",
            "support_type": item.support_type if item else "",
            "need": current.words.get("need") or "",
            "amount": typed_amount(item.amount, current.currency) if item else "",
            "currency": current.currency,
            "needed_by": say_day(current.needed_by, locale) if current.needed_by else "",
            "urgency": current.urgency,
            "payee": _payee_value(current, helped, paid),
            "method": current.method or "",
            "carrier": carrier.hex if carrier else "",
            "consented_on": say_day(current.consented_on, locale) if current.consented_on else "",
        }

    def offer(
        self, reader: Reader, people: list[tuple[str, str]], colleagues: list[tuple[str, str]]
    ) -> "BasicsForm":
        """Fill the choices in the reader's language: people by their letters, never by name."""
        choose = ("", gettext(N_("Choose")))
        new = (NEW, gettext(N_("Somebody who is not named in this case yet")))
        self.beneficiary.choices = [choose, *people, new]
        self.payee.choices = [
            choose,
            (SAME, gettext(N_("The same person"))),
            *people,
            new,
            (ME, gettext(N_("Me: I have paid already"))),
        ]
        self.support_type.choices = reader.choices("support_type", choose[1])
        self.currency.choices = currencies()
        self.urgency.choices = reader.choices("urgency")
        self.method.choices = reader.choices("payment_method")
        nobody = ("", gettext(N_("Nobody yet")))
        self.carrier.choices = [nobody, *colleagues, *people]
        self.known_people = {value for value, _ in people}
        return self

    def draft(self, reader: Reader, current: RequestDraft) -> RequestDraft:
        """Return what was typed, on top of what the request says; raises Refused by field."""
        currency = known_currency(self.currency.data) if is_simple(current) else current.currency
        read = read_all(
            needed_by=lambda: self._needed_by(reader, current),
            consented_on=lambda: past_day(reader, self.consented_on.data, "consented_on"),
            beneficiary=lambda: _somebody(
                self.beneficiary.data, self.beneficiary_name.data, "beneficiary_name"
            ),
            items=lambda: self._items(current, currency),
        )
        payee = read["beneficiary"]
        if self.payee.data != SAME:
            payee = _somebody(self.payee.data, self.payee_name.data, "payee_name")
        return replace(
            current,
            **read,
            **self._carrier(),
            payee=payee if self.payee.data != ME else None,
            reimburses=self.payee.data == ME,
            currency=currency,
            method=self.method.data or None,
            payee_details=text_or_none(self.payee_details.data) or current.payee_details,
            urgency=self.urgency.data or "normal",
            words={**current.words, "need": text_or_none(self.need.data)},
            sending=self.sending(),
        )

    def _needed_by(self, reader: Reader, current: RequestDraft) -> date | None:
        """Return the day; the one that stands there already may be past."""
        typed = text_or_none(self.needed_by.data)
        if current.needed_by and typed == say_day(current.needed_by, reader.locale):
            return current.needed_by
        return coming_day(reader, typed, "needed_by")

    def _items(self, current: RequestDraft, currency: str) -> tuple[ItemDraft, ...]:
        if not is_simple(current):
            return current.items
        amount = amount_or_none(self.amount.data, currency, "amount")
        if amount is None and not self.support_type.data:
            return ()
        if amount is None:
            raise Refused({"amount": N_("Write how much, even roughly: it can be corrected.")})
        what = current.items[0].what if current.items else ""
        return (ItemDraft(self.support_type.data or "", amount, what),)

    def _carrier(self) -> dict[str, Any]:
        """Return who carries cash: somebody of the case, or a colleague."""
        chosen = (self.carrier.data or "") if self.method.data == "cash" else ""
        uid = uid_or_none(chosen)
        if uid and chosen in self.known_people:
            return {"carrier": Victim(known=uid), "carrier_colleague": None}
        return {"carrier": None, "carrier_colleague": uid}


def is_simple(draft: RequestDraft) -> bool:
    """Tell whether one amount for one thing says it all, so that no budget stands behind it."""
    if len(draft.items) > 1 or draft.instalments:
        return False
    return all(item.quantity == 1 and not item.lump for item in draft.items)


def _payee_value(draft: RequestDraft, helped: UUID | None, paid: UUID | None) -> str:
    if draft.reimburses:
        return ME
    if paid is None:
        return ""
    return SAME if paid == helped else paid.hex


def _somebody(chosen: str | None, name: str | None, field: str) -> Victim | None:
    """Return who was chosen: somebody of the case, or somebody new by name."""
    if chosen == NEW:
        typed = text_or_none(name)
        if typed is None:
            raise Refused({field: N_("Write a name, or what the person is called.")})
        return Victim(described=PersonDraft((NameDraft(typed),)))
    uid = uid_or_none(chosen)
    return Victim(known=uid) if uid else None
