"""Who is read out tonight, what they answered, and in which language the sheet is."""

from uuid import UUID

from flask_babel import gettext
from wtforms import SelectField

from hrdtracker.core.errors import N_
from hrdtracker.forms.base import Form, lazy
from hrdtracker.forms.reader import TickField, uids

BOTH = "both"
LANGUAGES = [("km", "ខ្មែរ"), ("en", "English")]


class TonightForm(Form):
    """Who is read out, what is said of all of them at once, and the language of the sheet."""

    row = TickField(lazy(N_("Who is read out?")), validate_choice=False)
    everybody = SelectField(lazy(N_("All others ticked who were not asked")), validate_choice=False)
    language = SelectField(lazy(N_("Language of the sheet")), validate_choice=False)

    def offer(self, answers: list[tuple[str, str]], here: str) -> "TonightForm":
        """Fill the choices; the sheet is in the language of the page, unless another is chosen."""
        self.everybody.choices = answers
        self.language.choices = [*LANGUAGES, (BOTH, gettext(N_("Both, one after the other")))]
        if self.language.data not in dict(self.language.choices):
            self.language.data = here
        return self

    @property
    def ticked(self) -> frozenset[UUID]:
        """Who is ticked."""
        return frozenset(uids(self.row.data))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the sheet, in their order."""
        if self.language.data == BOTH:
            return tuple(code for code, _ in LANGUAGES)
        return (self.language.data,)
