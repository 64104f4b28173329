"""Signing in, and what one changes about one's own account."""

from wtforms import PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

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
