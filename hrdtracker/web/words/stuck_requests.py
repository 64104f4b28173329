"""What nobody can go on with in the fund, in words: what waits, who is missing, what one can do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.assignments import colleagues
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_instant
from hrdtracker.fund.model import Capacity
from hrdtracker.fund.reading.stuck import StuckRequest, helped_by_passing_on
from hrdtracker.web.shell.context import locale, office_name, today, zone
from hrdtracker.web.words.acts import say_act

DIRECTOR = N_("A director is missing who did not ask for it and knows nobody in it.")
OFFICER = N_("A fund officer is missing who did not ask for it and knows nobody in it.")
FINANCE = N_("A finance officer is missing who neither decided on it nor prepared it.")
BOARD = N_("The board must decide, and nobody is named for it whom it does not concern.")
OTHER = N_("Somebody is missing who decides here and did not sign the release.")
ASKER = N_(
    "It was returned, and whoever asked for it cannot correct it any more: whoever decides refuses "
    "it, or they are let in again."
)
READER = N_("A colleague is missing who may open the case and took no part in it.")
MISSING = {
    Action.FUND_SUBMIT: ASKER,
    Action.FUND_VERIFY: DIRECTOR,
    Action.FUND_RECOMMEND: BOARD,
    Action.FUND_RATIFY: OTHER,
    Action.FUND_COMMIT: OFFICER,
    Action.FUND_PREPARE: OFFICER,
    Action.FUND_REVIEW: OFFICER,
    Action.FUND_CLOSE: OFFICER,
    Action.FUND_RELEASE: FINANCE,
    Action.FUND_BACK: FINANCE,
    Action.FUND_RECEIVE: READER,
    Action.FUND_DECLARE_SPENT: READER,
    Action.FUND_OUTCOME: READER,
}
BY_SETTINGS = Action.FUND_SETTINGS_CHANGE, "fund_money_settings.fund"
BY_ROLES = Action.ROLE_GRANT, "admin.users"
"""With which verb somebody is named for what is missing, and on which page."""
SIGNS = {Capacity.OFFICER: OFFICER, Capacity.DIRECTOR: DIRECTOR, Capacity.BOARD: BOARD}


@dataclass(frozen=True)
class StuckRequestLine:
    """What nobody can do: the act, who is missing, where and since when, and what helps.

    `pass_on` is which request the reader passes on, `name` where they name somebody; `ask` says
    whom else they ask to.
    """

    act: str
    missing: str
    where: str
    code: str
    pass_on: UUID | None = None
    name: str = ""
    ask: str = ""


def stuck_lines(actor: Actor, requests: Sequence[StuckRequest]) -> list[StuckRequestLine]:
    """Return what nobody can go on with as lines of a page, each with what the reader can do."""
    passing = helped_by_passing_on(requests)
    able = {verb: _who_can(actor, verb) for verb, _ in (BY_SETTINGS, BY_ROLES)} if requests else {}
    lines = []
    for request in requests:
        line = stuck_line(request)
        verb, page = BY_SETTINGS if _missing(request) in {BOARD, OTHER} else BY_ROLES
        if request.uid in passing:
            lines.append(replace(line, pass_on=request.uid))
        elif policy.could(actor, verb):
            lines.append(replace(line, name=url_for(page)))
        else:
            lines.append(replace(line, ask=able[verb]))
    return lines


def stuck_line(request: StuckRequest) -> StuckRequestLine:
    """Return a request that nobody can go on with, and who is missing."""
    at = say_instant(request.since, zone(), locale(), today())
    since = gettext("since %(at)s", at=at)
    return StuckRequestLine(
        act=say_act(request.verb),
        missing=gettext(_missing(request)),
        where=" · ".join([office_name(request.office), since]),
        code=request.code or "",
    )


def _missing(request: StuckRequest) -> str:
    return MISSING.get(request.verb) or SIGNS[request.capacity or Capacity.BOARD]


def _who_can(actor: Actor, verb: Action) -> str:
    """Say who can name somebody, by what colleagues call them."""
    names = [user.display_name for user in colleagues(actor.organisation_id, verb)]
    if not names:
        return str(gettext("Nobody can name somebody either. Whoever runs the machine does."))
    sentence = gettext(
        "Passing it on helps nobody now. Ask %(who)s to name somebody.", who=", ".join(names)
    )
    return str(sentence)
