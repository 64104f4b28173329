"""What is typed about a plan: for how many households, what each has, until when, and why."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from flask_babel import gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import LONG_TEXT, lazy, number_or_none, text_or_none
from hrdtracker.forms.cases.case import coming_day
from hrdtracker.forms.fund.amounts import (
    AMOUNT_MOST,
    amount_or_none,
    currencies,
    known_currency,
    typed_amount,
)
from hrdtracker.forms.fund.requests.request import PlacedForm, read_all
from hrdtracker.forms.reader import Reader
from hrdtracker.fund.drafts.requests import NO_HOUSEHOLDS, ItemDraft, RequestDraft


class PlanForm(PlacedForm):
    """A plan on one screen; of each household the rest is said when it draws."""

    PLACES = MappingProxyType(
        {
            "items.0.support_type": "support_type",
            "items.0.each": "each",
            "items.0.quantity": "households",
            "items.0.lump": "each",
            "items": "each",
        }
    )
    households = StringField(lazy(N_("For how many households?")), [Length(max=AMOUNT_MOST)])
    support_type = SelectField(lazy(N_("What is the money for?")), validate_choice=False)
    each = StringField(lazy(N_("How much for each household?")), [Length(max=AMOUNT_MOST)])
    currency = SelectField(lazy(N_("Currency")), validate_choice=False)
    plan_until = StringField(
        lazy(N_("Until which day may households draw?")), [Length(max=LONGEST_DATE)]
    )
    need = TextAreaField(lazy(N_("Why is it needed?")), [Length(max=LONG_TEXT)])
    urgency = RadioField(lazy(N_("How urgent is it?")), validate_choice=False)

    @classmethod
    def values(cls, current: RequestDraft, locale: str) -> dict[str, object]:
        """Return what a plan says now, as the form shows it."""
        item = current.items[0] if current.items else None
        return {
            "households": str(current.households or ""),
            "support_type": item.support_type if item else "",
            "each": typed_amount(item.each, current.currency) if item else "",
            "currency": current.currency,
            "plan_until": say_day(current.plan_until, locale) if current.plan_until else "",
            "need": current.words.get("need") or "",
            "urgency": current.urgency,
        }

    def offer(self, reader: Reader) -> "PlanForm":
        """Fill the choices in the reader’s language."""
        self.support_type.choices = reader.choices("support_type", gettext(N_("Choose")))
        self.currency.choices = currencies()
        self.urgency.choices = reader.choices("urgency")
        return self

    def draft(self, reader: Reader, current: RequestDraft) -> RequestDraft:
        """Return what was typed, on top of what the plan says; raises Refused by field."""
        currency = known_currency(self.currency.data)
        read = read_all(
            households=self._households,
            plan_until=lambda: self._until(reader, current),
            each=lambda: amount_or_none(self.each.data, currency, "each"),
        )
        households, each = read["households"], read.pop("each")
        if each is None:
            raise Refused({"each": N_("Write how much, even roughly: it can be corrected.")})
        item = ItemDraft(self.support_type.data or "", each, quantity=households)
        return replace(
            current,
            **read,
            items=(item,),
            needed_by=read["plan_until"],
            currency=currency,
            urgency=self.urgency.data or "normal",
            words={**current.words, "need": text_or_none(self.need.data)},
            sending=self.sending(),
        )

    def _households(self) -> int:
        number = number_or_none(self.households.data, NO_HOUSEHOLDS, "households")
        if not number:
            raise Refused({"households": NO_HOUSEHOLDS})
        return number

    def _until(self, reader: Reader, current: RequestDraft) -> date | None:
        """Return the day; the one that stands there already may be past."""
        typed = text_or_none(self.plan_until.data)
        if current.plan_until and typed == say_day(current.plan_until, reader.locale):
            return current.plan_until
        return coming_day(reader, typed, "plan_until")
