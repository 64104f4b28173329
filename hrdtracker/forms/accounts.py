"""Signing in, and what one changes about one's own account."""

from flask import request
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from hrdtracker.accounts.codes import meant
from hrdtracker.accounts.passkeys import Site
from hrdtracker.accounts.proof import Proof, Ways
from hrdtracker.accounts.totp import DIGITS
from hrdtracker.core.errors import N_
from hrdtracker.forms.base import Form, lazy


class SignInForm(Form):
    """The user name and the password."""

    login = StringField(
        lazy(N_("User name")),
        [InputRequired(lazy(N_("Write your user name."))), Length(max=64)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy(N_("Password")),
        [InputRequired(lazy(N_("Write your password."))), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class ProofForm(Form):
    """What somebody shows beside the password, or before a large act; read with the prefix _."""

    code = StringField(
        lazy(N_("6 digits from the app, or a recovery code")),
        [Length(max=40)],
        render_kw={"spellcheck": "false"},
    )
    password = PasswordField(lazy(N_("Password")), [Length(max=200)])
    passkey = HiddenField()

    def asks(self, ways: Ways) -> str:
        """Return which kind of code the page asks for: as chosen, as refused, or as there is."""
        is_long = len(meant(self.code.data or "")) > DIGITS
        is_paper = is_long or request.args.get("by") == "paper" or not ways.app
        return "paper" if is_paper else "code"

    def shown(self, site: Site | None) -> Proof:
        """Return what somebody shows."""
        code, password = self.code.data or "", self.password.data or ""
        return Proof(code, password, self.passkey.data or "", site)

    def refuse(self, reason: str, *, asks_code: bool) -> None:
        """Put why a proof was refused beside what was asked for."""
        asked = self.code if asks_code else self.password
        asked.errors = [reason]


class AppForm(Form):
    """The first code of an app that is being set up."""

    code = StringField(
        lazy(N_("6 digits from the app")),
        [InputRequired(lazy(N_("Write the 6 digits that the app shows."))), Length(max=20)],
        render_kw={"inputmode": "numeric", "spellcheck": "false"},
    )


class PasswordForm(Form):
    """A new password in place of the present one."""

    present = PasswordField(
        lazy(N_("Present password")),
        [InputRequired(lazy(N_("Write your present password."))), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        lazy(N_("New password")),
        [InputRequired(lazy(N_("Write a new password.")))],
        render_kw={"autocomplete": "new-password"},
    )


class MailForm(Form):
    """The address to which one gets mail; empty for none."""

    address = StringField(
        lazy(N_("Address for mail")),
        [Length(max=300)],
        render_kw={"type": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    due = BooleanField(lazy(N_("Mail me when something is due")))


class PreferencesForm(Form):
    """The language and the look of the pages, and what the browser keeps of them."""

    language = SelectField(
        lazy(N_("Language")),
        choices=[
            SelectChoice("", lazy(N_("As the browser says"))),
            SelectChoice("km", "ខ្មែរ"),
            SelectChoice("en", "English"),
        ],
    )
    theme = SelectField(
        lazy(N_("Look")),
        choices=[
            SelectChoice("", lazy(N_("As the device says"))),
            SelectChoice("light", lazy(N_("Light"))),
            SelectChoice("dark", lazy(N_("Dark"))),
        ],
    )
    keeps_typing = SelectField(
        lazy(N_("Keep what I type, for 30 minutes")),
        choices=[
            SelectChoice("", lazy(N_("On a computer, not on a telephone"))),
            SelectChoice("yes", lazy(N_("On every device"))),
            SelectChoice("no", lazy(N_("Do not keep it"))),
        ],
    )
