"""Exchange rates as they are typed: for the levels of approval, of the bank, of a donor’s list."""

from typing import Self

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Length

from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.money import Rate, UnclearMoney
from hrdtracker.core.money_as_typed import read_rate
from hrdtracker.core.when.model import Precision
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import NEEDED, CreateForm, lazy, member
from hrdtracker.forms.fund.amounts import AMOUNT_MOST, currencies
from hrdtracker.forms.fund.money.grants import day_of, methods
from hrdtracker.forms.reader import Reader
from hrdtracker.fund.drafts.money import (
    TITLE_MOST,
    RateDraft,
    ReportingRateDraft,
    TierRateDraft,
)
from hrdtracker.fund.model import ReportingMethod

NO_MONTH = N_("Write a month, such as “November 2026”.")


class AnyRateForm(CreateForm):
    """What one unit of a currency is worth in another, on which day, and who says so."""

    base = SelectField(lazy(N_("One unit of")), validate_choice=False)
    rate = StringField(lazy(N_("is worth")), [NEEDED, Length(max=AMOUNT_MOST)])
    quote = SelectField(lazy(N_("in")), validate_choice=False)
    day = StringField(lazy(N_("On which day")), [NEEDED, Length(max=LONGEST_DATE)])
    source = StringField(lazy(N_("Where the rate is from")), [NEEDED, Length(max=TITLE_MOST)])

    def offer(self) -> Self:
        """Fill the choices."""
        self.base.choices = self.quote.choices = currencies()
        return self

    def ratio(self) -> Rate:
        """Return the rate that was typed; raises Refused."""
        try:
            return read_rate(self.rate.data or "", self.base.data, self.quote.data)
        except UnclearMoney as unclear:
            raise Refused({"rate": unclear.reason}) from None


class RateForm(AnyRateForm):
    """What the bank gave, and the line of its statement that proves it."""

    bank_line = StringField(
        lazy(N_("Line of the bank statement")), [NEEDED, Length(max=TITLE_MOST)]
    )

    def draft(self, reader: Reader) -> RateDraft:
        """Return what the bank gave; raises Refused."""
        day, source = day_of(reader, self.day.data, "day"), self.source.data or ""
        return RateDraft(self.ratio(), day, source, self.bank_line.data or "", self.sending())


class ReportingRateForm(AnyRateForm):
    """What a list says of a month."""

    method = RadioField(
        lazy(N_("Of which list")), default=ReportingMethod.MONTHLY, validate_choice=False
    )

    def offer(self) -> Self:
        """Fill the choices."""
        super().offer()
        self.method.choices = methods(lists_only=True)
        return self

    def draft(self, reader: Reader) -> ReportingRateDraft:
        """Return what the list says; raises Refused."""
        when = reader.when(self.day.data or "")
        if when.earliest is None or when.precision == Precision.YEAR:
            raise Refused({"day": NO_MONTH})
        month = clock.day_of(when.earliest, reader.zone)
        method = member(ReportingMethod, self.method.data, ReportingMethod.AVERAGE)
        source = self.source.data or ""
        return ReportingRateDraft(self.ratio(), month, method, source, self.sending())


class TierRateForm(AnyRateForm):
    """A rate that says who must decide, and why it is far from the last one."""

    reason = StringField(
        lazy(N_("Why, where it is far from the last one")), [Length(max=TITLE_MOST)]
    )

    def draft(self, reader: Reader) -> TierRateDraft:
        """Return the rate to propose; raises Refused."""
        day, source = day_of(reader, self.day.data, "day"), self.source.data or ""
        return TierRateDraft(self.ratio(), day, source, self.reason.data or "", self.sending())
