"""What a channel hands over about an organisation, an office or a user."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import available_timezones

from hrdtracker.access.model import FactorsFor, Role
from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import Reasons, check, unkeepable

LANGUAGES = ("km", "en")
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
SECONDS = (Role.SECOND, Role.DIRECTOR, Role.ADMINISTRATOR)
OFFICE_CODE = re.compile(r"[A-Z]{3,4}")


@dataclass(frozen=True)
class UserDraft:
    """A new user: the user name for signing in and the label that colleagues read.

    `sending` says which sending of a form this is.
    """

    login: str
    label: str
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unkeepable({"label": self.label}, one_line=True)
        if not LOGIN.fullmatch(self.login):
            reasons["login"] = N_(
                "A user name has 2 to 64 small letters a to z, digits, dots or dashes."
            )
        if not 1 <= len(self.label.strip()) <= 80:
            reasons["label"] = N_("Write what colleagues call this user, in 80 characters or less.")
        check(reasons)


@dataclass(frozen=True)
class SecondDraft:
    """Who confirms what takes two from the first day: one of the staff, or somebody outside."""

    user: UserDraft
    role: Role

    def __post_init__(self) -> None:
        if self.role not in SECONDS:
            check({"second_role": N_("Choose what the second person is.")})


@dataclass(frozen=True)
class OfficeDraft:
    """An office: the letters that begin its case codes, and its name in both languages."""

    code: str
    name_en: str
    name_km: str
    open_to_monitors: bool = False
    keeps_typing: bool = True
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unkeepable({"name_en": self.name_en, "name_km": self.name_km}, one_line=True)
        if not OFFICE_CODE.fullmatch(self.code):
            reasons["code"] = N_("The code of an office is 3 or 4 capital letters, such as PNH.")
        for name in ("name_en", "name_km"):
            if not 1 <= len(getattr(self, name).strip()) <= 120:
                reasons[name] = N_("Write the name of the office, in 120 characters or less.")
        check(reasons)


@dataclass(frozen=True)
class OrganisationDraft:
    """The organisation that sets up its instance."""

    name: str
    language: str
    office: OfficeDraft

    def __post_init__(self) -> None:
        check(_faults_of_organisation(self.name, self.language))


LEAST_READ, MOST_READ = 10, 100_000
"""Whoever wants a larger limit wants none: somebody would have to page for a week."""


@dataclass(frozen=True)
class ReadingLimits:
    """How much somebody may look for and read in an hour or a day, before directors are told."""

    searches_hour: int
    pages_hour: int
    people_hour: int
    cases_hour: int
    pages_day: int
    people_day: int
    cases_day: int

    def __post_init__(self) -> None:
        reasons: Reasons = {
            name: N_("Write a number from 10 to 100,000.")
            for name, most in asdict(self).items()
            if not LEAST_READ <= most <= MOST_READ
        }
        check(reasons)


DUE_MAIL_HOURS = range(1, 169)
"""How many hours may lie between two mails that something is due."""


@dataclass(frozen=True)
class SettingsDraft:
    """What an organisation sets: its name, the neutral word at the top of every page, language.

    And who must show a second factor, from which instant.
    """

    name: str
    product: str
    language: str
    zone: str
    factors_for: FactorsFor
    factors_by: datetime
    due_mail_hours: int

    def __post_init__(self) -> None:
        reasons = _faults_of_organisation(self.name, self.language)
        reasons |= unkeepable({"product": self.product}, one_line=True)
        if not 1 <= len(self.product.strip()) <= 40:
            reasons["product"] = N_("Write one neutral word or two, in 40 characters or less.")
        if self.due_mail_hours not in DUE_MAIL_HOURS:
            reasons["due_mail_hours"] = N_("Write a number of hours, from 1 to 168.")
        if self.zone not in available_timezones():
            reasons["zone"] = N_("Write a time zone such as Asia/Phnom_Penh.")
        check(reasons)


def _faults_of_organisation(name: str, language: str) -> Reasons:
    reasons = unkeepable({"name": name}, one_line=True)
    if not 1 <= len(name.strip()) <= 200:
        reasons["name"] = N_("Write the organisation’s name, in 200 characters or less.")
    if language not in LANGUAGES:
        reasons["language"] = N_("Choose one of the languages.")
    return reasons
