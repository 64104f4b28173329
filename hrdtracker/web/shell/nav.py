"""The places in the bar at the top, each for those who work there."""

from dataclasses import dataclass

from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Role
from hrdtracker.core.errors import N_
from hrdtracker.fund.decisions.delegation import decides_for_others


@dataclass(frozen=True)
class Place:
    """One way into the application."""

    label: str
    url: str
    current: bool
    icon: str
    thumb: bool = False
    """Stands in the bar at the bottom of a phone only; a desk has a button for it."""


CASE_WORK = (Role.MONITOR, Role.DIRECTOR)
MONEY = (Role.MONITOR, Role.DIRECTOR, Role.FUND_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR)
LOG, REVIEW, TODAY, FUND = "/incidents/new", "/review", "/", "/fund"
PLACES = (
    (N_("Today"), TODAY, "home", ()),
    (N_("Cases"), "/cases", "folder", CASE_WORK),
    (N_("Review"), REVIEW, "review", (Role.DIRECTOR,)),
    (N_("Log"), LOG, "add", CASE_WORK),
    (N_("People"), "/people", "people", CASE_WORK),
    (N_("Incidents"), "/incidents", "list", CASE_WORK),
    (N_("Trail"), "/audit", "trail", (Role.AUDITOR,)),
    (N_("Fund"), FUND, "money", MONEY),
    (N_("Outlines"), "/outlines", "folder", (Role.FUND_OFFICER,)),
    (N_("Users"), "/admin/users", "people", (Role.ADMINISTRATOR,)),
    (N_("Offices"), "/admin/offices", "office", (Role.ADMINISTRATOR,)),
    (N_("Lists"), "/admin/codelists", "list", (Role.ADMINISTRATOR,)),
    (N_("Settings"), "/admin/settings", "settings", (Role.ADMINISTRATOR,)),
)


def places(actor: Actor, path: str) -> tuple[Place, ...]:
    """Return the places for the roles that the actor holds; pages check for themselves.

    Whom the board named, or who stands in for somebody, finds the fund without a role in it.
    """
    here = REVIEW if path.startswith("/incidents/") and path.endswith(REVIEW) else path
    named = not actor.holds(*MONEY) and decides_for_others(actor)
    without_role = {TODAY, FUND} if named else {TODAY}
    return tuple(
        Place(gettext(label), url, _is_current(url, here), icon, url == LOG)
        for label, url, icon, roles in PLACES
        if actor.holds(*roles) or url in without_role
    )


def _is_current(url: str, path: str) -> bool:
    return path == url if url == "/" else path == url or path.startswith(f"{url}/")
