"""Names of those who may have been under 18: hidden until somebody says why they are needed."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from hrdtracker.codelists.lookup import terms
from hrdtracker.forms.people import NameReasonForm
from hrdtracker.people.ages import WhyMasked
from hrdtracker.web.shell.reader import reader


@dataclass(frozen=True)
class HiddenNames:
    """How many names of a page stay hidden, and the form that says what they are needed for."""

    count: int
    form: NameReasonForm


def hidden_names(masked: Mapping[int, WhyMasked]) -> HiddenNames | None:
    """Return which names of a page stay hidden until somebody says why; None where none do."""
    return HiddenNames(len(masked), NameReasonForm().offer(reader())) if masked else None


def known_reason() -> str | None:
    """Return what the names are needed for, where it was chosen from the list."""
    term = terms().find("name_reason", reason_given())
    return term.code if term else None


def reason_given() -> str | None:
    """Return what the names are needed for, as it was chosen."""
    return request.form.get("reason") or None
