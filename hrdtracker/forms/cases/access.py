"""What is typed about who may open a case."""

from datetime import datetime
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.access.model import Sensitivity
from hrdtracker.accounts.assignments import NO_COLLEAGUE
from hrdtracker.cases.drafts import (
    APPEAL_MOST,
    NO_APPEAL,
    NO_CONFLICT,
    NO_MEMBER_REASON,
    NO_RECOVERY_REASON,
    REASON_MOST,
    BlockDraft,
    MemberDraft,
)
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import DAY, midnight
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import CreateForm, Form, lazy, member, uid_chosen
from hrdtracker.forms.cases.case import NO_DAY, VersionForm, coming_day
from hrdtracker.forms.reader import Reader

NOBODY = ("", lazy(N_("Choose")))
Choices = list[tuple[str, str]]


class AssignForm(VersionForm):
    """Whose the case is to be."""

    owner = SelectField(
        lazy(N_("New owner")), [InputRequired(lazy(NO_COLLEAGUE))], validate_choice=False
    )

    def offer(self, colleagues: Choices) -> "AssignForm":
        """Fill the colleagues who work in the office of the case."""
        self.owner.choices = [NOBODY, *colleagues]
        return self

    def chosen(self) -> UUID:
        """Return who was chosen; raises Refused."""
        return uid_chosen(self.owner.data, NO_COLLEAGUE, "owner")


class SensitivityForm(VersionForm):
    """Whom the case is for."""

    sensitivity = RadioField(lazy(N_("Who may open it")), validate_choice=False)

    def offer(self, words: Choices) -> "SensitivityForm":
        """Fill the grades of sensitivity."""
        self.sensitivity.choices = words
        return self

    def chosen(self) -> Sensitivity:
        """Return what was chosen; raises Refused."""
        value = self.sensitivity.data
        if value not in set(Sensitivity):
            raise Refused({"sensitivity": N_("Choose who may open it.")})
        return member(Sensitivity, value, Sensitivity.NORMAL)


class MemberForm(CreateForm):
    """A colleague who may open the case for a time."""

    user = SelectField(lazy(N_("Who")), [InputRequired(lazy(NO_COLLEAGUE))], validate_choice=False)
    reason = TextAreaField(
        lazy(N_("Why they need to open it")),
        [InputRequired(lazy(NO_MEMBER_REASON)), Length(max=REASON_MOST)],
    )
    ends_on = StringField(
        lazy(N_("Until when?")), [InputRequired(lazy(NO_DAY)), Length(max=LONGEST_DATE)]
    )

    def offer(self, colleagues: Choices) -> "MemberForm":
        """Fill the colleagues who work on cases."""
        self.user.choices = [NOBODY, *colleagues]
        return self

    def draft(self, reader: Reader) -> MemberDraft:
        """Return what was typed; the last day is included; raises Refused."""
        ends_at = _after(reader, self.ends_on.data)
        return MemberDraft(
            user=uid_chosen(self.user.data, NO_COLLEAGUE, "user"),
            reason=self.reason.data or "",
            ends_at=ends_at,
            sending=self.sending(),
        )


def _after(reader: Reader, text: str | None) -> datetime:
    """Return when the last day is over that was typed; raises Refused."""
    last = coming_day(reader, text, "ends_on")
    if last is None:
        raise Refused({"ends_on": NO_DAY})
    return midnight(last + DAY, reader.zone)


class BlockForm(CreateForm):
    """A person to be shut out of the case."""

    user = SelectField(lazy(N_("Who")), [InputRequired(lazy(NO_COLLEAGUE))], validate_choice=False)
    reason = TextAreaField(
        lazy(N_("What the conflict is")),
        [InputRequired(lazy(NO_CONFLICT)), Length(max=REASON_MOST)],
    )
    ends_on = StringField(
        lazy(N_("Until when?")), [InputRequired(lazy(NO_DAY)), Length(max=LONGEST_DATE)]
    )
    held_back = BooleanField(lazy(N_("Tell them only after 7 days")))

    def offer(self, colleagues: Choices) -> "BlockForm":
        """Fill the colleagues who may see the case."""
        self.user.choices = [NOBODY, *colleagues]
        return self

    def draft(self, reader: Reader) -> BlockDraft:
        """Return what was typed; the last day is included; raises Refused."""
        user = uid_chosen(self.user.data, NO_COLLEAGUE, "user")
        ends_at = _after(reader, self.ends_on.data)
        held_back = bool(self.held_back.data)
        return BlockDraft(user, self.reason.data or "", self.sending(), ends_at, held_back)


class AppealForm(Form):
    """What somebody asks who is shut out of a case."""

    words = TextAreaField(
        lazy(N_("What you ask")), [InputRequired(lazy(NO_APPEAL)), Length(max=APPEAL_MOST)]
    )


class RecoveryForm(Form):
    """Why a director is to be let into a case that too few people can open."""

    reason = TextAreaField(
        lazy(N_("Why you need to open it")),
        [InputRequired(lazy(NO_RECOVERY_REASON)), Length(max=REASON_MOST)],
    )
