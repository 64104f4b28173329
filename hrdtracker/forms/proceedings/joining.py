"""What is typed where proceedings are joined, or some of the accused are separated."""

from flask_babel import gettext
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from hrdtracker.core.errors import N_
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import CreateForm, Form, lazy
from hrdtracker.forms.proceedings.proceeding import WHEN_NEEDED, Choices, FactFields, needed
from hrdtracker.forms.reader import Reader, TickField, uids
from hrdtracker.proceedings.drafts.proceedings import JoiningDraft, SeparationDraft
from hrdtracker.proceedings.model import Proceeding


class JoiningForm(Form):
    """With which other proceeding one was joined."""

    version = HiddenField()
    into = SelectField(lazy(N_("Which proceeding goes on?")), validate_choice=False)
    joined = StringField(
        lazy(N_("When were they joined?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    def offer(self, reader: Reader, others: Choices) -> "JoiningForm":
        """Fill the choices."""
        self.into.choices = [("", gettext(N_("Choose"))), *others]
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> JoiningDraft:
        """Return what was typed; raises Refused."""
        return JoiningDraft(
            into=next(iter(uids([self.into.data or ""])), None),
            joined=needed(reader, self.joined.data, "joined"),
            known_by=self.known_by.data or None,
        )


class SeparationForm(CreateForm, FactFields):
    """Who was separated, when, and what is known of the proceeding in which it goes on for them."""

    parties = TickField(lazy(N_("Who was separated?")), validate_choice=False)
    separated = StringField(
        lazy(N_("When were they separated?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    @staticmethod
    def values(proceeding: Proceeding) -> dict[str, object]:
        """Return what is likely so of the new proceeding too."""
        return {"stage": proceeding.stage, "court": proceeding.court or ""}

    def offer(self, reader: Reader, accused: Choices) -> "SeparationForm":
        """Fill the choices."""
        self.fill(reader)
        self.parties.choices = accused
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> SeparationDraft:
        """Return what was typed; raises Refused."""
        return SeparationDraft(
            parties=uids(self.parties.data),
            separated=needed(reader, self.separated.data, "separated"),
            facts=self.facts(),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )
