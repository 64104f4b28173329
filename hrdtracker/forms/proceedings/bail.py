"""What is typed about a release on bail: the sum, who paid it, and under which conditions."""

from flask_babel import gettext
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core.errors import N_
from hrdtracker.core.money import Money
from hrdtracker.custody.bail import NONE_YET
from hrdtracker.custody.drafts import BailDraft
from hrdtracker.custody.model import Bail
from hrdtracker.forms.base import LONG_TEXT, Form, lazy, text_or_none
from hrdtracker.forms.fund.amounts import (
    AMOUNT_MOST,
    FIRST,
    amount_or_none,
    currencies,
    known_currency,
    typed_amount,
)
from hrdtracker.forms.reader import Reader


class BailForm(Form):
    """On what terms somebody was released on bail."""

    version = HiddenField()
    bail = StringField(lazy(N_("Sum of the bail")), [Length(max=AMOUNT_MOST)])
    currency = SelectField(lazy(N_("Currency of the bail")), validate_choice=False)
    paid_by = SelectField(lazy(N_("Who paid it?")), validate_choice=False)
    conditions = TextAreaField(lazy(N_("Under which conditions?")), [Length(max=LONG_TEXT)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    @staticmethod
    def values(row: Bail | None) -> dict[str, object]:
        """Return what is known of a bail now, as the form shows it."""
        if row is None:
            return {"version": str(NONE_YET)}
        currency = row.currency or FIRST[0]
        return {
            "version": str(row.version),
            "bail": typed_amount(row.amount, currency),
            "currency": currency,
            "paid_by": row.paid_by or "",
            "conditions": row.conditions or "",
            "known_by": row.known_by or "",
        }

    def offer(self, reader: Reader) -> "BailForm":
        """Fill the choices."""
        unsaid = gettext(N_("Not said"))
        self.currency.choices = currencies()
        self.paid_by.choices = reader.choices("bail_payer", unsaid)
        self.known_by.choices = reader.choices("how_known", unsaid)
        return self

    def draft(self) -> BailDraft:
        """Return what was typed; raises Refused."""
        return BailDraft(
            bail=self._sum(),
            paid_by=self.paid_by.data or None,
            conditions=text_or_none(self.conditions.data),
            known_by=self.known_by.data or None,
        )

    def _sum(self) -> Money | None:
        if text_or_none(self.bail.data) is None:
            return None
        currency = known_currency(self.currency.data)
        amount = amount_or_none(self.bail.data, currency, "bail")
        return None if amount is None else Money(amount, currency)
