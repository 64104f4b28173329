"""Proposing what a rule of law is to say, that a lawyer reviewed it, and public holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.accounts import queries as organisations
from hrdtracker.core.errors import Stale
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.law import (
    COUNTED,
    READ,
    AddedSourceForm,
    HolidaysForm,
    LawyerReviewForm,
    RuleForm,
    TakingAwayForm,
)
from hrdtracker.proceedings.legal_rules import queries, service
from hrdtracker.proceedings.legal_rules.model import PublicHoliday
from hrdtracker.web.law.words import say_says
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("law_change", __name__, url_prefix="/rules")


@dataclass(frozen=True)
class ChangePage:
    """The version of a rule that is to be changed or reviewed, and the fields of both parts."""

    uid: UUID
    key: str
    says: str
    read: Sequence[str] = READ
    counted: Sequence[str] = COUNTED


@dataclass(frozen=True)
class HolidayLine:
    """A public holiday: its day, its name, the decree that set it."""

    uid: UUID
    day: str
    name: str
    decree: str


@dataclass(frozen=True)
class HolidaysPage:
    """The public holidays that count, the latest first."""

    lines: Sequence[HolidayLine]


@dataclass(frozen=True)
class TakeAwayPage:
    """The public holiday that is to be taken away."""

    line: HolidayLine


@bp.route("/versions/<uuid:uid>/change", methods=["GET", "POST"])
@needs(Action.LAW_CHANGE)
def change(uid: UUID) -> AnyResponse:
    """Propose what a rule is to say instead."""
    actor = identity.actor()
    version = queries.version(actor, uid)
    form = RuleForm.of(version)

    def act() -> tuple[str, str]:
        service.propose_version(actor, version, form.draft())
        return _proposed(), url_for("proposals.waiting")

    def draw(_late: Stale | None) -> AnyResponse:
        return show("law/change.html", ChangePage(uid, version.key, say_says(version)), form)

    return carry_out(form, act, draw)


@bp.route("/versions/<uuid:uid>/review", methods=["GET", "POST"])
@needs(Action.LAW_CHANGE)
def review(uid: UUID) -> AnyResponse:
    """Propose that a rule stands as reviewed by a lawyer."""
    actor = identity.actor()
    version = queries.version(actor, uid)
    form = LawyerReviewForm.received()

    def act() -> tuple[str, str]:
        service.propose_review(actor, version, form.draft(reader()))
        return _proposed(), url_for("proposals.waiting")

    def draw(_late: Stale | None) -> AnyResponse:
        return show("law/review.html", ChangePage(uid, version.key, say_says(version)), form)

    return carry_out(form, act, draw)


@bp.route("/versions/<uuid:uid>/source", methods=["GET", "POST"])
@needs(Action.LAW_CHANGE)
def source(uid: UUID) -> AnyResponse:
    """Propose a further source of a rule: it says the same, and somebody else says so too."""
    actor = identity.actor()
    version = queries.version(actor, uid)
    form = AddedSourceForm.received()

    def act() -> tuple[str, str]:
        service.propose_version(actor, version, form.draft(version))
        return _proposed(), url_for("proposals.waiting")

    def draw(_late: Stale | None) -> AnyResponse:
        return show("law/source.html", ChangePage(uid, version.key, say_says(version)), form)

    return carry_out(form, act, draw)


@bp.route("/holidays", methods=["GET", "POST"])
@needs(Action.LAW_CHANGE)
def holidays() -> AnyResponse:
    """Show the public holidays, and propose those of a decree."""
    actor = identity.actor()
    organisation = organisations.own_organisation(actor, Action.LAW_CHANGE)
    form = HolidaysForm.received()

    def act() -> tuple[str, str]:
        service.propose_holidays(actor, organisation, form.draft())
        return _proposed(), url_for("proposals.waiting")

    def draw(_late: Stale | None) -> AnyResponse:
        lines = [_line(each) for each in queries.holidays(actor)]
        return show("law/holidays.html", HolidaysPage(lines), form)

    return carry_out(form, act, draw)


@bp.route("/holidays/<uuid:uid>/take-away", methods=["GET", "POST"])
@needs(Action.LAW_CHANGE)
def take_away(uid: UUID) -> AnyResponse:
    """Propose that a day is no public holiday any more."""
    actor = identity.actor()
    holiday = policy.fetch(actor, Action.LAW_CHANGE, PublicHoliday, uid)
    form = TakingAwayForm.received()

    def act() -> tuple[str, str]:
        service.propose_taking_away(actor, holiday, form.draft())
        return _proposed(), url_for("proposals.waiting")

    def draw(_late: Stale | None) -> AnyResponse:
        return show("law/take_away.html", TakeAwayPage(_line(holiday)), form)

    return carry_out(form, act, draw)


def _proposed() -> str:
    return str(gettext("Proposed. It counts once the other of the two confirms it."))


def _line(holiday: PublicHoliday) -> HolidayLine:
    day = say_day(holiday.day, locale(), today())
    name = holiday.name or gettext("No holiday: only says that the year is known")
    return HolidayLine(holiday.uid, day, name, holiday.decree)
