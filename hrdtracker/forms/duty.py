"""Who is on duty on each day of a week, and whom one asks to take over."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext
from wtforms import HiddenField, SelectField

from hrdtracker.core.errors import N_, Refused
from hrdtracker.duty.service import NOT_THERE, DayChange
from hrdtracker.forms.base import Form, lazy, uid_or_none

DAYS = 7
NOBODY = N_("Nobody: the directors")
Choices = Sequence[tuple[str, str]]


def _choice() -> SelectField:
    return SelectField(validate_choice=False)


class WeekForm(Form):
    """A colleague for each day of a week; the fields are labelled with their days."""

    day_0, day_1, day_2, day_3 = _choice(), _choice(), _choice(), _choice()
    day_4, day_5, day_6 = _choice(), _choice(), _choice()
    shown_0, shown_1, shown_2, shown_3 = HiddenField(), HiddenField(), HiddenField(), HiddenField()
    shown_4, shown_5, shown_6 = HiddenField(), HiddenField(), HiddenField()

    def offer(self, people: Choices, labels: Sequence[str]) -> "WeekForm":
        """Fill the choices, and say which day each field is for."""
        for field, label in zip(self.days, labels, strict=True):
            field.choices = [("", gettext(NOBODY)), *people]
            field.label.text = label
        return self

    @property
    def days(self) -> list[SelectField]:
        """The fields, in the order of their days."""
        return [self[f"day_{number}"] for number in range(DAYS)]

    @property
    def shown(self) -> list[HiddenField]:
        """Who was on duty on each day when the form was opened."""
        return [self[f"shown_{number}"] for number in range(DAYS)]

    def fill(self, people: Sequence[str]) -> None:
        """Say who is on duty on each day, as it stands; another choice that was made stays."""
        for field, shown, uid in zip(self.days, self.shown, people, strict=True):
            if field.data == shown.data:
                field.data = uid
            shown.data = uid

    def changes(self, first: date, since: date) -> dict[date, DayChange]:
        """Return the days from `since` on of which somebody else was chosen than was shown.

        Raises Refused beside the field of a day.
        """
        days = {}
        for number, (field, shown) in enumerate(zip(self.days, self.shown, strict=True)):
            day = first + timedelta(days=number)
            if day < since or field.data in {None, shown.data}:
                continue
            uid = uid_or_none(field.data)
            if field.data and uid is None:
                raise Refused({field.name: NOT_THERE})
            days[day] = DayChange(uid_or_none(shown.data), uid)
        return days


class HandOverForm(Form):
    """Whom one asks to take over a day."""

    colleague = SelectField(lazy(N_("Who takes over?")), validate_choice=False)

    def offer(self, people: Choices) -> "HandOverForm":
        """Fill the choices."""
        self.colleague.choices = [("", gettext(N_("Choose"))), *people]
        return self

    @property
    def chosen(self) -> UUID | None:
        """Who was chosen."""
        return uid_or_none(self.colleague.data)
