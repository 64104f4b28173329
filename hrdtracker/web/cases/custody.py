"""What happened to several people of a case at once: ticked or pasted, looked at, recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.history import has_done_since
from hrdtracker.cases.case_file import standing_for
from hrdtracker.cases.model import Case
from hrdtracker.cases.service import fetch
from hrdtracker.core import clock
from hrdtracker.core.errors import NotFound
from hrdtracker.custody import acts
from hrdtracker.custody.people import PersonStay, count_of, names_in
from hrdtracker.forms.base import uid_or_none
from hrdtracker.forms.proceedings.at_once import (
    DECIDED,
    IN_PROCEEDING,
    CustodyForm,
    has_answers,
    typed_counts,
)
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.service import fetch as fetch_incident
from hrdtracker.people.naming import still_masked
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.at_once.everybody import everybody, of_incident, of_proceeding
from hrdtracker.proceedings.at_once.reading import acts_in, how_many
from hrdtracker.web.cases.pasted_names import PageNames, ReadNames, read_names
from hrdtracker.web.people.hidden import known_reason
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.courts import proceeding_choices
from hrdtracker.web.words.custody_acts import (
    NOTHING,
    ToRecord,
    say_act,
    say_person,
    say_recorded,
    say_state,
    say_to_record,
)
from hrdtracker.web.words.limit_lines import say_first_limit

bp = Blueprint("case_custody", __name__, url_prefix="/cases")
SHOWN_FOR = timedelta(minutes=15)
"""How long the names of a page stay shown after that was put on record."""


@dataclass(frozen=True)
class CountedGroup:
    """A group of which only some may be meant: how many was typed."""

    uid: str
    who: str
    typed: str


@dataclass(frozen=True)
class ActLine:
    """What was recorded before, and the sentence of how much of it can be taken back."""

    uid: UUID
    text: str
    label: str


@dataclass(frozen=True)
class ManyPage:
    """Everybody of a case to tick, how the list was read, and what would be recorded."""

    case: Case
    count: str
    anybody: bool
    """Whether there is somebody of whom something can be recorded here."""
    states: Sequence[str]
    """Where each of those is who can be ticked."""
    groups: Sequence[CountedGroup]
    names_shown: bool
    hidden: int
    """How many names stay hidden until somebody says what they are needed for."""
    read: ReadNames | None
    to_record: ToRecord
    acts: Sequence[ActLine]
    in_proceeding: Sequence[str]
    decided: Sequence[str]
    """For which events it is asked in which proceeding they are, and by whom they were decided."""


@bp.route("/<uuid:uid>/custody", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def record(uid: UUID) -> AnyResponse:
    """Record what happened to several people, after a look at what that is."""
    actor = identity.actor()
    desk = _Desk(actor, standing_for(actor, uid, Action.CASE_EXTEND).case)
    if desk.form.is_valid_submission and not desk.only_reads():
        with desk.form.reasons():
            draft = desk.form.draft(reader(), request.form)
            if "record" in request.form and desk.form.looked.data == draft.fingerprint:
                act = service.record(actor, desk.case, draft, desk.incident)
                said = say_recorded(act, how_many(act), everybody(actor, desk.case))
                flash(in_a_row(said, say_first_limit(actor, desk.case.scope_id)), "ok")
                return redirect(request.full_path.rstrip("?"), 303)
            chosen = acts.check(desk.people, draft)
            desk.form.looked.data = draft.fingerprint
            desk.to_record = say_to_record(draft, chosen, desk.people)
    return show("cases/custody.html", desk.page(), desk.form)


@bp.post("/<uuid:uid>/custody/<uuid:act_uid>/undo")
@needs(Action.CASE_EXTEND)
def undo(uid: UUID, act_uid: UUID) -> AnyResponse:
    """Take back what was recorded of several people, as far as nothing was changed since."""
    actor = identity.actor()
    count = service.undo(actor, fetch(actor, uid), act_uid)
    flash(
        ngettext(
            "Taken back for %(count)s: all is as it was before. The entries stay on the trail.",
            "Taken back for %(count)s: all is as it was before. The entries stay on the trail.",
            count,
            count=number(count),
        ),
        "ok",
    )
    return redirect(url_for("case_custody.record", uid=uid), 303)


class _Desk:
    """The form of one request, the people it is about, and what is to be said of them."""

    def __init__(self, actor: Actor, case: Case) -> None:
        self.actor, self.case = actor, case
        self.incident: Incident | None = None
        self.people = self._narrowed(everybody(actor, case))
        self.names = PageNames()
        self.to_record = NOTHING
        asks = {"names", "read"} & request.form.keys() or has_answers(request.form)
        self._show_names(asks=bool(asks))
        self.form = CustodyForm.received(**self._begun()).offer(
            reader(),
            [(row.uid.hex, say_person(row, self.name(row))) for row in self.people],
            proceeding_choices(actor, case.scope_id),
        )
        self.read = self._read()

    def _narrowed(self, people: list[PersonStay]) -> list[PersonStay]:
        """Return those of an incident or a proceeding alone, where the address names one."""
        incident, proceeding = (request.args.get(name) for name in ("incident", "proceeding"))
        number = uid_or_none(incident or proceeding)
        if number is None:
            if incident or proceeding:
                raise NotFound
            return people
        if proceeding and not incident:
            return of_proceeding(people, number, self.case.scope_id)
        self.incident = found = fetch_incident(self.actor, number)
        return of_incident(people, found)

    def _begun(self) -> dict[str, str]:
        """Return what the address says already: in which proceeding it is."""
        chosen = uid_or_none(request.args.get("proceeding"))
        return {"proceeding": chosen.hex} if chosen else {}

    def _show_names(self, *, asks: bool) -> None:
        since = clock.now() - SHOWN_FOR
        known = has_done_since(self.actor, Action.PERSON_REVEAL, self.case.uid, since)
        reason = known_reason() if "names" in request.form else None
        if asks and (reason or not known):
            acts.show_names(self.actor, self.case, self.people, reason)
        if asks or known:
            names = names_in(self.people)
            self.names = PageNames(names, still_masked(self.actor, names))

    def name(self, row: PersonStay) -> str:
        """Return what somebody is called, where that is shown."""
        return self.names.shown(row.person)

    def only_reads(self) -> bool:
        """Tell whether nothing else was asked for than to see names, or to read a list of them."""
        return bool({"names", "read"} & request.form.keys())

    def _read(self) -> ReadNames | None:
        """Return how the pasted list reads; whom a line surely names is ticked when it is read."""
        is_asked = "read" in request.form
        if not self.names.every or not self.form.who.data:
            return None
        read = read_names(self.actor, self.form, self.people, self.names, request.form)
        if is_asked:
            self.form.tick(list(read.ticks))
        return read

    def page(self) -> ManyPage:
        """Return the page as it stands now."""
        held, people = count_of(self.people)
        typed = typed_counts(request.form)
        return ManyPage(
            case=self.case,
            count=gettext(
                "%(held)s of %(count)s held, as far as is recorded",
                held=number(held.total),
                count=number(people),
            ),
            anybody=bool(self.people),
            states=[say_state(row) for row in self.people],
            groups=[
                CountedGroup(uid, say_person(row, self.name(row)), typed.get(uid, ""))
                for row in self.people
                if row.is_group
                for uid in [row.uid.hex]
            ],
            names_shown=bool(self.names.every),
            hidden=len(self.names.masked),
            read=self.read,
            to_record=self.to_record,
            acts=[ActLine(one.act.uid, *say_act(one)) for one in acts_in(self.case.scope_id)],
            in_proceeding=IN_PROCEEDING,
            decided=DECIDED,
        )
