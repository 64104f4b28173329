"""What is typed about a limit that ends otherwise than it was counted."""

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.cases.planning import read_near
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import Precision
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import LONG_TEXT, CreateForm, lazy
from hrdtracker.forms.reader import Reader
from hrdtracker.proceedings.clocks.drafts import NO_DISPUTE_REASON, NO_END, DisputeDraft


class DisputeForm(CreateForm):
    """When a limit ends according to the legal officer, and why."""

    ends = StringField(
        lazy(N_("When does it end?")), [InputRequired(lazy(NO_END)), Length(max=LONGEST_DATE)]
    )
    reason = TextAreaField(
        lazy(N_("Why then?")), [InputRequired(lazy(NO_DISPUTE_REASON)), Length(max=LONG_TEXT)]
    )

    def draft(self, reader: Reader) -> DisputeDraft:
        """Return what was typed; raises Refused for what is no day with an hour."""
        when = read_near(self.ends.data or "", reader.today, reader.zone)
        if when.precision is not Precision.MINUTE or when.earliest is None:
            raise Refused({"ends": NO_END})
        return DisputeDraft(when.earliest, self.reason.data or "", self.sending())
