"""Changes of the law, and of the end of a limit, that take two, in words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.when.say import say_day, say_instant
from hrdtracker.web.shell.context import locale, today, zone
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.limits import say_clock


def say_law(line: OpenProposal) -> tuple[str, str]:
    """Return what is proposed about the law, and what it means."""
    values: Mapping[str, Any] = line.proposal.values
    if "rule" in values:
        return _rule(values)
    if "holiday" in values:
        return _taken_away(values)
    return _holidays(values)


def say_limit(line: OpenProposal) -> tuple[str, str]:
    """Return which limit is to end otherwise than it is counted, and what that means."""
    values: Mapping[str, Any] = line.proposal.values
    clock = say_clock(values["clock"])
    if values["because"] is None:
        meaning = gettext("Two people set another end. Once it is confirmed, that ends.")
        return gettext("A limit ends as it is counted again: %(what)s", what=clock), meaning
    at = say_instant(datetime.fromisoformat(values["ends"]), zone(), locale(), today())
    meaning = gettext(
        "Once it is confirmed, it ends %(at)s for everybody who reads the case, and not as it is "
        "counted. Why: %(why)s. Look at the limit first: there stands what it is counted from.",
        at=at,
        why=terms().label("limit_replacement", values["because"], locale()),
    )
    return gettext("Another end of a limit: %(what)s", what=clock), meaning


def _rule(values: Mapping[str, Any]) -> tuple[str, str]:
    told = values["rule"]
    says = told["km"] if locale() == "km" and told["km"] else told["en"]
    if values.get("reviewed_by"):
        meaning = gettext(
            "A lawyer stands for this rule. Only once it is confirmed may a page say that a limit "
            "by it is over. Ask the lawyer yourself."
        )
        return gettext("A lawyer reviewed a rule: %(says)s", says=says), meaning
    meaning = gettext(
        "Once it is confirmed, limits are counted so, for everybody. What it says today stays on "
        "record. Nobody has reviewed the new version yet."
    )
    if values["follows"]:
        later = gettext("The law changed: until the day before, the version of today counts.")
        meaning = f"{meaning} {later}"
    return gettext("Another version of a rule: %(says)s", says=says), meaning


def _holidays(values: Mapping[str, Any]) -> tuple[str, str]:
    days = in_a_row(
        *(
            gettext("%(day)s (%(name)s)", day=_day(day), name=name)
            for day, name in values["days"].items()
        )
    )
    meaning = gettext(
        "%(days)s. By: %(decree)s. Compare each day with the decree.",
        days=days,
        decree=values["decree"],
    )
    return gettext("Public holidays"), meaning


def _taken_away(values: Mapping[str, Any]) -> tuple[str, str]:
    gone = values["holiday"]
    title = gettext(
        "No public holiday any more: %(day)s, %(name)s", day=_day(gone["day"]), name=gone["name"]
    )
    return title, gettext("By: %(decree)s.", decree=values["decree"])


def _day(day: str) -> str:
    return say_day(date.fromisoformat(day), locale(), today())
