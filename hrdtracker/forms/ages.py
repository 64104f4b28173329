"""What somebody says of a person’s age, as the form asks for it."""

import re

from flask_babel import gettext
from wtforms import SelectField, StringField
from wtforms.validators import Length

from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import LINE, CreateForm, lazy, number_or_none, text_or_none
from hrdtracker.forms.people import Reasons, read_birth, read_day
from hrdtracker.forms.reader import Reader
from hrdtracker.people.ages import NO_RANGE, AgeDraft, SaidAge

BETWEEN = re.compile(r"\s*(?:-|–|to|ដល់)\s*")
"""What stands between the least and the most years."""
NOTHING = N_("Write an age or a birth.")


class AgeForm(CreateForm):
    """An age, between two ages, or a birth; and how it is known."""

    age = StringField(lazy(N_("Age in years, or between which")), [Length(max=LINE)])
    age_on = StringField(lazy(N_("On which day was that their age?")), [Length(max=LONGEST_DATE)])
    birth = StringField(lazy(N_("Born")), [Length(max=LONGEST_DATE)])
    known_by = SelectField(lazy(N_("How is it known?")), validate_choice=False)
    note = StringField(lazy(N_("In words")), [Length(max=LINE)])

    def offer(self, reader: Reader) -> "AgeForm":
        """Fill the choices in the reader's language."""
        self.known_by.choices = reader.choices("age_evidence", gettext(N_("Choose")))
        return self

    def draft(self, reader: Reader) -> AgeDraft:
        """Return what was said as it is meant; raises Refused with every reason at once."""
        reasons = Reasons()
        said = reasons.of(self._said, reader)
        known_by = self.known_by.data or ""
        draft = AgeDraft(said, known_by, text_or_none(self.note.data)) if said else None
        return reasons.settle(draft)

    def _said(self, reader: Reader) -> SaidAge:
        birth = read_birth(reader, self.birth.data)
        if birth is not None:
            return SaidAge(birth)
        words = text_or_none(self.age.data)
        if words is None:
            raise Refused({"age": NOTHING})
        ends = [number_or_none(part, NO_RANGE, "age") for part in BETWEEN.split(words, maxsplit=1)]
        if None in ends:
            raise Refused({"age": NO_RANGE})
        on = read_day(reader, self.age_on.data, "age_on") or reader.today
        return SaidAge(None, ends[0] or 0, ends[-1] or 0, on)
