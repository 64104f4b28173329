"""The longer rest of a request: budget and instalments, the risk, what was tried, what follows."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import Precision
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import LINE, LONG_TEXT, Form, lazy, number_or_none, say, text_or_none
from hrdtracker.forms.cases.case import coming_day
from hrdtracker.forms.fund.amounts import (
    AMOUNT_MOST,
    amount_or_none,
    currencies,
    known_currency,
    typed_amount,
)
from hrdtracker.forms.fund.requests.request import read_all
from hrdtracker.forms.reader import Reader, TickField, uids
from hrdtracker.fund.drafts.requests import (
    NO_QUANTITY,
    WORDS,
    InstalmentDraft,
    ItemDraft,
    RequestDraft,
)

BLANK_ROWS = 2
ROWS = (["items"], ["instalments"])
PARTS = 3
"""Of the name that the domain has for a field of a line: `items.0.each`."""


class ItemForm(Form):
    """One line of the budget."""

    support_type = SelectField(lazy(N_("What is the money for?")), validate_choice=False)
    what = StringField(lazy(N_("In a few words")), [Length(max=LINE)])
    quantity = StringField(lazy(N_("How many")), [Length(max=AMOUNT_MOST)])
    each = StringField(lazy(N_("How much each")), [Length(max=AMOUNT_MOST)])
    lump = BooleanField(lazy(N_("A lump sum: no receipt is asked for")))

    def is_empty(self) -> bool:
        """Tell whether nothing was said in this line."""
        typed = (self.support_type.data, self.what.data, self.quantity.data, self.each.data)
        return not any(text_or_none(each) for each in typed)

    def item(self, currency: str, place: str) -> ItemDraft:
        """Return the line; raises Refused."""
        each = amount_or_none(self.each.data, currency, f"{place}.each")
        if each is None:
            raise Refused({f"{place}.each": N_("Write how much it costs.")})
        quantity = number_or_none(self.quantity.data, NO_QUANTITY, f"{place}.quantity")
        return ItemDraft(
            self.support_type.data or "",
            each,
            (self.what.data or "").strip(),
            1 if quantity is None else quantity,
            bool(self.lump.data),
        )


class InstalmentForm(Form):
    """One part of the money, on its day."""

    due_on = StringField(lazy(N_("On which day")), [Length(max=LONGEST_DATE)])
    amount = StringField(lazy(N_("How much")), [Length(max=AMOUNT_MOST)])
    currency = SelectField(lazy(N_("Currency")), validate_choice=False)
    recoverable = BooleanField(lazy(N_("A deposit or bail that should come back")))

    def is_empty(self) -> bool:
        """Tell whether nothing was said in this line."""
        return not (text_or_none(self.due_on.data) or text_or_none(self.amount.data))

    def instalment(self, reader: Reader, place: str) -> InstalmentDraft:
        """Return the instalment; raises Refused."""
        currency = known_currency(self.currency.data, f"{place}.currency")
        read = read_all(
            due_on=lambda: reader_day(reader, self.due_on.data, f"{place}.due_on"),
            amount=lambda: amount_or_none(self.amount.data, currency, f"{place}.amount"),
        )
        if read["due_on"] is None or read["amount"] is None:
            raise Refused({f"{place}.amount": N_("An instalment has a day and an amount.")})
        return InstalmentDraft(**read, currency=currency, recoverable=bool(self.recoverable.data))


def reader_day(reader: Reader, text: str | None, field: str) -> date | None:
    """Return the day that was typed: one to come, or as it was shown; raises Refused."""
    typed = text_or_none(text)
    when = reader.when(typed) if typed else None
    if when is not None and when.earliest is not None and when.precision is Precision.DAY:
        day = clock.day_of(when.earliest, reader.zone)
        if typed == say_day(day, reader.locale):
            return day
    return coming_day(reader, typed, field)


class BudgetForm(Form):
    """What it costs, line by line, and when it is paid."""

    version = HiddenField()
    currency = SelectField(lazy(N_("Currency")), validate_choice=False)
    items = FieldList(FormField(ItemForm), lazy(N_("What it costs")))
    instalments = FieldList(FormField(InstalmentForm), lazy(N_("When it is paid")))

    @classmethod
    def values(cls, current: RequestDraft, locale: str) -> dict[str, object]:
        """Return the lines that a request has now, with some blank ones after them."""
        blank: list[dict[str, object]] = [{} for _ in range(BLANK_ROWS)]
        items = [
            {
                "support_type": item.support_type,
                "what": item.what,
                "quantity": str(item.quantity),
                "each": typed_amount(item.each, current.currency),
                "lump": item.lump,
            }
            for item in current.items
        ]
        instalments = [
            {
                "due_on": say_day(instalment.due_on, locale),
                "amount": typed_amount(instalment.amount, instalment.currency),
                "currency": instalment.currency,
                "recoverable": instalment.recoverable,
            }
            for instalment in current.instalments
        ]
        return {
            "currency": current.currency,
            "items": items + blank,
            "instalments": instalments + [{"currency": current.currency} for _ in blank],
        }

    def offer(self, reader: Reader) -> "BudgetForm":
        """Fill the choices in the reader’s language."""
        self.currency.choices = currencies()
        for entry in self.items:
            entry.form.support_type.choices = reader.choices("support_type", gettext(N_("Choose")))
        for entry in self.instalments:
            entry.form.currency.choices = currencies()
        return self

    def draft(self, reader: Reader, current: RequestDraft) -> RequestDraft:
        """Return what was typed, on top of what the request says; raises Refused by line."""
        currency = known_currency(self.currency.data)
        items, instalments = _filled(self.items), _filled(self.instalments)
        read = read_all(
            **{
                f"items.{place}": lambda form=form, place=place: form.item(
                    currency, f"items.{place}"
                )
                for place, form in enumerate(items)
            },
            **{
                f"instalments.{place}": lambda form=form, place=place: form.instalment(
                    reader, f"instalments.{place}"
                )
                for place, form in enumerate(instalments)
            },
        )
        return replace(
            current,
            currency=currency,
            items=tuple(read[f"items.{place}"] for place in range(len(items))),
            instalments=tuple(read[f"instalments.{place}"] for place in range(len(instalments))),
        )

    @contextmanager
    def reasons(self) -> Iterator[None]:
        """Put what the domain refuses beside the line that it is about."""
        with super().reasons():
            try:
                yield
            except Refused as refused:
                left = {
                    name: why
                    for name, why in refused.reasons.items()
                    if not self._put(name.split("."), say(why))
                }
                raise Refused(left) from None

    def _put(self, place: list[str], text: str) -> bool:
        """Put a sentence beside a field of a line, or above all lines; tell whether it was put."""
        if place in ROWS:
            self.form_errors.append(text)
            return True
        if len(place) != PARTS:
            return False
        rows: Any = self._fields.get(place[0])
        lines = _filled(rows) if rows is not None else []
        number = int(place[1]) if place[1].isdecimal() else len(lines)
        field = lines[number]._fields.get(place[2]) if number < len(lines) else None
        if field is None:
            return False
        field.errors = [*field.errors, text]
        rows.errors = [*rows.errors, text]
        return True


def _filled(rows: "FieldList") -> Sequence[Any]:
    """Return the lines in which something was said."""
    return [entry.form for entry in rows if not entry.form.is_empty()]


class WhyForm(Form):
    """Why it is needed, in full: the risk, the tie to rights work, what was tried, what follows."""

    version = HiddenField()
    risk_level = RadioField(lazy(N_("How high is the risk?")), validate_choice=False)
    risk_reasons = TextAreaField(lazy(N_("Why is it so high?")), [Length(max=LONG_TEXT)])
    threats = TextAreaField(lazy(N_("What are the threats?")), [Length(max=LONG_TEXT)])
    vulnerabilities = TextAreaField(
        lazy(N_("What makes them vulnerable?")), [Length(max=LONG_TEXT)]
    )
    capacities = TextAreaField(lazy(N_("What protects them already?")), [Length(max=LONG_TEXT)])
    tie = TextAreaField(
        lazy(N_("Why are they at risk because of their human-rights work?")),
        [Length(max=LONG_TEXT)],
    )
    tried = TextAreaField(lazy(N_("What was tried already?")), [Length(max=LONG_TEXT)])
    asked_elsewhere = TextAreaField(
        lazy(N_("Who else was asked, and what did they answer?")), [Length(max=LONG_TEXT)]
    )
    expected = TextAreaField(lazy(N_("What should be better afterwards?")), [Length(max=LONG_TEXT)])
    exit_plan = TextAreaField(
        lazy(N_("How do they come back, or what comes after?")), [Length(max=LONG_TEXT)]
    )
    household = TickField(lazy(N_("Who else lives in the household?")), validate_choice=False)

    @classmethod
    def values(cls, current: RequestDraft) -> dict[str, object]:
        """Return what a request says now, as the form shows it."""
        words = {name: current.words.get(name) or "" for name in WORDS if name != "need"}
        household = [uid.hex for uid in current.household]
        return {"risk_level": current.risk_level or "", "household": household, **words}

    def offer(self, reader: Reader, people: list[tuple[str, str]]) -> "WhyForm":
        """Fill the choices in the reader’s language."""
        self.risk_level.choices = reader.choices("risk_level")
        self.household.choices = people
        return self

    def only(self, names: Iterable[str]) -> "WhyForm":
        """Leave the fields of these names: what else is said stays as it was decided on."""
        for name in set(self._fields) - {"version", *names}:
            del self[name]
        return self

    def draft(self, current: RequestDraft) -> RequestDraft:
        """Return what was typed, on top of what the request says."""
        typed = {name: text_or_none(self[name].data) for name in WORDS if name in self}
        return replace(
            current,
            risk_level=(self.risk_level.data or None)
            if "risk_level" in self
            else current.risk_level,
            words={**current.words, **typed},
            household=uids(self.household.data) if "household" in self else current.household,
        )
