"""Money of other currencies as a donor is told: by the way that its grant names, or not at all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.money import Money, nearest
from hrdtracker.core.when.model import months_after
from hrdtracker.core.when.month import Month
from hrdtracker.fund.disclosures.content import ToldRate
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.model import DonorGrant, ReportingMethod
from hrdtracker.fund.reading.figures import LineActual
from hrdtracker.fund.rules.exchanged import Exchanged, exchanged
from hrdtracker.fund.rules.rates import as_rate
from hrdtracker.fund.rules.reporting_rates import averages, listed_rates, shown_average

NO_RATE = N_(
    "This grant tells money of other currencies by a list, and nobody has recorded what it says of "
    "%(currency)s in %(month)s. Finance records it among the exchange rates first."
)
Worths = Mapping[tuple[str, date], Fraction]
"""What a smallest unit is in those of the grant, by the other currency and the month."""


def told_at_its_rate(
    grant: DonorGrant, draft: ReportDraft, lines: Sequence[LineActual]
) -> tuple[Sequence[LineActual], Sequence[ToldRate]]:
    """Return lines with what was spent at the rate that the grant names, and the rates.

    The books have what the bank gave. What is left of rounding goes on to the next line, so that
    all lines together are what all the money is, and of an average what the books have. Raises
    Refused where a rate lacks.
    """
    parts = exchanged(grant, draft.until, draft.since)
    if not parts:
        return lines, ()
    is_average = grant.rate_method == ReportingMethod.AVERAGE
    worths, told = (_by_average if is_average else _of_the_list)(grant, draft, parts)
    more: Counter[str] = Counter()
    together = Fraction()
    for part in parts:
        worth = worths.get((part.spent.currency, part.month))
        if worth is not None:
            before, together = nearest(together), together + part.spent.amount * worth
            more[part.line_code] += nearest(together) - before - part.taken.amount
    spent = {line.line_code: line.spent.amount + more[line.line_code] for line in lines}
    return [
        replace(line, spent=Money(spent[line.line_code], grant.currency)) for line in lines
    ], told


def _by_average(
    grant: DonorGrant, draft: ReportDraft, parts: Sequence[Exchanged]
) -> tuple[Worths, Sequence[ToldRate]]:
    """Return the averages of these months; of all until then, where these have none.

    So what is told of several periods adds up to what the bank gave. What has none then, a rest
    of a rounding, stays as it is booked.
    """
    worths = averages(parts)
    if None in worths.values():
        always = averages(exchanged(grant, draft.until))
        worths = {currency: worth or always.get(currency) for currency, worth in worths.items()}
    known = {currency: worth for currency, worth in worths.items() if worth is not None}
    told = [
        ToldRate.of(shown_average(grant, currency, worth), grant.rate_method)
        for currency, worth in known.items()
    ]
    by_month = {
        (part.spent.currency, part.month): known[part.spent.currency]
        for part in parts
        if part.spent.currency in known
    }
    return by_month, told


def _of_the_list(
    grant: DonorGrant, draft: ReportDraft, parts: Sequence[Exchanged]
) -> tuple[Worths, Sequence[ToldRate]]:
    """Return what the list says of each month of the report, and of those whose money came back.

    Not only of those with a payment: which months had one is nobody’s business outside.
    """
    currencies = sorted({part.spent.currency for part in parts})
    months = sorted({*_months(draft), *(part.month for part in parts)})
    listed = listed_rates(grant, months)
    wanted = [(currency, month) for currency in currencies for month in months]
    for currency, month in wanted:
        if (currency, month) not in listed:
            values = {"currency": currency, "month": Month(month)}
            raise Refused({"": Message(NO_RATE, values)})
    told = [
        ToldRate.of(as_rate(listed[key]), grant.rate_method, key[1], listed[key].source)
        for key in wanted
    ]
    return {key: as_rate(listed[key]).worth_of(key[0]) for key in wanted}, told


def _months(draft: ReportDraft) -> Iterable[date]:
    month = draft.since.replace(day=1)
    while month <= draft.until:
        yield month
        month = months_after(month, 1)
