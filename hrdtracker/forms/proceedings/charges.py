"""What is typed about charges, and what became of each."""

from flask_babel import gettext
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.core.errors import N_
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import LINE, LONG_TEXT, CreateForm, lazy, member, text_or_none
from hrdtracker.forms.proceedings.proceeding import WHEN_NEEDED, Choices, needed, told
from hrdtracker.forms.reader import Reader, TickField, uids
from hrdtracker.proceedings.drafts.charges import ChargeDraft, OutcomeDraft, Qualification
from hrdtracker.proceedings.model import QUALIFIES, ChargeStep


class QualificationFields(CreateForm):
    """As what somebody is charged, who said so, and how we know."""

    provision = SelectField(lazy(N_("Law and article")), validate_choice=False)
    words = StringField(lazy(N_("Or the law and article in words")), [Length(max=LINE)])
    aggravated = BooleanField(lazy(N_("The graver case, with the higher penalty")))
    offence_class = SelectField(lazy(N_("Class, where it is another")), validate_choice=False)
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    def fill(self, reader: Reader) -> None:
        """Fill the choices in the reader's language."""
        unsaid = gettext(N_("Not said"))
        self.provision.choices = reader.choices("provision", gettext(N_("Choose")))
        self.offence_class.choices = reader.choices(
            "offence_class", gettext(N_("As the list says"))
        )
        self.known_by.choices = reader.choices("how_known", unsaid)

    def qualification(self) -> Qualification:
        """Return as what somebody is charged."""
        return Qualification(
            provision=self.provision.data or None,
            words=text_or_none(self.words.data),
            offence_class=self.offence_class.data or None,
            aggravated=bool(self.aggravated.data),
        )


class ChargeForm(QualificationFields):
    """The same charge against several people."""

    parties = TickField(lazy(N_("Against whom?")), validate_choice=False)
    charged = StringField(
        lazy(N_("When were they charged?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    charged_by = SelectField(lazy(N_("By whom?")), validate_choice=False)
    alleged = StringField(
        lazy(N_("When is it alleged to have happened?")), [Length(max=LONGEST_DATE)]
    )

    def offer(self, reader: Reader, parties: Choices) -> "ChargeForm":
        """Fill the choices."""
        self.fill(reader)
        self.parties.choices = parties
        self.charged_by.choices = reader.choices("deciding_body", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> ChargeDraft:
        """Return what was typed; raises Refused."""
        return ChargeDraft(
            parties=uids(self.parties.data),
            qualification=self.qualification(),
            charged=needed(reader, self.charged.data, "charged"),
            charged_by=self.charged_by.data or None,
            alleged=told(reader, self.alleged.data),
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )


class ChargeOutcomeForm(QualificationFields):
    """What happened to some charges."""

    charges = TickField(lazy(N_("Which charges?")), validate_choice=False)
    kind = RadioField(
        lazy(N_("What happened to them?")), [InputRequired(lazy(N_("Choose what happened.")))]
    )
    decided = StringField(
        lazy(N_("When?")), [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)]
    )
    decided_by = SelectField(lazy(N_("By whom?")), validate_choice=False)

    def offer(self, reader: Reader, charges: Choices) -> "ChargeOutcomeForm":
        """Fill the choices."""
        self.fill(reader)
        self.charges.choices = charges
        self.kind.choices = reader.choices("charge_outcome")
        self.decided_by.choices = reader.choices("deciding_body", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> OutcomeDraft:
        """Return what was typed; raises Refused."""
        kind = member(ChargeStep, self.kind.data, ChargeStep.DROPPED)
        return OutcomeDraft(
            charges=uids(self.charges.data),
            kind=kind,
            decided=needed(reader, self.decided.data, "decided"),
            decided_by=self.decided_by.data or None,
            qualification=self.qualification() if kind in QUALIFIES else None,
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )
