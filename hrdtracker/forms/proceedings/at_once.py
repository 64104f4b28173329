"""What is typed about several people of a case at once: who, what happened, when and where."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core.errors import N_
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.custody.drafts import NOBODY, AddedPerson
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.custody.service import TRANSFERRED
from hrdtracker.forms.base import LINE, CreateForm, lazy, number_or_none, text_or_none, uid_or_none
from hrdtracker.forms.proceedings.judgments import PrisonFields
from hrdtracker.forms.proceedings.proceeding import Choices, told
from hrdtracker.forms.reader import LISTED_PEOPLE, Reader, TickField, person_draft, uids
from hrdtracker.people.drafts import Victim
from hrdtracker.people.lines import read_lines
from hrdtracker.proceedings.drafts.at_once import (
    FREES,
    JUDGMENTS,
    NEEDS_PROCEEDING,
    NO_COURT,
    CourtAct,
    ManyDraft,
)
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.drafts.judgments import NO_SENTENCE, Sentence
from hrdtracker.proceedings.drafts.proceedings import ProceedingDraft

COUNT = "head_count-"
ALIKE = "alike-"
ADD = "add-"
"""How the fields are called that say how many of a group, who a line is, and who comes to it."""
AS_NEW, OF_GROUP, ON_RECORD = "new", "group:", "person:"
"""What is said of a line that names nobody of the case: one more, one of a group, or who it is."""
NEW_PROCEEDING = "new"
NO_COUNT = N_("How many of a group: a number from 1.")
EVENTS = (
    (CustodyEvent.ARRIVED, N_("Arrived at a police unit")),
    (CustodyEvent.MOVED, N_("Moved to another place")),
    (CustodyEvent.BROUGHT, N_("Brought before a prosecutor or a judge")),
    (CustodyEvent.CHARGED, N_("Charged")),
    (CustodyEvent.DETAINED, N_("Detained by order of a judge")),
    (CustodyEvent.SENTENCED, N_("Sentenced")),
    (CustodyEvent.ACQUITTAL, N_("Acquitted by a court")),
    (CustodyEvent.DROPPED, N_("Charges dropped")),
)
"""What can be said to have happened, besides how custody ended."""


class CourtFields(PrisonFields):
    """What a prosecutor or a court did, said once for all."""

    proceeding = SelectField(lazy(N_("In which proceeding?")), validate_choice=False)
    stage = SelectField(lazy(N_("How far is it?")), validate_choice=False)
    court = SelectField(lazy(N_("Court")), validate_choice=False)
    decided_by = SelectField(lazy(N_("By whom?")), validate_choice=False)
    provision = SelectField(lazy(N_("Law and article")), validate_choice=False)
    provision_2 = SelectField(lazy(N_("A second article")), validate_choice=False)
    provision_3 = SelectField(lazy(N_("A third article")), validate_choice=False)
    words = StringField(lazy(N_("Or the law and article in words")), [Length(max=LINE)])
    alleged = StringField(
        lazy(N_("When is it alleged to have happened?")), [Length(max=LONGEST_DATE)]
    )
    is_released = BooleanField(lazy(N_("Whoever was held left at that moment")))

    def fill(self, reader: Reader, proceedings: Choices) -> None:
        """Fill the choices."""
        none = gettext(N_("Not said"))
        self.proceeding.choices = [
            ("", gettext(N_("In none yet"))),
            *proceedings,
            (NEW_PROCEEDING, gettext(N_("A new one, opened now"))),
        ]
        self.stage.choices = reader.choices("proceeding_stage")
        self.court.choices = reader.choices("court", none)
        self.decided_by.choices = reader.choices("deciding_body", none)
        self.provision.choices = reader.choices("provision", gettext(N_("Choose")))
        self.provision_2.choices = reader.choices("provision", gettext(N_("No other")))
        self.provision_3.choices = self.provision_2.choices

    def court_act(self, reader: Reader, event: CustodyEvent | None) -> CourtAct:
        """Return what a court did, as far as the event has to do with it; raises Refused."""
        if event is None or event not in COURT_EVENTS:
            return NO_COURT
        chosen = self.proceeding.data or ""
        is_new = chosen == NEW_PROCEEDING and event != CustodyEvent.BROUGHT
        is_charge = event == CustodyEvent.CHARGED
        return CourtAct(
            proceeding=None if event == CustodyEvent.BROUGHT else uid_or_none(chosen),
            opening=self._opening() if is_new else None,
            decided_by=self.decided_by.data or None,
            qualifications=self._qualifications() if is_charge else (),
            alleged=told(reader, self.alleged.data) if is_charge else None,
            sentence=self._sentence() if event == CustodyEvent.SENTENCED else NO_SENTENCE,
            is_released=event in FREES and bool(self.is_released.data),
        )

    def _opening(self) -> ProceedingDraft:
        return ProceedingDraft(self.stage.data or "", court=self.court.data or None)

    def _qualifications(self) -> tuple[Qualification, ...]:
        words = text_or_none(self.words.data)
        codes = [field.data for field in (self.provision, self.provision_2, self.provision_3)]
        listed = [Qualification(code) for code in dict.fromkeys(filter(None, codes))]
        return (*listed, *([Qualification(words=words)] if words else ()))

    def _sentence(self) -> Sentence:
        return Sentence(
            for_life=bool(self.for_life.data),
            prison=self.length("prison"),
            suspended=self.length("suspended"),
        )


COURT_EVENTS = NEEDS_PROCEEDING | {CustodyEvent.BROUGHT, CustodyEvent.DETAINED}
IN_PROCEEDING = sorted(COURT_EVENTS - {CustodyEvent.BROUGHT})
DECIDED = sorted({CustodyEvent.CHARGED, CustodyEvent.BROUGHT, CustodyEvent.DROPPED, *JUDGMENTS})
"""Of which events a page asks in which proceeding they are, and by whom they were decided."""


class CustodyForm(CreateForm, CourtFields):
    """What happened to several people; ends are offered as what happened, one choice in all."""

    who = TextAreaField(lazy(N_("Paste the names")), [Length(max=LISTED_PEOPLE)])
    stays = TickField(lazy(N_("Who?")), validate_choice=False)
    what = SelectField(lazy(N_("What happened?")), validate_choice=False)
    when = StringField(lazy(N_("When?")), [Length(max=LONGEST_DATE)])
    when_asked = HiddenField()
    held = StringField(lazy(N_("Where?")), [Length(max=LINE)])
    prison = SelectField(lazy(N_("Or a prison")), validate_choice=False)
    known_by = SelectField(lazy(N_("How do we know?")), validate_choice=False)
    reason = SelectField(lazy(N_("What do you need it for?")), validate_choice=False)
    order_unclear = BooleanField(
        lazy(N_("Sources differ on the order: they were held elsewhere then"))
    )
    looked = HiddenField()
    """The fingerprint of what the reader was told that would be recorded."""

    def offer(self, reader: Reader, people: Choices, proceedings: Choices) -> "CustodyForm":
        """Fill the choices."""
        self.fill(reader, proceedings)
        self.stays.choices = people
        ends = [(code, label) for code, label in reader.choices("stay_end") if code != TRANSFERRED]
        events = [(event.value, gettext(label)) for event, label in EVENTS]
        self.what.choices = [("", gettext(N_("Choose"))), *events, *ends]
        self.prison.choices = reader.choices("prison", gettext(N_("None of these")))
        self.reason.choices = reader.choices("name_reason", gettext(N_("Choose")))
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def tick(self, more: list[str]) -> None:
        """Tick people, beside those who are."""
        self.stays.data = list(dict.fromkeys([*(self.stays.data or ()), *more]))

    def draft(self, reader: Reader, answers: Mapping[str, str]) -> ManyDraft:
        """Return what was ticked and said; raises Refused."""
        event, end_kind = _event(self.what.data)
        stays = uids(list(dict.fromkeys([*(self.stays.data or ()), *chosen_alike(answers)])))
        return ManyDraft(
            kind=event,
            happened=reader.past(self, "when"),
            stays=stays,
            end_kind=end_kind,
            place_held=text_or_none(self.held.data),
            prison=self.prison.data or None,
            known_by=self.known_by.data or None,
            counts={uid: count for uid, count in counts_in(answers).items() if uid in stays}
            or NOBODY,
            added=_added(self.who.data, answers, reader),
            order_unclear=event == CustodyEvent.ARRIVED and bool(self.order_unclear.data),
            court=self.court_act(reader, event),
            sending=self.sending(),
        )


def _event(chosen: str | None) -> tuple[CustodyEvent | None, str | None]:
    """Return what happened, and how it ended where that is what was chosen."""
    if not chosen:
        return None, None
    if chosen in dict(EVENTS):
        return CustodyEvent(chosen), None
    return CustodyEvent.ENDED, chosen


def is_of_all(chosen: str | None) -> bool:
    """Tell whether what was chosen may have happened to somebody who is not held."""
    event, _ = _event(chosen)
    return event == CustodyEvent.ARRIVED or event in COURT_EVENTS


def chosen_alike(answers: Mapping[str, str]) -> list[str]:
    """Return who was chosen for lines that may name several people."""
    return [value for name, value in answers.items() if name.startswith(ALIKE) and value]


def has_answers(answers: Mapping[str, str]) -> bool:
    """Tell whether somebody answered who the lines of a list are."""
    return any(value and name.startswith((ALIKE, ADD)) for name, value in answers.items())


def _added(text: str | None, answers: Mapping[str, str], reader: Reader) -> tuple[AddedPerson, ...]:
    """Return whom a list names who is to come to the case, by what was answered for each line."""
    added = []
    for number, line in enumerate(read_lines(text or "").people):
        answer = answers.get(f"{ADD}{number}", "")
        if not answer or answers.get(f"{ADD}{number}-name") != line.name:
            continue
        known = uid_or_none(answer.removeprefix(ON_RECORD))
        who = Victim(known=known) if answer.startswith(ON_RECORD) and known else None
        group = uid_or_none(answer.removeprefix(OF_GROUP)) if answer.startswith(OF_GROUP) else None
        described = Victim(described=person_draft(line, reader.today))
        added.append(AddedPerson(who or described, group))
    return tuple(added)


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
