"""A reviewer's decision: what is established, whether it is a violation, or what is missing."""

from uuid import UUID

from flask import request
from flask_babel import gettext
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.forms.base import Chosen, Form, lazy, number_or_none, say
from hrdtracker.forms.reader import Reader
from hrdtracker.incidents.decisions import REASON_MOST
from hrdtracker.incidents.drafts import LEAST_SOURCES, NO_SOURCES, Assessment
from hrdtracker.incidents.model import Established, Finding


class ReviewForm(Form):
    """The reviewer's assessments, a block a kind of act, and the reason where it is returned."""

    version = HiddenField()
    reason = TextAreaField(lazy(N_("Or return it with a reason")), [Length(max=REASON_MOST)])


class AssessmentFields:
    """The fields of one kind of act, against the people to whom it was done."""

    def __init__(self, number: int, violations: list[UUID], stored: dict[str, str]) -> None:
        self.number = number
        self.violations = violations
        self.stored = stored
        self.error: str | None = None

    def name(self, field: str) -> str:
        """Return the name of one of the block's fields."""
        return f"{field}-{self.number}"

    def value(self, field: str) -> str:
        """Return what was sent for a field, or what stands in the database."""
        if request.method == "POST":
            return request.form.get(self.name(field), "").strip()
        return self.stored.get(field, "")

    def is_empty(self) -> bool:
        """Tell whether nothing was said about this block."""
        return not any(self.value(name) for name in self.stored)

    @property
    def lacks_sources(self) -> bool:
        """Whether a grade was chosen that cannot be kept, since no source is counted for it."""
        grade = chosen(Established, self.value("established"))
        return grade in LEAST_SOURCES and self.value("sources") in {"", "0"}

    def read(self, *, final: bool = True) -> Assessment:
        """Return the assessment; raises Refused, and keeps the reason to show at the block.

        Of one that is not `final` a grade is left out that lacks its sources.
        """
        try:
            grade = chosen(Established, self.value("established"))
            return Assessment(
                violations=tuple(self.violations),
                established=None if self.lacks_sources and not final else grade,
                independent_sources=number_or_none(self.value("sources"), NO_SOURCES, "sources"),
                finding=chosen(Finding, self.value("finding")),
                right=self.value("right") or None,
                final=final,
            )
        except Refused as refused:
            reason = next(iter(refused.reasons.values()))
            self.error = say(reason)
            label = Message("%(reason)s", {"reason": self.error})
            raise Refused({"": label}) from None


def chosen(kind: type[Chosen], value: str) -> Chosen | None:
    """Return the member of an enum that was chosen, or None."""
    return kind(value) if value in set(kind) else None


def right_choices(reader: Reader) -> list[tuple[str, str]]:
    """Return the rights that may have been violated."""
    return reader.choices("right", gettext(N_("Choose a right")))
