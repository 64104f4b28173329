"""The places in the bar at the top, each for those who work there."""

from dataclasses import dataclass

from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Role
from hrdtracker.core.errors import N_


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
EVERYBODY = tuple(Role)
MONEY = (Role.MONITOR, Role.DIRECTOR, Role.FUND_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR)
LOG, REVIEW = "/incidents/new", "/review"
PLACES = (
    (N_("Today"), "/", "home", EVERYBODY),
    (N_("Cases"), "/cases", "folder", CASE_WORK),
    (N_("Review"), REVIEW, "review", (Role.DIRECTOR,)),
    (N_("Log"), LOG, "add", CASE_WORK),
    (N_("People"), "/people", "people", CASE_WORK),
    (N_("Incidents"), "/incidents", "list", CASE_WORK),
    (N_("Trail"), "/audit", "trail", (Role.AUDITOR,)),
    (N_("Fund"), "/fund", "money", MONEY),
    (N_("Outlines"), "/outlines", "folder", (Role.FUND_OFFICER,)),
    (N_("Users"), "/admin/users", "people", (Role.ADMINISTRATOR,)),
    (N_("Offices"), "/admin/offices", "office", (Role.ADMINISTRATOR,)),
    (N_("Lists"), "/admin/codelists", "list", (Role.ADMINISTRATOR,)),
    (N_("Settings"), "/admin/settings", "settings", (Role.ADMINISTRATOR,)),
)


def places(actor: Actor, path: str) -> tuple[Place, ...]:
    """Return the places for the roles that the actor holds; pages check for themselves."""
    here = REVIEW if path.startswith("/incidents/") and path.endswith(REVIEW) else path
    return tuple(
        Place(gettext(label), url, _is_current(url, here), icon, url == LOG)
        for label, url, icon, roles in PLACES
        if actor.holds(*roles)
    )


def _is_current(url: str, path: str) -> bool:
    return path == url if url == "/" else path == url or path.startswith(f"{url}/")
