"""How the fund decides here: amounts, times, whom the board named, who may do two things."""

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, User
from hrdtracker.accounts import proposals
from hrdtracker.accounts.assignments import colleague_id
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import Announcement, ProposedChange, consequence
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, Stale, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.money import CURRENCIES, NO_AMOUNT
from hrdtracker.core.text import Reasons, check
from hrdtracker.fund.drafts.requests import WRONG_CURRENCY
from hrdtracker.fund.model import FundSettings
from hrdtracker.notices.kinds import NoticeKind

NO_HOURS = N_("How many hours: from 1 to 2,160.")
NO_DAYS = N_("How many days: from 1 to 2,160.")
HOURS_MOST = 24 * 90


@dataclass(frozen=True)
class FundSettingsDraft:
    """The settings of the fund; amounts in the smallest unit of `currency`."""

    currency: str = "USD"
    officer_most: int = 500_00
    director_most: int = 3_000_00
    emergency_most: int = 300_00
    short_most: int = 150_00
    household_most: int | None = None
    adding_days: int = 90
    critical_hours: int = 24
    high_hours: int = 72
    normal_hours: int = 240
    ratify_hours: int = 72
    account_days: int = 30
    rate_days: int = 62
    booking_days: int = 186
    board: UUID | None = None
    requester_may_verify: bool = False
    verifier_may_release: bool = False
    preparer_may_release: bool = False

    def __post_init__(self) -> None:
        reasons: Reasons = {}
        if self.currency not in CURRENCIES:
            reasons["currency"] = WRONG_CURRENCY
        if not 0 < self.officer_most < self.director_most:
            reasons["director_most"] = N_("A higher amount needs more people: put it above.")
        check(reasons | self._wrong_ceilings() | self._wrong_times())

    def _wrong_ceilings(self) -> Reasons:
        reasons: Reasons = {}
        for name in ("emergency_most", "short_most"):
            if not 0 <= getattr(self, name) <= self.director_most:
                reasons[name] = N_("This ceiling is too high, or below 0.")
        if self.household_most is not None and self.household_most <= 0:
            reasons["household_most"] = NO_AMOUNT
        return reasons

    def _wrong_times(self) -> Reasons:
        reasons: Reasons = {}
        for name in ("critical_hours", "high_hours", "normal_hours", "ratify_hours"):
            if not 0 < getattr(self, name) <= HOURS_MOST:
                reasons[name] = NO_HOURS
        for name in ("adding_days", "account_days", "rate_days", "booking_days"):
            if not 0 < getattr(self, name) <= HOURS_MOST:
                reasons[name] = NO_DAYS
        return reasons

    def columns(self) -> dict[str, Any]:
        """Return the values of the row, but for whom the board named."""
        return {
            field.name: getattr(self, field.name) for field in fields(self) if field.name != "board"
        }


def settings_of(organisation_id: int) -> FundSettings:
    """Return the settings of an organisation; a row that is not kept where nobody changed any."""
    query = select(FundSettings).where(FundSettings.organisation_id == organisation_id)
    settings = session().scalar(query)
    if settings is None:
        return FundSettings(organisation_id=organisation_id, **FundSettingsDraft().columns())
    return settings


def board_of(settings: FundSettings) -> str:
    """Return the uid of whom the board named, in plain letters; nothing where it named nobody."""
    if settings.board_id is None:
        return ""
    return session().get_one(User, settings.board_id).uid.hex


def change_settings(
    actor: Actor, organisation: Organisation, draft: FundSettingsDraft, version: int
) -> Proposal:
    """Propose other settings: they count once a second person confirms them. Raises Stale, Refused.

    `version` is the one that was seen: 0 of settings that nobody has changed yet. What is decided
    already stays as it was decided.
    """
    with authorised(actor, Action.FUND_SETTINGS_CHANGE, within=organisation):
        settings = settings_of(organisation.id)
        if version != (settings.version or 0):
            raise Stale
        board_id = colleague_id(actor, draft.board, "board")
        wanted = {**draft.columns(), "board_id": board_id}
        before = {name: was for name in wanted if (was := getattr(settings, name)) != wanted[name]}
        if not before:
            raise Refused({"": N_("These are the settings as they are.")})
        session().add(settings)
        session().flush()
        proposals.supersede(Action.FUND_SETTINGS_CHANGE, settings)
        named = board_id if board_id != settings.board_id else None
        values = {**wanted, "version": settings.version, "before": before}
        change = ProposedChange(values, user_id=named)
        return proposals.propose(actor, Action.FUND_SETTINGS_CHANGE, settings, change)


def whom_the_board_named(proposal: Proposal) -> set[int | None]:
    """Return the number of whoever decides for the board, who is told of how the fund decides."""
    return {settings_of(proposal.organisation_id).board_id}


RULES_CHANGED = Announcement(NoticeKind.FUND_RULES_CHANGED, whom_the_board_named)
"""How it is told that the fund decides in another way: it stands there until it is understood."""


@consequence(Action.FUND_SETTINGS_CHANGE, RULES_CHANGED)
class FundSettingsChanged:
    """Settings of the fund as two people want them."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let them count; raises WrongStatus where others were confirmed meanwhile."""
        settings, wanted = _settings_in(proposal), proposal.values
        wanted.pop("before", None)
        if wanted.pop("version") != settings.version:
            raise WrongStatus(N_("The settings changed meanwhile. Propose yours anew."))
        for name, value in wanted.items():
            setattr(settings, name, value)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Let whoever was named for the board be it no more; two change the rest again."""
        settings = _settings_in(proposal)
        if settings.board_id == proposal.user_id:
            settings.board_id = None


def _settings_in(proposal: Proposal) -> FundSettings:
    """Return the settings an act is about, locked."""
    settings = settings_of(proposal.organisation_id)
    lock(settings)
    return settings
