"""Beginning: the first organisation with its first administrator, and the first password."""

from collections.abc import Callable
from typing import TypeVar

from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from hrdtracker.access.model import Role
from hrdtracker.accounts.drafts import (
    OfficeDraft,
    OrganisationDraft,
    SecondDraft,
    UserDraft,
)
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.forms.base import NEEDED, Form, lazy

Draft = TypeVar("Draft")
SECOND_ROLES = (
    (Role.SECOND, N_("Somebody outside: of the board, a partner or a lawyer")),
    (Role.DIRECTOR, N_("The director")),
    (Role.ADMINISTRATOR, N_("Another administrator")),
)
CODE_ATTRIBUTES = {"autocapitalize": "characters", "spellcheck": "false"}


def _code(label: str) -> StringField:
    return StringField(
        lazy(label),
        [InputRequired(lazy(N_("Write the code."))), Length(max=80)],
        render_kw=CODE_ATTRIBUTES,
    )


def _password() -> PasswordField:
    return PasswordField(
        lazy(N_("New password")),
        [InputRequired(lazy(N_("Write a new password."))), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )


class WelcomeForm(Form):
    """The code that an administrator gave, and a new password."""

    code = _code(N_("Your code"))
    password = _password()


class SetUpForm(Form):
    """The organisation, its first office and its first administrator."""

    code = _code(N_("The code that the program printed"))
    name = StringField(lazy(N_("Name of the organisation")), [NEEDED, Length(max=200)])
    language = SelectField(
        lazy(N_("Language of the organisation")),
        choices=[SelectChoice("km", "ខ្មែរ"), SelectChoice("en", "English")],
    )
    office_code = StringField(
        lazy(N_("Code of the first office")),
        [NEEDED, Length(max=4)],
        render_kw=CODE_ATTRIBUTES,
    )
    name_en = StringField(lazy(N_("Its name in English")), [NEEDED, Length(max=120)])
    name_km = StringField(lazy(N_("Its name in Khmer")), [NEEDED, Length(max=120)])
    login = StringField(
        lazy(N_("User name of the first administrator")),
        [NEEDED, Length(max=64)],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    label = StringField(lazy(N_("What colleagues call them")), [NEEDED, Length(max=80)])
    password = _password()
    second_role = RadioField(
        lazy(N_("The second person is")),
        [InputRequired(lazy(N_("Choose what the second person is.")))],
        choices=[SelectChoice(role.value, lazy(label)) for role, label in SECOND_ROLES],
    )
    second_login = StringField(
        lazy(N_("User name of the second person")),
        [NEEDED, Length(max=64)],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    second_label = StringField(
        lazy(N_("What colleagues call the second person")), [NEEDED, Length(max=80)]
    )

    def draft(self) -> tuple[OrganisationDraft, UserDraft]:
        """Return the organisation and its first user; raises Refused with every reason."""
        reasons: dict[str, Message | str] = {}
        office, user = _tried(self._office, reasons), _tried(self._user, reasons)
        if "code" in reasons:
            reasons["office_code"] = reasons.pop("code")
        if office is None or user is None:
            raise Refused(reasons)
        return OrganisationDraft(self.name.data, self.language.data, office), user

    def second(self) -> SecondDraft:
        """Return the second person; raises Refused with every reason."""
        reasons: dict[str, Message | str] = {}
        user = _tried(self._second, reasons)
        if user is None:
            raise Refused({f"second_{name}": reason for name, reason in reasons.items()})
        if user.login == (self.login.data or "").strip().casefold():
            raise Refused({"second_login": N_("This must be another person.")})
        return SecondDraft(user, Role(self.second_role.data))

    def _second(self) -> UserDraft:
        return UserDraft((self.second_login.data or "").strip().casefold(), self.second_label.data)

    def _office(self) -> OfficeDraft:
        code = (self.office_code.data or "").strip().upper()
        return OfficeDraft(code, self.name_en.data, self.name_km.data)

    def _user(self) -> UserDraft:
        return UserDraft((self.login.data or "").strip().casefold(), self.label.data)


def _tried(build: Callable[[], Draft], reasons: dict[str, Message | str]) -> Draft | None:
    """Return the draft, or None and add why not to the reasons."""
    try:
        return build()
    except Refused as refused:
        reasons.update(refused.reasons)
        return None
