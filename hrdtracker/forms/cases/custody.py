"""What is typed about several people of a case at once: who, what happened, when and where."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core.errors import N_
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.custody.drafts import NOBODY, CustodyDraft
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.custody.service import TRANSFERRED
from hrdtracker.forms.base import LINE, CreateForm, lazy, number_or_none, text_or_none, uid_or_none
from hrdtracker.forms.reader import LISTED_PEOPLE, Reader, TickField, uids

COUNT = "head_count-"
ALIKE = "alike-"
"""How the fields are called that say how many of a group, and who a line of the list is."""
NO_COUNT = N_("How many of a group: a number from 1.")


class CustodyForm(CreateForm):
    """What happened to several people; ends are offered as what happened, one choice in all."""

    who = TextAreaField(lazy(N_("Paste the names")), [Length(max=LISTED_PEOPLE)])
    stays = TickField(lazy(N_("Who?")), validate_choice=False)
    what = SelectField(lazy(N_("What happened?")), validate_choice=False)
    when = StringField(lazy(N_("When?")), [Length(max=LONGEST_DATE)])
    when_asked = HiddenField()
    held = StringField(lazy(N_("Where?")), [Length(max=LINE)])
    prison = SelectField(lazy(N_("Or a prison")), validate_choice=False)
    known_by = SelectField(lazy(N_("How do we know?")), validate_choice=False)
    looked = HiddenField()
    """The fingerprint of what the reader was told that would be recorded."""

    def offer(self, reader: Reader, people: list[tuple[str, str]]) -> "CustodyForm":
        """Fill the choices."""
        self.stays.choices = people
        ends = [(code, label) for code, label in reader.choices("stay_end") if code != TRANSFERRED]
        self.what.choices = [
            ("", gettext(N_("Choose"))),
            (CustodyEvent.ARRIVED.value, gettext(N_("Arrived at a police unit"))),
            (CustodyEvent.MOVED.value, gettext(N_("Moved to another place"))),
            *ends,
        ]
        self.prison.choices = reader.choices("prison", gettext(N_("None of these")))
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def tick(self, more: list[str]) -> None:
        """Tick people, beside those who are."""
        self.stays.data = list(dict.fromkeys([*(self.stays.data or ()), *more]))

    def draft(self, reader: Reader, answers: Mapping[str, str]) -> CustodyDraft:
        """Return what was ticked and said; raises Refused."""
        self.tick(chosen_alike(answers))
        event, end_kind = _event(self.what.data)
        stays = uids(self.stays.data)
        return CustodyDraft(
            kind=event,
            happened=reader.past(self, "when"),
            stays=stays,
            end_kind=end_kind,
            place_held=text_or_none(self.held.data),
            prison=self.prison.data or None,
            known_by=self.known_by.data or None,
            counts={uid: count for uid, count in counts_in(answers).items() if uid in stays}
            or NOBODY,
            sending=self.sending(),
        )


def _event(chosen: str | None) -> tuple[CustodyEvent | None, str | None]:
    """Return what happened, and how it ended where that is what was chosen."""
    if not chosen:
        return None, None
    if chosen in {CustodyEvent.ARRIVED, CustodyEvent.MOVED}:
        return CustodyEvent(chosen), None
    return CustodyEvent.ENDED, chosen


def chosen_alike(answers: Mapping[str, str]) -> list[str]:
    """Return who was chosen for lines that may name several people."""
    return [value for name, value in answers.items() if name.startswith(ALIKE) and value]


def counts_in(answers: Mapping[str, str]) -> dict[UUID, int]:
    """Return how many of each group; raises Refused for what is no number."""
    counts: dict[UUID, int] = {}
    for name, value in answers.items():
        uid = uid_or_none(name.removeprefix(COUNT)) if name.startswith(COUNT) else None
        count = number_or_none(value, NO_COUNT, "stays") if uid else None
        if uid and count is not None:
            counts[uid] = count
    return counts


def typed_counts(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed of how many, for a page that comes back."""
    return {
        name.removeprefix(COUNT): str(value)
        for name, value in answers.items()
        if name.startswith(COUNT)
    }
