"""What nobody can go on with in the fund, in words: what waits, who is missing, what one can do."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_instant
from hrdtracker.fund.model import Capacity
from hrdtracker.fund.reading.stuck import StuckRequest
from hrdtracker.web.shell.context import locale, office_name, today, zone
from hrdtracker.web.words.acts import say_act

DIRECTOR = N_("A director is missing who did not ask for it and knows nobody in it.")
OFFICER = N_("A fund officer is missing who did not ask for it and knows nobody in it.")
FINANCE = N_("A finance officer is missing who neither decided on it nor prepared it.")
BOARD = N_("The board must decide, and nobody is named for it whom it does not concern.")
OTHER = N_("Somebody is missing who decides here and did not sign the release.")
READER = N_("A colleague is missing who may open the case and took no part in it.")
MISSING = {
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
SIGNS = {Capacity.OFFICER: OFFICER, Capacity.DIRECTOR: DIRECTOR, Capacity.BOARD: BOARD}


@dataclass(frozen=True)
class StandstillLine:
    """What nobody can do: the act, who is missing, where and since when, and what the reader can.

    `pass_on` is where a director passes it on, `name` where an administrator names somebody.
    """

    act: str
    missing: str
    where: str
    code: str
    pass_on: UUID | None
    name: str


def stuck_line(request: StuckRequest) -> StandstillLine:
    """Return a request that nobody can go on with, as a line of a page."""
    at = say_instant(request.since, zone(), locale(), today())
    since = gettext("since %(at)s", at=at)
    missing = MISSING.get(request.verb) or SIGNS[request.capacity or Capacity.BOARD]
    board = "fund_money_settings.fund" if missing in {BOARD, OTHER} else "admin.users"
    return StandstillLine(
        act=say_act(request.verb),
        missing=gettext(missing),
        where=" · ".join([office_name(request.office), since]),
        code=request.code or "",
        pass_on=request.uid,
        name="" if request.uid else url_for(board),
    )
