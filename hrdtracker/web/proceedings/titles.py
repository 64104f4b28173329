"""Why people of a case are held or supervised, and what was ordered about them."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.case_file import with_people
from hrdtracker.cases.model import Case
from hrdtracker.forms.base import version_of
from hrdtracker.forms.proceedings.titles import (
    OrderForm,
    OrderUpdateForm,
    TitleForm,
    TitleUpdateForm,
)
from hrdtracker.proceedings import titles
from hrdtracker.proceedings.model import LegalTitle
from hrdtracker.proceedings.reading.of_case import (
    order_details,
    title_details,
    titles_of,
)
from hrdtracker.web.proceedings.answer import answer, named_choices, of_case
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, say_told
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.courts import proceeding_choices, say_term

bp = Blueprint("titles", __name__)


@bp.route("/cases/<uuid:uid>/grounds/new", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def add(uid: UUID) -> Response:
    """Say why several people of a case are held or supervised."""
    actor = identity.actor()
    standing, people = with_people(actor, uid)
    form = TitleForm.received(**_begun()).offer(
        reader(), named_choices(people), proceeding_choices(actor, standing.case.scope_id)
    )

    def act() -> tuple[str, str]:
        titles.add_titles(actor, standing.case, form.draft(reader()))
        return gettext("Saved."), _back(uid, form.proceeding.data)

    return answer(form, act, "proceedings/title.html", lambda: of_case(standing.case))


@bp.route("/grounds/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def edit(uid: UUID) -> Response:
    """Say until when somebody was held, and when they report next."""
    actor = identity.actor()
    details = title_details(actor, uid)
    row = details.title
    form = TitleUpdateForm.received(**TitleUpdateForm.values(row, locale())).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), row)
        titles.update_title(actor, row, draft, version_of(form))
        back = details.proceeding_uid.hex if details.proceeding_uid else None
        return gettext("Saved."), _back(details.case.uid, back)

    page = "proceedings/title_edit.html"
    return answer(form, act, page, lambda: of_case(details.case), row.version)


@bp.route("/cases/<uuid:uid>/orders/new", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def order(uid: UUID) -> Response:
    """Add what was ordered about several people of a case."""
    actor = identity.actor()
    standing, people = with_people(actor, uid)
    form = OrderForm.received(**_begun()).offer(
        reader(),
        named_choices(people),
        _titles(actor, standing.case),
        proceeding_choices(actor, standing.case.scope_id),
    )

    def act() -> tuple[str, str]:
        titles.add_orders(actor, standing.case, form.draft(reader()))
        return gettext("Saved."), _back(uid, form.proceeding.data)

    return answer(form, act, "proceedings/order.html", lambda: of_case(standing.case))


@bp.route("/orders/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def edit_order(uid: UUID) -> Response:
    """Say what became of an order: carried out, withdrawn, another day to appear on."""
    actor = identity.actor()
    details = order_details(actor, uid)
    row = details.order
    form = OrderUpdateForm.received(**OrderUpdateForm.values(row)).offer(reader())

    def act() -> tuple[str, str]:
        titles.update_order(actor, row, form.draft(reader(), row), version_of(form))
        back = details.proceeding_uid.hex if details.proceeding_uid else None
        return gettext("Saved."), _back(details.case.uid, back)

    page = "proceedings/order_edit.html"
    return answer(form, act, page, lambda: of_case(details.case), row.version)


def _begun() -> dict[str, object]:
    """Return what the address of a form says already: whom it is about, in which proceeding."""
    return {"people": request.args.getlist("people"), "proceeding": request.args.get("proceeding")}


def _back(case: UUID, proceeding: str | None) -> str:
    """Return the page of the proceeding that was chosen, or of the case."""
    if proceeding:
        return url_for("proceedings.proceeding", uid=UUID(proceeding))
    return url_for("cases.case", uid=case)


def _titles(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return what may be extended or ended as choices: whose, what, since when."""
    rows = titles_of(actor, case.scope_id)
    return [(row.uid.hex, in_a_row(say_letter(letter), _titled(row))) for row, letter in rows]


def _titled(row: LegalTitle) -> str:
    return (
        f"{say_term('legal_title', row.kind)}, {say_told(LegalTitle.began.plain(row), brief=True)}"
    )
