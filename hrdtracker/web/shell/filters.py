"""What a list is narrowed by: it stands in the address, where no name ever does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from hrdtracker.core.errors import message
from hrdtracker.core.text import unkeepable
from hrdtracker.core.when.say import say_when
from hrdtracker.forms.base import say
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.reader import reader

PERIOD = ("from", "to")
UNDATED, YES, NO = "undated", "yes", "no"


@dataclass(frozen=True)
class FilterField:
    """One filter: chosen from `choices`, a day where `is_day`, else words that somebody types.

    `unset` says what the list shows where nothing is chosen, if that is not all.
    """

    name: str
    label: str
    choices: Mapping[str, str] = field(default_factory=dict)
    typed: bool = False
    is_day: bool = False
    unset: str = ""

    def holds(self, value: str) -> bool:
        """Tell whether a value of the address narrows anything."""
        if self.is_day:
            return reader().when(value).earliest is not None
        return self.typed or value in self.choices

    @property
    def refusal(self) -> str:
        """Why a value does not narrow the list."""
        if self.is_day:
            return str(gettext("Not understood as a date. The list is not narrowed by it."))
        return str(gettext("Not one of the choices. The list is not narrowed by it."))

    def say(self, value: str) -> str:
        """Return the value as its chip says it."""
        if self.is_day:
            day = say_when(reader().when(value), locale(), today())
            from_day, until = gettext("From %(day)s", day=day), gettext("Until %(day)s", day=day)
            return str(from_day if self.name == "from" else until)
        return self.choices.get(value, value)


@dataclass(frozen=True)
class FilterBar:
    """The filters of a list, which of them are on, and the addresses that turn each off.

    What was `typed` and narrows nothing is in `errors`, by the name of its field, and never a chip.
    `path` are the values that the address of the list itself needs.
    """

    endpoint: str
    fields: tuple[FilterField, ...]
    chosen: Mapping[str, str]
    path: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address of the whole list."""
        return self._address()

    @property
    def offered(self) -> list[FilterField]:
        """The filters that leave a choice."""
        return [each for each in self.fields if each.choices or each.typed or each.is_day]

    @property
    def chips(self) -> list[dict[str, str]]:
        """Each filter that is on, with the address of the list without it."""
        return [
            {"label": each.say(self.chosen[each.name]), "url": self._without(each.name)}
            for each in self.fields
            if each.name in self.chosen
        ]

    def _without(self, name: str) -> str:
        return self._address(**{key: each for key, each in self.chosen.items() if key != name})

    def _address(self, **values: Any) -> str:
        return url_for(self.endpoint, **{**self.path, **values})

    def turn(self, **place: Any) -> str | None:
        """Return the address of another page of this list; None where there is none."""
        if not any(place.values()):
            return None
        return self._address(**{**self.chosen, **place})

    @property
    def undated_url(self) -> str:
        """The address of what has no date, and so is left out of the period."""
        others = {name: value for name, value in self.chosen.items() if name not in PERIOD}
        return self._address(**others, **{UNDATED: YES})

    @property
    def is_undated(self) -> bool:
        """Whether only what has no date is shown."""
        return UNDATED in self.chosen

    def uid(self, name: str) -> UUID | None:
        """Return the record that a filter names by its uid; None where it is off."""
        return UUID(self.chosen[name]) if name in self.chosen else None

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Return where the period begins and where it ends; None where that is open."""
        return _ends(self.chosen)


def filter_bar(endpoint: str, *fields: FilterField, **path: str) -> FilterBar:
    """Return the filters of a list as the address sets them; of a value that narrows nothing, why.

    A period that ends before it begins is none.
    """
    typed = {each.name: request.args.get(each.name, "").strip() for each in fields}
    wrong = unkeepable(typed, one_line=True)
    errors = {name: say(message(reason)) for name, reason in wrong.items()}
    typed = {name: value for name, value in typed.items() if value and name not in errors}
    chosen = {each.name: typed[each.name] for each in fields if each.name in typed}
    for each in fields:
        if each.name in chosen and not each.holds(chosen[each.name]):
            errors[each.name] = each.refusal
            del chosen[each.name]
    start, end = _ends(chosen)
    if start and end and end <= start:
        errors["to"] = gettext("This is before the day from which the list is to begin.")
        chosen = {name: value for name, value in chosen.items() if name not in PERIOD}
    return FilterBar(endpoint, fields, chosen, path, typed, errors)


def _ends(chosen: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    here = reader()
    start, end = (here.when(chosen.get(name)) for name in PERIOD)
    return start.earliest, end.latest


def pick(name: str, label: str, choices: Iterable[tuple[str, str]], unset: str = "") -> FilterField:
    """Return a filter that is chosen from values with their words."""
    return FilterField(name, label, dict(choices), unset=unset)


def period_fields() -> tuple[FilterField, FilterField]:
    """Return the two ends of a period."""
    return (
        FilterField("from", gettext("From"), is_day=True),
        FilterField("to", gettext("Until"), is_day=True),
    )


def undated_field() -> FilterField:
    """Return the filter for what has no date, which every period leaves out."""
    return pick(UNDATED, gettext("Date"), [(YES, gettext("No date known"))])
