"""Proceedings: one page each, and the forms of its facts, its parties and their lawyers."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.case_file import people_of, with_people
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.base import read_version, uid_or_none, version_of
from hrdtracker.forms.proceedings.proceeding import (
    EndForm,
    LawyerEndForm,
    LawyerForm,
    OpeningForm,
    PartiesForm,
    ProceedingForm,
    TieForm,
)
from hrdtracker.proceedings import opening, parties, tying
from hrdtracker.proceedings.guarding import part_in
from hrdtracker.proceedings.model import PartyLawyer, Proceeding
from hrdtracker.proceedings.reading.of_case import cases_to_tie
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from hrdtracker.web.people.offers import ask_who, offers_of
from hrdtracker.web.proceedings.answer import answer, named_choices, of_case, of_proceeding
from hrdtracker.web.proceedings.page import parties_of, proceeding_page
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.proposed_courts import say_tied

bp = Blueprint("proceedings", __name__)
RECORDS = needs(Action.PROCEEDING_RECORD)


@bp.get("/proceedings/<uuid:uid>")
@needs(Action.PROCEEDING_READ)
def proceeding(uid: UUID) -> Response:
    """Show one proceeding: its facts, who stands in it, the charges against each."""
    return show("proceedings/proceeding.html", proceeding_page(identity.actor(), uid))


@bp.route("/cases/<uuid:uid>/proceedings/new", methods=["GET", "POST"])
@RECORDS
def open_one(uid: UUID) -> AnyResponse:
    """Record a proceeding in a case, against people of it."""
    actor = identity.actor()
    standing, people = with_people(actor, uid)
    form = OpeningForm.received().offer(reader(), named_choices(people))

    def act() -> tuple[str, str]:
        made = opening.open_proceeding(actor, standing.case, form.draft())
        return gettext("The proceeding is kept."), url_for("proceedings.proceeding", uid=made.uid)

    return answer(form, act, "proceedings/new.html", lambda: of_case(standing.case))


@bp.route("/proceedings/<uuid:uid>/edit", methods=["GET", "POST"])
@RECORDS
def edit(uid: UUID) -> AnyResponse:
    """Change the facts of a proceeding."""
    actor = identity.actor()
    row = proceeding_details(actor, uid).proceeding
    form = ProceedingForm.received(**ProceedingForm.values(row)).offer(reader())

    def act() -> tuple[str, str]:
        opening.change_proceeding(actor, row, form.facts(), version_of(form))
        return gettext("Saved."), _back(uid)

    return answer(form, act, "proceedings/edit.html", lambda: of_proceeding(row), row.version)


@bp.route("/proceedings/<uuid:uid>/end", methods=["GET", "POST"])
@RECORDS
def end(uid: UUID) -> AnyResponse:
    """Say when a proceeding ended, and how."""
    actor = identity.actor()
    row = proceeding_details(actor, uid).proceeding
    form = EndForm.received(version=str(row.version)).offer(reader())

    def act() -> tuple[str, str]:
        opening.end_proceeding(actor, row, form.draft(reader()), version_of(form))
        return gettext("Noted: it has ended."), _back(uid)

    return answer(form, act, "proceedings/end.html", lambda: of_proceeding(row), row.version)


@bp.post("/proceedings/<uuid:uid>/reopen")
@RECORDS
def reopen(uid: UUID) -> AnyResponse:
    """Say that a proceeding goes on after all."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.PROCEEDING_READ, Proceeding, uid)
    opening.reopen_proceeding(actor, row, read_version(request.form.get("version")))
    flash(gettext("Noted: it goes on."), "ok")
    return redirect(_back(uid), 303)


@bp.route("/proceedings/<uuid:uid>/parties/new", methods=["GET", "POST"])
@RECORDS
def add_parties(uid: UUID) -> AnyResponse:
    """Add people of a case, or new ones, as the same kind of party."""
    actor = identity.actor()
    row, case = _within(actor, uid, request.args.get("case"))
    people = named_choices(people_of(actor, case.scope_id))
    form = PartiesForm.received().offer(reader(), people)
    if form.is_valid_submission and (
        asked := ask_who(actor, form.who.data, request.form, form.sending())
    ):
        return show("proceedings/parties.html", of_proceeding(row, asked), form)

    def act() -> tuple[str, str]:
        parties.add_parties(actor, row, case, form.draft(reader(), request.form))
        return gettext("Saved."), _back(uid)

    return answer(
        form,
        act,
        "proceedings/parties.html",
        lambda: of_proceeding(row, offers_of(actor, form.who.data, request.form)),
    )


@bp.route("/proceedings/<uuid:uid>/lawyers/new", methods=["GET", "POST"])
@RECORDS
def add_lawyer(uid: UUID) -> AnyResponse:
    """Add a lawyer of several people."""
    actor = identity.actor()
    details = proceeding_details(actor, uid)
    form = LawyerForm.received().offer(parties_of(details))

    def act() -> tuple[str, str]:
        parties.add_lawyer(actor, details.proceeding, form.draft(reader()))
        return gettext("Saved."), _back(uid)

    page = "proceedings/lawyer.html"
    return answer(form, act, page, lambda: of_proceeding(details.proceeding))


@bp.route("/proceedings/<uuid:uid>/lawyers/<uuid:lawyer>/end", methods=["GET", "POST"])
@RECORDS
def end_lawyer(uid: UUID, lawyer: UUID) -> AnyResponse:
    """Say until when somebody was a lawyer."""
    actor = identity.actor()
    row = proceeding_details(actor, uid).proceeding
    part_in(actor, row, PartyLawyer, lawyer)
    form = LawyerEndForm.received()

    def act() -> tuple[str, str]:
        parties.end_lawyer(actor, row, lawyer, form.day(reader()))
        return gettext("Saved."), _back(uid)

    return answer(form, act, "proceedings/lawyer_end.html", lambda: of_proceeding(row))


@bp.route("/proceedings/<uuid:uid>/cases/new", methods=["GET", "POST"])
@RECORDS
def tie(uid: UUID) -> AnyResponse:
    """Tie a proceeding to a further case of those that one may add to."""
    actor = identity.actor()
    row = proceeding_details(actor, uid).proceeding
    cases = cases_to_tie(actor, row)
    form = TieForm.received().offer([(case.uid.hex, case.code) for case in cases])

    def act() -> tuple[str, str]:
        case = policy.fetch(actor, Action.PROCEEDING_RECORD, Case, form.chosen())
        waits = tying.concern_case(actor, row, case)
        return say_tied(waits), _back(uid)

    return answer(form, act, "proceedings/tie.html", lambda: of_proceeding(row))


def _back(uid: UUID) -> str:
    return url_for("proceedings.proceeding", uid=uid)


def _within(actor: Actor, uid: UUID, case: str | None) -> tuple[Proceeding, Case]:
    """Return a proceeding and one of its cases: the one that is named, or the first one read."""
    details = proceeding_details(actor, uid)
    wanted = uid_or_none(case)
    for part in details.parts:
        if wanted in {None, part.case.uid}:
            return details.proceeding, part.case
    raise NotFound
