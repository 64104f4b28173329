"""What may be said of who is held: never that they still are, unless somebody said so lately."""

from datetime import datetime
from typing import Protocol

from flask import Flask
from flask_babel import gettext

from hrdtracker.access.model import User
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.model import midnight
from hrdtracker.core.when.say import say_distance, say_instant, say_length
from hrdtracker.custody.model import Stay
from hrdtracker.custody.service import UNKNOWN
from hrdtracker.custody.states import Confirmation, HeldCount, confirmation, says_held
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.shell.sentences import with_what


class LatestWord(Protocol):
    """What is known last of somebody: where they are, what else was said, who said so last."""

    @property
    def stay(self) -> Stay | None:
        """Where they are, or were last."""

    @property
    def status_at_end(self) -> str | None:
        """What else was said of them: charged, injured."""

    @property
    def is_held(self) -> bool:
        """Whether they are held, and the case says nothing later of them."""

    @property
    def confirmer(self) -> User | None:
        """Who said last that they are held."""


def set_up(app: Flask) -> None:
    """Let templates say what became of somebody."""
    app.jinja_env.filters["fate"] = say_fate
    app.jinja_env.filters["place_held"] = say_place


def say_held(count: HeldCount, people: int) -> str:
    """Return how many of some people are held, in words that are as good as the word for it."""
    of = {"held": number(count.total), "count": number(max(people, count.total))}
    parts = say_states(count)
    if count.fresh == count.total:
        return str(gettext("%(held)s of %(count)s still held", **of))
    return with_what(gettext("%(held)s of %(count)s recorded as held", **of), ", ".join(parts))


def say_states(count: HeldCount) -> list[str]:
    """Return how good the word is that people are held; how many of each, where there are two."""
    states = held_states(count)
    if len(states) == 1:
        return [words for words, _ in states]
    return [with_what(words, number(many)) for words, many in states]


def held_states(count: HeldCount) -> list[tuple[str, int]]:
    """Return what may be said of those who are held, and of how many of them."""
    states = (
        (gettext("still held"), count.fresh),
        (_not_heard(count.unheard_since), count.lapsed),
        (gettext("outcome unknown"), count.unknown),
    )
    return [(words, many) for words, many in states if many]


def say_fate(latest: LatestWord) -> str:
    """Return what became of somebody: where they are, and what else was said of them.

    Of somebody held also how good that word is.
    """
    said = terms().label("victim_status", latest.status_at_end, locale())
    where = _say_stay(latest.stay, latest.confirmer) if latest.stay else ""
    if latest.stay is not None and latest.stay.end_kind == UNKNOWN:
        return said or where
    return ", ".join(words for words in (where, said) if words)


def _say_stay(stay: Stay, confirmer: User | None) -> str:
    status = terms().label("victim_status", stay.situation, locale())
    if stay.end_kind == UNKNOWN:
        return str(gettext("recorded then as “%(status)s”", status=status))
    if stay.end_kind is not None:
        return terms().label("stay_end", stay.end_kind, locale())
    if not says_held(stay):
        return status
    word = say_last_word(stay.confirmed_at, confirmer)
    if confirmation(stay.confirmed_at, clock.now()) == Confirmation.FRESH:
        return str(gettext("%(status)s, %(word)s", status=status, word=word))
    return str(gettext("last recorded as “%(status)s”, %(word)s", status=status, word=word))


def say_place(stay: Stay | None) -> str:
    """Return where somebody is or was held, as far as it is known."""
    if stay is None:
        return ""
    place = stay.place_held or terms().label("prison", stay.prison, locale())
    return str(gettext("place held: %(place)s", place=place)) if place else ""


def say_last_word(at: datetime | None, confirmer: User | None) -> str:
    """Return when and by whom it was last confirmed that somebody is held, or that it lapsed."""
    state = confirmation(at, clock.now())
    if at is None or state == Confirmation.UNKNOWN:
        return str(gettext("outcome unknown"))
    if state == Confirmation.LAPSED:
        return _not_heard(at)
    when = say_instant(at, zone(), locale(), today())
    who = confirmer.display_name if confirmer else gettext("Not known")
    return str(gettext("last confirmed %(at)s by %(who)s", at=when, who=who))


def say_since(since: datetime, count: HeldCount) -> str:
    """Return how long people are held, where they still are; else how long ago that began.

    Since a day without an hour it is days: no hour is made up.
    """
    past = clock.now() - since
    if count.fresh < count.total:
        return str(gettext("first held %(ago)s", ago=say_distance(-past, locale())))
    is_day = since == midnight(clock.day_of(since, zone()), zone())
    return str(gettext("held %(length)s", length=say_length(past, locale(), whole_days=is_day)))


def _not_heard(at: datetime | None) -> str:
    when = say_instant(at, zone(), locale(), today()) if at else ""
    return str(gettext("not heard since %(at)s", at=when))
