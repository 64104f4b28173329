"""Users, roles, offices, terms and settings, as an administrator types them."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from hrdtracker.access.model import FactorsFor, Office, Organisation
from hrdtracker.accounts.drafts import OfficeDraft, ReadingLimits, SettingsDraft, UserDraft
from hrdtracker.codelists.drafts import TermDraft
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import Precision
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import NEEDED, CreateForm, Form, lazy, number_or_none
from hrdtracker.forms.reader import Reader

Choices = Iterable[tuple[str, str]]
NO_HOURS = N_("Write a number of hours, from 1 to 168.")
TO_THE_DAY = {Precision.MINUTE, Precision.DAY}


class InviteForm(CreateForm):
    """A new user."""

    login = StringField(
        lazy(N_("User name")),
        [NEEDED, Length(max=64)],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    label = StringField(lazy(N_("What colleagues call them")), [NEEDED, Length(max=80)])

    def draft(self) -> UserDraft:
        """Return the user that was described; raises Refused."""
        login = (self.login.data or "").strip().casefold()
        return UserDraft(login, self.label.data, self.sending())


class RoleForm(CreateForm):
    """A role for a user, in an office or in all, perhaps until a day."""

    role = RadioField(lazy(N_("Role")), [InputRequired(lazy(N_("Choose a role.")))])
    office = SelectField(lazy(N_("Office")))
    ends_on = StringField(lazy(N_("Until, if it ends")), [Length(max=LONGEST_DATE)])

    def offer(self, roles: Choices, offices: Choices) -> "RoleForm":
        """Offer the roles and offices to choose from."""
        self.role.choices = list(roles)
        self.office.choices = list(offices)
        return self

    def ends_at(self, reader: Reader) -> datetime | None:
        """Return the instant after the last day of the role; raises Refused for what is no day."""
        text = (self.ends_on.data or "").strip()
        if not text:
            return None
        when = reader.when(text)
        if when.latest is None or when.precision not in TO_THE_DAY:
            raise Refused({"ends_on": N_("Write a day, such as 31 December 2026.")})
        return when.latest


class LeaveForm(Form):
    """Who takes over from somebody who leaves."""

    successor = SelectField(lazy(N_("Who takes over")))

    def offer(self, colleagues: Choices) -> "LeaveForm":
        """Offer the colleagues to choose from, and whoever directs the office."""
        director = ("", str(lazy(N_("Nobody in particular: a director"))))
        self.successor.choices = [director, *colleagues]
        return self

    def chosen(self) -> UUID | None:
        """Return the uid of whoever was chosen."""
        return UUID(self.successor.data) if self.successor.data else None


class OfficeForm(CreateForm):
    """An office to open."""

    code = StringField(
        lazy(N_("Code")),
        [NEEDED, Length(max=4)],
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    name_en = StringField(lazy(N_("Name in English")), [NEEDED, Length(max=120)])
    name_km = StringField(lazy(N_("Name in Khmer")), [NEEDED, Length(max=120)])
    open_to_monitors = BooleanField(lazy(N_("Its monitors read each other’s normal cases")))
    keeps_typing = BooleanField(
        lazy(N_("Browsers may keep what its people type, for 30 minutes")), default=True
    )

    def draft(self) -> OfficeDraft:
        """Return the office that was described; raises Refused."""
        code = (self.code.data or "").strip().upper()
        return self._draft(code)

    def changed(self, office: Office) -> OfficeDraft:
        """Return an office as it shall be; its code stays."""
        return self._draft(office.code)

    def _draft(self, code: str) -> OfficeDraft:
        return OfficeDraft(
            code,
            self.name_en.data,
            self.name_km.data,
            self.open_to_monitors.data,
            self.keeps_typing.data,
            self.sending(),
        )


class OfficeChangeForm(OfficeForm):
    """An office to change: everything but its code."""

    code = None


class TermForm(CreateForm):
    """A new term of a list."""

    label_en = StringField(lazy(N_("The term in English")), [NEEDED, Length(max=200)])
    label_km = StringField(lazy(N_("The term in Khmer")), [NEEDED, Length(max=200)])
    parent = SelectField(lazy(N_("Belongs to")), validate_choice=False)

    def offer(self, parents: Choices) -> "TermForm":
        """Offer the wider terms, where the list has any."""
        self.parent.choices = list(parents)
        return self

    def draft(self) -> TermDraft:
        """Return the term that was described; raises Refused."""
        return TermDraft(
            self.label_en.data, self.label_km.data, self.parent.data or None, self.sending()
        )


class SettingsForm(Form):
    """What the organisation sets for everybody."""

    name = StringField(lazy(N_("Name of the organisation")), [NEEDED, Length(max=200)])
    product = StringField(lazy(N_("Word at the top of every page")), [NEEDED, Length(max=40)])
    language = SelectField(
        lazy(N_("Language of the organisation")),
        choices=[SelectChoice("km", "ខ្មែរ"), SelectChoice("en", "English")],
    )
    zone = StringField(lazy(N_("Time zone")), [NEEDED, Length(max=64)])
    factors_for = SelectField(
        lazy(N_("Who needs a second factor to sign in")),
        choices=[
            SelectChoice(FactorsFor.DECIDERS, lazy(N_("Who decides, pays, audits or administers"))),
            SelectChoice(FactorsFor.EVERYBODY, lazy(N_("Everybody"))),
        ],
    )
    factors_by = StringField(lazy(N_("Needed from")), [NEEDED, Length(max=LONGEST_DATE)])
    due_mail_hours = StringField(
        lazy(N_("Hours between two mails that something is due")), [NEEDED, Length(max=9)]
    )

    @classmethod
    def of(cls, organisation: Organisation, first_day: str) -> "SettingsForm":
        """Return the form as it was sent, or with what is set now.

        `first_day` is from when a second factor is needed, in the reader’s words.
        """
        form: SettingsForm = cls.received(
            name=organisation.name,
            product=organisation.product,
            language=organisation.language,
            zone=organisation.zone,
            factors_for=organisation.factors_for,
            factors_by=first_day,
            due_mail_hours=str(organisation.due_mail_hours),
        )
        return form

    def draft(self, reader: Reader) -> SettingsDraft:
        """Return the settings as they shall be; raises Refused."""
        return SettingsDraft(
            self.name.data,
            self.product.data,
            self.language.data,
            (self.zone.data or "").strip(),
            FactorsFor(self.factors_for.data),
            self._first_moment(reader),
            number_or_none(self.due_mail_hours.data, NO_HOURS, "due_mail_hours") or 0,
        )

    def _first_moment(self, reader: Reader) -> datetime:
        when = reader.when((self.factors_by.data or "").strip())
        if when.earliest is None or when.precision not in TO_THE_DAY:
            raise Refused({"factors_by": N_("Write a day, such as 31 December 2026.")})
        return when.earliest


def _most(name: str, text: str | None) -> int:
    return number_or_none(text, N_("Write a number from 10 to 100,000."), name) or 0


LIMITS = tuple(limit.name for limit in fields(ReadingLimits))


def _limit(label: str) -> StringField:
    return StringField(lazy(label), [NEEDED, Length(max=12)], render_kw={"inputmode": "numeric"})


class LimitsForm(Form):
    """How much somebody may read before others are told of it."""

    searches_hour = _limit(N_("Searches for people in an hour, at most"))
    pages_hour = _limit(N_("Pages read in an hour, before it is told"))
    people_hour = _limit(N_("People read in an hour, before it is told"))
    cases_hour = _limit(N_("Cases read in an hour, before it is told"))
    pages_day = _limit(N_("Pages read in a day, before it is told"))
    people_day = _limit(N_("People read in a day, before it is told"))
    cases_day = _limit(N_("Cases read in a day, before it is told"))

    @classmethod
    def of(cls, organisation: Organisation) -> "LimitsForm":
        """Return the form as it was sent, or with what is set now."""
        form: LimitsForm = cls.received(
            **{name: str(getattr(organisation, name)) for name in LIMITS}
        )
        return form

    def draft(self) -> ReadingLimits:
        """Return the limits as they shall be; raises Refused."""
        return ReadingLimits(**{name: _most(name, self._fields[name].data) for name in LIMITS})
