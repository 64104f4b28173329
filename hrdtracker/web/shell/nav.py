"""The places in the bar at the top, each for those who work there."""

from dataclasses import dataclass

from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.core.errors import N_
from hrdtracker.fund.decisions.delegation import decides_for_others


@dataclass(frozen=True)
class NavLink:
    """One way into the application."""

    label: str
    url: str
    current: bool
    icon: str
    thumb: bool = False
    """Stands in the bar at the bottom of a phone only; a desk has a button for it."""


MONEY = (Action.FUND_READ, Action.FUND_ASK)
LOG, REVIEW, TODAY, FUND = "/incidents/new", "/review", "/", "/fund"
OUTLINES = "/outlines"
"""For who commits money to cases; who directs everything opens the cases themselves."""
PLACES = (
    # the first four stand in the bar at the bottom of a phone: who may log finds it there
    # label, address, drawing, and what one does there
    (N_("Today"), TODAY, "home", ()),
    (N_("Cases"), "/cases", "folder", (Action.CASE_READ,)),
    (N_("Review"), REVIEW, "review", (Action.INCIDENT_REVIEW,)),
    (N_("Log"), LOG, "add", (Action.CASE_BEGIN,)),
    (N_("Limits"), "/clocks", "clock", (Action.CASE_READ,)),
    (N_("Hearings"), "/hearings", "court", (Action.PROCEEDING_READ,)),
    (N_("People"), "/people", "people", (Action.PERSON_SEARCH,)),
    (N_("Incidents"), "/incidents", "list", (Action.INCIDENT_READ,)),
    (N_("Numbers"), "/numbers", "numbers", (Action.FIGURES_READ,)),
    (N_("Trail"), "/audit", "trail", (Action.TRAIL_READ,)),
    (N_("Readings"), "/readings", "show", (Action.READINGS_COUNT,)),
    (N_("Colleagues"), "/colleagues", "lock", (Action.USER_LOCK,)),
    (N_("Fund"), FUND, "money", MONEY),
    (N_("Outlines"), OUTLINES, "folder", (Action.FUND_COMMIT,)),
    (N_("Users"), "/admin/users", "people", (Action.USER_INVITE,)),
    (N_("Offices"), "/admin/offices", "office", (Action.OFFICE_CHANGE,)),
    (N_("Lists"), "/admin/codelists", "list", (Action.TERM_CHANGE,)),
    (N_("Rules of law"), "/rules", "list", (Action.LAW_CHANGE,)),
    (N_("Settings"), "/admin/settings", "settings", (Action.SETTINGS_CHANGE,)),
)


def places(actor: Actor, path: str) -> tuple[NavLink, ...]:
    """Return the places where the actor’s roles leave something to do; pages check for themselves.

    Whom the board named, or who stands in for somebody, finds the fund without a role in it.
    """
    here = REVIEW if path.startswith("/incidents/") and path.endswith(REVIEW) else path
    named = not _could_any(actor, MONEY) and decides_for_others(actor)
    without_role = {TODAY, FUND} if named else {TODAY}
    return tuple(
        NavLink(gettext(label), url, _is_current(url, here), icon, url == LOG)
        for label, url, icon, acts in PLACES
        if (_could_any(actor, acts) or url in without_role)
        and not (url == OUTLINES and could(actor, Action.CASE_RECOVER))
    )


def _could_any(actor: Actor, acts: tuple[Action, ...]) -> bool:
    return any(could(actor, act) for act in acts)


def _is_current(url: str, path: str) -> bool:
    return path == url or path.startswith(f"{url}/")
