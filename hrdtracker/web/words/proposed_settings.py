"""Settings that two people change, in words: what each was and what it would be."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.web.words.fields import in_smallest_units, label_of, say_value
from hrdtracker.web.words.requests import money

INSTANTS = frozenset({"factors_by"})
DAYS = frozenset({"valid_from", "valid_until", "reviewed_on"})
COLLEAGUES = frozenset({"board_id"})


def say_settings(line: OpenProposal) -> list[tuple[str, str, str]]:
    """Return the settings that would change: label, before and after."""
    table, values = line.proposal.subject_type, line.proposal.values
    before = values.get("before")
    if not isinstance(before, Mapping):
        return []
    return [
        (
            label_of(table, name),
            _say_setting(line, name, was, {**values, **before}),
            _say_setting(line, name, values[name], values),
        )
        for name, was in before.items()
    ]


def _say_setting(line: OpenProposal, name: str, value: Any, among: Mapping[str, Any]) -> str:
    """Return a setting as it stands among others in a proposal, an instant in letters there."""
    if name in COLLEAGUES:
        return _colleague(line, value)
    if in_smallest_units(line.proposal.subject_type, name):
        currency = str(among["currency"])
        return str(gettext("no ceiling")) if value is None else money(value, currency)
    if value and name in DAYS:
        value = date.fromisoformat(value)
    value = datetime.fromisoformat(value) if name in INSTANTS else value
    return say_value(line.proposal.subject_type, name, value)


def _colleague(line: OpenProposal, number: int | None) -> str:
    """Return what a colleague is called; whoever stands outside reads no names."""
    if number is None:
        return str(gettext("Nobody yet"))
    if line.proposer is None:
        return str(gettext("A colleague"))
    return labels_by_id([number]).get(number, "")
