"""Why a database is older than it was."""

from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from hrdtracker.backups.model import OlderReason
from hrdtracker.core.errors import N_
from hrdtracker.forms.base import Form, lazy

REASONS = {
    OlderReason.RESTORED: N_("It was restored from a backup"),
    OlderReason.MACHINE: N_("The machine or its disk was put back to an earlier state"),
    OlderReason.MISTAKE: N_("An older copy was started by mistake, and is to be used now"),
}


class OlderForm(Form):
    """Why the database is older."""

    reason = RadioField(
        lazy(N_("Why is it older?")),
        [InputRequired(lazy(N_("Choose why.")))],
        choices=[SelectChoice(str(reason), lazy(label)) for reason, label in REASONS.items()],
    )

    def chosen(self) -> OlderReason:
        """Return why."""
        return OlderReason(self.reason.data)
