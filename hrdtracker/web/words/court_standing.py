"""How far the courts are with somebody who is to be helped, in words."""

from dataclasses import dataclass

from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.when.say import say_instant, say_when
from hrdtracker.fund.reading.court_standing import CourtStanding
from hrdtracker.web.shell.context import locale, today, zone
from hrdtracker.web.shell.people import say_letter


@dataclass(frozen=True)
class StandingWords:
    """Of one person: by which letter, where they are, the stage, the next date."""

    letter: str
    where: str
    stage: str
    next: str


def standing_words(one: CourtStanding) -> StandingWords:
    """Return how it stands with one person; empty where nobody said."""
    stages = ", ".join(terms().label("proceeding_stage", code, locale()) for code in one.stages)
    day = one.next_hearing
    return StandingWords(
        f"{say_letter(one.letter)}." if one.letter else "",
        _where(one),
        stages,
        say_when(day, locale(), today(), brief=True) if day else "",
    )


def _where(one: CourtStanding) -> str:
    if one.situation is None:
        return ""
    place = terms().label("prison", one.prison, locale())
    if one.is_held and not place:
        place = gettext("%(held)s; the place is in no list", held=_situation(one))
    where = place or _situation(one)
    if one.since is None:
        return where
    since = say_instant(one.since, zone(), locale(), today())
    return str(gettext("%(where)s, since %(since)s", where=where, since=since))


def _situation(one: CourtStanding) -> str:
    return terms().label("victim_status", one.situation, locale())
