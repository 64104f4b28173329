"""What a rule of law is to say, that a lawyer reviewed it, and the holidays of a decree."""

import re
from datetime import date

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from hrdtracker.core.declarations import field_of
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.numerals import latin_digits
from hrdtracker.core.when.model import Precision, local_days
from hrdtracker.forms.base import NEEDED, Form, lazy
from hrdtracker.forms.reader import Reader
from hrdtracker.proceedings.legal_rules.drafts import (
    CELL_MOST,
    CELLS,
    DECREE_MOST,
    NAME_MOST,
    HolidaysDraft,
    ReviewDraft,
    RuleDraft,
    TakingAwayDraft,
)
from hrdtracker.proceedings.legal_rules.model import COLUMN_OF, LegalRuleVersion

READ = ("law", "article", "says", "says_km", "sources", "confidence", "disputed", "note")
"""What people read of a rule; the other cells say how it is counted."""
COUNTED = tuple(COLUMN_OF[name] for name in CELLS if name not in READ)
"""The fields that say how it is counted."""
LONG = frozenset({"says", "says_km", "disputed", "note"})
DAYS_LENGTH = 20_000
DAY_LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s*[,;:]?\s*(.*)")


def _label(column: str) -> str:
    field = field_of(LegalRuleVersion.__tablename__, column)
    return field.label if field else column


class RuleForm(Form):
    """What a version of a rule is to say; its cells are fields named as their columns."""

    follows = RadioField(
        lazy(N_("What changed?")),
        choices=[
            SelectChoice("no", lazy(N_("How we read or say it: this replaces the version"))),
            SelectChoice("yes", lazy(N_("The law: the version ends the day before this begins"))),
        ],
        default="no",
    )

    @classmethod
    def of(cls, version: LegalRuleVersion) -> "RuleForm":
        """Return the form as it was sent, or with what the version says."""
        said = version.cells()
        form: RuleForm = cls.received(**{COLUMN_OF[name]: said[name] for name in CELLS})
        return form

    def draft(self) -> RuleDraft:
        """Return what the rule is to say; raises Refused."""
        cells = {name: self._fields[COLUMN_OF[name]].data or "" for name in CELLS}
        return RuleDraft(cells, self.follows.data == "yes")


for _name in CELLS:
    _column = COLUMN_OF[_name]
    _kind = TextAreaField if _name in LONG else StringField
    setattr(RuleForm, _column, _kind(lazy(_label(_column)), [Length(max=CELL_MOST)]))


class LawyerReviewForm(Form):
    """That a lawyer has read a rule and stands for it."""

    reviewed_by = StringField(
        lazy(N_("Who reviewed it, as they want to be named")), [NEEDED, Length(max=NAME_MOST)]
    )
    reviewed_on = StringField(lazy(N_("On which day")), [NEEDED, Length(max=80)])

    def draft(self, reader: Reader) -> ReviewDraft:
        """Return the review; raises Refused."""
        when = reader.when(self.reviewed_on.data)
        days = local_days(when)
        if days is None or when.precision not in {Precision.DAY, Precision.MINUTE}:
            raise Refused({"reviewed_on": N_("Write the day of the review.")})
        return ReviewDraft(self.reviewed_by.data, days[0])


class AddedSourceForm(Form):
    """Who else says what a rule says: the text that somebody read, or a lawyer who was asked."""

    source = RadioField(
        lazy(N_("Who says so?")),
        [NEEDED],
        choices=[
            SelectChoice("text_read", lazy(N_("The text of the law, which I read"))),
            SelectChoice("lawyer", lazy(N_("A lawyer whom I asked"))),
        ],
    )
    where = TextAreaField(
        lazy(N_("Which edition and page, or which lawyer and when")),
        [NEEDED, Length(max=CELL_MOST)],
    )

    def draft(self, version: LegalRuleVersion) -> RuleDraft:
        """Return the version with one more source, and with what its note says of it."""
        said = version.cells()
        known = [key for key in said["sources"].split(" | ") if key not in {"", "none_found"}]
        sources = " | ".join(dict.fromkeys([*known, self.source.data]))
        note = " ".join(part for part in (said["note"], (self.where.data or "").strip()) if part)
        return RuleDraft({"sources": sources, "note": note})


class HolidaysForm(Form):
    """The public holidays of a decree, a day and its name in each line."""

    decree = StringField(lazy(N_("Decree")), [NEEDED, Length(max=DECREE_MOST)])
    days = TextAreaField(lazy(N_("Days, one a line")), [NEEDED, Length(max=DAYS_LENGTH)])

    def draft(self) -> HolidaysDraft:
        """Return the days of the decree; raises Refused for a line that is no day with a name."""
        lines = [line.strip() for line in (self.days.data or "").splitlines() if line.strip()]
        return HolidaysDraft(self.decree.data, [_day_of(line) for line in lines])


def _day_of(line: str) -> tuple[date, str]:
    found = DAY_LINE.fullmatch(latin_digits(line[:11]) + line[11:])
    wrong = Message(N_("“%(line)s” is no day such as 2027-01-01 and its name."), {"line": line})
    if found is None:
        raise Refused({"days": wrong})
    year, month, day = map(int, found[1].split("-"))
    try:
        return date(year, month, day), found[2].strip()
    except ValueError:
        raise Refused({"days": wrong}) from None


class TakingAwayForm(Form):
    """By which decree a day is no public holiday any more."""

    decree = StringField(lazy(N_("Decree that takes it away")), [NEEDED, Length(max=DECREE_MOST)])

    def draft(self) -> TakingAwayDraft:
        """Return it; raises Refused."""
        return TakingAwayDraft(self.decree.data)
