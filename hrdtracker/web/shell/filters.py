"""What a list is narrowed by: it stands in the address, where no name ever does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from hrdtracker.core.text import unkeepable
from hrdtracker.core.when.say import say_when
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.reader import reader


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

    `path` are the values that the address of the list itself needs.
    """

    endpoint: str
    fields: tuple[FilterField, ...]
    chosen: Mapping[str, str]
    path: Mapping[str, str] = field(default_factory=dict)

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

    def uid(self, name: str) -> UUID | None:
        """Return the record that a filter names by its uid; None where it is off."""
        return UUID(self.chosen[name]) if name in self.chosen else None

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Return where the period begins and where it ends; None where that is open."""
        here = reader()
        start, end = (here.when(self.chosen.get(name)) for name in ("from", "to"))
        return start.earliest, end.latest


def filter_bar(endpoint: str, *fields: FilterField, **path: str) -> FilterBar:
    """Return the filters of a list as the address sets them; what no filter holds is left out."""
    typed = {each.name: request.args.get(each.name, "").strip() for each in fields}
    wrong = unkeepable(typed, one_line=True)
    chosen = {
        each.name: value
        for each in fields
        if (value := typed[each.name]) and each.name not in wrong and each.holds(value)
    }
    return FilterBar(endpoint, fields, chosen, path)


def pick(name: str, label: str, choices: Iterable[tuple[str, str]], unset: str = "") -> FilterField:
    """Return a filter that is chosen from values with their words."""
    return FilterField(name, label, dict(choices), unset=unset)


def period_fields() -> tuple[FilterField, FilterField]:
    """Return the two ends of a period."""
    return (
        FilterField("from", gettext("From"), is_day=True),
        FilterField("to", gettext("Until"), is_day=True),
    )
