"""Checking the trail against a head that was kept elsewhere."""

from wtforms import StringField
from wtforms.validators import Length

from hrdtracker.audit.checkpoint import Head
from hrdtracker.core.errors import N_, Refused
from hrdtracker.forms.base import Form, lazy


class CheckpointForm(Form):
    """The head that somebody kept, if they did."""

    head = StringField(
        lazy(N_("The head you kept, if you did")),
        [Length(max=100)],
        render_kw={"spellcheck": "false"},
    )

    def kept(self) -> Head | None:
        """Return the head that was typed; raises Refused for what is none."""
        text = (self.head.data or "").strip()
        if not text:
            return None
        try:
            return Head.read(text)
        except ValueError:
            raise Refused(
                {"head": N_("A head is a number, a colon, and 64 letters and digits.")}
            ) from None
