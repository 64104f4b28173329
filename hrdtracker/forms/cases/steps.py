"""What is typed about what was done for people who are held: of each kind when, how we know."""

from flask_babel import gettext
from wtforms import SelectField, StringField
from wtforms.validators import Length

from hrdtracker.core.errors import N_
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.custody.drafts import StepsDraft
from hrdtracker.custody.model import CustodyStep
from hrdtracker.forms.base import CreateForm, lazy, text_or_none
from hrdtracker.forms.reader import Reader, TickField, uids


class StepsForm(CreateForm):
    """What was done for several people who are held."""

    stays = TickField(lazy(N_("For whom?")), validate_choice=False)
    family_informed = StringField(
        lazy(N_("When did the family learn of it?")), [Length(max=LONGEST_DATE)]
    )
    told_reasons = StringField(lazy(N_("When were they told why?")), [Length(max=LONGEST_DATE)])
    lawyer_seen = StringField(
        lazy(N_("When did they first see a lawyer?")), [Length(max=LONGEST_DATE)]
    )
    medical_visit = StringField(lazy(N_("When did a doctor see them?")), [Length(max=LONGEST_DATE)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    def offer(self, reader: Reader, people: list[tuple[str, str]]) -> "StepsForm":
        """Fill the choices."""
        self.stays.choices = people
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> StepsDraft:
        """Return what was typed; raises Refused."""
        words = {kind: text_or_none(self[kind].data) for kind in CustodyStep}
        return StepsDraft(
            stays=uids(self.stays.data),
            steps={kind: reader.when(text) for kind, text in words.items() if text},
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )
