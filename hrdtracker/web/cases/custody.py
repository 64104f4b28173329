"""What happened to several people of a case at once: ticked or pasted, looked at, recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from hrdtracker.custody.people import PersonStay, acts_in, count_of, how_many, names_of, people_in
from hrdtracker.forms.base import uid_or_none
from hrdtracker.forms.cases.custody import CustodyForm, typed_counts
from hrdtracker.incidents.case_view import age_of
from hrdtracker.incidents.service import fetch as fetch_incident
from hrdtracker.incidents.service import violations_of
from hrdtracker.people.lines import read_lines
from hrdtracker.people.matching import NameMatches, match_names
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import begin, in_a_row
from hrdtracker.web.words.custody import say_fate
from hrdtracker.web.words.custody_acts import (
    say_act,
    say_person,
    say_recorded,
    say_what_stays,
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
class AlikeLine:
    """A line of the list that may name several people: each with what it would tick."""

    number: int
    name: str = field(repr=False)
    people: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class ReadNames:
    """How a pasted list was read."""

    matched: int
    alike: tuple[AlikeLine, ...]
    missing: tuple[str, ...] = field(repr=False)


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
    """Whether somebody is held, of whom something can be recorded here."""
    states: Sequence[str]
    """Where each of those is who can be ticked."""
    groups: Sequence[CountedGroup]
    names_shown: bool
    read: ReadNames | None
    sentence: str
    stays_held: str
    button: str
    acts: Sequence[ActLine]


@bp.route("/<uuid:uid>/custody", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def record(uid: UUID) -> AnyResponse:
    """Record what happened to several people, after a look at what that is."""
    actor = identity.actor()
    desk = _Desk(actor, standing_for(actor, uid, Action.CASE_EXTEND).case)
    if desk.form.is_valid_submission and not desk.read_names():
        with desk.form.reasons():
            draft = desk.form.draft(reader(), request.form)
            if "record" in request.form and desk.form.looked.data == draft.fingerprint:
                act = acts.record(actor, desk.case, draft)
                said = say_recorded(act, how_many(act), people_in(desk.case.scope_id))
                flash(in_a_row(said, say_first_limit(actor, desk.case.scope_id)), "ok")
                return redirect(url_for("case_custody.record", uid=uid), 303)
            chosen = acts.check(desk.case, draft)
            desk.look(draft.fingerprint, say_what_stays(draft, chosen, desk.people))
    return show("cases/custody.html", desk.page(), desk.form)


@bp.post("/<uuid:uid>/custody/<uuid:act_uid>/undo")
@needs(Action.CASE_EXTEND)
def undo(uid: UUID, act_uid: UUID) -> AnyResponse:
    """Take back what was recorded of several people, as far as nothing was changed since."""
    actor = identity.actor()
    count = acts.undo(actor, fetch(actor, uid), act_uid)
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
        self.people = self._of_incident(people_in(case.scope_id))
        self.names: Mapping[int, tuple[str, ...]] = {}
        self.read: ReadNames | None = None
        self.sentence = self.stays_held = self.button = ""
        self._show_names(asks="names" in request.form or "read" in request.form)
        self.form = CustodyForm.received().offer(reader(), self._choices(self.people))

    def _of_incident(self, people: list[PersonStay]) -> list[PersonStay]:
        """Return those of an incident alone, where the address names one."""
        uid = request.args.get("incident")
        if not uid:
            return people
        number = uid_or_none(uid)
        if number is None:
            raise NotFound
        incident = fetch_incident(self.actor, number)
        numbers = {row.id for row in violations_of(incident).values()}
        return [row for row in people if row.stay.violation_id in numbers]

    def _show_names(self, *, asks: bool) -> None:
        since = clock.now() - SHOWN_FOR
        known = has_done_since(self.actor, Action.PERSON_REVEAL, self.case.uid, since)
        if asks and not known:
            acts.show_names(self.actor, self.case, self.people)
        if asks or known:
            self.names = names_of(self.people)

    def _choices(self, people: Sequence[PersonStay]) -> list[tuple[str, str]]:
        return [(row.stay.uid.hex, say_person(row, self._name(row))) for row in people]

    def _name(self, row: PersonStay) -> str:
        return " / ".join(self.names.get(row.person.id, ())) if row.person else ""

    def read_names(self) -> bool:
        """Read the pasted list, where that was asked for; tell whether nothing else is to be done.

        Whom a line surely names is ticked; nothing is recorded.
        """
        if "read" not in request.form:
            return "names" in request.form
        lines = read_lines(self.form.who.data or "").people
        one = [row for row in self.people if row.person is not None]
        ages = {row.person.id: age_of(row.person, today()) for row in one if row.person}
        known_ages = {person: age for person, age in ages.items() if age is not None}
        found = match_names(lines, self.names, known_ages)
        rows = {row.person.id: row for row in one if row.person}
        self.form.tick([rows[person].stay.uid.hex for person in found.matched])
        self.read = self._say_read(found, rows)
        return True

    def _say_read(self, found: NameMatches, rows: Mapping[int, PersonStay]) -> ReadNames:
        alike = tuple(
            AlikeLine(
                line.number,
                line.name,
                tuple(self._choices([rows[person] for person in line.people])),
                "",
            )
            for line in found.alike
        )
        return ReadNames(len(found.matched), alike, tuple(line.name for line in found.missing))

    def look(self, fingerprint: str, said: tuple[str, str, str]) -> None:
        """Say what would be recorded; only just that is, when the button is pressed."""
        self.form.looked.data = fingerprint
        self.sentence, self.stays_held, self.button = said

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
            anybody=any(row.is_held for row in self.people),
            states=[begin(say_fate(row)) for row in self.people],
            groups=[
                CountedGroup(uid, say_person(row, self._name(row)), typed.get(uid, ""))
                for row in self.people
                if row.is_group
                for uid in [row.stay.uid.hex]
            ],
            names_shown=bool(self.names),
            read=self.read,
            sentence=self.sentence,
            stays_held=self.stays_held,
            button=self.button,
            acts=[ActLine(one.act.uid, *say_act(one)) for one in acts_in(self.case.scope_id)],
        )
