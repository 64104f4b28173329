"""What nobody may review, in words: where it waits, and whom to ask so that somebody may."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_instant
from hrdtracker.incidents.reviewers import Helpers, StuckIncident, helpers_of, stuck
from hrdtracker.web.shell.context import locale, office_name, today, zone

ADD = N_(
    "Add another director of its office, who wrote no part of it, to the members of the case. "
    "Where there is none, ask an administrator to propose one."
)
ASK = N_("Ask %(people)s to add another director, or you, to the members of the case.")
PROPOSE = N_(
    "Nobody who may open the case directs its office. Ask an administrator to propose one of "
    "them as its director: %(people)s."
)
RESTORE = N_(
    "Nobody at work may open the case. Ask an administrator to give its owner their account or "
    "role back; where that cannot be, have the incident logged again."
)


@dataclass(frozen=True)
class StuckLine:
    """An incident that nobody may review: where it waits, and what to do; where, if one may."""

    incident: StuckIncident
    code: str
    where: str
    advice: str
    url: str | None


def code_of(incident: StuckIncident) -> str:
    """Return the code of the case, or that it is a secret one, whose code stays hidden."""
    return incident.code or gettext("a secret case")


def where_stuck(incident: StuckIncident) -> str:
    """Return of which office an incident is that nobody may review, and when it was sent."""
    at = say_instant(incident.submitted_at, zone(), locale(), today())
    return " · ".join([office_name(incident.office), gettext("sent %(at)s", at=at)])


def stuck_lines(actor: Actor) -> Sequence[StuckLine]:
    """Return what nobody may review and the actor is told of, each with whom to ask."""
    incidents = stuck(actor)
    helpers = helpers_of(actor, incidents)
    people = {number for helping in helpers.values() for number in helping.may_open}
    names = labels_by_id(people)
    return [
        StuckLine(
            incident,
            code_of(incident),
            where_stuck(incident),
            _advice(actor, helpers[incident.id], names),
            _url(actor, incident, helpers[incident.id]),
        )
        for incident in incidents
    ]


def _url(actor: Actor, incident: StuckIncident, helpers: Helpers) -> str | None:
    """Return where the reader adds a member themself; None where they may not."""
    if actor.id not in helpers.may_add:
        return None
    return url_for("case_access.access", uid=incident.case_uid)


def _advice(actor: Actor, helpers: Helpers, names: Mapping[int, str]) -> str:
    """Return what the reader can do so that somebody may review it."""
    if actor.id in helpers.may_add:
        return str(gettext(ADD))
    if helpers.may_add:
        return str(gettext(ASK, people=_listed(helpers.may_add, names)))
    if helpers.may_open:
        return str(gettext(PROPOSE, people=_listed(helpers.may_open, names)))
    return str(gettext(RESTORE))


def _listed(people: Iterable[int], names: Mapping[int, str]) -> str:
    return ", ".join(sorted(names[number] for number in people))
