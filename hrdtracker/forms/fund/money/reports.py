"""Which grant and which whole months a report is about, as it is chosen."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Self

from wtforms import SelectField

from hrdtracker.core.errors import N_, Refused
from hrdtracker.forms.base import NEEDED, CreateForm, lazy, uid_or_none
from hrdtracker.forms.fund.money.grants import with_none
from hrdtracker.fund.drafts.money import ReportDraft

MONTHS = 48
"""How many months back a report may begin."""
MONTH = re.compile(r"(\d{4})-(\d{2})")
NO_MONTH = N_("Choose a month.")
Choices = Iterable[tuple[str, str]]


def months_before(day: date) -> list[date]:
    """Return the first days of the months that are over, the latest first."""
    months, first = [], day.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months


class MonthsForm(CreateForm):
    """Numbers for outsiders: from which whole month to which."""

    first = SelectField(lazy(N_("First month")), [NEEDED], validate_choice=False)
    last = SelectField(lazy(N_("Last month")), [NEEDED], validate_choice=False)

    def offer_months(self, months: Choices) -> Self:
        """Fill the choices."""
        self.first.choices = self.last.choices = list(months)
        return self

    def draft(self) -> ReportDraft:
        """Return what the report is about; raises Refused."""
        since, last = _month("first", self.first.data), _month("last", self.last.data)
        until = (last + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return ReportDraft(since, until, sending=self.sending())


class ReportForm(MonthsForm):
    """A report to prepare: a grant, or all of them, and from which month to which."""

    grant = SelectField(lazy(N_("Grant")), validate_choice=False)

    def offer(self, grants: Choices, months: Choices, empty: str) -> Self:
        """Fill the choices; `empty` says what no grant stands for."""
        self.grant.choices = with_none(grants, empty)
        return self.offer_months(months)

    def draft(self) -> ReportDraft:
        """Return what the report is about; raises Refused."""
        return replace(super().draft(), grant=uid_or_none(self.grant.data))


def _month(field: str, text: str | None) -> date:
    """Return the first day of a month; raises Refused beside its field."""
    match = MONTH.fullmatch(text or "")
    try:
        return date(int(match[1]), int(match[2]), 1) if match else _no_month(field)
    except ValueError:
        return _no_month(field)


def _no_month(field: str) -> date:
    raise Refused({field: NO_MONTH})
