"""What a channel hands over about a rule of law, its review, and public holidays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Message
from hrdtracker.core.text import Reasons, check, required, unfit
from hrdtracker.proceedings.rules.rows import RULE_HEADER

CELL_MOST = 2_000
"""The longest cell of a rule, in characters."""
DECREE_MOST, NAME_MOST = 300, 200
NO_DECREE = N_("Write which decree says so.")
DAYS_MOST = 100
EASTERNMOST = ZoneInfo("Pacific/Kiritimati")
"""Where a day begins first: no day there is still to come."""
FIXED = ("key", "stage", "clock", "kind")
"""What a new version does not change: with another of these it would be another rule."""
OF_REVIEW = ("reviewed_by", "reviewed_on")
CELLS = tuple(name for name in RULE_HEADER if name not in {*FIXED, *OF_REVIEW})
"""What a new version may say otherwise, as the file calls it."""


@dataclass(frozen=True)
class RuleDraft:
    """What a version of a rule is to say; `follows` where the law itself changed.

    Then the version that it is made from stays the law until the day before. Cells are as in the
    file of rules; what is not among them stays as it is.
    """

    cells: Mapping[str, str]
    follows: bool = False

    def __post_init__(self) -> None:
        reasons: Reasons = {name: N_("This stays.") for name in self.cells if name not in CELLS}
        check(reasons | unfit(self.cells, CELL_MOST))


@dataclass(frozen=True)
class ReviewDraft:
    """That a lawyer has read a rule and stands for it: who, as they want to be named, and when."""

    reviewed_by: str
    reviewed_on: date

    def __post_init__(self) -> None:
        name = N_("Write who reviewed it, as they want to be named.")
        reasons = required("reviewed_by", self.reviewed_by, name, NAME_MOST)
        if self.reviewed_on > clock.today(EASTERNMOST):
            reasons["reviewed_on"] = N_("That day is still to come.")
        check(reasons)


@dataclass(frozen=True)
class HolidaysDraft:
    """Public holidays that a decree sets, each with its name."""

    decree: str
    days: Sequence[tuple[date, str]]

    def __post_init__(self) -> None:
        reasons = required("decree", self.decree, NO_DECREE, DECREE_MOST)
        if not self.days:
            reasons["days"] = N_("Write at least one day, such as 2027-01-01 and its name.")
        elif len(self.days) > DAYS_MOST:
            reasons["days"] = Message(N_("%(most)s days at most."), {"most": DAYS_MOST})
        elif any(not 0 < len(name) <= NAME_MOST for _, name in self.days):
            reasons["days"] = N_("Each day needs the name of its holiday, in one line.")
        elif len({day for day, _ in self.days}) < len(self.days):
            reasons["days"] = N_("One of these days stands twice.")
        check(reasons | unfit({"days": " ".join(name for _, name in self.days)}, CELL_MOST * 20))


@dataclass(frozen=True)
class TakingAwayDraft:
    """That a day is no public holiday any more, by which decree."""

    decree: str

    def __post_init__(self) -> None:
        check(required("decree", self.decree, NO_DECREE, DECREE_MOST))
