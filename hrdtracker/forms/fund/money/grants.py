"""Donors, grants and lines as they are typed; and how days are read from text."""

from collections.abc import Iterable, Mapping
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
from hrdtracker.forms.base import (
    LONG_TEXT,
    NEEDED,
    CreateForm,
    Form,
    lazy,
    member,
    text_or_none,
    uid_or_none,
)
from hrdtracker.forms.fund.amounts import (
    AMOUNT_MOST,
    amount_of,
    amount_or_none,
    currencies,
    known_currency,
    typed_amount,
)
from hrdtracker.forms.reader import Reader, TickField
from hrdtracker.fund.drafts.money import (
    CODE_MOST,
    TITLE_MOST,
    DonorDraft,
    GrantDraft,
    GrantEndDraft,
    LineDraft,
    PromiseFate,
)
from hrdtracker.fund.drafts.requests import LINE_MOST
from hrdtracker.fund.model import DonorGrant, ReportingMethod, Restriction
from hrdtracker.fund.reading.money import GrantFigures

NO_DAY = N_("Write one day, such as “10 December” or “31/12/2026”.")
TERMS = {
    Restriction.AREA: ("areas", "thematic_area"),
    Restriction.PROVINCE: ("provinces", "province"),
    Restriction.SUPPORT_TYPE: ("support_types", "support_type"),
}
"""The field and the list of each kind of limit."""


def day_of(reader: Reader, text: str | None, field: str) -> date:
    """Return the one day that was typed; raises Refused beside the field."""
    when = reader.when(text)
    if when.earliest is None or when.precision not in {Precision.DAY, Precision.MINUTE}:
        raise Refused({field: NO_DAY})
    return clock.day_of(when.earliest, reader.zone)


METHODS = {
    ReportingMethod.AVERAGE: N_("The average of what the bank gave for its payments"),
    ReportingMethod.MONTHLY: N_("The donor’s list of each month"),
    ReportingMethod.INFOREURO: N_("InforEuro, the list of the European Commission"),
}
"""What each method of a donor is called where it is chosen."""


def methods(*, lists_only: bool = False) -> list[tuple[str, str]]:
    """Return the methods as choices: all of them, or those of which somebody records a list."""
    return [
        (str(method), gettext(label))
        for method, label in METHODS.items()
        if not (lists_only and method == ReportingMethod.AVERAGE)
    ]


