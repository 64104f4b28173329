"""What a number says, in a sentence."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext, ngettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.when.say import say_instant
from hrdtracker.custody.states import Confirmation
from hrdtracker.insight.courts.charged import IN_WORDS, ChargeFigures, ChargeRow
from hrdtracker.insight.courts.counting import WITHOUT_AREA
from hrdtracker.insight.courts.detained import Detention, DetentionState, Spread
from hrdtracker.insight.courts.held import HeldRow, OverRow
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.words.limits import say_clock


def say_article(code: str) -> str:
    """Return the law and the article of a code."""
    if code == IN_WORDS:
        return str(gettext("An article that is not in the list"))
    return terms().label("provision", code, locale())


def say_area(code: str) -> str:
    """Return an area of work; of cases of which nobody said one, that it is not known."""
    if code == WITHOUT_AREA:
        return str(gettext("Area not known"))
    return terms().label("thematic_area", code, locale())


def say_people(count: int) -> str:
    """Return how many people: "1 person", "12 people"."""
    return str(ngettext("%(count)s person", "%(count)s people", count, count=number(count)))


def say_days(count: int) -> str:
    """Return how many days: "1 day", "94 days"."""
    return str(ngettext("%(count)s day", "%(count)s days", count, count=number(count)))


def say_charged(what: str, people: int) -> str:
    """Return how many were charged under an article or in an area, as one sentence."""
    sentence = ngettext(
        "%(what)s: %(count)s person was charged. Open who it is.",
        "%(what)s: %(count)s people were charged. Open who they are.",
        people,
        what=what,
        count=number(people),
    )
    return str(sentence)


def say_in_question(right: str, hearings: int) -> str:
    """Return at how many hearings a right was in question, as one sentence."""
    sentence = ngettext(
        "%(right)s: in question at %(count)s hearing. Open it.",
        "%(right)s: in question at %(count)s hearings. Open them.",
        hearings,
        right=right,
        count=number(hearings),
    )
    return str(sentence)


def say_over(over: int) -> str:
    """Return how many are held over a limit that a lawyer reviewed."""
    sentence = ngettext(
        "%(count)s of them is held over a limit that a lawyer reviewed",
        "%(count)s of them are held over a limit that a lawyer reviewed",
        over,
        count=number(over),
    )
    return str(sentence)


def say_heard(state: Confirmation, count: int) -> str:
    """Return of how many the word that they are held is so good."""
    said = {"people": say_people(count)}
    sentences = {
        Confirmation.FRESH: gettext("%(people)s: confirmed within a day", **said),
        Confirmation.LAPSED: gettext("%(people)s: last confirmed within a week", **said),
        Confirmation.UNKNOWN: gettext(
            "%(people)s: nothing heard for a week, what came of them is not known", **said
        ),
    }
    return str(sentences[state])


def say_articles(figures: ChargeFigures) -> str:
    """Return how many were charged, and under how many articles of the list."""
    articles = len(set(figures.by_article()) - {IN_WORDS})
    under = ngettext(
        "under %(count)s article", "under %(count)s articles", articles, count=number(articles)
    )
    sentence = ngettext(
        "%(count)s person was charged, %(under)s",
        "%(count)s people were charged, %(under)s",
        figures.people,
        count=number(figures.people),
        under=under,
    )
    return str(sentence)


def say_spread(spread: Spread, state: DetentionState) -> str:
    """Return how long some detentions were, or are so far: the middle one and the ends."""
    goes_on = state == DetentionState.RUNNING
    if spread.count == 1:
        one = {"days": say_days(spread.middle)}
        if goes_on:
            return str(gettext("1 detention before trial goes on: %(days)s so far.", **one))
        return str(gettext("1 detention before trial has ended: it took %(days)s.", **one))
    several = {
        "count": number(spread.count),
        "middle": say_days(spread.middle),
        "shortest": say_days(spread.shortest),
        "longest": say_days(spread.longest),
    }
    if goes_on:
        sentence = gettext(
            "%(count)s detentions before trial go on. So far the middle one takes %(middle)s; they "
            "range from %(shortest)s to %(longest)s.",
            **several,
        )
    else:
        sentence = gettext(
            "%(count)s detentions before trial have ended. The middle one took %(middle)s; they "
            "range from %(shortest)s to %(longest)s.",
            **several,
        )
    return str(sentence)


def say_unknown(count: int) -> str:
    """Return of how many detentions nobody knows the length."""
    sentence = ngettext(
        "Of %(count)s nobody knows how long it was.",
        "Of %(count)s nobody knows how long they were.",
        count,
        count=number(count),
    )
    return str(sentence)


# Whom a number counts ----------------------------------------------------------------------------


def say_held_row(row: HeldRow) -> str:
    """Return since when somebody is held, and when that was last confirmed."""
    since = _at(row.since)
    if row.confirmed_at is None:
        return str(gettext("since %(since)s; nobody here confirmed it", since=since))
    confirmed = _at(row.confirmed_at)
    return str(gettext("since %(since)s; last confirmed %(at)s", since=since, at=confirmed))


def say_over_row(row: OverRow) -> str:
    """Return over which limit somebody is held, and when it ended."""
    values = {"limit": say_clock(row.clock), "at": _at(row.ended_at) if row.ended_at else ""}
    return str(gettext("%(limit)s: ended %(at)s at the latest", **values))


def say_charge_rows(rows: Sequence[ChargeRow]) -> str:
    """Return under which articles somebody is charged, each once."""
    return ", ".join(dict.fromkeys(say_article(row.article) for row in rows))


def say_detention(one: Detention) -> str:
    """Return how long one detention was, or is so far."""
    if one.days is None:
        return str(gettext("not known how long"))
    if one.state == DetentionState.RUNNING:
        return str(gettext("%(days)s so far", days=say_days(one.days)))
    return say_days(one.days)


def _at(instant: datetime) -> str:
    return say_instant(instant, zone(), locale(), today())
