"""Settings that two people change, in words: what each was and what it would be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.web.words.fields import label_of, say_value

INSTANTS = frozenset({"factors_by"})
COLLEAGUES = frozenset({"board_id"})


def say_settings(line: OpenProposal) -> list[tuple[str, str, str]]:
    """Return the settings that would change: label, before and after."""
    table, values = line.proposal.subject_type, line.proposal.values
    before = values.get("before")
    if not isinstance(before, Mapping):
        return []
    return [
        (label_of(table, name), _say_setting(line, name, was), _say_setting(line, name, to))
        for name, was in before.items()
        for to in [values[name]]
    ]


def _say_setting(line: OpenProposal, name: str, value: Any) -> str:
    """Return a setting as it stands in a proposal, where an instant is written in letters."""
    if name in COLLEAGUES:
        return _colleague(line, value)
    value = datetime.fromisoformat(value) if name in INSTANTS else value
    return say_value(line.proposal.subject_type, name, value)


def _colleague(line: OpenProposal, number: int | None) -> str:
    """Return what a colleague is called; whoever stands outside reads no names."""
    if number is None:
        return str(gettext("Nobody yet"))
    if line.proposer is None:
        return str(gettext("A colleague"))
    return labels_by_id([number]).get(number, "")