class DonorForm(CreateForm):
    """A donor to add."""

    code = StringField(
        lazy(N_("Code")),
        [NEEDED, Length(max=CODE_MOST)],
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    name = StringField(lazy(N_("Name of the donor")), [NEEDED, Length(max=LINE_MOST)])

    def draft(self) -> DonorDraft:
        """Return the donor that was described; raises Refused."""
        return DonorDraft((self.code.data or "").strip(), self.name.data or "", self.sending())


class GrantTermsForm(Form):
    """What is said of a grant and may change: its period, total, reference and limits."""

    reference = StringField(lazy(N_("The donor’s reference")), [Length(max=LINE_MOST)])
    starts_on = StringField(lazy(N_("Begins on")), [NEEDED, Length(max=LONGEST_DATE)])
    ends_on = StringField(lazy(N_("Ends on")), [NEEDED, Length(max=LONGEST_DATE)])
    total = StringField(lazy(N_("Total")), [NEEDED, Length(max=AMOUNT_MOST)])
    request_most = StringField(
        lazy(N_("The most that one request may take")), [Length(max=AMOUNT_MOST)]
    )
    alternative_most = StringField(
        lazy(N_("Up to how much a declaration may stand for a document")),
        [Length(max=AMOUNT_MOST)],
    )
    retroactive = BooleanField(lazy(N_("It may pay what somebody has paid already")))
    fixed_rate = BooleanField(lazy(N_("Money is changed at the rate of the commitment")))
    pooling_agreed_on = StringField(
        lazy(N_("When the donor agreed in writing to lines told together")),
        [Length(max=LONGEST_DATE)],
    )
    pooling_agreement = StringField(
        lazy(N_("Where that agreement is written")), [Length(max=LINE_MOST)]
    )
    rate_method = RadioField(
        lazy(N_("At which rate its reports tell money of another currency")),
        default=ReportingMethod.AVERAGE,
        validate_choice=False,
    )
    areas = TickField(lazy(N_("Only these areas of work")), validate_choice=False)
    provinces = TickField(lazy(N_("Only these provinces")), validate_choice=False)
    support_types = TickField(lazy(N_("Only these types of support")), validate_choice=False)

    def offer(self, reader: Reader) -> Any:
        """Fill the choices in the reader's language."""
        self.rate_method.choices = methods()
        for field, codelist in TERMS.values():
            self[field].choices = reader.choices(codelist)
        return self

    def said(self, reader: Reader, currency: str) -> dict[str, Any]:
        """Return what was typed, but for code and currency; raises Refused."""
        return {
            "reference": self.reference.data or "",
            "starts_on": day_of(reader, self.starts_on.data, "starts_on"),
            "ends_on": day_of(reader, self.ends_on.data, "ends_on"),
            "total": amount_of(self.total.data, currency, "total"),
            "request_most": amount_or_none(self.request_most.data, currency, "request_most"),
            "alternative_most": amount_or_none(
                self.alternative_most.data, currency, "alternative_most", least=0
            ),
            "retroactive": self.retroactive.data,
            "fixed_rate": self.fixed_rate.data,
            "pooling_agreed_on": self._pooling_agreed_on(reader),
            "pooling_agreement": self.pooling_agreement.data or "",
            "rate_method": member(ReportingMethod, self.rate_method.data, ReportingMethod.AVERAGE),
            "terms": {kind: frozenset(self[name].data or ()) for kind, (name, _) in TERMS.items()},
        }

    def _pooling_agreed_on(self, reader: Reader) -> date | None:
        text = text_or_none(self.pooling_agreed_on.data)
        return day_of(reader, text, "pooling_agreed_on") if text else None


class GrantForm(GrantTermsForm, CreateForm):
    """A grant to add."""

    code = StringField(
        lazy(N_("Code")),
        [NEEDED, Length(max=CODE_MOST)],
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    currency = SelectField(lazy(N_("Currency")), validate_choice=False)

    def offer(self, reader: Reader) -> "GrantForm":
        """Fill the choices in the reader's language."""
        super().offer(reader)
        self.currency.choices = currencies()
        return self

    def draft(self, reader: Reader) -> GrantDraft:
        """Return the grant that was described; raises Refused."""
        currency = known_currency(self.currency.data)
        return GrantDraft(
            code=(self.code.data or "").strip(),
            currency=currency,
            sending=self.sending(),
            **self.said(reader, currency),
        )


class GrantChangeForm(GrantTermsForm):
    """A grant to change: everything but its code and currency."""

    version = HiddenField()

    @staticmethod
    def values(figures: GrantFigures, locale: str) -> dict[str, object]:
        """Return what a grant says now, as the form shows it."""
        grant = figures.grant
        return {
            "version": str(grant.version),
            "reference": grant.reference or "",
            "starts_on": say_day(grant.starts_on, locale),
            "ends_on": say_day(grant.ends_on, locale),
            "total": typed_amount(grant.total, grant.currency),
            "request_most": typed_amount(grant.request_most, grant.currency),
            "alternative_most": typed_amount(grant.alternative_most, grant.currency),
            "retroactive": grant.retroactive,
            "fixed_rate": grant.fixed_rate,
            "pooling_agreed_on": _day_or_nothing(grant.pooling_agreed_on, locale),
            "pooling_agreement": grant.pooling_agreement or "",
            "rate_method": grant.rate_method,
            **{name: figures.terms.get(kind, []) for kind, (name, _) in TERMS.items()},
        }

    def draft(self, reader: Reader, grant: DonorGrant) -> GrantDraft:
        """Return the grant as it shall be; raises Refused."""
        return GrantDraft(
            code=grant.code, currency=grant.currency, **self.said(reader, grant.currency)
        )


def _day_or_nothing(day: date | None, locale: str) -> str:
    return say_day(day, locale) if day else ""


class BudgetLineForm(CreateForm):
    """A line to add to a grant's budget."""

    code = StringField(lazy(N_("Code")), [NEEDED, Length(max=CODE_MOST)])
    title = StringField(lazy(N_("What the line is for")), [NEEDED, Length(max=TITLE_MOST)])
    amount = StringField(lazy(N_("Amount")), [NEEDED, Length(max=AMOUNT_MOST)])

    def draft(self, currency: str) -> LineDraft:
        """Return the line that was described; raises Refused."""
        amount = amount_of(self.amount.data, currency, "amount")
        code = (self.code.data or "").strip()
        return LineDraft(code, self.title.data or "", amount, self.sending())


def with_none(choices: Iterable[tuple[str, str]], empty: str) -> list[tuple[str, str]]:
    """Return choices after one that chooses nothing."""
    return [("", gettext(empty)), *choices]


class PromiseForm(Form):
    """What becomes of one promise of a grant that is ended."""

    request = HiddenField()
    fate = SelectField(validate_choice=False)


class GrantEndForm(Form):
    """That a donor ended a grant: when, why, and what becomes of each promise."""

    version = HiddenField()
    ended_on = StringField(lazy(N_("On which day did it end?")), [NEEDED, Length(max=LONGEST_DATE)])
    reason = TextAreaField(lazy(N_("Why?")), [NEEDED, Length(max=LONG_TEXT)])
    promises = FieldList(FormField(PromiseForm))
    line = SelectField(lazy(N_("The line to which promises go")), validate_choice=False)

    def offer(
        self,
        choices: Mapping[str, tuple[str, Iterable[PromiseFate]]],
        lines: Iterable[tuple[str, str]],
    ) -> "GrantEndForm":
        """Fill the choices: of each request what it is called, and what can become of it."""
        words = {
            PromiseFate.KEPT: gettext("It stays: it is paid from this grant"),
            PromiseFate.MOVED: gettext("It goes to the line chosen below"),
            PromiseFate.GIVEN_BACK: gettext("It is given back: the request is cancelled"),
        }
        for entry in self.promises:
            label, fates = choices.get(entry.form.request.data or "", ("", (PromiseFate.KEPT,)))
            entry.form.fate.label.text = label
            entry.form.fate.choices = [(fate.value, words[fate]) for fate in fates]
        self.line.choices = with_none(lines, N_("No line"))
        return self

    def draft(self, reader: Reader) -> GrantEndDraft:
        """Return what was typed; raises Refused."""
        pairs = (
            (
                uid_or_none(entry.form.request.data),
                member(PromiseFate, entry.form.fate.data, PromiseFate.KEPT),
            )
            for entry in self.promises
        )
        return GrantEndDraft(
            ended_on=day_of(reader, self.ended_on.data, "ended_on"),
            reason=self.reason.data or "",
            fates={uid: fate for uid, fate in pairs if uid is not None},
            line=uid_or_none(self.line.data),
        )
