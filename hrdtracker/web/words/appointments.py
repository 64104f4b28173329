"""Days on which somebody is to appear or to report, in the reader’s words."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from hrdtracker.proceedings.reading.appointments import Appointment
from hrdtracker.web.shell.context import say_told
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.words.courts import say_term


@dataclass(frozen=True)
class AppointmentWords:
    """One day: what is to be done and by whom, when, of which case; where more of it stands."""

    what: str
    when: str
    code: str
    url: str
    at: datetime | None


def appointment_words(one: Appointment) -> AppointmentWords:
    """Return a day on which somebody is to appear or to report, by letter."""
    who = f"{say_letter(one.letter)}."
    if one.reports:
        what = gettext("%(who)s reports, under supervision", who=who)
    else:
        order = say_term("court_order", one.order)
        what = gettext("%(who)s is to appear: %(order)s", who=who, order=order)
    return AppointmentWords(
        str(what), say_told(one.at, brief=True), one.case_code, _url(one), one.at.earliest
    )


def _url(one: Appointment) -> str:
    if one.title_uid is not None:
        return url_for("titles.edit", uid=one.title_uid)
    if one.proceeding_uid is not None:
        return url_for("proceedings.proceeding", uid=one.proceeding_uid)
    return url_for("cases.case", uid=one.case_uid)
